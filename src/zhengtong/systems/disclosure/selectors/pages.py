"""Requests as pages show them: queues of the desk, and one request with everything that was done."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.ui.formats import mask_id, mask_name, mask_phone
from zhengtong.systems.disclosure.constants import LEADER, ApplicantKind, ClockKind, ExtensionState, State
from zhengtong.systems.disclosure.models import DisclosureRequest, RequestAct, RequestClock, RequestExtension
from zhengtong.systems.disclosure.permissions import visible

QUEUES = ("todo", "decide", "late", "waiting", "done", "all")
_OURS = (State.AWAITING, State.HANDLING)
_THEIRS = (State.CORRECTING, State.CONSULTING, State.UNPAID)


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of a queue; who asked is masked."""

    id: uuid.UUID
    number: str
    title: str
    applicant: str
    kind: str
    state: str
    outcome: str
    org_name: str
    received_on: dt.date | None
    lamp: str
    due_on: dt.date | None


@dataclasses.dataclass(frozen=True)
class ActLine:
    """One line of the time line."""

    at: dt.datetime
    title: str
    who: str
    text: str


def queue(*, actor: Actor, name: str = "todo", text: str = "", page: Any = 1, org: str = "") -> Page[Line]:
    """What the actor sees of a queue, what is due first standing first; ``text`` looks for a number in all."""
    rows = DisclosureRequest.objects.filter(visible(actor))
    if org:
        rows = rows.filter(org_code=org)
    rows = rows.filter(number__icontains=text) if text else rows.filter(_queued(name))
    clock = RequestClock.objects.filter(request=OuterRef("pk"), ended_at__isnull=True).order_by("due_at")
    rows = rows.annotate(
        due=Subquery(clock.values("due_on")[:1]),
        due_at=Subquery(clock.values("due_at")[:1]),
        yellow_at=Subquery(clock.values("yellow_at")[:1]),
    )
    found = page_of(rows.order_by(F("due_at").asc(nulls_last=True), "-received_at"), page)
    lines = [_line(row) for row in found.rows]
    return dataclasses.replace(found, rows=lines)


def waiting(actor: Actor) -> int:
    """How many wait for the actor: to be handled, or to be decided by the head."""
    if actor.org_id is None:
        return 0
    wanted = _queued("decide") if actor.has_role(LEADER) else Q(state__in=_OURS)
    return DisclosureRequest.objects.filter(visible(actor), wanted, org_id=actor.org_id).count()


def masked(row: DisclosureRequest) -> list[tuple[str, str]]:
    """Who asked as the desk shows him without a purpose: (name of the field, masked)."""
    person = row.applicant_kind == ApplicantKind.PERSON
    return [
        ("name", mask_name(row.name) if person else row.name),
        ("identity", f"{row.identity_kind} {mask_id(row.identity_number) if person else row.identity_number}"),
        ("phone", mask_phone(row.phone)),
    ]


def act_lines(row: DisclosureRequest, *, told_only: bool = False) -> list[ActLine]:
    """The time line, oldest first; who asked sees what he was told."""
    acts: QuerySet[RequestAct] = row.acts.order_by("no")
    if told_only:
        acts = acts.filter(told=True)
    return [
        ActLine(
            one.created_at,
            one.get_kind_display(),
            (one.org_name if told_only else f"{one.org_name} {one.person_name}").strip(),
            one.text,
        )
        for one in acts
    ]


def readings(row: DisclosureRequest) -> list[ActLine]:
    """Who opened the identity, for who asked."""
    return [ActLine(one.created_at, "", one.org_name, one.text) for one in row.acts.filter(kind="read").order_by("no")]


def _queued(name: str) -> Q:
    late = RequestClock.objects.filter(
        request=OuterRef("pk"), kind=ClockKind.ANSWER, ended_at__isnull=True, due_at__lte=now()
    )
    asked = RequestExtension.objects.filter(request=OuterRef("pk"), state=ExtensionState.ASKED)
    return {
        "todo": Q(state__in=_OURS),
        "decide": Q(state=State.DRAFTED) | Q(Exists(asked)) & ~Q(state=State.CLOSED),
        "late": Q(Exists(late)),
        "waiting": Q(state__in=_THEIRS),
        "done": Q(state=State.CLOSED),
        "all": Q(),
    }.get(name, Q(state__in=_OURS))


def _line(row: Any) -> Line:
    lamp = "none"
    if row.due_at is not None:
        lamp = "red" if now() >= row.due_at else "yellow" if row.yellow_at and now() >= row.yellow_at else "green"
    return Line(
        id=row.id,
        number=row.number,
        title=row.title,
        applicant=dict(masked(row))["name"],
        kind=row.get_kind_display(),
        state=row.get_state_display(),
        outcome=row.get_outcome_display() if row.outcome else "",
        org_name=row.org_name,
        received_on=row.received_on,
        lamp=lamp,
        due_on=row.due,
    )
