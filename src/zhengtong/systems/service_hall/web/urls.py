"""Addresses below ``/services/``: the applicants' pages and the officials' desk."""

from django.urls import path

from zhengtong.systems.service_hall.web import (
    citizen_urls,
    counter_urls,
    courier,
    desk_urls,
    figures_urls,
    joint_urls,
    licence_urls,
    my_data_urls,
)

app_name = "service_hall"
urlpatterns = [
    *citizen_urls.urlpatterns,
    *joint_urls.urlpatterns,
    *figures_urls.urlpatterns,
    *desk_urls.urlpatterns,
    *counter_urls.urlpatterns,
    *licence_urls.urlpatterns,
    *my_data_urls.urlpatterns,
    path("delivery/reports/<str:carrier>/", courier.report, name="courier-report"),
]
