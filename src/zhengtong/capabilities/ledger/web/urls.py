"""Addresses under ``/ledger/``."""

from django.urls import path

from zhengtong.capabilities.ledger.web import views

app_name = "ledger"

urlpatterns = [
    path("", views.entries, name="entries"),
    path("checkpoint.json", views.checkpoint, name="checkpoint"),
    path("<uuid:entry_id>/", views.entry, name="entry"),
]
