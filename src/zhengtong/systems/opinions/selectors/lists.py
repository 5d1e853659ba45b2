"""Lists of consultations and surveys: for the public, for the desk, for pages of sites."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.db.models import Case, CharField, IntegerField, Q, QuerySet, Value, When

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.paging import Page, page_read
from zhengtong.systems.opinions.constants import SIGNERS, Phase, State
from zhengtong.systems.opinions.models import Announced, Poll, Topic
from zhengtong.systems.opinions.permissions import visible
from zhengtong.systems.opinions.rules.phases import phase_of
from zhengtong.systems.opinions.selectors.clocks import lamp_note, lamp_of
from zhengtong.systems.opinions.selectors.finding import in_phase, phase, public

_SHARED = (
    "pk", "title", "org_name", "org_code", "number", "state", "opens_on", "closes_on", "opens_at", "closes_at",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Listed:
    """A line of a public list; ``what`` is topic or poll."""

    what: str
    id: uuid.UUID
    title: str
    org_name: str
    opens_on: dt.date
    closes_on: dt.date
    phase: Phase


@dataclasses.dataclass(frozen=True)
class DeskLine:
    """A line of the desk."""

    what: str
    id: uuid.UUID
    number: str
    title: str
    org_name: str
    phase: Phase
    closes_on: dt.date
    taken_part: int
    lamp: str
    note: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a public list is narrowed."""

    words: str = ""
    unit: str = ""
    what: str = ""
    phase: str = ""


def public_list(tenant: str, wanted: Wanted, page: object, *, size: int = 20) -> Page[Listed]:
    """Both kinds in one list: what can be taken part in first, the newest first."""
    parts = [_narrowed(kind, tenant, wanted) for what, kind in _KINDS if wanted.what in ("", what)]
    at = now()
    if not parts:
        return page_read(lambda _start, _stop: [], page, size=size, total=0)
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    total = sum(part.count() for part in parts)

    def read(start: int, stop: int) -> list[Listed]:
        found = rows.order_by("turn", "-opens_on", "number")[start:stop]
        return [_listed(one, at) for one in found]

    return page_read(read, page, size=size, total=total)


def units_with_some(tenant: str) -> list[tuple[str, str]]:
    """Units that have asked the public something, by name."""
    found: dict[str, str] = {}
    for _what, kind in _KINDS:
        found |= dict(kind._default_manager.filter(public(tenant)).values_list("org_code", "org_name").distinct())
    return sorted(found.items(), key=lambda one: one[1])


def open_topics(tenant: str, org_code: str, number: int) -> list[Topic]:
    """Consultations open now, the one that closes first on top; of one unit, or of all where it is empty."""
    rows = Topic.objects.filter(public(tenant), in_phase(Phase.OPEN), **_of_unit(org_code))
    return list(rows.order_by("closes_on", "number")[:number])


def answered_topics(tenant: str, org_code: str, number: int) -> list[Topic]:
    """Consultations whose feedback is published, the newest first."""
    rows = Topic.objects.filter(public(tenant), state=State.ANSWERED, **_of_unit(org_code))
    return list(rows.order_by("-answered_at")[:number])


def poll_for_page(tenant: str, org_code: str, number: str, *, closed: bool) -> Poll | None:
    """The survey of that number, else the newest one open now (``closed``: whose results everybody may see)."""
    rows = Poll.objects.filter(public(tenant), **_of_unit(org_code)).exclude(state=State.WITHDRAWN)
    if number:
        return rows.filter(number=number.strip().upper()).first()
    wanted = in_phase(Phase.CLOSED) | Q(in_phase(Phase.OPEN), shown="always") if closed else in_phase(Phase.OPEN)
    return rows.filter(wanted).order_by("-opens_at").first()


def desk_list(actor: Actor, *, what: str, queue: str, page: object, text: str = "") -> Page[DeskLine]:
    """What the actor's desk shows of one kind: his unit's, or the county's."""
    kind = dict(_KINDS)[what]
    rows = kind._default_manager.filter(visible(actor))
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(title__icontains=text))
    elif queue in Phase.values:
        rows = rows.filter(in_phase(queue)) if queue not in _WRITTEN else rows.filter(state=queue)
    rows = rows.order_by("state", "closes_on", "number") if queue == "todo" else rows.order_by("-created_at")
    if queue == "todo" and not text:
        rows = rows.filter(_todo(kind))

    def read(start: int, stop: int) -> list[DeskLine]:
        return [_desk_line(what, one) for one in rows[start:stop]]

    return page_read(read, page, size=20, total=rows.count())


def waiting(actor: Actor) -> int:
    """How much waits on the actor's own desk: to be written on, signed, answered."""
    own = Q(org_id=actor.org_id, tenant=actor.tenant)
    total = 0
    for _what, kind in _KINDS:
        rows = kind._default_manager.filter(own & visible(actor) & _todo(kind))
        if not actor.has_role(*SIGNERS):
            rows = rows.exclude(state=State.SUBMITTED)
        total += rows.count()
    return total


def late(actor: Actor) -> int:
    """How many of the actor's reach are past the limit to publish the feedback."""
    rows = Topic.objects.filter(visible(actor), state=State.PUBLISHED, due_on__lt=local_date())
    return rows.count()


_KINDS: tuple[tuple[str, type[Announced]], ...] = (("topic", Topic), ("poll", Poll))
_WRITTEN = (Phase.DRAFT, Phase.SUBMITTED)


def _todo(kind: type[Announced]) -> Q:
    written = Q(state__in=[State.DRAFT, State.SUBMITTED])
    return written | in_phase(Phase.CLOSED) if kind is Topic else written


def _of_unit(org_code: str) -> dict[str, str]:
    return {"org_code": org_code} if org_code else {}


def _narrowed(kind: type[Announced], tenant: str, wanted: Wanted) -> "QuerySet[Any, Any]":
    rows = kind._default_manager.filter(public(tenant), in_phase(wanted.phase), **_of_unit(wanted.unit))
    if wanted.words:
        rows = rows.filter(Q(title__icontains=wanted.words) | Q(number__icontains=wanted.words))
    marked = rows.annotate(what=Value("topic" if kind is Topic else "poll", CharField()), turn=_turn())
    found: QuerySet[Any, Any] = marked.values(*_SHARED, "what", "turn")
    return found


def _turn() -> Any:
    return Case(
        When(in_phase(Phase.OPEN), then=Value(0)),
        When(in_phase(Phase.WAITING), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _listed(one: dict[str, Any], at: dt.datetime) -> Listed:
    return Listed(
        what=one["what"],
        id=one["pk"],
        title=one["title"],
        org_name=one["org_name"],
        opens_on=one["opens_on"],
        closes_on=one["closes_on"],
        phase=Phase(phase_of(one["state"], one["opens_at"], one["closes_at"], at)),
    )


def _desk_line(what: str, one: Announced) -> DeskLine:
    topic = one if isinstance(one, Topic) else None
    taken = topic.comments.count() if topic else one.ballots.count() if isinstance(one, Poll) else 0
    return DeskLine(
        what=what,
        id=one.pk,
        number=one.number,
        title=one.title,
        org_name=one.org_name,
        phase=phase(one),
        closes_on=one.closes_on,
        taken_part=taken,
        lamp=lamp_of(topic) if topic else "none",
        note=lamp_note(topic) if topic else "",
    )
