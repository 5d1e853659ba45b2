"""Addresses below ``/ratings/``."""

from django.urls import path

from zhengtong.capabilities.ratings.web import adapter, desk, devices, public, rating, tablet

app_name = "ratings"
urlpatterns = [
    path("", public.published, name="published"),
    path("export/", public.export, name="export"),
    path("rate/<slug:kind>/<str:key>/<slug:service>/", rating.rate, name="rate"),
    path("r/<str:token>/", rating.link, name="link"),
    path("desk/", desk.queue, name="desk"),
    path("desk/<uuid:follow_up_id>/", desk.follow_up, name="follow_up"),
    path("desk/<uuid:follow_up_id>/<slug:act>/", desk.act, name="act"),
    path("devices/", devices.overview, name="devices"),
    path("devices/ask/", devices.ask, name="ask_device"),
    path("devices/call/", adapter.call, name="device_call"),
    path("devices/rate/", adapter.rate, name="device_rate"),
    path("devices/<uuid:device_id>/key/", devices.renew, name="device_key"),
    path("devices/<uuid:device_id>/end/", devices.end, name="device_end"),
    path("tablet/", tablet.screen, name="tablet"),
    path("tablet/bind/", tablet.bind, name="tablet_bind"),
]
