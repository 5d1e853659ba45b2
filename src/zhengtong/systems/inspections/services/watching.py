"""The worker looks at the limits of rectifications and referrals: lamps, messages, events."""

import uuid
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.contracts.inspections import RectificationOverdue
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.outbox import publish
from zhengtong.systems.inspections.constants import ActKind
from zhengtong.systems.inspections.models import Limited, Rectification, Referral
from zhengtong.systems.inspections.selectors.clocks import LABELS
from zhengtong.systems.inspections.services import limits
from zhengtong.systems.inspections.services.telling import (
    note_referral,
    note_visit,
    tell_inspectors,
    tell_office,
    tell_referral,
    tell_unit,
    visit_fields,
    words_of,
)

_BATCH = 100


def tick() -> int:
    """One batch of each kind; returns how many limits were dealt with. One that fails holds up no other."""
    return each(_attend, [*_waiting(Rectification), *_waiting(Referral)])


def _waiting(kind: type[Rectification | Referral]) -> Iterator[tuple[type[Limited], uuid.UUID]]:
    """Limits whose moment has come, and those that were not computed today."""
    rows = kind._default_manager.filter(Q(next_at__lte=now()) | Q(projected_on__lt=local_date()), running=True)
    waiting = rows.order_by("next_at").values_list("pk", flat=True)
    return ((kind, key) for key in due_first(_attend, waiting, size=_BATCH, before=(kind,)))


@transaction.atomic
def _attend(kind: type[Limited], key: uuid.UUID) -> int:
    row = kind._default_manager.select_for_update().filter(pk=key, running=True).first()
    if row is None:
        return 0
    return int(any([_projected(row), _lit(row)]))


def _projected(row: Limited) -> bool:
    """The calendar may have changed since yesterday."""
    if row.projected_on >= local_date():
        return False
    limits.project(row)
    row.save()
    return True


def _lit(row: Limited) -> bool:
    if row.next_at is None or row.next_at > now():
        return False
    passed = now() >= row.due_at
    row.level = "red" if passed else "yellow"
    row.next_at = None if passed else row.due_at
    row.save(update_fields=["level", "next_at"])
    if isinstance(row, Referral):
        _tell_of_referral(row, passed=passed)
    elif isinstance(row, Rectification):
        _tell(row, passed=passed)
    return True


def _tell_of_referral(row: Referral, *, passed: bool) -> None:
    act, kind = (
        ("inspections.overdue_referral", ActKind.OVERDUE) if passed else ("inspections.warn_referral", ActKind.WARN)
    )
    note_referral(system(row.tenant), row, act, kind, _("处理督查线索"), due_on=row.due_on)
    how = _("已经超过期限，请立即处理") if passed else _("临近期限，请抓紧处理")
    body = _("电子监察转来的亮牌 %(number)s（%(org)s）%(how)s。") % {
        "number": row.card_number,
        "org": row.org_name,
        "how": how,
    }
    tell_referral(row, title=_("督查线索已经超期") if passed else _("督查线索临近期限"), body=body)


def _tell(row: Rectification, *, passed: bool) -> None:
    visit, by_unit, boss = row.visit, row.stage == "rectify", system(row.tenant)
    act, kind = ("inspections.overdue", ActKind.OVERDUE) if passed else ("inspections.warn", ActKind.WARN)
    note_visit(boss, visit, act, kind, _(LABELS[row.stage]), stage=row.stage, due_on=row.due_on, turn=row.turn)
    title = _("督查%(stage)s已经超期") if passed else _("督查%(stage)s临近期限")
    body = _("%(what)s的%(stage)s%(how)s。") % {
        "what": words_of(visit),
        "stage": _(LABELS[row.stage]),
        "how": _("已经超过期限，请立即办理") if passed else _("临近期限，请抓紧办理"),
    }
    title = title % {"stage": _(LABELS[row.stage])}
    (tell_unit if by_unit else tell_inspectors)(visit, title=title, body=body)
    if not passed:
        return
    tell_office(visit, title=title, body=body)
    publish(
        RectificationOverdue(**visit_fields(visit), stage=row.stage, turn=row.turn, due_on=row.due_on, by_unit=by_unit)
    )
