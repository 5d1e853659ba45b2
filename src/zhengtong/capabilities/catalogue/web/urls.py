"""Addresses of the list of items and of their guides."""

from django.urls import path

from zhengtong.capabilities.catalogue.web import importing, importing_fixing, preparing, public_list, reports
from zhengtong.capabilities.catalogue.web.views import file, guide, item_list

app_name = "catalogue"
urlpatterns = [
    path("", item_list, name="items"),
    path("powers/", public_list.powers, name="powers"),
    path("powers/export.xlsx", public_list.export, {"form": "xlsx"}, name="export_xlsx"),
    path("powers/export.csv", public_list.export, {"form": "csv"}, name="export_csv"),
    path("reports/online/", reports.online, name="online"),
    path("reports/improvements/", reports.improvements, name="improvements"),
    path("reports/improvements/<str:code>/", reports.improvement, name="improvement"),
    path("import/", importing.lists, name="import"),
    path("import/template.xlsx", importing.template, {"form": "xlsx"}, name="import_template_xlsx"),
    path("import/template.csv", importing.template, {"form": "csv"}, name="import_template_csv"),
    path("import/<uuid:list_id>/", importing.report, name="import_list"),
    path("import/<uuid:list_id>/enter/", importing.enter, name="import_enter"),
    path("import/<uuid:list_id>/columns/", importing_fixing.columns, name="import_columns"),
    path("import/<uuid:list_id>/departments/", importing_fixing.departments, name="import_departments"),
    path("import/<uuid:list_id>/returned.xlsx", importing.returned, name="import_returned"),
    path("import/<uuid:list_id>/report.json", importing.report_json, name="import_json"),
    path("<str:code>/watch/", public_list.watch, name="watch"),
    path("<str:code>/bring/", preparing.bring, name="bring"),
    path("<str:code>/check/", preparing.check, name="check"),
    path("<str:code>/files/<uuid:file_id>/", file, name="file"),
    path("<str:code>/", guide, name="item"),
]
