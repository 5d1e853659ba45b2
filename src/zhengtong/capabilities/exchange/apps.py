"""Reporting upward as a Django app, the first part of resource catalogue and data exchange."""

from zhengtong.kernel.systems import SystemConfig


class ExchangeConfig(SystemConfig):
    """Data sets, signed packages, receipts, reconciliation."""

    name = "zhengtong.capabilities.exchange"
    label = "exchange"
    verbose_name = "资源目录与数据交换"
    aliases = ("数据上报", "上级平台对接", "数据汇聚", "信息资源交换平台", "数据交换平台", "办件数据汇聚")
    plan_refs = ("S-26",)
    home_url = "/exchange/reports/"

    def ready(self) -> None:
        """Name acts, offer the ways and the data sets of the apps below, run the loops."""
        from zhengtong.capabilities.exchange import api
        from zhengtong.capabilities.exchange.constants import ACT_LABELS, OBJECT_LABELS
        from zhengtong.capabilities.exchange.plugins.http import HttpUpper
        from zhengtong.capabilities.exchange.plugins.item_reports import ITEMS
        from zhengtong.capabilities.exchange.plugins.rating_reports import RATINGS
        from zhengtong.capabilities.exchange.plugins.simulated import SimulatedUpper
        from zhengtong.capabilities.exchange.registry import transports
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.kernel.loops import register_loop

        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        transports.register("http", HttpUpper())
        transports.register("simulated", SimulatedUpper())
        api.offer(ITEMS)
        api.offer(RATINGS)
        register_loop("exchange_sweep", api.sweep_due, interval=300.0, timed=True)
        register_loop("exchange_build", api.build_due, interval=5.0, timed=True)
        register_loop("exchange_send", api.send_due, interval=5.0)
        register_loop("exchange_reconcile", api.reconcile_due, interval=300.0, timed=True)
