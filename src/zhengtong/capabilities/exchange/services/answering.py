"""Taking the upper platform's answers about packages: received, verified row by row, refused, or forgotten there."""

import datetime as dt
from typing import Any, Final

from django.db.models import F
from django.utils.translation import gettext as _

from zhengtong.capabilities.exchange.constants import (
    ACT_RECEIPT,
    ACT_REWOUND,
    FIRST_WAIT,
    PACKAGE_KIND,
    UNSENT,
    PackageState,
    ReceiptKind,
    Verdict,
)
from zhengtong.capabilities.exchange.models import ReportedRow, ReportPackage, ReportReceipt, ReportStream
from zhengtong.capabilities.exchange.registry import TransportFailed
from zhengtong.capabilities.exchange.rules import after_receipt
from zhengtong.capabilities.exchange.services.ways import Answer
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now

_GAP: Final = "GAP"
_FIELDS: Final = ["state", "taken_until", "ask_at", "received_at", "settled_at", "accepted", "refused"]


def take_answer(actor: Actor, stream: ReportStream, package: ReportPackage, answer: Answer) -> None:
    """What an answer makes of a package, in the caller's transaction, which holds both rows locked.

    Raises TransportFailed for an answer that is not about this package or does not speak of each of its rows.
    """
    fields, at = answer.fields, now()
    if answer.state == ReceiptKind.REJECTED:
        if _forgotten(stream, package, fields):
            rewind(actor, stream, sequence=int(fields["expected"]), why=_("上级平台要求从这一包开始"))
        else:
            _rejected(actor, package, answer)
        return
    if (fields.get("sequence"), fields.get("digest")) != (package.sequence, package.digest):
        raise TransportFailed(_("回执说的不是这个上报包。"))
    state = after_receipt(package.state, answer.state)
    if state == package.state:
        _ask_later(package, at)
        return
    if state == PackageState.SETTLED:
        _judge_rows(package, fields.get("rows"))
        package.settled_at = at
    package.state, package.received_at = state, package.received_at or at
    package.taken_until, package.reason_code, package.reason = None, "", ""
    package.ask_at = None if state == PackageState.SETTLED else at + dt.timedelta(seconds=FIRST_WAIT)
    package.save(update_fields=[*_FIELDS, "reason_code", "reason"])
    _keep(actor, package, answer)


def rewind(actor: Actor, stream: ReportStream, *, sequence: int, why: str) -> int:
    """Have everything from a sequence number on sent again: the upper platform has it no more. How many packages."""
    lost = ReportPackage.objects.select_for_update().filter(
        tenant=stream.tenant, dataset=stream.dataset, sequence__gte=sequence
    )
    ids = list(lost.values_list("pk", flat=True))
    ReportedRow.objects.filter(package_id__in=ids).update(verdict=Verdict.WAITING, reason_code="", reason="")
    ReportPackage.objects.filter(pk__in=ids).update(
        state=PackageState.BUILT,
        taken_until=None,
        ask_at=None,
        received_at=None,
        settled_at=None,
        accepted=0,
        refused=0,
        reason_code="",
        reason="",
    )
    first = ReportPackage.objects.filter(pk__in=ids).order_by("sequence").first()
    if first is not None:
        ledger.append(
            actor=actor,
            act=ACT_REWOUND,
            object_ref=ObjectRef(kind=PACKAGE_KIND, id=str(first.pk)),
            payload={"dataset": stream.dataset, "sequence": sequence, "packages": len(ids), "why": why},
        )
    return len(ids)


def _forgotten(stream: ReportStream, package: ReportPackage, fields: dict[str, Any]) -> bool:
    """The upper platform waits for an earlier package than this, or for this one although it had it."""
    expected = fields.get("expected")
    if fields.get("code") != _GAP or type(expected) is not int or not 1 <= expected <= stream.last_sequence:
        return False
    return expected < package.sequence or (expected == package.sequence and package.state not in UNSENT)


def _rejected(actor: Actor, package: ReportPackage, answer: Answer) -> None:
    state = after_receipt(package.state, ReceiptKind.REJECTED)
    if state == package.state:
        raise TransportFailed(_("上级平台退回了已经核验的上报包。"))
    package.state, package.taken_until, package.ask_at = state, None, None
    package.reason_code = str(answer.fields.get("code", ""))[:20]
    package.reason = str(answer.fields.get("reason", ""))[:300]
    package.save(update_fields=["state", "taken_until", "ask_at", "reason_code", "reason"])
    _keep(actor, package, answer)


def _judge_rows(package: ReportPackage, said: object) -> None:
    """The verdict of each row; all of them, no other, or the answer is none."""
    lines = list(package.lines.order_by("number"))
    if not isinstance(said, list) or len(said) != len(lines):
        raise TransportFailed(_("回执没有逐行说明结论。"))
    for line, verdict in zip(lines, said, strict=True):
        _judge(line, verdict)
    ReportedRow.objects.bulk_update(lines, ["verdict", "reason_code", "reason"], batch_size=500)
    package.refused = sum(line.verdict == Verdict.REFUSED for line in lines)
    package.accepted = len(lines) - package.refused


def _judge(line: ReportedRow, verdict: object) -> None:
    if not isinstance(verdict, dict) or (verdict.get("n"), verdict.get("key")) != (line.number, line.row_key):
        raise TransportFailed(_("回执中的行与上报包不符。"))
    accepted = verdict.get("accepted") is True
    line.verdict = Verdict.ACCEPTED if accepted else Verdict.REFUSED
    line.reason_code = "" if accepted else (str(verdict.get("code", ""))[:20] or "UPPER")
    line.reason = "" if accepted else str(verdict.get("reason", ""))[:300]


def _ask_later(package: ReportPackage, at: dt.datetime) -> None:
    """Nothing new: ask again, after a while that grows with the time the answer takes."""
    waited = at - (package.received_at or at)
    wait = min(max(waited, dt.timedelta(seconds=FIRST_WAIT)), dt.timedelta(hours=1))
    ReportPackage.objects.filter(pk=package.pk).update(taken_until=None, ask_at=at + wait)


def _keep(actor: Actor, package: ReportPackage, answer: Answer) -> None:
    """The receipt itself, and the entry in the ledger."""
    ReportReceipt.objects.create(
        tenant=package.tenant,
        package=package,
        kind=answer.state,
        content=answer.content,
        signature=answer.signature,
        certificate=answer.certificate,
    )
    ledger.append(
        actor=actor,
        act=ACT_RECEIPT,
        object_ref=ObjectRef(kind=PACKAGE_KIND, id=str(package.pk)),
        payload={
            "dataset": package.dataset,
            "sequence": package.sequence,
            "kind": answer.state,
            "accepted": package.accepted,
            "refused": package.refused,
            "code": package.reason_code,
        },
    )


def succeed(stream: ReportStream) -> None:
    """The upper platform has answered: failures are counted anew."""
    ReportStream.objects.filter(pk=stream.pk).update(failures=0, failing_since=None, next_try_at=None, last_error="")


def fail(stream: ReportStream, error: str, *, next_try_at: dt.datetime) -> None:
    """One more try in a row that did not go well."""
    ReportStream.objects.filter(pk=stream.pk).update(
        failures=F("failures") + 1,
        failing_since=stream.failing_since or now(),
        next_try_at=next_try_at,
        last_error=error[:300],
    )
