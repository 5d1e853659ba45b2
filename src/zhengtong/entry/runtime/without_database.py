"""Django set up for questions about the code alone: no state folder, no secrets, no database."""

import os

from zhengtong.entry.runtime.environment import SETTINGS_MODULE

# never connected to and never used to sign anything
PLACEHOLDERS = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "ZHENGTONG_SECRET_KEY": "unused",
    "ZHENGTONG_FIELD_KEY": "00" * 32,
    "ZHENGTONG_KEYSTORE_PASSPHRASE": "unused",
    "DJANGO_SETTINGS_MODULE": SETTINGS_MODULE,
}


def set_up_django() -> None:
    """Load settings and apps unless that has been done; a connection to the database would fail."""
    import django
    from django.apps import apps

    if apps.ready:
        return
    for name, value in PLACEHOLDERS.items():
        os.environ.setdefault(name, value)
    django.setup()
