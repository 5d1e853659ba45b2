"""Addresses of the officials' desk, below ``/services/desk/``."""

from django.urls import path

from zhengtong.systems.service_hall.web import (
    desk,
    desk_batch,
    desk_extensions,
    desk_fees,
    desk_files,
    desk_hearings,
    desk_known,
    desk_look,
    desk_phrases,
    desk_practice,
    desk_print,
)

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/tasks/<uuid:work_item_id>/", desk.task, name="task"),
    path("desk/decisions/<uuid:work_item_id>/", desk.decision, name="decision"),
    path("desk/cases/<uuid:case_id>/", desk.case, name="case"),
    path("desk/cases/<uuid:case_id>/print/", desk_print.printed, name="desk-print"),
    path("desk/cases/<uuid:case_id>/similar/", desk_known.similar, name="desk-similar"),
    path("desk/cases/<uuid:case_id>/registers/<slug:register>/", desk_known.consult, name="desk-consult"),
    path("desk/batch/", desk_batch.batch, name="desk-batch"),
    path("desk/batch/decisions/", desk_batch.decisions, name="desk-batch-decisions"),
    path("desk/phrases/", desk_phrases.phrases, name="desk-phrases"),
    path("desk/practice/", desk_practice.samples, name="desk-practice"),
    path("desk/practice/team/", desk_practice.team, name="desk-practice-team"),
    path("desk/practice/<slug:key>/", desk_practice.sample, name="desk-practice-sample"),
    path("desk/phrases/defaults/", desk_phrases.adopt, name="desk-phrases-adopt"),
    path("desk/phrases/<uuid:phrase_id>/", desk_phrases.drop, name="desk-phrase-drop"),
    path("desk/cases/<uuid:case_id>/pause/", desk.pause, name="pause"),
    path("desk/cases/<uuid:case_id>/resume/", desk.resume, name="resume"),
    path("desk/cases/<uuid:case_id>/extension/", desk_extensions.ask, name="ask_extension"),
    path("desk/cases/<uuid:case_id>/hearing/", desk_hearings.act, name="desk-hearing"),
    path("desk/extensions/", desk_extensions.waiting, name="extensions"),
    path("desk/extensions/<uuid:extension_id>/", desk_extensions.decide, name="extension"),
    path("desk/applications/<uuid:application_id>/files/<uuid:file_id>/", desk_files.material, name="desk-file"),
    path("desk/applications/<uuid:application_id>/answers/<uuid:file_id>/", desk_files.answer, name="desk-answer"),
    path("desk/applications/<uuid:application_id>/files/<uuid:file_id>/look/", desk_look.look, name="desk-look"),
    path(
        "desk/applications/<uuid:application_id>/answers/<uuid:file_id>/look/",
        desk_look.look_at_answer,
        name="desk-look-answer",
    ),
    path("desk/sheets/<str:token>/<int:number>/", desk_look.sheet, name="desk-sheet"),
    path("desk/applications/<uuid:application_id>/preview/", desk_files.preview, name="desk-preview"),
    path("desk/applications/<uuid:application_id>/fees/", desk_fees.fees, name="desk-fees"),
    path("desk/papers/<uuid:document_id>/", desk_files.paper, name="desk-paper"),
]
