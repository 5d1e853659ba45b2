"""Addresses under ``/forms/``: the builder, its preview, versions, places to choose."""

from django.urls import path

from zhengtong.capabilities.forms.web import builder, lists, preview

app_name = "forms"

urlpatterns = [
    path("", lists.form_list, name="list"),
    path("new/", lists.new, name="new"),
    path("divisions/", preview.divisions, name="divisions"),
    path("drafts/<uuid:draft_id>/", builder.draft_page, name="draft"),
    path("drafts/<uuid:draft_id>/edit/", builder.edit, name="edit"),
    path("drafts/<uuid:draft_id>/preview/", preview.whole, name="preview"),
    path("drafts/<uuid:draft_id>/preview/frame/", preview.frame, name="preview_frame"),
    path("drafts/<uuid:draft_id>/publish/", lists.publish, name="publish"),
    path("drafts/<uuid:draft_id>/discard/", lists.discard, name="discard"),
    path("of/<slug:key>/", lists.form_page, name="form"),
    path("of/<slug:key>/revise/", lists.revise, name="revise"),
    path("of/<slug:key>/compare/<int:old>/<int:new>/", lists.compare, name="compare"),
]
