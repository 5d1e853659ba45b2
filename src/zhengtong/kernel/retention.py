"""How long data are kept: apps register what they let go after which period, and one job sees to all of it.

个人信息保护法 第十九条：保存期限为实现处理目的所必要的最短时间；第四十七条：保存期限届满应当主动删除。
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import models, transaction

from zhengtong.kernel import parameters, traces
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.registry import Registry
from zhengtong.kernel.traces import Traces

LEGAL_BASIS: Final = "个人信息保护法第十九条、第四十七条"
_BATCH: Final = 200


def days(key: str, default: int, *, label: str, source: str, confirmed: bool = False) -> str:
    """Declare the period of a class of data in days; returns the parameter's key."""
    return parameters.declare(
        f"retention.{key}_days", default=default, label=label, unit="天", source=source, confirmed=confirmed
    ).key


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sweep:
    """A class of data: ``rows`` finds what is older than a moment, ``take`` lets a batch go, row by row or at once.

    What was taken must not be found again. ``does`` says it in a word for people (删除, 隐去).
    """

    label: str
    period: str
    does: str
    rows: "Callable[[str, dt.datetime], models.QuerySet[Any]]"
    take: Callable[[Sequence[Any], Traces], None]
    #: the least number of days, whatever the parameter says (a statute's)
    least: int = 0


sweeps: Registry[Sweep] = Registry("retention.sweeps")


@dataclasses.dataclass(frozen=True)
class Due:
    """What a class of data has past its period."""

    key: str
    label: str
    does: str
    days: int
    count: int


def preview(*, tenant: str) -> list[Due]:
    """What the job would let go now; changes nothing."""
    return [
        Due(key, sweep.label, sweep.does, _days(sweep, tenant), sweep.rows(tenant, _before(sweep, tenant)).count())
        for key, sweep in sweeps.items()
    ]


def take_batch(key: str, *, actor: Actor) -> int:
    """Let one batch of a class of data go in one transaction; returns how many went, 0 when nothing is left."""
    sweep = sweeps.get(key)
    with transaction.atomic():
        found = sweep.rows(actor.tenant, _before(sweep, actor.tenant)).order_by("pk")
        batch = list(found.select_for_update(skip_locked=True, of=("self",))[:_BATCH])
        if not batch:
            return 0
        left = Traces()
        sweep.take(batch, left)
        traces.remove(actor=actor, traces=left, reason=LEGAL_BASIS)
    return len(batch)


def _days(sweep: Sweep, tenant: str) -> int:
    return max(int(parameters.value(sweep.period, tenant=tenant)), sweep.least)


def _before(sweep: Sweep, tenant: str) -> dt.datetime:
    return now() - dt.timedelta(days=_days(sweep, tenant))


def delete(rows: Sequence[Any], _left: Traces) -> None:
    """The plain way: the rows go, with what hangs on them by cascade."""
    if rows:
        type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).delete()


def release_files(rows: Sequence[Any], left: Traces) -> None:
    """Stored files of which nothing says whose they are."""
    left.files |= {row.pk for row in rows}
