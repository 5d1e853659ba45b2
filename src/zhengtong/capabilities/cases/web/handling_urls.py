"""Addresses of tasks in hand."""

from django.urls import path

from zhengtong.capabilities.cases.web import handling

app_name = "tasks"
urlpatterns = [
    path("<uuid:work_item_id>/", handling.task, name="task"),
    path("<uuid:work_item_id>/signers/<uuid:signer_id>/remove/", handling.remove_signer, name="remove_signer"),
    path("<uuid:work_item_id>/prompts/<uuid:prompt_id>/answer/", handling.answer_prompt, name="answer_prompt"),
    path("<uuid:work_item_id>/<slug:name>/", handling.act, name="act"),
]
