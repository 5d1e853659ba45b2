"""Addresses under ``/papers/``."""

from django.urls import path

from zhengtong.capabilities.documents.web import papers

app_name = "papers"
urlpatterns = [
    path("<uuid:document_id>/", papers.paper, name="paper"),
    path("<uuid:document_id>/archive.zip", papers.archive, name="archive"),
    path("<uuid:document_id>/file/<slug:file_format>/", papers.paper_file, name="file"),
]
