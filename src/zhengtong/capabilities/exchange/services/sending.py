"""Sending packages in their order, once however often they are tried; asking for receipts that are still out."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.exchange.constants import (
    ACT_GIVEN_UP,
    ACT_SENT,
    FIRST_WAIT,
    GIVE_UP_HOURS,
    LONGEST_WAIT,
    PACKAGE_KIND,
    UNSENT,
    PackageState,
)
from zhengtong.capabilities.exchange.engine.packages import Envelope
from zhengtong.capabilities.exchange.models import ReportPackage, ReportStream
from zhengtong.capabilities.exchange.registry import TransportFailed
from zhengtong.capabilities.exchange.rules import is_given_up, wait_after
from zhengtong.capabilities.exchange.services.answering import fail, succeed, take_answer
from zhengtong.capabilities.exchange.services.ways import Answer, ask, hand_over, why_not_reporting
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import parameters, storage
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError

log = logging.getLogger(__name__)

_LEASE: Final = dt.timedelta(minutes=5)


def send_due() -> int:
    """Send the next package of every data set and ask for receipts that are out; how many answers were taken."""
    if why_not_reporting():
        return 0
    done = 0
    for stream in ReportStream.objects.order_by("tenant", "dataset"):
        if stream.next_try_at is None or stream.next_try_at <= now():
            done += _send_next(stream) + _ask_next(stream)
    return done


def _send_next(stream: ReportStream) -> int:
    package = _taken(stream)
    return 0 if package is None else _exchange(stream, package, lambda: hand_over("packages", _envelope(package)))


def _ask_next(stream: ReportStream) -> int:
    package = _to_ask(stream)
    if package is None:
        return 0
    question = {"dataset": package.dataset, "sequence": package.sequence}
    return _exchange(stream, package, lambda: ask(package.tenant, "receipts", question))


def _exchange(stream: ReportStream, package: ReportPackage, call: Callable[[], Answer]) -> int:
    """Ask outside any transaction, then write the answer down in one; a failure is counted and told. 1 when answered.

    A worker that is killed in between leaves the package taken; after a while it is sent again, and the upper platform
    answers as it did.
    """
    try:
        answer = call()
        with transaction.atomic():
            locked = ReportStream.objects.select_for_update().get(pk=stream.pk)
            row = ReportPackage.objects.select_for_update().get(pk=package.pk)
            take_answer(system(stream.tenant), locked, row, answer)
            succeed(locked)
    except (TransportFailed, DomainError) as failure:
        _failed(stream, package, str(failure))
        return 0
    return 1


@transaction.atomic
def _taken(stream: ReportStream) -> ReportPackage | None:
    """The lowest package the upper platform does not have, taken for a while; None where it waits for a person."""
    locked = ReportStream.objects.select_for_update(skip_locked=True).filter(pk=stream.pk).first()
    if locked is None:
        return None
    unsent = ReportPackage.objects.filter(tenant=stream.tenant, dataset=stream.dataset, state__in=UNSENT)
    package = unsent.order_by("sequence").first()
    at = now()
    if package is None or package.state != PackageState.BUILT or (package.taken_until and package.taken_until > at):
        return None
    first = package.attempts == 0
    package.attempts, package.taken_until, package.sent_at = package.attempts + 1, at + _LEASE, package.sent_at or at
    package.save(update_fields=["attempts", "taken_until", "sent_at"])
    if first:
        ledger.append(
            actor=system(package.tenant),
            act=ACT_SENT,
            object_ref=ObjectRef(kind=PACKAGE_KIND, id=str(package.pk)),
            payload={"dataset": package.dataset, "sequence": package.sequence, "digest": package.digest},
        )
    return package


def _to_ask(stream: ReportStream) -> ReportPackage | None:
    """A package the upper platform has received and not yet answered for."""
    waiting = ReportPackage.objects.filter(
        tenant=stream.tenant, dataset=stream.dataset, state=PackageState.RECEIVED, ask_at__lte=now()
    )
    return waiting.order_by("sequence").first()


def _envelope(package: ReportPackage) -> Envelope:
    _row, content = storage.read(tenant=package.tenant, file_id=package.file_id)
    return Envelope(
        content=package.manifest,
        signature=bytes(package.signature),
        certificate=package.certificate,
        rows=content.decode(),
    )


@transaction.atomic
def _failed(stream: ReportStream, package: ReportPackage, error: str) -> None:
    locked = ReportStream.objects.select_for_update().get(pk=stream.pk)
    row = ReportPackage.objects.select_for_update().get(pk=package.pk)
    at = now()
    log.warning("reporting %s no. %s did not go well: %s", row.dataset, row.sequence, error)
    fail(locked, error, next_try_at=at + wait_after(locked.failures + 1, first=FIRST_WAIT, longest=LONGEST_WAIT))
    row.taken_until = None
    hours: float = parameters.value(GIVE_UP_HOURS, tenant=stream.tenant)
    over = is_given_up(failing_since=locked.failing_since or at, at=at, hours=hours)
    if over and row.state == PackageState.BUILT:
        row.state, row.reason = (
            PackageState.GIVEN_UP,
            _("连续 %(n)d 次发送不成功：%(error)s")
            % {
                "n": locked.failures + 1,
                "error": error,
            },
        )
        row.reason = row.reason[:300]
        ledger.append(
            actor=system(row.tenant),
            act=ACT_GIVEN_UP,
            object_ref=ObjectRef(kind=PACKAGE_KIND, id=str(row.pk)),
            payload={"dataset": row.dataset, "sequence": row.sequence, "tries": row.attempts, "error": error[:300]},
        )
    row.save(update_fields=["taken_until", "state", "reason"])
