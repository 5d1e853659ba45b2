"""The ground floor as a Django app."""

from django.apps import AppConfig

from zhengtong.kernel.loops import register_loop


class KernelConfig(AppConfig):
    """Tables, components and middleware that every app stands on."""

    name = "zhengtong.kernel"
    label = "kernel"
    verbose_name = "平台内核"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the worker deliver events."""
        from zhengtong.kernel.outbox import relay

        register_loop("outbox", relay, interval=0.5)
