"""Contents of entries about what is gone: erased one by one, each erasure an entry of its own; proofs stay valid."""

import itertools
import uuid
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengtong.capabilities.ledger.models import Entry, Payload
from zhengtong.capabilities.ledger.services.append import erase_payload
from zhengtong.kernel import erasure
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.erasure import Eraser, Fate, Finding, Subject
from zhengtong.kernel.traces import Traces

_REASON = "内容所属的对象已经删除"
_AT_ONCE = 500


def erase_traces(actor: Actor, traces: Traces, reason: str) -> None:
    """Erase the content of every entry about an object that is gone; ``reason`` is the basis the entry names."""
    by_kind = itertools.groupby(sorted(traces.gone, key=lambda ref: (ref.kind, ref.id)), key=lambda ref: ref.kind)
    for kind, refs in by_kind:
        keys = [ref.id for ref in refs]
        for start in range(0, len(keys), _AT_ONCE):
            rows = _with_content(actor.tenant).filter(object_kind=kind, object_id__in=keys[start : start + _AT_ONCE])
            _erase(actor, rows, reason, traces)


def own_entries() -> Eraser:
    """Entries of what the person himself did; those about matters that stay are kept with them."""
    return Eraser(turn=95, covers=frozenset({"ledger.Payload"}), preview=_preview, erase=_erase_own)


def _preview(subject: Subject) -> list[Finding]:
    found = _of(subject.tenant, subject.person_ids).count()
    words = "内容抹除，承诺值保留，核验不受影响；依法保留的办件，账上的内容一并保留"
    if subject.stays:
        return [Finding(label="账本里本人操作的内容", count=found, fate=Fate.KEEP, reason="还有没有办结的事项")]
    return [Finding(label="账本里本人操作的内容", count=found, fate=Fate.ERASE, reason=words)]


def _erase_own(subject: Subject, traces: Traces) -> None:
    if not subject.stays:
        rows = _of(subject.tenant, subject.person_ids).exclude(object_kind__in=traces.kept_kinds)
        _erase(system(subject.tenant), rows, erasure.LEGAL_BASIS, traces)


def _of(tenant: str, person_ids: Collection[uuid.UUID]) -> "QuerySet[Entry]":
    return _with_content(tenant).filter(Q(actor_person_id__in=person_ids))


def _with_content(tenant: str) -> "QuerySet[Entry]":
    return Entry.objects.filter(Exists(Payload.objects.filter(entry=OuterRef("uuid"))), tenant=tenant)


def _erase(actor: Actor, rows: "QuerySet[Entry]", basis: str, traces: Traces) -> None:
    keys = list(rows.order_by("id").values_list("uuid", flat=True))
    for key in keys:
        erase_payload(actor=actor, entry_id=key, basis=basis, reason=_REASON)
    traces.count("账本里的内容", len(keys))
