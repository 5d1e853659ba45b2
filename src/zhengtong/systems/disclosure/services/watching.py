"""The worker looks at the limits: lamps, corrections and fees that did not come, opinions nobody gave."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.disclosure import RequestDue
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.simulation import not_before
from zhengtong.systems.disclosure.constants import ActKind, ClockKind, LetterKind, State
from zhengtong.systems.disclosure.models import Consultation, DisclosureRequest, RequestClock
from zhengtong.systems.disclosure.selectors.clocks import arithmetic_of
from zhengtong.systems.disclosure.services import clocks
from zhengtong.systems.disclosure.services.answering import answer_words, close
from zhengtong.systems.disclosure.services.consulting import lapse_consultation
from zhengtong.systems.disclosure.services.letters import write_letter
from zhengtong.systems.disclosure.services.taking import locked
from zhengtong.systems.disclosure.services.telling import (
    event_fields,
    record,
    tell_applicant,
    tell_unit,
    words_of,
    write_act,
)

_BATCH = 100
_LAPSES = {ClockKind.CORRECTION: "uncorrected", ClockKind.PAYMENT: "unpaid"}


def tick() -> int:
    """One batch; returns how many things were done. Each request is a transaction of its own: see ``loops.each``."""
    return each(_attend, _due())


def _due() -> Iterator[tuple[Callable[[uuid.UUID], int], uuid.UUID]]:
    """Opinions past their day, limits of yesterday's calendar, lamps; each looked for when those before are done."""
    today, earliest = local_date(), not_before()
    # a demonstration's invented past is watched by its simulator
    own = {} if earliest is None else {"request__created_at__gte": earliest}
    asked = Consultation.objects.filter(opinion="", due_on__lt=today, **own)
    running = RequestClock.objects.filter(ended_at__isnull=True, **own)
    for act, keys in (
        (lapse_consultation, asked.values_list("pk", flat=True)),
        (_project, running.filter(projected_on__lt=today).values_list("pk", flat=True)),
        (_light, running.filter(next_at__lte=now()).order_by("next_at").values_list("pk", flat=True)),
    ):
        yield from ((act, key) for key in due_first(_attend, keys, size=_BATCH, before=(act,)))


def _attend(act: Callable[[uuid.UUID], int], key: uuid.UUID) -> int:
    return act(key)


@transaction.atomic
def _project(clock_id: uuid.UUID) -> int:
    """The calendar may have changed since yesterday."""
    clock = _locked_clock(clock_id)
    if clock is None or clock.projected_on >= local_date():
        return 0
    clocks.project(clock)
    return 1


@transaction.atomic
def _light(clock_id: uuid.UUID) -> int:
    clock = _locked_clock(clock_id)
    if clock is None or clock.next_at is None or clock.next_at > now() or clock.due_at is None:
        return 0
    row, passed = clock.request, now() >= clock.due_at
    kind = ClockKind(clock.kind)
    if passed and kind in _LAPSES:
        return _lapse(row, _LAPSES[kind])
    clock.level = "red" if passed else "yellow"
    clock.next_at = None if passed else clock.due_at
    clock.save(update_fields=["level", "next_at"])
    if kind == ClockKind.ANSWER:
        _tell(row, clock, passed=passed, due_at=clock.due_at)
    elif not passed:
        body = _("您的%(what)s：%(label)s临近期限，逾期视为放弃申请。")
        words = {"what": words_of(row), "label": clock.get_kind_display()}
        tell_applicant(row, title=_("临近期限"), body=body % words)
    return 1


def _lapse(row: DisclosureRequest, outcome: str) -> int:
    """No corrected request, no fee: the request counts as given up, and who asked is told so in writing."""
    if row.state not in (State.CORRECTING, State.UNPAID):
        return 0
    close(row, outcome)
    write_act(row, None, ActKind.LAPSE, row.get_outcome_display(), told=True)
    record(system(row.tenant), row, "disclosure.lapse", {"outcome": outcome})
    write_letter(row, None, LetterKind.ANSWER, answer_words(row))
    body = _("您的%(what)s%(how)s，本机关不再处理；需要的可以重新申请。")
    tell_applicant(row, title=_("申请视为放弃"), body=body % {"what": words_of(row), "how": row.get_outcome_display()})
    tell_unit(row, title=_("申请视为放弃"), body=f"{words_of(row)}：{row.get_outcome_display()}")
    return 1


def _tell(row: DisclosureRequest, clock: RequestClock, *, passed: bool, due_at: dt.datetime) -> None:
    kind, act = (ActKind.OVERDUE, "disclosure.overdue") if passed else (ActKind.WARN, "disclosure.warn")
    write_act(row, None, kind, clock.get_kind_display(), told=passed)
    record(system(row.tenant), row, act, {"due_on": clock.due_on})
    publish(RequestDue(**event_fields(row), level=clock.level, due_at=due_at, arithmetic=arithmetic_of(clock)))
    title = _("信息公开申请已经超期") if passed else _("信息公开申请临近期限")
    how = _("已经超过答复期限，请立即答复") if passed else _("临近答复期限，请抓紧答复")
    tell_unit(row, title=title, body=f"{words_of(row)}{how}。")


def _locked_clock(clock_id: uuid.UUID) -> RequestClock | None:
    """The request is locked before its clock, as everywhere."""
    key = RequestClock.objects.filter(pk=clock_id).values_list("request_id", flat=True).first()
    if key is None:
        return None
    locked(key)
    found = RequestClock.objects.select_for_update(of=("self",)).select_related("request")
    return found.filter(pk=clock_id, ended_at__isnull=True).first()
