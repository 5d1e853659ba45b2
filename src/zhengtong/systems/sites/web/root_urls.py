"""Addresses machines ask for at the root of a host."""

from django.urls import path

from zhengtong.systems.sites.web import following

app_name = "sites_root"

urlpatterns = [
    path("sitemap.xml", following.sitemap_index, name="sitemaps"),
]
