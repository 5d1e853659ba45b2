"""Addresses of the desk of who keeps sites."""

from django.urls import path

from zhengtong.systems.sites.web import banners, desk, gallery, sharing, word, words

app_name = "sites_desk"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("modules/", gallery.library, name="modules"),
    path("modules/<slug:key>/", gallery.kind, name="module"),
    path("offers/", sharing.offers, name="offers"),
    path("offers/<uuid:offer_id>/", sharing.decide, name="decide"),
    path("<int:page_id>/offer/", sharing.offer, name="offer"),
    path("banners/", banners.desk, name="banners"),
    path("banners/<uuid:banner_id>/", banners.decide, name="banner"),
    path("words/", words.words, name="words"),
    path("word/", word.bring, name="word"),
    path("<int:page_id>/", desk.one, name="one"),
    path("<int:page_id>/publish/", desk.publish, name="publish"),
    path("<int:page_id>/withdraw/", desk.withdraw, name="withdraw"),
]
