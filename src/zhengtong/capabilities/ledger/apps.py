"""责任认定 as a Django app."""

from zhengtong.kernel.loops import register_loop
from zhengtong.kernel.systems import SystemConfig


class LedgerConfig(SystemConfig):
    """The ledger: lowest of the capabilities, knows nobody."""

    name = "zhengtong.capabilities.ledger"
    label = "ledger"
    verbose_name = "责任认定"
    aliases = ("审计账本", "操作留痕", "操作日志", "防篡改账本")
    plan_refs = ("J-52",)
    home_url = "/ledger/"

    def ready(self) -> None:
        """Have the worker seal new entries every second; erase the content of entries about what is gone."""
        from zhengtong.capabilities.ledger.services import seal_batch
        from zhengtong.capabilities.ledger.services.erasing import erase_traces, own_entries
        from zhengtong.kernel import erasure, traces

        register_loop("ledger_sequencer", seal_batch, interval=1.0)
        traces.removers.register("ledger", erase_traces)
        erasure.erasers.register("ledger", own_entries())
