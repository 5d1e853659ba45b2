"""SpiffWorkflow as referee: the same random block-structured drawings played in lock-step by both engines.

A fork whose block stands inside a loop is wrapped in a sub-process, because the referee's own join opens too early
on a second round; everything else must agree step for step.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

from zhengtong.capabilities.cases.engine.expressions import compile_expression
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.tests.drawings import Case, drawing, graph_of

Tree = tuple


def trees() -> st.SearchStrategy[Tree]:
    leaf = st.just(("task",))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(st.just("seq"), st.lists(inner, min_size=2, max_size=3)),
            st.tuples(st.just("xor"), st.lists(inner, min_size=2, max_size=3)),
            st.tuples(st.just("and"), st.lists(inner, min_size=2, max_size=3)),
            st.tuples(st.just("loop"), inner),
            st.tuples(st.just("sub"), inner),
        ),
        max_leaves=9,
    )


@dataclass
class Drawer:
    """Turns a tree into lines; each block is drawn between an entry and an exit node."""

    lines: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    count: int = 0

    def new(self, kind: str) -> str:
        self.count += 1
        name = f"{kind[0]}{self.count}"
        self.lines.append(f"{kind} {name}")
        return name

    def variable(self) -> str:
        self.variables.append(f"v{len(self.variables)}")
        return self.variables[-1]

    def block(self, tree: Tree, *, looped: bool) -> tuple[str, str]:
        match tree:
            case ("task",):
                name = self.new("user")
                return name, name
            case ("seq", parts):
                ends = [self.block(part, looped=looped) for part in parts]
                for (_, before), (after, _) in pairwise(ends):
                    self.lines.append(f"{before} -> {after}")
                return ends[0][0], ends[-1][1]
            case ("xor", parts):
                return self.choice(parts, looped=looped)
            case ("and", _) if looped:
                return self.block(("sub", tree), looped=False)
            case ("and", parts):
                fork, join = self.new("and"), self.new("and")
                for part in parts:
                    first, last = self.block(part, looped=looped)
                    self.lines += [f"{fork} -> {first}", f"{last} -> {join}"]
                return fork, join
            case ("loop", inner):
                merge, gate = self.new("xor"), self.new("xor")
                first, last = self.block(inner, looped=True)
                leave, variable = self.new("user"), self.variable()
                self.lines += [f"{merge} -> {first}", f"{last} -> {gate}"]
                self.lines += [f"{gate} -> {merge} : {variable} == 1", f"{gate} => {leave}"]
                return merge, leave
        return self.sub(tree[1])

    def choice(self, parts: list[Tree], *, looped: bool) -> tuple[str, str]:
        gate, merge, variable = self.new("xor"), self.new("xor"), self.variable()
        for number, part in enumerate(parts):
            first, last = self.block(part, looped=looped)
            arrow = f"{gate} => {first}" if number == 0 else f"{gate} -> {first} : {variable} == {number}"
            self.lines += [arrow, f"{last} -> {merge}"]
        return gate, merge

    def sub(self, inner: Tree) -> tuple[str, str]:
        self.count += 1
        name = f"w{self.count}"
        self.lines.append(f"sub {name} {{")
        start, end = self.new("start"), self.new("end")
        first, last = self.block(inner, looped=False)
        self.lines += [f"{start} -> {first}", f"{last} -> {end}", "}"]
        return name, name


class Shared(PythonScriptEngine):
    """The referee decides by our expressions over the case's variables (it would keep a copy per branch)."""

    def __init__(self, variables: dict[str, object]) -> None:
        super().__init__()
        self.shared = variables

    def evaluate(self, task, expression, external_context=None):
        return compile_expression(expression).holds(self.shared)


class Referee:
    def __init__(self, xml: str, variables: dict[str, object]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(xml.encode()))
        self.workflow = BpmnWorkflow(
            parser.get_spec("tested"), parser.get_subprocess_specs("tested"), script_engine=Shared(variables)
        )
        self.workflow.do_engine_steps()

    def ready(self) -> dict[str, object]:
        tasks = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return {task.task_spec.bpmn_id: task for task in tasks}

    def run(self, name: str) -> None:
        self.ready()[name].run()
        self.workflow.do_engine_steps()


def draw_tree(tree: Tree) -> tuple[str, list[str]]:
    drawer = Drawer()
    start, end = drawer.new("start"), drawer.new("end")
    first, last = drawer.block(("seq", [("task",), tree, ("task",)]), looped=False)
    drawer.lines += [f"{start} -> {first}", f"{last} -> {end}"]
    return "\n".join(drawer.lines), drawer.variables


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=trees(), data=st.data())
def test_both_engines_agree_step_for_step(tree, data):
    text, names = draw_tree(tree)
    declared = ";".join(f"{name}:number" for name in names)
    variables: dict[str, object] = dict.fromkeys(names, 0)
    graph = graph_of(text, declared)
    assert prove(graph).refusals == ()
    case = Case(graph, **variables)
    referee = Referee(drawing(text, declared), variables)

    for step in range(40):
        assert case.open() == sorted(referee.ready())
        assert case.marking.done == referee.workflow.completed
        if case.marking.done:
            return
        name = data.draw(st.sampled_from(case.open()))
        top = 2 if step < 20 else 0
        chosen = {variable: data.draw(st.integers(0, top)) for variable in names}
        variables.update(chosen)
        case.complete(name, **chosen)
        referee.run(name)
