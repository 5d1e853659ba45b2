"""Addresses of the desk of who keeps sites."""

from django.urls import path

from zhengtong.systems.sites.web import banners, desk, gallery, keeping, page_acts, reviewing, sharing, word, words

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
    path("<int:page_id>/submit/", reviewing.submit, name="submit"),
    path("<int:page_id>/take-back/", reviewing.withdraw, name="take_back"),
    path("<int:page_id>/down-at/", page_acts.down_at, name="down_at"),
    path("<int:page_id>/moments/<uuid:schedule_id>/cancel/", page_acts.cancel_moment, name="cancel_moment"),
    path("<int:page_id>/delete/", page_acts.delete, name="delete"),
    path("<int:page_id>/hold/", page_acts.hold, name="hold"),
    path("<int:page_id>/release/", page_acts.release, name="release"),
    path("<int:page_id>/take-over/", page_acts.take_over, name="take_over"),
    path("<int:page_id>/links/", page_acts.make_link, name="make_link"),
    path("<int:page_id>/links/<uuid:link_id>/end/", page_acts.end_link, name="end_link"),
    path("bin/<uuid:deleted_id>/restore/", page_acts.restore, name="restore"),
    path("preview/<str:token>/", page_acts.preview, name="preview"),
    path("reviews/", reviewing.reviews, name="reviews"),
    path("reviews/process/", reviewing.begin_process, name="review_process"),
    path("reviews/<uuid:work_item_id>/", reviewing.review, name="review"),
    path("reviews/<uuid:work_item_id>/version/", reviewing.version, name="review_version"),
    path("keep/<uuid:site_id>/", keeping.site, name="site"),
    path("keep/<uuid:site_id>/reviews/", keeping.reviews, name="plan_reviews"),
    path("keep/<uuid:site_id>/duties/", keeping.duty, name="duty"),
    path("keep/<uuid:site_id>/hand-over/", keeping.hand_over, name="hand_over"),
    path("keep/<uuid:site_id>/closing/", keeping.ask_to_close, name="ask_to_close"),
    path("keep/<uuid:site_id>/closing/<uuid:closing_id>/decide/", keeping.decide_closing, name="decide_closing"),
    path("keep/<uuid:site_id>/closing/<uuid:closing_id>/close/", keeping.close, name="close"),
]
