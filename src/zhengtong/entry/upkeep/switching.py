"""Switching maintenance on and off, so that the ledger and supervision know of it.

While it is on, the limits of the law run on, for a stop of ours is none of theirs; the loops that act because a
moment has come stand still and act afterwards. What passed meanwhile is held by the outage that is declared here: no
card is raised before a supervisor has judged it.
"""

import dataclasses
import datetime as dt
import logging
import uuid
from pathlib import Path

from django.conf import settings
from django.db import Error, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.entry.upkeep import maintenance
from zhengtong.entry.upkeep.maintenance import Maintenance
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import Conflict, DomainError
from zhengtong.systems.supervision import api as supervision

log = logging.getLogger(__name__)


def switch_on(*, actor: Actor, until: dt.datetime | None, reason: str, by: str) -> Maintenance:
    """Begin maintenance; raises Invalid or Conflict. The file comes first: it holds also when the database does not."""
    state = Path(settings.ZHENGTONG_VAR)
    begun = maintenance.begin(state, until=until, reason=reason, by=by)
    return record_begin(state, begun, actor=actor)


def record_begin(state: Path, begun: Maintenance, *, actor: Actor) -> Maintenance:
    """Tell ledger and supervision; without a database that is made up for when it ends."""
    try:
        with transaction.atomic():
            outage = _declare(begun)
            _entry(actor, "operations.maintenance_began", begun, outage)
    except Error:
        log.exception("maintenance could not be recorded yet")
        return begun
    told = dataclasses.replace(begun, outage=str(outage))
    maintenance.write(state, told)
    return told


def switch_off(*, actor: Actor) -> Maintenance:
    """End maintenance; raises Conflict when there is none, DomainError when the database cannot be told."""
    state = Path(settings.ZHENGTONG_VAR)
    ended = maintenance.read(state)
    if ended is None:
        raise Conflict(_("维护模式没有开启。"))
    try:
        with transaction.atomic():
            outage = uuid.UUID(ended.outage) if ended.outage else _declare(ended)
            supervision.end_maintenance(actor=system(settings.ZHENGTONG_TENANT), outage_id=outage)
            _entry(actor, "operations.maintenance_ended", ended, outage)
    except Error as error:
        raise DomainError(
            _("数据库不能使用，维护模式没有结束：%(error)s。请先恢复数据库。") % {"error": str(error).strip()}
        ) from error
    maintenance.clear(state)
    return ended


def _declare(begun: Maintenance) -> uuid.UUID:
    # a demonstration's clock may stand elsewhere than the machine's
    starts_at = clock.now() - (clock.recording_time() - begun.since)
    reason = begun.reason or _("原因没有登记")
    return supervision.declare_maintenance(actor=system(settings.ZHENGTONG_TENANT), starts_at=starts_at, reason=reason)


def _entry(actor: Actor, act: str, what: Maintenance, outage: uuid.UUID) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="maintenance", id=what.since.isoformat()),
        payload={
            "since": what.since.isoformat(),
            "until": what.until.isoformat() if what.until else "",
            "reason": what.reason,
            "outage": str(outage),
        },
    )
