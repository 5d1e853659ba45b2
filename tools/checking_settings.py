"""Django settings for the type checker: the platform's own, loaded without a state folder or a database."""

import os

from zhengtong.entry.runtime.without_database import PLACEHOLDERS

for _name, _value in PLACEHOLDERS.items():
    os.environ.setdefault(_name, _value)

from zhengtong.entry.settings.base import *  # noqa: E402, F403  (the placeholders must stand before)
