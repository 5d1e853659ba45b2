"""Addresses of the open interface; each operation is open to everybody, a closed one would name its policy here."""

from django.urls import URLPattern, path

from zhengtong.entry.openapi.api import openapi
from zhengtong.entry.openapi.views import description
from zhengtong.kernel.policy import public

_patterns, _app, _space = openapi.urls
for _pattern in _patterns:
    if isinstance(_pattern, URLPattern) and _pattern.name != "api-root":
        public(_pattern.callback)

urlpatterns = [
    path("", description, name="openapi"),
    *(pattern for pattern in _patterns if getattr(pattern, "name", "") != "api-root"),
]
