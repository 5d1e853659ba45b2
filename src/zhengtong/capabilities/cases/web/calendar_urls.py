"""Addresses under ``/calendar/``: the working calendar of the county."""

from django.urls import path

from zhengtong.capabilities.cases.web import calendar

app_name = "calendar"

urlpatterns = [
    path("", calendar.overview, name="overview"),
    path("decree/", calendar.propose_year, name="decree"),
    path("local/", calendar.propose_closure, name="local"),
    path("changes/<uuid:change_id>/withdraw/", calendar.withdraw, name="withdraw"),
    path("changes/<uuid:change_id>/<slug:move>/", calendar.decide, name="decide"),
]
