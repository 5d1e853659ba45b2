"""Addresses of the console."""

from django.urls import path

from zhengtong.entry.console import views

app_name = "console"
urlpatterns = [path("", views.health, name="health")]
