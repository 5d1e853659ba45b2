"""Settings of the tests: mail stays in memory, passwords are cheap."""

from zhengtong.entry.settings.base import *
from zhengtong.entry.settings.database import DATABASES

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # a database must be free to be dropped
WHITENOISE_AUTOREFRESH = True  # static files come from the apps; nothing is collected for tests
