"""Rules of the subset that need the linked nodes: arrows in and out, gateways, sub-processes, conditions, roles."""

from collections.abc import Callable, Iterator, Mapping

from zhengtong.capabilities.cases.engine.blocks import find_blocks
from zhengtong.capabilities.cases.engine.choices import BUILT_IN
from zhengtong.capabilities.cases.engine.expressions import FLAG, LIST, TYPES, ExpressionError, compile_expression
from zhengtong.capabilities.cases.engine.model import (
    ACTIVITIES,
    BOUNDARIES,
    CATCHES,
    ENDS,
    ROOT,
    STARTS,
    Flow,
    Kind,
    Node,
    Refusal,
)
from zhengtong.capabilities.cases.engine.vocabulary import KIND_NAMES

OUTCOME = "outcome"
INCLUSIVE_LIMIT = 8


def check_subset(
    nodes: Mapping[str, Node], flows: Mapping[str, Flow], variables: Mapping[str, str], process: str
) -> list[Refusal]:
    """All refusals; a block or condition check only starts when the arrows are right."""
    check = _Check(nodes, flows, variables, process)
    for flow in flows.values():
        check.flow(flow)
    if check.refusals:
        return check.refusals
    check.scopes()
    for node in nodes.values():
        check.node(node)
    check.lanes_and_people()
    check.conditions()
    if not check.refusals:
        check.inclusive_blocks()
    return check.refusals


class _Check:
    def __init__(
        self, nodes: Mapping[str, Node], flows: Mapping[str, Flow], variables: Mapping[str, str], process: str
    ) -> None:
        self.process = process
        self.nodes = nodes
        self.flows = flows
        self.variables = variables
        self.refusals: list[Refusal] = []

    def refuse(self, node: Node, text: str) -> None:
        """Note a refusal of a node."""
        self.refusals.append(Refusal.at(node.id, f"第 {node.line} 行{KIND_NAMES[node.kind]}{node.label}", text))

    def refuse_flow(self, flow: Flow, text: str) -> None:
        """Note a refusal of an arrow, with the line of the node it leaves."""
        source = self.nodes.get(flow.source)
        line = f"第 {source.line} 行{source.label}引出的" if source else ""
        self.refusals.append(Refusal.at(flow.id, f"{line}连线“{flow.name or flow.id}”（{flow.id}）", text))

    def flow(self, flow: Flow) -> None:
        """Both ends exist and lie in the same scope."""
        source, target = self.nodes.get(flow.source), self.nodes.get(flow.target)
        if source is None or target is None:
            self.refuse_flow(flow, "起点或终点不存在，请重新连接。")
        elif source.parent != target.parent:
            self.refuse_flow(flow, "不能穿过子流程的边框，请在子流程内结束，再从子流程引出。")

    def scopes(self) -> None:
        """One start and at least one end in the process and in every sub-process."""
        parents = [(ROOT, f"流程“{self.process}”", self.process)]
        parents += [(n.id, f"子流程{n.label}", n.id) for n in self.nodes.values() if n.kind is Kind.SUBPROCESS]
        for parent, label, identity in parents:
            inside = [node for node in self.nodes.values() if node.parent == parent]
            starts = [node for node in inside if node.kind in STARTS]
            if len(starts) != 1:
                self.refusals.append(
                    Refusal(identity, f"{label}须恰好有一个开始事件，现在有 {len(starts)} 个。", label)
                )
            if not any(node.kind in ENDS for node in inside):
                self.refusals.append(Refusal(identity, f"{label}没有结束事件。", label))
            for node in starts:
                if parent != ROOT and node.kind is Kind.MESSAGE_START:
                    self.refuse(node, "子流程须用普通开始事件。")

    def node(self, node: Node) -> None:
        """Arrows in and out of one node."""
        rules: list[tuple[frozenset[Kind], Callable[[Node], Iterator[str]]]] = [
            (STARTS, self._start),
            (ENDS, self._end),
            (BOUNDARIES, self._boundary),
            (ACTIVITIES | CATCHES, self._single),
            (frozenset({Kind.EXCLUSIVE}), self._exclusive),
            (frozenset({Kind.PARALLEL, Kind.INCLUSIVE}), self._fork_or_join),
            (frozenset({Kind.EVENT_BASED}), self._event_based),
        ]
        for kinds, rule in rules:
            if node.kind in kinds:
                for text in rule(node):
                    self.refuse(node, text)
        if node.default and node.default not in node.outgoing:
            self.refuse(node, f"默认连线“{node.default}”不是从这里引出的。")

    def _start(self, node: Node) -> Iterator[str]:
        if node.incoming:
            yield "开始事件不能有进入的连线。"
        if len(node.outgoing) != 1:
            yield f"须恰好引出一条连线，现在有 {len(node.outgoing)} 条。"

    def _end(self, node: Node) -> Iterator[str]:
        if node.outgoing:
            yield "结束事件不能引出连线。"
        if not node.incoming:
            yield "没有进入的连线，永远走不到。"
        if node.kind is Kind.ERROR_END and node.parent and not self._caught(node):
            yield f"没有事件接住错误“{node.error}”，请在外面的子流程或调用活动边框上放一个错误事件。"

    def _caught(self, node: Node) -> bool:
        scope = self.nodes.get(node.parent)
        while scope is not None:
            events = [self.nodes[event] for event in scope.boundaries]
            if any(e.kind is Kind.BOUNDARY_ERROR and e.error in ("", node.error) for e in events):
                return True
            scope = self.nodes.get(scope.parent)
        return False

    def _boundary(self, node: Node) -> Iterator[str]:
        host = self.nodes.get(node.attached_to)
        if host is None or host.kind not in ACTIVITIES or host.parent != node.parent:
            yield "须附着在同一层的任务或子流程上。"
        elif node.kind is Kind.BOUNDARY_ERROR and host.kind is Kind.USER:
            yield "人工任务不会出错；错误事件须附着在服务任务、子流程或调用活动上，人工的各种结果请用办理结果。"
        if node.kind is Kind.BOUNDARY_ERROR and not node.interrupting:
            yield "错误边界事件须中断它所附着的活动。"
        if node.incoming:
            yield "边界事件不能有进入的连线。"
        if len(node.outgoing) != 1:
            yield f"须恰好引出一条连线，现在有 {len(node.outgoing)} 条。"

    def _single(self, node: Node) -> Iterator[str]:
        if not node.incoming:
            yield "没有进入的连线，永远走不到。"
        if len(node.outgoing) > 1:
            yield f"引出了 {len(node.outgoing)} 条连线；只有网关可以分叉，请先接一个网关。"
        elif not node.outgoing:
            yield "没有引出连线，请连到下一步或结束事件。"

    def _exclusive(self, node: Node) -> Iterator[str]:
        if not node.incoming or not node.outgoing:
            yield "须有进入和引出的连线。"
        if len(node.outgoing) > 1:
            yield from self._conditional(node)

    def _conditional(self, node: Node) -> Iterator[str]:
        if not node.default:
            yield "没有默认连线；条件都不成立时办件会停住，请把其中一条设为默认。"
        for name in node.outgoing:
            if name != node.default and not self.flows[name].condition:
                yield f"连线“{self.flows[name].name or name}”（{name}）没有条件，也不是默认连线。"
        if node.default in node.outgoing and self.flows[node.default].condition:
            yield f"默认连线“{node.default}”不能再有条件。"

    def _fork_or_join(self, node: Node) -> Iterator[str]:
        ways = (len(node.incoming), len(node.outgoing))
        if 0 in ways:
            yield "须有进入和引出的连线。"
        elif ways == (1, 1):
            yield "只有一进一出，没有作用，请删去或补上分支。"
        elif min(ways) > 1:
            yield "不能既汇聚又分叉，请拆成两个网关：先汇聚，再分叉。"
        elif node.kind is Kind.INCLUSIVE and ways[1] > 1:
            yield from self._conditional(node)
            if ways[1] > INCLUSIVE_LIMIT:
                yield f"分叉超过 {INCLUSIVE_LIMIT} 条，无法检查所有组合，请改用名单（多实例）。"

    def _event_based(self, node: Node) -> Iterator[str]:
        if not node.incoming or len(node.outgoing) < 2:
            yield "须有进入的连线，并至少引出两条连线。"
        for name in node.outgoing:
            target = self.nodes[self.flows[name].target]
            if target.kind not in CATCHES or len(target.incoming) != 1:
                yield f"事件网关之后只能直接连计时或消息中间事件，且该事件不能有别的进入连线（{target.label}）。"

    def lanes_and_people(self) -> None:
        """Every user task says who does it; unit "item" needs a list around it."""
        for node in self.nodes.values():
            if node.kind is not Kind.USER:
                continue
            if not node.settings.get("role"):
                self.refuse(node, "没有说明由什么角色办理（zt:role，或放进设有角色的泳道）。")
            if node.settings.get("unit") == "item" and not self._within_multi(node):
                self.refuse(node, "办理单位设为“会签名单中的部门”，但这里不是会签（多实例）。")

    def _within_multi(self, node: Node | None) -> bool:
        while node is not None:
            if node.multi:
                return True
            node = self.nodes.get(node.parent)
        return False

    def conditions(self) -> None:
        """Conditions compile, know their variables and compare with outcomes somebody can choose."""
        outcomes = {key for node in self.nodes.values() for key in node.outcomes}
        declared = {**self.variables, **({OUTCOME: "text"} if outcomes else {}), **BUILT_IN}
        for name, kind in self.variables.items():
            if name in BUILT_IN or kind not in TYPES:
                text = f"变量“{name}”的名称是保留的，或类型“{kind}”不认识。"
                self.refusals.append(Refusal.at(self.process, "流程的变量（zt:variables）", text))
        for flow in self.flows.values():
            if not flow.condition:
                continue
            source = self.nodes[flow.source]
            if source.kind not in (Kind.EXCLUSIVE, Kind.INCLUSIVE) or len(source.outgoing) < 2:
                self.refuse_flow(flow, "只有从排他或包容网关分叉的连线才能有条件。")
            for text in self._condition(flow.condition, declared, outcomes):
                self.refuse_flow(flow, text)
        for node in self.nodes.values():
            if node.multi:
                if declared.get(node.multi.collection) != LIST:
                    self.refuse(node, f"名单变量“{node.multi.collection}”没有声明为名单（流程的 zt:variables）。")
                if node.multi.until:
                    for text in self._condition(node.multi.until, declared, outcomes):
                        self.refuse(node, f"完成条件：{text}")

    def _condition(self, source: str, declared: Mapping[str, str], outcomes: set[str]) -> Iterator[str]:
        try:
            expression = compile_expression(source, declared, want=FLAG)
        except ExpressionError as error:
            yield str(error)
            return
        for name, value in expression.compared:
            if name == OUTCOME and outcomes and value not in outcomes:
                yield f"没有任何任务会给出结果“{value}”；可用的结果：{'、'.join(sorted(outcomes))}。"

    def inclusive_blocks(self) -> None:
        """An inclusive fork and its join must enclose clean branches, otherwise the join cannot know whom to await."""
        paired = {gateway for block in find_blocks(self.nodes, self.flows) for gateway in (block.fork, block.join)}
        for node in self.nodes.values():
            if node.kind is Kind.INCLUSIVE and node.id not in paired:
                self.refuse(node, "包容网关须成对使用：每条分支都从分叉走到同一个汇聚，中间不能跳出、跳入或结束。")
