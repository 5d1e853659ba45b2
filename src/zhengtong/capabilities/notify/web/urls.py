"""Addresses of messages."""

from django.urls import path

from zhengtong.capabilities.notify.web import deliveries, views, wording

app_name = "notify"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("channels/", views.channels, name="channels"),
    path("<uuid:message_id>/read/", views.read, name="read"),
    path("deliveries/", deliveries.delivery_list, name="deliveries"),
    path("deliveries/export/", deliveries.export, name="export"),
    path("deliveries/<uuid:delivery_id>/", deliveries.delivery, name="delivery"),
    path("deliveries/<uuid:delivery_id>/retry/", deliveries.retry, name="retry"),
    path("deliveries/<uuid:delivery_id>/told/", deliveries.told, name="told"),
    path("templates/", wording.template_list, name="templates"),
    path("templates/<str:kind>/", wording.template, name="template"),
]
