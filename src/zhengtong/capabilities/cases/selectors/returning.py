"""Where a task may be returned to."""

import dataclasses
import uuid
from collections.abc import Iterator

from zhengtong.capabilities.cases.constants import APPLICANT_ROLE, WorkItemStatus
from zhengtong.capabilities.cases.engine import steps as engine
from zhengtong.capabilities.cases.engine.advance import advance
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.model import Graph, Kind, Node, Refused
from zhengtong.capabilities.cases.models import Case, WorkItem
from zhengtong.capabilities.cases.permissions import visible_cases
from zhengtong.capabilities.cases.rules.phases import reopening_refusal
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.kernel.actors import Actor


@dataclasses.dataclass(frozen=True)
class ReturnTarget:
    """One place to return to: ``whole`` starts everything from there again, else only that branch."""

    node: str
    label: str
    whole: bool
    item: str = ""
    org_name: str = ""


def return_targets(*, actor: Actor, work_item_id: uuid.UUID) -> tuple[ReturnTarget, ...]:
    """Where the holder of an open task may return the case to, as the engine would do it now."""
    item = (
        WorkItem.objects.filter(case__in=Case.objects.filter(visible_cases(actor)), pk=work_item_id)
        .select_related("case")
        .first()
    )
    if item is None or item.status != WorkItemStatus.OPEN or item.adhoc:
        return ()
    return tuple(_targets(item.case, item))


def refusal_of(case: Case, node: Node) -> str:
    """Why law forbids to open this node of a case again; empty when it does not."""
    decided = WorkItem.objects.filter(case_id=case.id, status="done", outcome__in=("approve", "reject")).exists()
    return reopening_refusal(
        applicant=node.settings.get("role") == APPLICANT_ROLE,
        outcomes=tuple(node.outcomes),
        accepted=case.accepted_on is not None,
        decided=decided,
    )


def _targets(case: Case, item: WorkItem) -> Iterator[ReturnTarget]:
    graph, marking = graph_of(case.process_id), Marking.from_json(case.marking)
    done = list(
        WorkItem.objects.filter(case_id=case.id, status=WorkItemStatus.DONE, adhoc="")
        .order_by("done_at")
        .values("node", "item", "org_name")
    )
    for name in dict.fromkeys(row["node"] for row in done):
        node = graph.nodes.get(name)
        if node is None or node.kind is not Kind.USER or refusal_of(case, node):
            continue
        if _try(graph, case, marking, engine.ReturnTo(item.token, name)):
            yield ReturnTarget(name, node.name, whole=True)
    seen = set()
    for row in done:
        node, key = graph.nodes.get(row["node"]), (row["node"], row["item"])
        if node is None or key in seen or refusal_of(case, node):
            continue
        seen.add(key)
        if _try(graph, case, marking, engine.ReturnBranch(item.token, row["node"], row["item"] or None)):
            yield ReturnTarget(row["node"], node.name, whole=False, item=row["item"], org_name=row["org_name"])


def _try(graph: Graph, case: Case, marking: Marking, command: engine.Command) -> list[engine.Effect]:
    """What the engine would do; nothing when it refuses."""
    try:
        return advance(graph, marking, case.variables, command)[1]
    except Refused:
        return []
