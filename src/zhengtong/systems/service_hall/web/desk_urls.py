"""Addresses of the officials' desk, below ``/services/desk/``."""

from django.urls import path

from zhengtong.systems.service_hall.web import desk, desk_files

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/tasks/<uuid:work_item_id>/", desk.task, name="task"),
    path("desk/cases/<uuid:case_id>/", desk.case, name="case"),
    path("desk/cases/<uuid:case_id>/pause/", desk.pause, name="pause"),
    path("desk/cases/<uuid:case_id>/resume/", desk.resume, name="resume"),
    path("desk/applications/<uuid:application_id>/files/<uuid:file_id>/", desk_files.material, name="desk-file"),
    path("desk/papers/<uuid:document_id>/", desk_files.paper, name="desk-paper"),
]
