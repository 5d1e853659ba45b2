"""Logs go to standard error, one line each; personal data and secrets never belong into them."""

from zhengtong.entry.settings.environment import variable

ZHENGTONG_LOG = variable(
    "ZHENGTONG_LOG",
    group="监控",
    help="日志的写法：line 每条一行文字，json 每条一行 JSON",
    default="line",
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "zhengtong.kernel.tracing.Lines"},
        "json": {"()": "zhengtong.kernel.tracing.JsonLines"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json" if ZHENGTONG_LOG == "json" else "line"}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "zhengtong": {"level": "INFO"},
        # Django's own handlers print to a developer's terminal and send mail: here everything goes the one way
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},
        # prints a traceback for every signature that is not to be trusted; the report says it in a sentence
        "pyhanko": {"level": "ERROR"},
    },
}
