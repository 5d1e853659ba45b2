"""The web application that granian serves, in a process that beats."""

from pathlib import Path

from django.conf import settings

from zhengtong.entry.application import application
from zhengtong.entry.observing.pulse import pulse

__all__ = ["application"]

pulse.begin("web", Path(settings.ZHENGTONG_VAR) / "run")
