"""Addresses of the console."""

from django.urls import path

from zhengtong.entry.console import demo, views

app_name = "console"
urlpatterns = [
    path("", views.health, name="health"),
    path("backups/", views.backups, name="backups"),
    path("demo/", demo.demo, name="demo"),
    path("demo/progress/", demo.progress, name="demo-progress"),
    path("demo/year/", demo.begin_year, name="demo-year"),
]
