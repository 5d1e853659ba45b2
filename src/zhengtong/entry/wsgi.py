"""The web application that granian serves."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtong.entry.settings.base")
application = get_wsgi_application()


def _begin_pulse() -> None:
    from django.conf import settings

    from zhengtong.entry.observing.pulse import pulse

    pulse.begin("web", Path(settings.ZHENGTONG_VAR) / "run")


_begin_pulse()
