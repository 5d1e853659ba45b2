"""What moving a case to another version of its process would do, without doing it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import APPLICANT_ROLE, DeadlineKind, DeadlineState, WorkItemStatus
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.migrate import migration_preview
from zhengtong.capabilities.cases.engine.model import Graph, Node
from zhengtong.capabilities.cases.models import Case, Deadline, ProcessVersion, WorkItem
from zhengtong.capabilities.cases.permissions import visible_cases
from zhengtong.capabilities.cases.rules import NO_LIMIT, Limit, Unit, deadline_of
from zhengtong.capabilities.cases.selectors import drawn_tasks
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.selectors.clocks import ROLL, pauses_of, rolls
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.kernel.ui.formats import cn_date

_COUNTING = (DeadlineState.RUNNING, DeadlineState.PAUSED)


@dataclasses.dataclass(frozen=True)
class TaskChange:
    """What becomes of an open task: ``unit`` None where it stays; ``case_limit`` stands for a limit of its own.

    ``limit`` is counted from ``opened_at``, as the former one was. ``sent`` when somebody had sent it elsewhere.
    """

    work_item_id: uuid.UUID
    step: str
    opened_at: dt.datetime
    org_name: str
    unit: drawn_tasks.Unit | None
    from_limit: Limit
    limit: Limit
    case_limit: DeadlineKind | None
    due_on: dt.date | None
    sent: bool = False

    @property
    def notes(self) -> Iterator[str]:
        """The same in Chinese sentences."""
        words = {"step": self.step, "old": self.org_name, "new": self.unit[1] if self.unit else ""}
        if self.unit:
            yield _("“%(step)s”由%(old)s改由%(new)s办理。") % words
        elif self.sent:
            yield _("“%(step)s”此前已转给%(old)s，迁移以后仍由它办理。") % words
        if self.limit == self.from_limit:
            return
        words |= {"before": self.from_limit.label, "after": self.limit.label, "start": cn_date(self.opened_at)}
        if self.case_limit is not None:
            yield _("“%(step)s”不再另设时限（原为%(before)s），以办件自己的时限为准。") % words
        elif self.due_on is None:
            yield _("“%(step)s”的时限由%(before)s改为%(after)s。") % words
        else:
            said = _("“%(step)s”的时限由%(before)s改为%(after)s，仍从%(start)s到达时起算，截至%(due)s。")
            yield said % {**words, "due": cn_date(self.due_on)}


@dataclasses.dataclass(frozen=True)
class MigrationPreview:
    """``refusals`` forbid the migration, each a Chinese sentence; ``notes`` say what will be different."""

    from_version: int
    to_version: int
    refusals: tuple[str, ...]
    notes: tuple[str, ...]
    stays: tuple[str, ...]
    changes: tuple[TaskChange, ...] = ()


def preview_migration(*, actor: Actor, case_id: uuid.UUID, process_version_id: uuid.UUID) -> MigrationPreview:
    """What moving a case the actor may see to that version would do; NotFound for others."""
    case = Case.objects.filter(visible_cases(actor), pk=case_id).first()
    if case is None:
        raise NotFound(_("没有找到这个办件。"))
    return migration_of(case, version_of(actor.tenant, process_version_id))


def version_of(tenant: str, version_id: uuid.UUID) -> ProcessVersion:
    """A version of the tenant's own; NotFound otherwise."""
    version = ProcessVersion.objects.filter(tenant=tenant, pk=version_id).defer("bpmn_xml", "compiled").first()
    if version is None:
        raise NotFound(_("没有找到这个流程版本。"))
    return version


def migration_of(case: Case, version: ProcessVersion) -> MigrationPreview:
    """The same for a case at hand."""
    current = version_of(case.tenant, case.process_id)
    refusals: tuple[str, ...] = ()
    if current.key != version.key:
        refusals = (_("“%(title)s”是另一个流程，只能迁移到同一流程的其他版本。") % {"title": version.title},)
    elif current.id == version.id:
        refusals = (_("办件已经在这一版上。"),)
    else:
        new = graph_of(version.id)
        old = graph_of(current.id)
        found = migration_preview(old, new, Marking.from_json(case.marking))
        swapped = tuple(
            _("“%(step)s”正在办理，而新版流程里它在申请人和单位之间换了办理人。")
            % {"step": old.nodes[node].name or node}
            for node in found.stays
            if _by_applicant(old.nodes[node]) != _by_applicant(new.nodes[node])
        )
        changes, barred = ((), ()) if found.refusals or swapped else _task_changes(case, old, new)
        return MigrationPreview(
            from_version=current.version,
            to_version=version.version,
            refusals=(*(refusal.message for refusal in found.refusals), *swapped, *barred),
            notes=(*found.notes, *(note for change in changes for note in change.notes)),
            stays=tuple(new.nodes[node].name or node for node in found.stays),
            changes=changes,
        )
    return MigrationPreview(current.version, version.version, refusals, (), ())


def _by_applicant(node: Node) -> bool:
    return node.settings.get("role") == APPLICANT_ROLE


def _task_changes(case: Case, old: Graph, new: Graph) -> tuple[tuple[TaskChange, ...], tuple[str, ...]]:
    """What becomes of the open tasks of the case, and why it may not."""
    items = list(WorkItem.objects.filter(case_id=case.id, status=WorkItemStatus.OPEN).order_by("opened_at", "token"))
    sent = drawn_tasks.units_sent_to(case, {item.node for item in items})
    rows = Deadline.objects.filter(work_item__in=items, state__in=_COUNTING)
    limits = {row.work_item_id: Limit(row.amount, Unit(row.unit)) for row in rows}
    changes, barred = [], []
    for item in items:
        before, after = old.nodes[item.node], new.nodes[item.node]
        moved = not item.adhoc and _drawn_unit(before, item) != _drawn_unit(after, item)
        kept = moved and (item.node, item.item) in sent
        try:
            unit = _new_unit(case, after, item) if moved and not kept else None
        except (Conflict, NotFound) as refusal:
            barred.append(_("“%(step)s”：%(why)s") % {"step": after.name or item.step, "why": refusal.message})
            continue
        held = None if item.adhoc else drawn_tasks.case_limit(after)
        limit = NO_LIMIT if held else drawn_tasks.step_limit(case, after, item.item)
        changes.append(
            TaskChange(
                work_item_id=item.id,
                step=after.name or item.step,
                opened_at=item.opened_at,
                org_name=item.org_name,
                unit=unit,
                from_limit=limits.get(item.id, NO_LIMIT),
                limit=limit,
                case_limit=held,
                due_on=_due_on(case, item, limit),
                sent=kept,
            )
        )
    return tuple(changes), tuple(barred)


def _drawn_unit(node: Node, item: WorkItem) -> str:
    return drawn_tasks.unit_code(node, item.item, adhoc=bool(item.adhoc))


def _new_unit(case: Case, node: Node, item: WorkItem) -> drawn_tasks.Unit | None:
    """The unit of the new drawing, None where it is the one that has the task; Conflict where nobody could open it."""
    code = _drawn_unit(node, item)
    unit = drawn_tasks.units_of(case, [code])[code]
    if unit[0] is None or unit[0] == item.org_id:
        return None
    if not identity.people_in(case.tenant, unit[0], node.settings.get("role", item.role)):
        raise Conflict(_("新版流程改由%(org)s办理，那里还没有人能办理这个环节。") % {"org": unit[1]})
    return unit


def _due_on(case: Case, item: WorkItem, limit: Limit) -> dt.date | None:
    start: dt.date | dt.datetime = item.opened_at if limit.unit.is_clock_time else local_date(item.opened_at)
    roll = rolls(DeadlineKind.STEP, roll=bool(parameters.value(ROLL, tenant=case.tenant)))
    due = deadline_of(start, limit, pauses_of(case.id), (), calendar_of(case.tenant), roll_natural_days=roll)
    return due.due_date
