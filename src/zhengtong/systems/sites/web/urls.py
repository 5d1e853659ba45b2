"""Addresses of the sites."""

from django.urls import path

from zhengtong.systems.sites.web import banners, files, following, public, visits, work_reports

app_name = "sites"

urlpatterns = [
    path("", public.group, name="group"),
    path("-/banners/<slug:code>", banners.standing, name="banners"),
    path("-/pictures/<int:key>/<slug:mark>/<int:width>", files.picture, name="picture"),
    path("-/documents/<int:key>/<slug:mark>", files.document, name="document"),
    path("-/work-reports/", work_reports.public_reports, name="work_reports"),
    path("-/work-reports/<uuid:report_id>/", work_reports.public_report, name="work_report"),
    path("-/feeds/<slug:form>/<slug:code>/", following.feed, name="feed"),
    path("-/feeds/<slug:form>/<slug:code>/<path:rest>/", following.feed, name="feed"),
    path("-/sitemaps/<slug:code>.xml", following.sitemap, name="sitemap"),
    path("-/sitemaps/<slug:code>/<int:leaf>.xml", following.sitemap, name="sitemap"),
    path("-/seen/<slug:code>/<int:page_id>", visits.seen, name="seen"),
    path("-/overview/<slug:code>/", following.overview, name="overview"),
    path("<slug:code>/", public.page, name="home"),
    path("<slug:code>/<path:rest>/", public.page, name="page"),
]
