"""Addresses of the desk of who keeps sites."""

from django.urls import path

from zhengtong.systems.sites.web import desk, gallery, word

app_name = "sites_desk"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("modules/", gallery.library, name="modules"),
    path("modules/<slug:key>/", gallery.kind, name="module"),
    path("word/", word.bring, name="word"),
    path("<int:page_id>/", desk.one, name="one"),
    path("<int:page_id>/publish/", desk.publish, name="publish"),
    path("<int:page_id>/withdraw/", desk.withdraw, name="withdraw"),
]
