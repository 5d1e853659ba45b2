"""Addresses of the sites."""

from django.urls import path

from zhengtong.systems.sites.web import public

app_name = "sites"

urlpatterns = [
    path("", public.group, name="group"),
    path("<slug:code>/", public.page, name="home"),
    path("<slug:code>/<path:rest>/", public.page, name="page"),
]
