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
        """Have the worker deliver events; let stored files go that nothing names any more."""
        from zhengtong.kernel import attempts, retention, traces
        from zhengtong.kernel.inventory import ATTEMPTS, FILES
        from zhengtong.kernel.loose_files import forget, unnamed
        from zhengtong.kernel.outbox import relay_groups, relay_singly

        register_loop("outbox_groups", relay_groups, interval=0.2, apart=True)
        register_loop("outbox", relay_singly, interval=0.5)
        traces.removers.register("kernel", forget)
        retention.sweeps.register(
            "kernel.loose_files",
            retention.Sweep(
                label="没有归属的文件", period=FILES.period, does="删除", rows=unnamed, take=retention.release_files
            ),
        )
        retention.sweeps.register(
            "kernel.attempts",
            retention.Sweep(
                label="访问计数", period=ATTEMPTS.period, does="删除", rows=attempts.past, take=retention.delete
            ),
        )
