"""Cases and tasks as pages show them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import CaseStatus, DeadlineKind, DeadlineState, WorkItemStatus
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.models import Case, ClockPause, Opinion, WorkItem
from zhengtong.capabilities.cases.permissions import Reach, cases_in, reach_of, visible_cases
from zhengtong.capabilities.cases.registry import ServiceCall
from zhengtong.capabilities.cases.rules import stop_label
from zhengtong.capabilities.cases.selectors.clocks import ClockView, clocks_of, timing_of
from zhengtong.capabilities.cases.selectors.extensions import (
    ExtensionOffer,
    ExtensionView,
    case_extensions,
    extension_offer,
)
from zhengtong.capabilities.cases.selectors.hearings import HearingView, hearing_hosts, hearing_of
from zhengtong.capabilities.cases.selectors.processes import picture_of
from zhengtong.capabilities.cases.selectors.standings import CaseStanding
from zhengtong.capabilities.cases.selectors.tasks import WorkItemView, task_views
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.prepared import prepared


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
    process_id: uuid.UUID | None = None
    process_key: str = ""
    process_version: int = 0
    active_nodes: frozenset[str] = frozenset()

    @property
    def open_items(self) -> tuple[WorkItemView, ...]:
        """Tasks that wait for somebody now."""
        return tuple(item for item in self.work_items if item.status == WorkItemStatus.OPEN)

    @property
    def paused(self) -> bool:
        """True while the legal clock stands still; a pause ends by itself with its cap."""
        return self.status == CaseStatus.OPEN and any(pause.end_day is None for pause in self.pauses)

    @property
    def standing(self) -> CaseStanding:
        """The same as lists know it."""
        return CaseStanding(
            status=self.status,
            outcome_label=self.outcome_label,
            paused=self.paused,
            waiting=tuple((item.phase, item.org_name) for item in self.open_items),
            limits=tuple((one.kind, one.due_on) for one in self.clocks if one.running and one.due_on),
        )

    @property
    def renewal_deemed_on(self) -> dt.date | None:
        """The last day of the licence that counts as renewed because nothing was decided, None for any other case."""
        deemed = (one for one in self.clocks if one.kind == DeadlineKind.RENEWAL and one.state == DeadlineState.MISSED)
        return next((one.due_on for one in deemed), None)


def case_view(*, actor: Actor, case_id: uuid.UUID, as_applicant: bool = False) -> CaseView:
    """A case with its tasks, opinions and clocks; NotFound outside the actor's scope.

    ``as_applicant``: the caller has checked that the case is the actor's own.
    """
    if as_applicant:
        case = next(iter(_case(tenant=actor.tenant, case_id=case_id)), None)
    else:
        case = next(iter(_visible(reach=reach_of(actor), case_id=case_id)), None)
    if case is None:
        raise NotFound(_("没有找到这个办件，或者它不由您所在的单位办理。如需查看，请向主办单位申请。"))
    timing, items = timing_of(case), _items(case_id=case.id)
    of_item = {item.id: item for item in items}
    for item in items:
        item.case = case
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
        work_items=task_views(items, timing.deadlines),
        opinions=tuple(
            OpinionView(
                row.author,
                row.post_name,
                row.org_name,
                row.created_at,
                of_item[row.work_item_id].step,
                of_item[row.work_item_id].phase,
                row.outcome,
                row.outcome_label,
                row.text,
                row.work_item_id,
            )
            for row in _opinions(case_id=case.id)
        ),
        clocks=clocks_of(case, timing),
        pauses=_pauses(timing.pauses),
        extensions=case_extensions(timing),
        extension_offer=extension_offer(case, timing),
        hearing=hearing_of(case, timing),
        process_id=case.process_id,
        process_key=case.process.key,
        process_version=case.process.version,
        active_nodes=Marking.from_json(case.marking).active(),
    )


def _with_process(rows: "QuerySet[Case]") -> "QuerySet[Case]":
    """With the name and number of the process, without its drawing."""
    return rows.select_related("process").defer("process__bpmn_xml", "process__compiled")


@prepared
def _case(*, tenant: str, case_id: uuid.UUID) -> "QuerySet[Case]":
    return _with_process(Case.objects.filter(tenant=tenant, pk=case_id))


@prepared
def _visible(*, reach: Reach, case_id: uuid.UUID) -> "QuerySet[Case]":
    return _with_process(Case.objects.filter(cases_in(reach), pk=case_id))


@prepared
def _items(*, case_id: uuid.UUID) -> "QuerySet[WorkItem]":
    return WorkItem.objects.filter(case_id=case_id).order_by("opened_at", "id")


@prepared
def _opinions(*, case_id: uuid.UUID) -> "QuerySet[Opinion]":
    return Opinion.objects.filter(case_id=case_id).order_by("created_at", "id")


def _pauses(rows: Collection[ClockPause]) -> tuple[PauseView, ...]:
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
        for row in rows
    )


def check_may_see(*, actor: Actor, case_id: uuid.UUID) -> None:
    """Raises NotFound for a case outside the actor's scope; one query, where the case itself is not needed."""
    if not _seen(reach=reach_of(actor), case_id=case_id):
        raise NotFound(_("没有找到这个办件，或者它不由您所在的单位办理。如需查看，请向主办单位申请。"))


@prepared
def _seen(*, reach: Reach, case_id: uuid.UUID) -> "QuerySet[Case, uuid.UUID]":
    return Case.objects.filter(cases_in(reach), pk=case_id).values_list("pk", flat=True)


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
    found = task_views(_item(reach=reach_of(actor), work_item_id=work_item_id))
    if not found:
        raise NotFound(_("没有找到这个待办事项，或者它不由您所在的单位办理。"))
    return found[0]


@prepared
def _item(*, reach: Reach, work_item_id: uuid.UUID) -> "QuerySet[WorkItem]":
    scope = WorkItem.objects.filter(case__in=Case.objects.filter(cases_in(reach)))
    return scope.filter(pk=work_item_id).select_related("case")


def open_tasks(*, tenant: str, case_ids: Collection[uuid.UUID]) -> tuple[WorkItemView, ...]:
    """What is open in these cases, the oldest first; the caller answers for the right to see them."""
    rows = WorkItem.objects.filter(tenant=tenant, case_id__in=case_ids, status=WorkItemStatus.OPEN)
    return task_views(rows.select_related("case").order_by("opened_at", "id"))


def open_count(*, tenant: str, item_code: str) -> int:
    """How many cases of an item are under way."""
    return Case.objects.filter(tenant=tenant, item_code=item_code, status=CaseStatus.OPEN).count()


def process_drawing(*, actor: Actor, case_id: uuid.UUID, as_applicant: bool = False) -> str:
    """The drawing of a case's process as SVG, showing where it stands and what is done."""
    scope = Q(tenant=actor.tenant) if as_applicant else visible_cases(actor)
    case = Case.objects.filter(scope, pk=case_id).first()
    if case is None:
        raise NotFound(_("没有找到这个办件。"))
    done = WorkItem.objects.filter(case_id=case.id, status=WorkItemStatus.DONE).values_list("node", flat=True)
    active = Marking.from_json(case.marking).active()
    return picture_of(case.process_id, active=active, done=set(done) - active)


def drawing_of(case: CaseView) -> str:
    """The same of a case that was read before: its reader may see it."""
    if case.process_id is None:
        return ""
    done = {item.node for item in case.work_items if item.status == WorkItemStatus.DONE}
    return picture_of(case.process_id, active=case.active_nodes, done=done - case.active_nodes)


def service_call(*, tenant: str, case_id: uuid.UUID, token: int, topic: str) -> ServiceCall | None:
    """The waiting service task of a token; None when it is no longer awaited."""
    case = Case.objects.filter(tenant=tenant, pk=case_id).first()
    if case is None or str(token) not in case.marking["t"]:
        return None
    subject = ObjectRef(kind=case.subject_kind, id=case.subject_id)
    return ServiceCall(tenant=tenant, case_id=case_id, token=token, topic=topic, subject=subject)


__all__ = [
    "CaseView",
    "OpinionView",
    "PauseView",
    "case_of_subject",
    "case_view",
    "check_may_see",
    "drawing_of",
    "hosts_for_hearing",
    "open_count",
    "open_tasks",
    "process_drawing",
    "service_call",
    "visible_of",
    "work_item",
]
