"""What the drawing says of a task in one case: which unit does it, and which limit it stands under."""

import uuid
from collections.abc import Iterable, Mapping

from django.db import connection
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import DeadlineKind, Phase, StepMove
from zhengtong.capabilities.cases.engine.model import Node
from zhengtong.capabilities.cases.models import Case, WorkItem
from zhengtong.capabilities.cases.rules import Limit
from zhengtong.capabilities.cases.rules.phases import accepts_cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.errors import Conflict

#: key and name of the unit of a task; the applicant is none
Unit = tuple[uuid.UUID | None, str]
_SENT = (str(StepMove.TRANSFER), str(StepMove.REASSIGN))
_SENT_TASKS = (
    "select distinct w.node, w.item from cases_workitemmove m join cases_workitem w on w.id = m.work_item_id"
    " where w.case_id = %s and w.node = any(%s) and w.adhoc = '' and m.kind = any(%s) and m.from_org <> m.to_org"
)


def phase_of(node: Node) -> str:
    """The phase of a case that a node belongs to."""
    return node.settings.get("phase", "review")


def unit_code(node: Node, item: str, *, adhoc: bool) -> str:
    """The unit the drawing names; an added signer's own; ``item`` is the branch of a task that several units do."""
    unit = node.settings.get("unit", "lead")
    return item if item and (adhoc or unit == "item") else unit


def units_of(case: Case, codes: Iterable[str]) -> dict[str, Unit]:
    """The unit of each code of a drawing, or who carries on its work; NotFound, Conflict where nobody does."""
    units: dict[str, Unit] = {"applicant": (None, ""), "lead": (case.org_id, case.org_name)}
    others = set(codes) - units.keys()
    if others:
        found = identity.organisations_by_code(case.tenant, sorted(others))
        units |= {code: _successor(case.tenant, unit) for code, unit in found.items()}
    return units


def units_sent_to(case: Case, nodes: Iterable[str]) -> dict[tuple[str, str], Unit]:
    """Where tasks that officials sent to another unit were last: (node, branch) → that unit, or its heir today.

    Tasks done where the drawing puts them are left out, and those whose unit is gone without an heir.
    """
    opened = list(nodes)
    if not case.rev or not opened:
        return {}
    with connection.cursor() as cursor:  # asked at every step: a query set would cost three times the answer
        cursor.execute(_SENT_TASKS, [case.id, opened, list(_SENT)])
        keys = set(cursor.fetchall())
    if not keys:
        return {}
    rows = WorkItem.objects.filter(case_id=case.id, node__in=[node for node, _item in keys], adhoc="")
    last = {(row.node, row.item): row.org_id for row in rows.order_by("opened_at", "token") if row.org_id}
    heirs = {key: identity.heir_of(case.tenant, org_id) for key, org_id in last.items() if key in keys}
    return {key: (unit.id, unit.name) for key, unit in heirs.items() if unit is not None}


def case_limit(node: Node) -> DeadlineKind | None:
    """Accepting and supplementing are limited by the case's own deadlines, other tasks by their own."""
    if accepts_cases(tuple(node.outcomes)):
        return DeadlineKind.ACCEPTANCE
    return DeadlineKind.SUPPLEMENT if phase_of(node) == Phase.SUPPLEMENT else None


def step_limit(case: Case, node: Node, item: str | None) -> Limit:
    """The limit of a task of its own: what the matter plans for the unit, else what is drawn."""
    planned: Mapping[str, str] = case.clock_plan["steps"]
    code = item or node.settings.get("unit", "")
    return Limit.parse(planned.get(code) or node.settings.get("limit") or "NONE")


def _successor(tenant: str, unit: identity.OrganisationInfo) -> Unit:
    """The unit itself, or who carries on its work when it was merged or abolished after the drawing was made."""
    heir = unit if unit.status == "active" else identity.heir_of(tenant, unit.id)
    if heir is None:
        raise Conflict(_("%(org)s已经撤销，没有承继单位，请系统管理员先确定由谁承继。") % {"org": unit.name})
    return heir.id, heir.name
