"""Cases and tasks as pages show them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as If
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases.constants import (
    ADHOC_OUTCOMES,
    CaseStatus,
    DeadlineKind,
    DeadlineState,
    Phase,
    WorkItemStatus,
)
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.model import Node
from zhengtong.capabilities.cases.models import Case, ClockPause, Deadline, Opinion, WorkItem
from zhengtong.capabilities.cases.permissions import visible_cases
from zhengtong.capabilities.cases.registry import ServiceCall
from zhengtong.capabilities.cases.rules import Lamp, lamp_at, stop_label
from zhengtong.capabilities.cases.selectors.clocks import ClockView, clocks_of
from zhengtong.capabilities.cases.selectors.extensions import (
    ExtensionOffer,
    ExtensionView,
    case_extensions,
    extension_offer,
)
from zhengtong.capabilities.cases.selectors.hearings import HearingView, hearing_hosts, hearing_of
from zhengtong.capabilities.cases.selectors.narrowing import Choices, Narrowing, choices_of, narrowed, order_of
from zhengtong.capabilities.cases.selectors.processes import graph_of, picture_of
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of

_COUNTING = (DeadlineState.RUNNING, DeadlineState.PAUSED)
_COUNTED = 1000
QUEUES = {
    "todo": gettext_lazy("待办"),
    "overdue": gettext_lazy("已超期"),
    "held": gettext_lazy("同事在办"),
    "waiting": gettext_lazy("等待他人"),
    "done": gettext_lazy("已办"),
}


@dataclasses.dataclass(frozen=True)
class WorkItemView:
    """A task as a page shows it; ``outcomes`` are (code, Chinese label) pairs while it is open."""

    id: uuid.UUID
    case_id: uuid.UUID
    number: str
    title: str
    case_org_name: str
    subject: ObjectRef
    node: str
    step: str
    phase: str
    role: str
    status: str
    outcome: str
    org_id: uuid.UUID | None
    org_name: str
    opened_at: dt.datetime
    due_at: dt.datetime | None
    done_at: dt.datetime | None
    done_by: str
    done_post: str
    lamp: str
    outcomes: tuple[tuple[str, str], ...]
    adhoc: str = ""
    item: str = ""
    recallable: bool = False
    done_by_id: uuid.UUID | None = None
    holder_id: uuid.UUID | None = None
    holder: str = ""
    helper_id: uuid.UUID | None = None
    helper: str = ""
    hand_note: str = ""

    def waits_for(self, actor: Actor) -> bool:
        """Whether the actor is the one, or one of those, who can complete the task now."""
        return (
            self.status == WorkItemStatus.OPEN
            and self.org_id is not None
            and self.org_id == actor.org_id
            and actor.has_role(self.role)
            and self.holder_id in (None, actor.hands_id)
            and self.helper_id is None
        )


@dataclasses.dataclass(frozen=True)
class OpinionView:
    """An opinion as a page shows it."""

    who: str
    post: str
    org_name: str
    when: dt.datetime
    step: str
    phase: str
    outcome: str
    outcome_label: str
    text: str
    work_item_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True)
class PauseView:
    """A stop of the legal clock as a page shows it."""

    label: str
    basis: str
    note: str
    start_day: dt.date
    end_day: dt.date | None
    cap_day: dt.date | None = None
    ended_by_cap: bool = False
    id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True)
class CaseView:
    """A case as a page shows it."""

    id: uuid.UUID
    number: str
    title: str
    status: str
    status_label: str
    outcome: str
    outcome_label: str
    item_code: str
    org_id: uuid.UUID
    org_name: str
    subject: ObjectRef
    opened_at: dt.datetime
    accepted_on: dt.date | None
    deemed_accepted: bool
    closed_at: dt.datetime | None
    rev: int
    work_items: tuple[WorkItemView, ...]
    opinions: tuple[OpinionView, ...]
    clocks: tuple[ClockView, ...]
    pauses: tuple[PauseView, ...]
    extensions: tuple[ExtensionView, ...] = ()
    extension_offer: ExtensionOffer | None = None
    hearing: HearingView | None = None

    @property
    def open_items(self) -> tuple[WorkItemView, ...]:
        """Tasks that wait for somebody now."""
        return tuple(item for item in self.work_items if item.status == WorkItemStatus.OPEN)

    @property
    def paused(self) -> bool:
        """True while the legal clock stands still; a pause ends by itself with its cap."""
        return self.status == CaseStatus.OPEN and any(pause.end_day is None for pause in self.pauses)

    @property
    def renewal_deemed_on(self) -> dt.date | None:
        """The last day of the licence that counts as renewed because nothing was decided, None for any other case."""
        deemed = (one for one in self.clocks if one.kind == DeadlineKind.RENEWAL and one.state == DeadlineState.MISSED)
        return next((one.due_on for one in deemed), None)


def case_view(*, actor: Actor, case_id: uuid.UUID, as_applicant: bool = False) -> CaseView:
    """A case with its tasks, opinions and clocks; NotFound outside the actor's scope.

    ``as_applicant``: the caller has checked that the case is the actor's own.
    """
    scope = Q(tenant=actor.tenant) if as_applicant else visible_cases(actor)
    case = Case.objects.filter(scope, pk=case_id).first()
    if case is None:
        raise NotFound(_("没有找到这个办件，或者它不由您所在的单位办理。如需查看，请向主办单位申请。"))
    items = WorkItem.objects.filter(case_id=case.id).select_related("case").order_by("opened_at", "id")
    opinions = Opinion.objects.filter(case_id=case.id).select_related("work_item").order_by("created_at", "id")
    return CaseView(
        id=case.id,
        number=case.number,
        title=case.title,
        status=case.status,
        status_label=case.get_status_display(),
        outcome=case.outcome,
        outcome_label=case.get_outcome_display() if case.outcome else "",
        item_code=case.item_code,
        org_id=case.org_id,
        org_name=case.org_name,
        subject=ObjectRef(kind=case.subject_kind, id=case.subject_id),
        opened_at=case.created_at,
        accepted_on=case.accepted_on,
        deemed_accepted=case.deemed_accepted,
        closed_at=case.closed_at,
        rev=case.rev,
        work_items=_views(items),
        opinions=tuple(
            OpinionView(
                row.author,
                row.post_name,
                row.org_name,
                row.created_at,
                row.work_item.step,
                row.work_item.phase,
                row.outcome,
                row.outcome_label,
                row.text,
                row.work_item_id,
            )
            for row in opinions
        ),
        clocks=clocks_of(case),
        pauses=_pauses(case),
        extensions=case_extensions(case),
        extension_offer=extension_offer(case),
        hearing=hearing_of(case),
    )


def _pauses(case: Case) -> tuple[PauseView, ...]:
    return tuple(
        PauseView(
            stop_label(row.reason_code),
            row.basis,
            row.note,
            row.start_day,
            row.end_day,
            row.cap_day,
            row.ended_by_cap,
            row.id,
        )
        for row in ClockPause.objects.filter(case_id=case.id).order_by("start_day")
    )


def check_may_see(*, actor: Actor, case_id: uuid.UUID) -> None:
    """Raises NotFound for a case outside the actor's scope; one query, where the case itself is not needed."""
    if not Case.objects.filter(visible_cases(actor), pk=case_id).exists():
        raise NotFound(_("没有找到这个办件，或者它不由您所在的单位办理。如需查看，请向主办单位申请。"))


def visible_of(*, actor: Actor, case_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the cases that the actor may see."""
    return set(Case.objects.filter(visible_cases(actor), pk__in=case_ids).values_list("pk", flat=True))


def hosts_for_hearing(*, actor: Actor, case_id: uuid.UUID) -> tuple[tuple[str, str], ...]:
    """Who may preside over the hearing of a case that the actor may see, as (key, name with post)."""
    case = Case.objects.filter(visible_cases(actor), pk=case_id).first()
    return hearing_hosts(case) if case is not None else ()


def case_of_subject(*, tenant: str, subject: ObjectRef) -> uuid.UUID | None:
    """The case of a business object, None before it has one; the caller answers for the right to see it."""
    return (
        Case.objects.filter(tenant=tenant, subject_kind=subject.kind, subject_id=subject.id)
        .values_list("id", flat=True)
        .first()
    )


def work_item(*, actor: Actor, work_item_id: uuid.UUID) -> WorkItemView:
    """One task in the actor's scope; NotFound otherwise."""
    scope = WorkItem.objects.filter(case__in=Case.objects.filter(visible_cases(actor)))
    found = _views(scope.filter(pk=work_item_id).select_related("case"))
    if not found:
        raise NotFound(_("没有找到这个待办事项，或者它不由您所在的单位办理。"))
    return found[0]


def open_tasks(*, tenant: str, case_ids: Collection[uuid.UUID]) -> tuple[WorkItemView, ...]:
    """What is open in these cases, the oldest first; the caller answers for the right to see them."""
    rows = WorkItem.objects.filter(tenant=tenant, case_id__in=case_ids, status=WorkItemStatus.OPEN)
    return _views(rows.select_related("case").order_by("opened_at", "id"))


def open_count(*, tenant: str, item_code: str) -> int:
    """How many cases of an item are under way."""
    return Case.objects.filter(tenant=tenant, item_code=item_code, status=CaseStatus.OPEN).count()


def desk(
    *,
    actor: Actor,
    queue: str,
    page: object = 1,
    size: int = 20,
    first_phase: str = "",
    wanted: Narrowing | None = None,
    total: int | None = None,
) -> Page[WorkItemView]:
    """A queue of the actor's unit and roles, most urgent first: todo, overdue, waiting or done.

    What is done only grows: it is counted up to a thousand, and ``more`` says that there is more.
    Open tasks of ``first_phase`` stand before all others (decisions on a leader's desk); ``wanted`` narrows and sorts;
    ``total`` spares counting where the caller has just done it.
    """
    rows = _ordered(actor, queue, first_phase, wanted or Narrowing()).select_related("case")
    found = page_of(rows, page, size=size, most=_COUNTED if queue == "done" else None, total=total)
    return dataclasses.replace(found, rows=list(_views(found.rows)))


def desk_order(
    *, actor: Actor, queue: str, first_phase: str = "", wanted: Narrowing | None = None, most: int = 500
) -> list[uuid.UUID]:
    """The tasks of a queue in their order, no more than ``most``: which one comes after another."""
    rows = _ordered(actor, queue, first_phase, wanted or Narrowing())
    return list(rows.values_list("pk", flat=True)[:most])


def desk_choices(*, actor: Actor, queue: str) -> Choices:
    """What a queue of the actor may be narrowed to."""
    return choices_of(_queue(actor, queue), queue=queue)


def _ordered(actor: Actor, queue: str, first_phase: str, wanted: Narrowing) -> "QuerySet[WorkItem]":
    phase_first = Choice(If(phase=first_phase, then=Value(0)), default=Value(1), output_field=IntegerField())
    own = ("-done_at",) if queue == "done" else (phase_first, F("limit_at").asc(nulls_last=True), "opened_at")
    return narrowed(_queue(actor, queue), wanted, queue=queue).order_by(*order_of(wanted, own, queue=queue), "pk")


def desk_counts(*, actor: Actor) -> dict[str, int]:
    """How many tasks each queue holds that somebody still has to do; what is done only grows and is not counted."""
    if actor.kind != "official" or actor.org_id is None:
        return {queue: 0 for queue in QUEUES if queue != "done"}
    mine, free, own = _hands(actor)
    found = (
        _limited(actor)
        .filter(org_id=actor.org_id, status=WorkItemStatus.OPEN)
        .aggregate(
            todo=Count("pk", filter=own),
            overdue=Count("pk", filter=own & Q(limit_at__lte=now())),
            held=Count("pk", filter=mine & ~free),
        )
    )
    return {**found, "waiting": _queue(actor, "waiting").count()}


def _hands(actor: Actor) -> tuple[Q, Q, Q]:
    """Tasks of the actor's unit and roles (of all its roles for who leads it), those nobody else has, and his own."""
    mine = Q(org_id=actor.org_id, role__in=actor.roles)
    free = Q(helper_id__isnull=True) & (Q(holder_id__isnull=True) | Q(holder_id=actor.hands_id))
    own = (mine & free) | Q(org_id=actor.org_id, helper_id=actor.hands_id)
    # a leader finds what any of the unit has taken: he gives it to another when the holder is away
    return (Q(org_id=actor.org_id) if actor.has_role("leader") else mine), free, own


def _handled(actor: Actor) -> "QuerySet[WorkItem]":
    """Tasks of the items a delegate may handle, all for anybody else."""
    rows = WorkItem.objects.filter(tenant=actor.tenant)
    return rows.filter(case__item_code__in=sorted(actor.delegated_items)) if actor.delegated_items else rows


def _limited(actor: Actor) -> "QuerySet[WorkItem]":
    """The same with the limit each stands under."""
    promised = Deadline.objects.filter(case_id=OuterRef("case_id"), kind=DeadlineKind.PROMISED, state__in=_COUNTING)
    # a step without its own limit: the case's
    return _handled(actor).annotate(limit_at=Coalesce("due_at", Subquery(promised.values("due_at")[:1])))


def _queue(actor: Actor, queue: str) -> "QuerySet[WorkItem]":
    if actor.kind != "official" or actor.org_id is None:
        return WorkItem.objects.none().annotate(limit_at=F("due_at"))
    if queue == "done":
        return _handled(actor).filter(org_id=actor.org_id, role__in=actor.roles, status=WorkItemStatus.DONE)
    of_unit, free, own = _hands(actor)
    rows = _limited(actor).filter(status=WorkItemStatus.OPEN)
    if queue == "waiting":
        others = rows.filter(case__org_id=actor.org_id, case__status=CaseStatus.OPEN)
        return others.exclude(pk__in=rows.filter(own).values("pk"))
    if queue == "held":
        return rows.filter(of_unit).exclude(free)
    todo = rows.filter(own)
    return todo.filter(Q(limit_at__lte=now())) if queue == "overdue" else todo


def _views(items: Any) -> tuple[WorkItemView, ...]:
    rows = list(items)
    found = Deadline.objects.filter(
        Q(work_item_id__in=[item.id for item in rows])
        | Q(work_item__isnull=True, state__in=_COUNTING, case_id__in={item.case_id for item in rows})
    )
    own = {row.work_item_id: row for row in found if row.work_item_id}
    of_case = {(row.case_id, row.kind): row for row in found if not row.work_item_id}
    return tuple(_view(item, own.get(item.id) or _case_limit(item, of_case)) for item in rows)


def _case_limit(item: WorkItem, of_case: Mapping[tuple[uuid.UUID, str], Deadline]) -> Deadline | None:
    """The limit of the case that an open task without its own stands under."""
    if item.status != WorkItemStatus.OPEN:
        return None
    kinds = [DeadlineKind.SUPPLEMENT] if item.phase == Phase.SUPPLEMENT else []
    kinds += [DeadlineKind.ACCEPTANCE, DeadlineKind.PROMISED]
    return next((of_case[item.case_id, kind] for kind in kinds if (item.case_id, kind) in of_case), None)


def _view(item: WorkItem, deadline: Deadline | None) -> WorkItemView:
    at = (deadline and deadline.ended_at) or now()
    lamp = lamp_at(at, yellow_at=deadline.yellow_at, red_at=deadline.due_at, breach_at=None) if deadline else Lamp.GREEN
    open_ = item.status == WorkItemStatus.OPEN
    node = graph_of(item.case.process_id).nodes.get(item.node) if open_ else None
    return WorkItemView(
        id=item.id,
        case_id=item.case_id,
        number=item.case.number,
        title=item.case.title,
        case_org_name=item.case.org_name,
        subject=ObjectRef(kind=item.case.subject_kind, id=item.case.subject_id),
        node=item.node,
        step=item.step,
        phase=item.phase,
        role=item.role,
        status=item.status,
        outcome=item.outcome,
        org_id=item.org_id,
        org_name=item.org_name,
        opened_at=item.opened_at,
        due_at=item.due_at or (deadline.due_at if deadline else None),
        done_at=item.done_at,
        done_by=item.done_by,
        done_post=item.done_post,
        lamp=str(lamp),
        outcomes=tuple(outcomes_of(item.adhoc, node).items()) if node else (),
        adhoc=item.adhoc,
        item=item.item,
        recallable=item.recallable,
        done_by_id=item.done_by_id,
        holder_id=item.holder_id,
        holder=item.holder,
        helper_id=item.helper_id,
        helper=item.helper,
        hand_note=item.hand_note,
    )


def outcomes_of(adhoc: str, node: Node) -> dict[str, str]:
    """What can be said on a task of this node: code → Chinese words."""
    if adhoc:
        return {code: str(label) for code, label in ADHOC_OUTCOMES.items()}
    return dict(node.outcomes) or {"done": _("办结")}


def process_drawing(*, actor: Actor, case_id: uuid.UUID, as_applicant: bool = False) -> str:
    """The drawing of a case's process as SVG, showing where it stands and what is done."""
    scope = Q(tenant=actor.tenant) if as_applicant else visible_cases(actor)
    case = Case.objects.filter(scope, pk=case_id).first()
    if case is None:
        raise NotFound(_("没有找到这个办件。"))
    done = WorkItem.objects.filter(case_id=case.id, status=WorkItemStatus.DONE).values_list("node", flat=True)
    active = Marking.from_json(case.marking).active()
    return picture_of(case.process_id, active=active, done=set(done) - active)


def service_call(*, tenant: str, case_id: uuid.UUID, token: int, topic: str) -> ServiceCall | None:
    """The waiting service task of a token; None when it is no longer awaited."""
    case = Case.objects.filter(tenant=tenant, pk=case_id).first()
    if case is None or str(token) not in case.marking["t"]:
        return None
    subject = ObjectRef(kind=case.subject_kind, id=case.subject_id)
    return ServiceCall(tenant=tenant, case_id=case_id, token=token, topic=topic, subject=subject)


__all__ = [
    "QUEUES",
    "CaseView",
    "OpinionView",
    "PauseView",
    "WorkItemView",
    "case_of_subject",
    "case_view",
    "check_may_see",
    "desk",
    "desk_choices",
    "desk_counts",
    "desk_order",
    "hosts_for_hearing",
    "open_count",
    "open_tasks",
    "process_drawing",
    "service_call",
    "visible_of",
    "work_item",
]
