"""Settings of the tests: mail stays in memory, no short messages, passwords are cheap."""

from zhengtong.entry.settings.base import *
from zhengtong.entry.settings.database import DATABASES

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ZHENGTONG_UPPER_WAY = ""  # tests of reporting upward bring an upper platform of their own
ZHENGTONG_SMS_GATEWAY = ""  # tests of short messages bring a gateway of their own
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # a database must be free to be dropped
WHITENOISE_AUTOREFRESH = True  # static files come from the apps; nothing is collected for tests
