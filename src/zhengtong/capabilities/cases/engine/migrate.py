"""迁移: a running case goes on by another version of its process. Tokens keep their numbers, nothing is opened anew.

Refused, with every reason at once, where an open step is gone or of another kind, where something it waits for
changed, where a half-filled join or a running fork lost or gained a branch, and at last where the drawing, started
from the marking as it would stand, runs into a deadlock or cannot reach an end.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from zhengtong.capabilities.cases.engine.marking import WHOLE, Marking
from zhengtong.capabilities.cases.engine.model import ACTIVITIES, CALLS, Graph, Kind, Node, Refusal, Refused
from zhengtong.capabilities.cases.engine.soundness import unsound_from
from zhengtong.capabilities.cases.engine.steps import Effect

#: settings of an open step that the drawing alone decides; unit and limit depend on the case and are told by its caller
_SHOWN = {"role": "办理角色", "phase": "阶段", "outcomes": "办理结果"}


@dataclass(frozen=True, slots=True)
class Preview:
    """`stays`: ids of the open nodes that go on unchanged in place; `notes`: sentences on what will be different."""

    refusals: tuple[Refusal, ...]
    stays: tuple[str, ...]
    notes: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


def migrate(old: Graph, new: Graph, marking: Marking) -> tuple[Marking, list[Effect]]:
    """The same tokens under the new drawing; no effects, for nothing opens or closes. Raises Refused."""
    refusals = migration_refusals(old, new, marking)
    if refusals:
        text = "；".join(refusal.message for refusal in refusals)
        raise Refused(f"办件不能迁移到新版流程：{text}", refusals[0].element_id)
    return _carried(new, marking), []


def migration_refusals(old: Graph, new: Graph, marking: Marking) -> tuple[Refusal, ...]:
    """Every reason that forbids it; empty when the case may go on by the new drawing."""
    if marking.done:
        return (Refusal("", "办件已经办结，不必迁移。"),)
    found: dict[Refusal, None] = {}
    for token in marking.tokens.values():
        found |= dict.fromkeys(_step_refusals(old, new, token.node))
    found |= dict.fromkeys(_join_refusals(old, new, marking))
    if not found:
        found |= dict.fromkeys(_fork_refusals(old, new, marking))
    if not found:
        defect = unsound_from(new, _carried(new, marking))
        if defect:
            found[replace(defect, message=f"从现在的状态走不通新版流程：{defect.message}")] = None
    return tuple(found)


def migration_notes(old: Graph, new: Graph, marking: Marking) -> tuple[str, ...]:
    """What will be different for the open steps, and which finished steps the new drawing no longer has."""
    notes: dict[str, None] = {}
    for token in marking.tokens.values():
        before, after = old.nodes.get(token.node), new.nodes.get(token.node)
        if before and after:
            notes |= dict.fromkeys(_changes(before, after))
    for key in marking.history:
        name = key.partition("/")[2]
        if name not in new.nodes and old.nodes[name].kind in ACTIVITIES:
            notes[f"新版流程没有已办过的{old.nodes[name].label}，以后不能再退回到那里。"] = None
    return tuple(notes)


def migration_preview(old: Graph, new: Graph, marking: Marking) -> Preview:
    """Everything a person has to know before saying yes."""
    here = [token.node for token in marking.tokens.values() if token.node in new.nodes]
    return Preview(
        refusals=migration_refusals(old, new, marking),
        stays=tuple(dict.fromkeys(here)),
        notes=migration_notes(old, new, marking),
        added=tuple(_only(new, old)),
        removed=tuple(_only(old, new)),
    )


def _only(one: Graph, other: Graph) -> Iterator[str]:
    return (node.id for node in one.nodes.values() if node.kind in ACTIVITIES and node.id not in other.nodes)


def _changes(before: Node, after: Node) -> Iterator[str]:
    if before.name != after.name:
        yield f"正在办理的{before.label}改名为“{after.name or after.id}”。"
    for key, label in _SHOWN.items():
        first, then = before.settings.get(key, "无"), after.settings.get(key, "无")
        if first != then:
            yield f"正在办理的{after.label}的{label}由“{first}”改为“{then}”。"


def _refusal(node: Node, text: str) -> Refusal:
    return Refusal(node.id, f"{node.label}{text}", node.label)


def _step_refusals(old: Graph, new: Graph, name: str) -> Iterator[Refusal]:
    """An open step must be there, of the same kind, in the same place, waiting for the same."""
    before, after = old.nodes[name], new.nodes.get(name)
    if after is None:
        yield _refusal(before, "正在办理，而新版流程里没有它。")
        return
    if before.kind != after.kind:
        yield _refusal(before, "正在办理，而新版流程里它换了类型。")
        return
    if before.parent != after.parent:
        yield _refusal(before, "正在办理，而新版流程把它移到了另一个子流程。")
    if _repetition(before) != _repetition(after):
        yield _refusal(before, "正在办理，而新版流程改了它的会签（多实例）方式。")
    if before.kind in CALLS and before.settings.get("topic") != after.settings.get("topic"):
        yield _refusal(before, "正在等待服务的答复，而新版流程里它调用另一个服务。")
    for event in _awaited(old, before).items() ^ _awaited(new, after).items():
        yield _refusal(before, f"正在等待的事件“{event[0]}”在新版流程里被增删或修改，计时和消息须重新设置。")


def _repetition(node: Node) -> tuple[bool, bool]:
    return node.multi is not None, bool(node.multi and node.multi.sequential)


def _awaited(graph: Graph, node: Node) -> Mapping[str, tuple[object, ...]]:
    """The events an open step waits for, each with all that matters of it."""
    events: Iterable[Node] = [graph.nodes[name] for name in node.boundaries]
    if node.kind is Kind.EVENT_BASED:
        events = [graph.nodes[graph.flows[flow].target] for flow in node.outgoing]
    elif node.kind in (Kind.TIMER, Kind.MESSAGE):
        events = [node]
    return {e.id: (e.kind, e.duration, e.message, e.error, e.interrupting) for e in events}


def _join_refusals(old: Graph, new: Graph, marking: Marking) -> Iterator[Refusal]:
    """A half-filled join keeps every arrow that has arrived and gets none that nobody started."""
    for key, arrived in marking.arrived.items():
        before = old.nodes[key.partition("/")[2]]
        after = new.nodes.get(before.id)
        if after is None or (after.kind, after.parent) != (before.kind, before.parent):
            yield _refusal(before, "已有分支办完在等候汇聚，而新版流程里没有这个汇聚或它换了类型。")
            continue
        for flow in arrived:
            if flow not in after.incoming:
                yield _refusal(before, f"已经到达的分支（{flow}）在新版流程里没有了。")
        for flow in after.incoming:
            if flow not in before.incoming:
                source = new.nodes[new.flows[flow].source]
                yield _refusal(after, f"在新版流程里多了来自{source.label}的分支，而本办件没有人开始办它。")


def _fork_refusals(old: Graph, new: Graph, marking: Marking) -> Iterator[Refusal]:
    """A fork whose branches are being done keeps its branches."""
    for block in old.blocks:
        running = any(token.node in block.nodes for token in marking.tokens.values())
        if not running or block.fork not in new.nodes:
            continue
        fork, before = new.nodes[block.fork], old.nodes[block.fork]
        for flow in fork.outgoing:
            if flow not in before.outgoing:
                target = new.nodes[new.flows[flow].target]
                yield _refusal(fork, f"的分支正在办理，新版流程里多了到{target.label}的分支，而本办件没有人开始办它。")


def _carried(new: Graph, marking: Marking) -> Marking:
    """The marking as the new drawing sees it: what is no longer drawn is forgotten, nothing can be recalled."""
    history = {key: details for key, details in marking.history.items() if _still_done(new, marking, key, details)}
    return replace(marking, history=history, undo={})


def _still_done(new: Graph, marking: Marking, key: str, details: tuple[str, ...]) -> bool:
    scope, _, name = key.partition("/")
    node = new.nodes.get(name)
    if node is None:
        return False
    around = "" if int(scope) == WHOLE else marking.tokens[int(scope)].node
    if node.parent != around:
        return False
    return node.kind not in (Kind.PARALLEL, Kind.INCLUSIVE) or set(details) <= set(node.incoming)
