"""Deployed processes: the active version of a key, compiled graphs, pictures; what the compiler says to a drawing."""

import dataclasses
import functools
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases.constants import APPLICANT_ROLE, END_RESULTS
from zhengtong.capabilities.cases.engine.draw import Note, svg
from zhengtong.capabilities.cases.engine.expressions import Expression
from zhengtong.capabilities.cases.engine.model import Graph, Refusal
from zhengtong.capabilities.cases.engine.nodes import Kind
from zhengtong.capabilities.cases.engine.parse import called_processes, parse
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.engine.vocabulary import KIND_NAMES, PHASES, UNITS
from zhengtong.capabilities.cases.models import Case, ProcessVersion
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.errors import NotFound

LIMIT_UNITS = {
    "WD": gettext_lazy("个工作日"),
    "D": gettext_lazy("天"),
    "H": gettext_lazy("小时"),
    "MIN": gettext_lazy("分钟"),
    "MONTH": gettext_lazy("个月"),
    "YEAR": gettext_lazy("年"),
}
_USUAL_ROLES = (Role.CLERK.value, Role.REVIEWER.value, Role.LEADER.value)


@dataclasses.dataclass(frozen=True)
class Compiled:
    """What the compiler says: ``graph`` only without refusals; ``draft`` also when only the proof failed."""

    graph: Graph | None
    draft: Graph | None
    refusals: tuple[Refusal, ...]


@dataclasses.dataclass(frozen=True)
class DrawnElement:
    """One element of a drawing; ``parent`` is the sub-process it lies in, ``attached_to`` the activity it sits on."""

    id: str
    kind: str
    name: str
    parent: str
    attached_to: str
    interrupting: bool
    multi: bool


@dataclasses.dataclass(frozen=True)
class DrawnFlow:
    """One arrow; ``outcomes`` are the conclusions with which its condition holds, empty where it asks anything else."""

    id: str
    source: str
    target: str
    outcomes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class DrawnProcess:
    """A frozen version as others may read it: its elements and its arrows."""

    id: uuid.UUID
    tenant: str
    key: str
    version: int
    title: str
    elements: tuple[DrawnElement, ...]
    flows: tuple[DrawnFlow, ...]


@dataclasses.dataclass(frozen=True)
class ProcessInfo:
    """A version of a process; ``lists`` are the lists of units its tasks are sent to (``departments``).

    ``units`` are the settings of units its tasks name themselves: codes, and words such as ``lead``.
    """

    key: str
    version: int
    title: str
    active: bool
    lists: frozenset[str]
    units: frozenset[str] = frozenset()


def role_label(role: str) -> str:
    """The Chinese word of a role of a drawing."""
    if role == APPLICANT_ROLE:
        return _("申请人")
    return str(Role(role).label) if role in Role.values else role


def limit_label(limit: str) -> str:
    """``5 WD`` as ``5 个工作日``."""
    number, _space, unit = limit.partition(" ")
    return f"{number} {LIMIT_UNITS[unit]}" if unit in LIMIT_UNITS else limit


def setting_words(name: str, value: str) -> str:
    """The value of a setting of a drawing as officials say it."""
    if name == "role":
        return role_label(value)
    if name == "limit":
        return limit_label(value)
    results = {key: str(outcome.label) for key, outcome in END_RESULTS.items()}
    return {"unit": UNITS, "phase": PHASES, "result": results}.get(name, {}).get(value, value)


def compile_drawing(tenant: str, bpmn_xml: str) -> Compiled:
    """Parse, called processes, subset, expressions, soundness.

    A called process is taken in its active version and frozen into the drawing.
    """
    keys = called_processes(bpmn_xml)
    rows = ProcessVersion.objects.filter(tenant=tenant, key__in=keys, active=True) if keys else ()
    return _compiled(bpmn_xml, tuple(sorted((row.key, row.id) for row in rows)))


@functools.lru_cache(maxsize=16)
def _compiled(bpmn_xml: str, called: tuple[tuple[str, uuid.UUID], ...]) -> Compiled:
    """The last few answers are kept, for a drawing is asked about again; frozen versions never change."""
    parsed = parse(bpmn_xml, called={key: graph_of(version_id) for key, version_id in called})
    if parsed.graph is None:
        return Compiled(None, None, parsed.refusals)
    strangers = tuple(_strange_roles(parsed.graph))
    if strangers:
        return Compiled(None, parsed.graph, strangers)
    proof = prove(parsed.graph)
    return Compiled(proof.graph, parsed.graph, proof.refusals)


def _strange_roles(graph: Graph) -> Iterator[Refusal]:
    """Tasks for a role that nobody can hold: a case would stand still there for ever."""
    for node in graph.nodes.values():
        role = node.settings.get("role", "")
        if node.kind is Kind.USER and role != APPLICANT_ROLE and role not in Role.values:
            place = f"第 {node.line} 行{KIND_NAMES[node.kind]}{node.label}"
            known = "、".join((APPLICANT_ROLE, *_USUAL_ROLES))
            text = _("办理角色“%(role)s”不存在，没有人能办理。常用的有：%(known)s。") % {"role": role, "known": known}
            yield Refusal.at(node.id, place, text)


def active_process(tenant: str, key: str) -> ProcessVersion:
    """The version new cases begin with; NotFound when the process was never deployed."""
    version = ProcessVersion.objects.filter(tenant=tenant, key=key, active=True).first()
    if version is None:
        raise _not_deployed(key)
    return version


def active_process_id(tenant: str, key: str) -> uuid.UUID:
    """Only the key of that version, without its drawing; NotFound when the process was never deployed."""
    with connection.cursor() as cursor:
        cursor.execute("select id from cases_processversion where tenant = %s and key = %s and active", [tenant, key])
        row = cursor.fetchone()
    if row is None:
        raise _not_deployed(key)
    found: uuid.UUID = row[0]
    return found


def process_version_id(tenant: str, key: str, version: int) -> uuid.UUID:
    """A certain version of a process, in force or not; NotFound when there is none."""
    found: uuid.UUID | None = (
        ProcessVersion.objects.filter(tenant=tenant, key=key, version=version).values_list("pk", flat=True).first()
    )
    if found is None:
        raise NotFound(_("流程“%(key)s”没有第 %(version)d 版。") % {"key": key, "version": version})
    return found


def process_versions(tenant: str, key: str) -> list[ProcessInfo]:
    """Every version of a process that was put in force, the newest first."""
    rows = ProcessVersion.objects.filter(tenant=tenant, key=key).defer("bpmn_xml", "compiled").order_by("-version")
    return [_info(row) for row in rows]


def process_of_case(tenant: str, case_id: uuid.UUID) -> ProcessInfo | None:
    """The version a case goes by now, None for no case; the caller answers for the right to see it."""
    case = Case.objects.filter(tenant=tenant, pk=case_id).select_related("process").first()
    if case is None:
        return None
    row = case.process
    return _info(row)


def _info(row: ProcessVersion) -> ProcessInfo:
    nodes = graph_of(row.id).nodes.values()
    lists = frozenset(node.multi.collection for node in nodes if node.multi)
    return ProcessInfo(
        row.key, row.version, row.title, row.active, lists, frozenset(node.settings.get("unit", "") for node in nodes)
    )


def _not_deployed(key: str) -> NotFound:
    return NotFound(_("流程“%(key)s”还没有启用，请流程管理员先部署。") % {"key": key})


@functools.lru_cache(maxsize=256)
def graph_of(version_id: uuid.UUID) -> Graph:
    """The compiled graph of a frozen version, kept in memory: versions never change."""
    compiled: dict[str, Any] = ProcessVersion.objects.values_list("compiled", flat=True).get(pk=version_id)
    return Graph.from_json(compiled)


def process_choices(tenant: str) -> list[tuple[str, str]]:
    """(key, title) of the processes in use, by title."""
    rows = ProcessVersion.objects.filter(tenant=tenant, active=True)
    return list(rows.order_by("title", "key").values_list("key", "title"))


def process_picture(tenant: str, key: str) -> str:
    """The drawing of the active version of a process as SVG."""
    return svg(active_process(tenant, key).bpmn_xml)


def picture_of(version_id: uuid.UUID, *, active: Collection[str], done: Collection[str]) -> str:
    """The drawing of a version as SVG, with the nodes where a case stands and those it has passed."""
    return _picture(version_id, frozenset(active), frozenset(done))


@functools.lru_cache(maxsize=256)
def _picture(version_id: uuid.UUID, active: frozenset[str], done: frozenset[str]) -> str:
    """Kept in memory as the graph is: a frozen version looks the same for every case that stands at the same place."""
    xml: str = ProcessVersion.objects.values_list("bpmn_xml", flat=True).get(pk=version_id)
    return svg(xml, active=active, done=done)


@functools.lru_cache(maxsize=256)
def drawn_process(version_id: uuid.UUID) -> DrawnProcess:
    """A frozen version by its key, kept in memory; NotFound when there is none. Its reader answers for the right."""
    row = ProcessVersion.objects.filter(pk=version_id).defer("bpmn_xml", "compiled").first()
    if row is None:
        raise NotFound(_("没有找到这个流程版本。"))
    graph = graph_of(version_id)
    elements = (
        DrawnElement(
            id=node.id,
            kind=node.kind.value,
            name=node.name,
            parent=node.parent,
            attached_to=node.attached_to,
            interrupting=node.interrupting,
            multi=node.multi is not None,
        )
        for node in graph.nodes.values()
    )
    flows = tuple(
        DrawnFlow(flow.id, flow.source, flow.target, _outcomes_asked(graph.conditions.get(flow.id)))
        for flow in graph.flows.values()
    )
    return DrawnProcess(row.id, row.tenant, row.key, row.version, row.title, tuple(elements), flows)


def _outcomes_asked(condition: Expression | None) -> tuple[str, ...]:
    if condition is None or condition.names != {"outcome"}:
        return ()
    named = [value for _name, value in condition.compared if isinstance(value, str)]
    return tuple(value for value in dict.fromkeys(named) if condition.holds({"outcome": value}))


def draw_process(
    version_id: uuid.UUID, *, marks: Mapping[str, str], notes: Mapping[str, Sequence[Note]], title: str = ""
) -> str:
    """The drawing of a version as SVG with marks and notes of the caller's on elements and arrows (``engine.draw``)."""
    xml: str = ProcessVersion.objects.values_list("bpmn_xml", flat=True).get(pk=version_id)
    return svg(xml, marks=marks, notes=notes, title=title)
