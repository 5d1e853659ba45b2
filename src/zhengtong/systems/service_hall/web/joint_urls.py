"""Addresses of the joint review, of special steps and of promises."""

from django.urls import path

from zhengtong.systems.service_hall.web import joint, special_urls

urlpatterns = [
    path("desk/cases/<uuid:case_id>/joint/", joint.page, name="joint"),
    path("desk/cases/<uuid:case_id>/joint/<slug:name>/", joint.act, name="joint_act"),
    *special_urls.urlpatterns,
]
