"""Addresses of the portal; large print and the gallery keep names of their own, as the base templates use them."""

from django.conf import settings
from django.urls import include, path

from zhengtong.entry.portal import views
from zhengtong.kernel.policy import public
from zhengtong.kernel.ui.views import gallery, large_print, traditional_characters

_pages = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("robots.txt", views.robots, name="robots"),
]

urlpatterns = [
    path("", include((_pages, "portal"))),
    path("large-print/", public(large_print), name="ui-large-print"),
    path("traditional/", public(traditional_characters), name="ui-traditional"),
]

if settings.ZHENGTONG_DEMO:
    urlpatterns.append(path("ui/", public(gallery), name="ui-gallery"))
