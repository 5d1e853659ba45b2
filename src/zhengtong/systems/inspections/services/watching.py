"""The worker looks at the limits of rectifications and referrals: lamps, messages, events."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.inspections import RectificationOverdue
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date, now
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
    """One batch of each kind, each limit in a transaction of its own; returns how many things were done."""
    return _tick(Rectification) + _tick(Referral)


def _tick(kind: type[Rectification | Referral]) -> int:
    running = kind._default_manager.filter(running=True)
    old = running.filter(projected_on__lt=local_date()).values_list("pk", flat=True)[:_BATCH]
    done = sum(_project(kind, key) for key in old)
    due = running.filter(next_at__lte=now()).order_by("next_at").values_list("pk", flat=True)[:_BATCH]
    return done + sum(_light(kind, key) for key in due)


@transaction.atomic
def _project(kind: type[Limited], key: uuid.UUID) -> int:
    """The calendar may have changed since yesterday."""
    row = _locked(kind, key)
    if row is None or row.projected_on >= local_date():
        return 0
    limits.project(row)
    row.save()
    return 1


@transaction.atomic
def _light(kind: type[Limited], key: uuid.UUID) -> int:
    row = _locked(kind, key)
    if row is None or row.next_at is None or row.next_at > now():
        return 0
    passed = now() >= row.due_at
    row.level = "red" if passed else "yellow"
    row.next_at = None if passed else row.due_at
    row.save(update_fields=["level", "next_at"])
    if isinstance(row, Referral):
        _tell_of_referral(row, passed=passed)
    elif isinstance(row, Rectification):
        _tell(row, passed=passed)
    return 1


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


def _locked(kind: type[Limited], key: uuid.UUID) -> Limited | None:
    return kind._default_manager.select_for_update().filter(pk=key, running=True).first()
