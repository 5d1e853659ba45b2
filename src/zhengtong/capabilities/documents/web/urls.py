"""Addresses under ``/verify/``."""

from django.urls import path

from zhengtong.capabilities.documents.web import views

app_name = "documents"
urlpatterns = [
    path("", views.enter_code, name="verify"),
    path("file/", views.check_file, name="check-file"),
    path("<str:code>/", views.result, name="result"),
]
