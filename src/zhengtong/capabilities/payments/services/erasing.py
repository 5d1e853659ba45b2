"""Orders of a person who is erased: an open one must end first, the others are vouchers and stay."""

from django.db.models import Q

from zhengtong.capabilities.payments.constants import ACCOUNTING, OBJECT_LABELS, OrderState
from zhengtong.capabilities.payments.models import FeeOrder
from zhengtong.kernel.erasure import Eraser, Fate, Finding, Subject
from zhengtong.kernel.traces import Traces


def order_eraser() -> Eraser:
    """Says what stays; erases nothing."""
    return Eraser(turn=35, covers=frozenset({FeeOrder._meta.label}), preview=_preview, erase=_erase)


def _preview(subject: Subject) -> list[Finding]:
    ids = subject.person_ids
    rows = FeeOrder.objects.filter(Q(payer_person_id__in=ids) | Q(payer_ward_id__in=ids), tenant=subject.tenant)
    unpaid = rows.filter(state=OrderState.OPEN).count()
    return [
        Finding(label="没有缴费的缴费单", count=unpaid, fate=Fate.OPEN, reason="缴费或者过期以后才能删除"),
        Finding(label="缴费记录", count=rows.count() - unpaid, fate=Fate.KEEP, reason=ACCOUNTING.stays),
    ]


def _erase(subject: Subject, traces: Traces) -> None:
    if any(one.count for one in _preview(subject)):
        traces.kept_kinds |= set(OBJECT_LABELS)
