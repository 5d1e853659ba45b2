"""The web application, as tests and servers call it."""

import os
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtong.entry.settings.base")


class Request(WSGIRequest):
    """A request whose sender may name as its charset what is none: Django fails at ``charset=hex`` before any page."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # Django's own, which its stubs leave out
        except LookupError:
            self._encoding = None


application = get_wsgi_application()
application.request_class = Request
