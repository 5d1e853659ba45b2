"""Addresses of tasks in hand."""

from django.urls import path

from zhengtong.capabilities.cases.web import handling, routing

app_name = "tasks"
urlpatterns = [
    path("routing/", routing.overview, name="routing"),
    path("routing/rules/", routing.set_rule, name="set_routing"),
    path("routing/rules/<uuid:rule_id>/drop/", routing.drop_rule, name="drop_routing"),
    path("routing/absences/", routing.note_absence, name="note_absence"),
    path("routing/absences/<uuid:absence_id>/end/", routing.end_absence, name="end_absence"),
    path("routing/people/<uuid:person_id>/share-out/", routing.share_out, name="share_out"),
    path("<uuid:work_item_id>/", handling.task, name="task"),
    path("<uuid:work_item_id>/signers/<uuid:signer_id>/remove/", handling.remove_signer, name="remove_signer"),
    path("<uuid:work_item_id>/prompts/<uuid:prompt_id>/answer/", handling.answer_prompt, name="answer_prompt"),
    path("<uuid:work_item_id>/<slug:name>/", handling.act, name="act"),
]
