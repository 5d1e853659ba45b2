"""Addresses below ``/items/desk/``: where offices make, review and compare items."""

from django.urls import path

from zhengtong.capabilities.catalogue.web import (
    authoring,
    authoring_bundle,
    authoring_item,
    authoring_list,
    authoring_review,
    authoring_successions,
    review_process,
)

app_name = "catalogue_desk"
urlpatterns = [
    path("", authoring_list.item_list, name="desk"),
    path("submit/", authoring_list.submit_several, name="desk_submit_several"),
    path("new/", authoring_list.new_item, name="desk_new"),
    path("new/bundle/", authoring_list.new_item, {"kind": "bundle"}, name="desk_new_bundle"),
    path("review-process/", review_process.begin, name="review_process"),
    path("successions/", authoring_successions.successions, name="desk_successions"),
    path("reviews/", authoring_review.reviews, name="desk_reviews"),
    path("reviews/<uuid:work_item_id>/", authoring_review.review, name="desk_review"),
    path("<uuid:item_id>/", authoring_item.item, name="desk_item"),
    path("<uuid:item_id>/begin/", authoring_item.begin, name="desk_begin"),
    path("<uuid:item_id>/discard/", authoring_item.discard, name="desk_discard"),
    path("<uuid:item_id>/compare/", authoring_item.compare, name="desk_compare"),
    path("<uuid:item_id>/preview/", authoring_item.preview, name="desk_preview"),
    path("<uuid:item_id>/preview/<uuid:version_id>/", authoring_item.preview_guide, name="desk_preview_guide"),
    path("<uuid:item_id>/files/<uuid:file_id>/", authoring_item.file, name="desk_file"),
    path("<uuid:item_id>/members/", authoring_bundle.members, name="desk_members"),
    path("<uuid:item_id>/submit/", authoring_review.submit, name="desk_submit"),
    path("<uuid:item_id>/withdraw/", authoring_review.withdraw, name="desk_withdraw"),
    path("<uuid:item_id>/cancel/", authoring_review.cancel, name="desk_cancel"),
    path("<uuid:item_id>/retire/", authoring_review.retire, name="desk_retire"),
    path("<uuid:item_id>/edit/<slug:part>/", authoring.edit, name="desk_edit"),
    path("<uuid:item_id>/edit/<slug:part>/autosave/", authoring.autosave, name="desk_autosave"),
]
