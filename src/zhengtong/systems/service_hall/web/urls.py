"""Addresses below ``/services/``: the applicants' pages and the officials' desk."""

from zhengtong.systems.service_hall.web import citizen_urls, desk_urls

app_name = "service_hall"
urlpatterns = [*citizen_urls.urlpatterns, *desk_urls.urlpatterns]
