"""The door of reporting upward: offering a data set, and how the county stands."""

from collections.abc import Callable
from functools import partial

from zhengtong.capabilities.exchange.engine.upper import Faults, MemoryStore, UpperPlatform
from zhengtong.capabilities.exchange.engine.upper_server import UpperServer
from zhengtong.capabilities.exchange.registry import DataSet, data_sets
from zhengtong.capabilities.exchange.selectors.standing import DataSetStanding, county_certificate, standings
from zhengtong.capabilities.exchange.selectors.work_list import rows_to_correct
from zhengtong.capabilities.exchange.services.building import build_due, build_now, build_package
from zhengtong.capabilities.exchange.services.marking import mark_changed, sweep_due
from zhengtong.capabilities.exchange.services.reconciling import reconcile, reconcile_due
from zhengtong.capabilities.exchange.services.resending import record_download, resend_package, resend_rows
from zhengtong.capabilities.exchange.services.sending import send_due
from zhengtong.capabilities.exchange.services.simulated import simulated_platform
from zhengtong.capabilities.exchange.services.ways import why_not_reporting
from zhengtong.kernel.events import Event
from zhengtong.kernel.outbox import subscribe

__all__ = [
    "DataSetStanding",
    "Faults",
    "MemoryStore",
    "UpperPlatform",
    "UpperServer",
    "build_due",
    "build_now",
    "build_package",
    "county_certificate",
    "mark_changed",
    "offer",
    "reconcile",
    "reconcile_due",
    "record_download",
    "resend_package",
    "resend_rows",
    "rows_to_correct",
    "send_due",
    "simulated_platform",
    "standings",
    "sweep_due",
    "why_not_reporting",
]


def offer(dataset: DataSet) -> None:
    """Have a data set reported upward: called in ``apps.ready()`` of the app whose rows they are."""
    data_sets.register(dataset.code, dataset)
    for name, key_of in dataset.listens.items():
        subscribe(name, partial(_take_note, dataset.code, key_of), key=f"exchange.{dataset.code}")


def _take_note(dataset: str, key_of: Callable[[Event], str], event: Event) -> None:
    key = key_of(event)
    if key:
        mark_changed(tenant=event.tenant, dataset=dataset, keys=[key])
