"""Addresses of disclosure."""

from django.urls import path

from zhengtong.systems.disclosure.web import catalogue, catalogue_desk, desk, figures, intake, public, reports, track

app_name = "disclosure"

urlpatterns = [
    path("", public.home, name="home"),
    path("new/", public.new, name="new"),
    path("receipt/", public.receipt, name="receipt"),
    path("opinion/<str:token>/", public.opinion, name="opinion"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue.csv", catalogue.export_csv, name="catalogue_csv"),
    path("catalogue.json", catalogue.export_json, name="catalogue_json"),
    path("catalogue/<uuid:entry_id>/", catalogue.entry, name="entry"),
    path("guides/", catalogue.guides, name="guides"),
    path("guides/<str:org_code>/", catalogue.guide, name="guide"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:report_id>/", reports.report, name="report"),
    path("reports/<uuid:report_id>/tables.xlsx", reports.report_xlsx, name="report_xlsx"),
    path("find/", track.find, name="find"),
    path("found/", track.result, name="result"),
    path("found/<str:act>/", track.result_act, name="result_act"),
    path("found/<str:what>/<int:no>/", track.result_file, name="result_file"),
    path("mine/", track.mine, name="mine"),
    path("mine/<uuid:request_id>/", track.own, name="own"),
    path("mine/<uuid:request_id>/<str:act>/", track.own_act, name="own_act"),
    path("mine/<uuid:request_id>/<str:what>/<int:no>/", track.own_file, name="own_file"),
    path("desk/", desk.queue, name="desk"),
    path("desk/intake/", intake.intake, name="intake"),
    path("desk/consults/", desk.consults, name="consults"),
    path("desk/figures/", figures.figures, name="figures"),
    path("desk/figures.xlsx", figures.figures_xlsx, name="figures_xlsx"),
    path("desk/entries/", catalogue_desk.entries, name="entries"),
    path("desk/entries/new/", catalogue_desk.new_entry, name="new_entry"),
    path("desk/entries/year/", catalogue_desk.open_year, name="open_year"),
    path("desk/entries/<uuid:entry_id>/", catalogue_desk.one_entry, name="desk_entry"),
    path("desk/entries/<uuid:entry_id>/edit/", catalogue_desk.edit_entry, name="edit_entry"),
    path("desk/entries/<uuid:entry_id>/<str:act>/", catalogue_desk.entry_act, name="entry_act"),
    path("desk/reports/", reports.desk_reports, name="desk_reports"),
    path("desk/reports/<uuid:report_id>/", reports.desk_report, name="desk_report"),
    path("desk/reports/<uuid:report_id>/rows/", reports.rows, name="report_rows"),
    path("desk/reports/<uuid:report_id>/tables.xlsx", reports.desk_xlsx, name="desk_report_xlsx"),
    path("desk/reports/<uuid:report_id>/publish/", reports.publish, name="publish_report"),
    path("desk/guide/", catalogue_desk.edit_guide, name="edit_guide"),
    path("desk/<uuid:request_id>/", desk.one, name="one"),
    path("desk/<uuid:request_id>/file/<int:no>/", desk.file, name="file"),
    path("desk/<uuid:request_id>/letter/<int:no>/", desk.letter, name="letter"),
    path("desk/<uuid:request_id>/<str:act>/", desk.act, name="act"),
]
