"""Addresses under ``/verify/``."""

from django.urls import path

from zhengtong.capabilities.documents.web import views

app_name = "documents"
urlpatterns = [
    path("", views.enter_code, name="verify"),
    path("file/", views.check_file, name="check-file"),
    path("token/", views.check_token, name="check-token"),
    path("offline/", views.offline, name="offline"),
    path("keys.json", views.token_keys, name="token-keys"),
    path("<str:code>/", views.result, name="result"),
    path("<str:code>/receipt.json", views.receipt, name="receipt"),
]
