"""Addresses under ``/processes/``: the modeller, the monitor, interventions."""

from django.urls import path

from zhengtong.capabilities.cases.web import deciding, interventions, modeller, monitor, trying

app_name = "processes"

urlpatterns = [
    path("", modeller.process_list, name="list"),
    path("drafts/new/", modeller.new_draft, name="new"),
    path("drafts/<uuid:draft_id>/", modeller.draft_page, name="draft"),
    path("drafts/<uuid:draft_id>/drawing.bpmn", modeller.draft_file, name="draft_file"),
    path("drafts/<uuid:draft_id>/save/", modeller.save, name="save"),
    path("drafts/<uuid:draft_id>/upload/", modeller.upload, name="upload"),
    path("drafts/<uuid:draft_id>/check/", trying.check, name="check"),
    path("drafts/<uuid:draft_id>/trial/", trying.trial, name="trial"),
    path("drafts/<uuid:draft_id>/trials/<uuid:trial_id>/remove/", trying.remove, name="remove_trial"),
    path("drafts/<uuid:draft_id>/compare/", deciding.compare_draft, name="compare_draft"),
    path("drafts/<uuid:draft_id>/<slug:move>/", deciding.move_draft, name="move_draft"),
    path("versions/<uuid:version_id>/", monitor.version_page, name="version"),
    path("versions/<uuid:version_id>/drawing.bpmn", modeller.version_file, name="version_file"),
    path("versions/<uuid:version_id>/compare/<uuid:other_id>/", deciding.compare_versions, name="compare"),
    path("monitor/", monitor.overview, name="monitor"),
    path("monitor/cases/<uuid:case_id>/", monitor.case_page, name="case"),
    path("interventions/", interventions.request_list, name="interventions"),
    path("interventions/<uuid:request_id>/<slug:move>/", interventions.decide, name="decide"),
    path("cases/<uuid:case_id>/<slug:kind>/", interventions.ask, name="ask"),
    path("versions/<uuid:version_id>/migrate/", interventions.ask_migration, name="ask_migration"),
]
