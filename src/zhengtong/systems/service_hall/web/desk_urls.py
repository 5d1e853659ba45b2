"""Addresses of the officials' desk, below ``/services/desk/``."""

from django.urls import path

from zhengtong.systems.service_hall.web import desk, desk_extensions, desk_files, desk_hearings

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/tasks/<uuid:work_item_id>/", desk.task, name="task"),
    path("desk/decisions/<uuid:work_item_id>/", desk.decision, name="decision"),
    path("desk/cases/<uuid:case_id>/", desk.case, name="case"),
    path("desk/cases/<uuid:case_id>/pause/", desk.pause, name="pause"),
    path("desk/cases/<uuid:case_id>/resume/", desk.resume, name="resume"),
    path("desk/cases/<uuid:case_id>/extension/", desk_extensions.ask, name="ask_extension"),
    path("desk/cases/<uuid:case_id>/hearing/", desk_hearings.act, name="desk-hearing"),
    path("desk/extensions/", desk_extensions.waiting, name="extensions"),
    path("desk/extensions/<uuid:extension_id>/", desk_extensions.decide, name="extension"),
    path("desk/applications/<uuid:application_id>/files/<uuid:file_id>/", desk_files.material, name="desk-file"),
    path("desk/applications/<uuid:application_id>/answers/<uuid:file_id>/", desk_files.answer, name="desk-answer"),
    path("desk/applications/<uuid:application_id>/preview/", desk_files.preview, name="desk-preview"),
    path("desk/papers/<uuid:document_id>/", desk_files.paper, name="desk-paper"),
]
