"""Addresses of the list of items and of their guides."""

from django.urls import path

from zhengtong.capabilities.catalogue.web.views import guide, item_list

app_name = "catalogue"
urlpatterns = [
    path("", item_list, name="items"),
    path("<str:code>/", guide, name="item"),
]
