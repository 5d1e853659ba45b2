"""Complaints as pages show them: to who wrote, to the handling unit without his name, to the supervisor's office."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.ui.formats import mask_name, mask_phone
from zhengtong.systems.complaints.constants import (
    ClockKind,
    DraftState,
    ExtensionState,
    Kind,
    Measure,
    Protection,
    State,
)
from zhengtong.systems.complaints.models import (
    Complaint,
    ComplaintAct,
    ComplaintClock,
    ComplaintDraft,
    ComplaintExtension,
    PublicAnswer,
)
from zhengtong.systems.complaints.permissions import in_office, in_unit, visible
from zhengtong.systems.complaints.selectors.clocks import clocks_of, lamp_of
from zhengtong.systems.complaints.selectors.complaints import acts_now, find, is_paused, look_alikes, writer_acts
from zhengtong.systems.complaints.selectors.identities import unnamed

Said = Callable[[str], str]
QUEUES = ("todo", "late", "waiting", "done")
_OFFICE_TURN = (State.RECEIVED, State.ACCEPTED, State.DRAFTED, State.REVIEW)


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of a queue; ``title`` is what this reader may read of it."""

    id: uuid.UUID
    number: str
    title: str
    kind: str
    hidden: bool
    state: str
    handler: str
    accused: str
    received_at: dt.datetime
    lamp: str
    due_on: dt.date | None


@dataclasses.dataclass(frozen=True)
class ActLine:
    """A line of the time line."""

    at: dt.datetime
    title: str
    who: str
    text: str


@dataclasses.dataclass(frozen=True)
class FileLine:
    """A file; the person's own name of it only for the office."""

    no: int
    label: str
    name: str
    released: bool


@dataclasses.dataclass(frozen=True)
class DraftLine:
    """A draft of the answer as its readers see it."""

    no: int
    text: str
    facts: str
    finding: str
    measures: str
    state: str
    state_label: str
    note: str
    who: str


@dataclasses.dataclass(frozen=True)
class DeskView:
    """A complaint for whoever handles it: the ``office`` sees the person's own words, a unit the words it was given."""

    id: uuid.UUID
    number: str
    office: bool
    hidden: bool
    kind: str
    kind_label: str
    protection_label: str
    channel_label: str
    state: str
    state_label: str
    turn: int
    title: str
    content: str
    wish: str
    happened_on: dt.date | None
    subject: str
    subject_number: str
    accused_org: str
    accused_post: str
    handler: str
    handler_id: uuid.UUID | None
    by_office: bool
    writer: str
    writer_phone: str
    received_at: dt.datetime
    received_note: str
    finding: str
    measures: str
    answer: str
    satisfaction: str
    satisfaction_text: str
    review_reason: str
    reason: str
    ending: str
    merged_into: str
    may_publish: bool
    paused: bool
    lamp: str
    acts_now: frozenset[str]
    clocks: tuple[cases.LimitView, ...]
    acts: tuple[ActLine, ...]
    files: tuple[FileLine, ...]
    drafts: tuple[DraftLine, ...]
    extension: ComplaintExtension | None
    alike: tuple[Complaint, ...]
    published: PublicAnswer | None


@dataclasses.dataclass(frozen=True)
class WriterView:
    """A complaint for the person who wrote it."""

    row: Complaint
    acts: tuple[ActLine, ...]
    clocks: tuple[cases.LimitView, ...]
    acts_now: frozenset[str]
    measures: str
    files: tuple[FileLine, ...]
    readings: tuple[ActLine, ...]


def queue(*, actor: Actor, name: str = "todo", text: str = "", page: object = 1) -> Page[Line]:
    """The actor's queue: what is due first stands first; done ones newest first. ``text``, part of a number, is looked
    for in all queues."""
    rows = Complaint.objects.filter(visible(actor)) if text else _rows(actor, name)
    if text:
        rows = rows.filter(number__icontains=text[:24])
    clock = ComplaintClock.objects.filter(complaint=OuterRef("pk"), ended_at__isnull=True).order_by("started_on")
    rows = rows.annotate(due_at=Subquery(clock.values("due_at")[:1]), clock_id=Subquery(clock.values("pk")[:1]))
    order = ("-closed_at", "-received_at") if name == "done" else (F("due_at").asc(nulls_last=True), "received_at")
    found = page_of(rows.order_by(*order, "id"), page)
    clocks = {one.pk: one for one in ComplaintClock.objects.filter(pk__in=[row.clock_id for row in found.rows])}
    lines = [_line(actor, row, clocks.get(row.clock_id)) for row in found.rows]
    return dataclasses.replace(found, rows=lines)


def waiting(actor: Actor) -> int:
    """How many wait for an act of the actor's office or unit."""
    return _rows(actor, "todo").count()


def desk_view(*, actor: Actor, complaint_id: uuid.UUID) -> DeskView:
    """One complaint of the actor's reach, without anything he must not read; raises NotFound."""
    row = find(actor, complaint_id)
    office = in_office(actor)
    said = _as_is if office else lambda text: unnamed(row, text)
    drafts = row.drafts.order_by("-no") if office or in_unit(actor, row) else ComplaintDraft.objects.none()
    clocks = clocks_of(row)
    signed = row.protection == Protection.SIGNED
    return DeskView(
        id=row.id,
        number=row.number,
        office=office,
        hidden=row.hidden,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        protection_label=row.get_protection_display(),
        channel_label=row.get_channel_display(),
        state=row.state,
        state_label=row.get_state_display(),
        turn=row.turn,
        title=row.title if office else row.brief_title,
        content=row.content if office else row.brief,
        wish=row.wish if office else "",
        happened_on=row.happened_on if office else None,
        subject=row.subject_title,
        subject_number=row.subject_number if office or signed else "",
        accused_org=row.accused_org_name,
        accused_post=row.accused_post_name,
        handler=row.handler_org_name,
        handler_id=row.handler_org_id,
        by_office=row.by_office,
        writer=_writer(row, office=office),
        writer_phone=mask_phone(row.phone) if office or signed else "",
        received_at=row.received_at,
        received_note=row.received_note if office else "",
        finding=row.get_finding_display() if row.finding else "",
        measures=measures_words(row.measures),
        answer=said(row.answer),
        satisfaction=row.get_satisfaction_display() if row.satisfaction else "",
        satisfaction_text=said(row.satisfaction_text),
        review_reason=row.review_reason if office else "",
        reason=row.reason if office else "",
        ending=row.get_ending_display() if row.ending else "",
        merged_into=row.merged_into.number if office and row.merged_into else "",
        may_publish=row.may_publish,
        paused=is_paused(row),
        lamp=_lamp(row),
        acts_now=acts_now(actor, row),
        clocks=tuple(clock for clock in clocks if office or clock.kind == ClockKind.ANSWER),
        acts=tuple(_act(one, said) for one in row.acts.order_by("no") if office or one.shared),
        files=tuple(
            FileLine(one.no, one.label, one.name if office else "", one.released)
            for one in row.files.order_by("no")
            if office or one.released
        ),
        drafts=tuple(_draft(one, said) for one in drafts),
        extension=row.extensions.filter(state=ExtensionState.ASKED).first(),
        alike=tuple(look_alikes(row)) if office and row.state in (State.RECEIVED, State.ACCEPTED) else (),
        published=PublicAnswer.objects.filter(complaint=row, ended_at__isnull=True).first() if office else None,
    )


def writer_view(row: Complaint) -> WriterView:
    """What the person who wrote sees; the caller has checked that it is his, or that he has the code."""
    read = row.acts.filter(kind="read").order_by("no")
    return WriterView(
        row=row,
        acts=tuple(_act(one, _as_is, writer=True) for one in row.acts.filter(told=True).order_by("no")),
        clocks=tuple(clocks_of(row)),
        acts_now=writer_acts(row),
        measures=measures_words(row.measures),
        files=tuple(FileLine(one.no, one.label, one.name, one.released) for one in row.files.order_by("no")),
        readings=tuple(_act(one, _as_is) for one in read),
    )


def published(tenant: str, *, kind: str = "", page: object = 1) -> Page[PublicAnswer]:
    """Answers for everybody, newest first."""
    rows = PublicAnswer.objects.filter(tenant=tenant, ended_at__isnull=True)
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    return page_of(rows.order_by("-answered_on", "-created_at"), page, size=10)


def measures_words(measures: list[str]) -> str:
    """The measures in Chinese."""
    return "、".join(str(Measure(one).label) for one in measures if one in Measure.values)


def _rows(actor: Actor, name: str) -> "QuerySet[Complaint]":
    rows = Complaint.objects.filter(visible(actor))
    office = in_office(actor)
    if name == "done":
        return rows.filter(state__in=(State.CLOSED, State.ANSWERED, State.MERGED))
    rows = rows.exclude(state__in=(State.CLOSED, State.ANSWERED, State.MERGED))
    if name == "late":
        over = ComplaintClock.objects.filter(ended_at__isnull=True, due_at__lte=now())
        return rows.filter(pk__in=over.values("complaint_id"))
    mine = Q(state__in=_OFFICE_TURN) | Q(state=State.ASSIGNED, by_office=True) if office else Q(state=State.ASSIGNED)
    if office:
        asked = ComplaintExtension.objects.filter(state=ExtensionState.ASKED).values("complaint_id")
        mine |= Q(pk__in=asked)
    return rows.filter(mine) if name == "todo" else rows.exclude(mine)


def _line(actor: Actor, row: Complaint, clock: ComplaintClock | None) -> Line:
    office = in_office(actor)
    return Line(
        id=row.id,
        number=row.number,
        title=row.title if office else row.brief_title,
        kind=row.get_kind_display(),
        hidden=row.hidden,
        state=row.get_state_display(),
        handler=row.handler_org_name,
        accused=" ".join(filter(None, [row.accused_org_name, row.accused_post_name])),
        received_at=row.received_at,
        lamp=lamp_of(clock),
        due_on=clock.due_on if clock else None,
    )


def _writer(row: Complaint, *, office: bool) -> str:
    if row.protection == Protection.ANONYMOUS:
        return _("匿名")
    if row.protection == Protection.CONFIDENTIAL and not office:
        return _("身份保密")
    return mask_name(row.name)


def _lamp(row: Complaint) -> str:
    clock = row.clocks.filter(ended_at__isnull=True).exclude(kind=ClockKind.ASK_REVIEW).order_by("started_on").first()
    return lamp_of(clock)


def _act(row: ComplaintAct, said: Said, *, writer: bool = False) -> ActLine:
    who = f"{row.org_name} {row.person_name}".strip() if not writer else row.org_name
    if not who:
        who = _("提出人") if row.kind in ("submit", "withdraw", "satisfy", "ask_review") else _("系统")
    return ActLine(at=row.created_at, title=row.get_kind_display(), who=who, text=said(row.text))


def _draft(row: ComplaintDraft, said: Said) -> DraftLine:
    return DraftLine(
        no=row.no,
        text=said(row.text),
        facts=said(row.facts),
        finding=row.get_finding_display(),
        measures=measures_words(row.measures),
        state=DraftState(row.state).value,
        state_label=row.get_state_display(),
        note=said(row.note),
        who=f"{row.org_name} {row.by_name}",
    )


def _as_is(text: str) -> str:
    return text
