"""Addresses under ``/ledger/``."""

from django.urls import path

from zhengtong.capabilities.ledger.web import public, views, witnesses

app_name = "ledger"

urlpatterns = [
    path("", views.entries, name="entries"),
    path("<uuid:entry_id>/", views.entry, name="entry"),
    path("public/", public.overview, name="public"),
    path("checkpoint.json", public.checkpoint, name="checkpoint"),
    path("consistency.json", public.consistency, name="consistency"),
    path("cosignatures/", public.cosignatures, name="cosignatures"),
    path("witnesses/", witnesses.witnesses, name="witnesses"),
    path("witnesses/<uuid:witness_id>/approve/", witnesses.approve, name="witness_approve"),
    path("witnesses/<uuid:witness_id>/end/", witnesses.end, name="witness_end"),
]
