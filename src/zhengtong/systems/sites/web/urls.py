"""Addresses of the sites."""

from django.urls import path

from zhengtong.systems.sites.web import banners, files, public, visits, work_reports

app_name = "sites"

urlpatterns = [
    path("", public.group, name="group"),
    path("-/banners/<slug:code>", banners.standing, name="banners"),
    path("-/pictures/<int:key>/<slug:mark>/<int:width>", files.picture, name="picture"),
    path("-/documents/<int:key>/<slug:mark>", files.document, name="document"),
    path("-/work-reports/", work_reports.public_reports, name="work_reports"),
    path("-/work-reports/<uuid:report_id>/", work_reports.public_report, name="work_report"),
    path("-/seen/<slug:code>/<int:page_id>", visits.seen, name="seen"),
    path("<slug:code>/", public.page, name="home"),
    path("<slug:code>/<path:rest>/", public.page, name="page"),
]
