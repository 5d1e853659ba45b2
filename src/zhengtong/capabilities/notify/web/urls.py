"""Addresses of messages."""

from django.urls import path

from zhengtong.capabilities.notify.web import views

app_name = "notify"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<uuid:message_id>/read/", views.read, name="read"),
]
