"""Addresses of the sites."""

from django.urls import path

from zhengtong.systems.sites.web import banners, files, looks, public, reach, visits, work_reports

app_name = "sites"

urlpatterns = [
    path("", public.group, name="group"),
    path("-/banners/<slug:code>", banners.standing, name="banners"),
    path("-/colours/<slug:colour>.css", looks.colours, name="colours"),
    path("-/pictures/<int:key>/<slug:mark>/<int:width>", files.picture, name="picture"),
    path("-/documents/<int:key>/<slug:mark>", files.document, name="document"),
    path("-/work-reports/", work_reports.public_reports, name="work_reports"),
    path("-/work-reports/<uuid:report_id>/", work_reports.public_report, name="work_report"),
    path("-/seen/<slug:code>/<int:page_id>", visits.seen, name="seen"),
    path("sitemap.xml", reach.group_map, name="group_map"),
    path("<slug:code>/-/map/", reach.overview, name="overview"),
    path("<slug:code>/sitemap.xml", reach.site_map, name="site_map"),
    path("<slug:code>/sitemap-<int:leaf>.xml", reach.site_map, name="site_map_leaf"),
    path("<slug:code>/rss.xml", reach.feed, {"form": "rss"}, name="rss"),
    path("<slug:code>/atom.xml", reach.feed, {"form": "atom"}, name="atom"),
    path("<slug:code>/<path:rest>/rss.xml", reach.feed, {"form": "rss"}, name="column_rss"),
    path("<slug:code>/<path:rest>/atom.xml", reach.feed, {"form": "atom"}, name="column_atom"),
    path("<slug:code>/", public.page, name="home"),
    path("<slug:code>/<path:rest>/", public.page, name="page"),
]
