"""Logs go to standard error, one line each; personal data and secrets never belong into them."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "zhengtong": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        # prints a traceback for every signature that is not to be trusted; the report says it in a sentence
        "pyhanko": {"level": "ERROR"},
    },
}
