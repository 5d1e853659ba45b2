"""The web application that granian serves, in a process that beats."""

from pathlib import Path

from django.conf import settings

from zhengtong.entry.application import application as django_application
from zhengtong.entry.observing.pulse import pulse
from zhengtong.entry.shelved import Shelved

__all__ = ["application"]

application = Shelved(django_application)

pulse.begin("web", Path(settings.ZHENGTONG_VAR) / "run")
