"""SpiffWorkflow as referee: the same drawings of the shared subset played in lock-step by both engines.

What differs is excluded by name, each exclusion with a test that shows what the referee does there. It reads our file
with three changes that keep the meaning: a timer is a message nobody else sends (its clock cannot be turned), a
service is a task, and a list has a fixed length.
"""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition

from zhengtong.capabilities.cases.engine.advance import waiting_messages, waiting_timers
from zhengtong.capabilities.cases.engine.expressions import compile_expression
from zhengtong.capabilities.cases.engine.steps import Complete, FireTimer, Message, ServiceDone
from zhengtong.capabilities.cases.tests.drawings import Case, drawing, graph_of
from zhengtong.capabilities.cases.tests.test_engine_returns import FLAT
from zhengtong.capabilities.cases.tests.trees import EVERYTHING, Tree, draw_tree, trees

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DEPARTMENTS = ["0", "1"]


class Shared(PythonScriptEngine):
    """The referee decides by our expressions over the case's variables (it would keep a copy per branch)."""

    def __init__(self, variables: dict[str, object]) -> None:
        super().__init__()
        self.shared = variables

    def evaluate(self, task, expression, external_context=None):
        return int(expression) if expression.isdigit() else compile_expression(expression).holds(self.shared)


def translated(xml: str) -> etree._Element:
    """Our file as the referee reads it."""
    root = etree.fromstring(xml.encode())
    for element in root.iter(f"{_BPMN}multiInstanceLoopCharacteristics"):
        length = etree.Element(f"{_BPMN}loopCardinality")
        length.text = str(len(DEPARTMENTS))
        element.insert(0, length)
    for element in list(root.iter(f"{_BPMN}serviceTask")):
        element.tag = f"{_BPMN}userTask"
    for element in list(root.iter(f"{_BPMN}timerEventDefinition")):
        name = f"time_{element.getparent().get('id')}"
        element.tag = f"{_BPMN}messageEventDefinition"
        element.set("messageRef", name)
        element.remove(element[0])
        root.insert(0, etree.Element(f"{_BPMN}message", id=name, name=name))
    return root


class Referee:
    def __init__(self, xml: str, variables: dict[str, object]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(translated(xml))
        self.workflow = BpmnWorkflow(
            parser.get_spec("tested"), parser.get_subprocess_specs("tested"), script_engine=Shared(variables)
        )
        self.workflow.do_engine_steps()

    def path(self, task) -> str:
        """The task's name and the numbers of the instances around it, the inner first."""
        names, name = [], task.task_spec.bpmn_id
        while task is not None:
            if task.task_spec.name.endswith("[child]"):
                data = task.internal_data  # one engine, two words: a list in parallel, a list in sequence
                names.append(str(data.get("key_or_index", data.get("item"))))
            parent = getattr(task.workflow, "parent_task_id", None)
            task = self.workflow.get_task_from_id(parent) if parent else None
        return "/".join([name, *names])

    def ready(self) -> dict[str, object]:
        return {self.path(task): task for task in self.workflow.get_tasks(state=TaskState.READY, manual=True)}

    def run(self, name: str) -> None:
        self.ready()[name].run()
        self.workflow.do_engine_steps()

    def send(self, name: str) -> None:
        self.workflow.catch(BpmnEvent(MessageEventDefinition(name), {}, []))
        self.workflow.do_engine_steps()


class Match:
    """One drawing in both engines."""

    def __init__(self, text: str, names: list[str], declared: str = "departments:list") -> None:
        declared = ";".join([declared, *(f"{name}:number" for name in names)])
        graph = graph_of(text, declared)
        self.names = names
        variables: dict[str, object] = {"departments": DEPARTMENTS, **dict.fromkeys(names, 0)}
        self.case = Case(graph, **variables)
        self.variables = copy.copy(variables)
        self.referee = Referee(drawing(text, declared), self.variables)

    def open(self) -> dict[str, int]:
        """Open tasks and services by path."""
        return {self.path(number): number for number in (*self.case.tasks, *self.case.services)}

    def path(self, number: int) -> str:
        tokens, name = self.case.marking.tokens, self.case.marking.tokens[number].node
        names = []
        while number:
            if tokens[number].scope in self.case.marking.multi:
                names.append(tokens[number].item)
            number = tokens[number].scope
        return "/".join([name, *names])

    def waiting(self) -> list[FireTimer | Message]:
        graph, marking = self.case.graph, self.case.marking
        return [*waiting_timers(graph, marking), *waiting_messages(graph, marking)]

    def events(self) -> list[str]:
        """Events some token waits for."""
        return sorted({event.node for event in self.waiting()})

    def choose(self, **chosen: int) -> None:
        self.case.variables.update(chosen)
        self.variables.update(chosen)

    def complete(self, path: str) -> None:
        number = self.open()[path]
        self.case.do(Complete(number) if number in self.case.tasks else ServiceDone(number))
        self.referee.run(path)

    def happen(self, node: str) -> None:
        """The referee tells all who wait for a message, so all our tokens that wait for this event get it."""
        awaited = [event for event in self.waiting() if event.node == node]
        for event in awaited:
            if event in self.waiting():
                self.case.do(event)
        self.referee.send(awaited[0].name if isinstance(awaited[0], Message) else f"time_{node}")

    def agree(self) -> None:
        assert sorted(self.open()) == sorted(self.referee.ready())
        assert self.case.marking.done == self.referee.workflow.completed


def play(match: Match, data: st.DataObject) -> None:
    """Random play in lock-step, agreeing after each step."""
    for step in range(40):
        match.agree()
        if match.case.marking.done:
            return
        top = 2 if step < 20 else 0
        match.choose(**{name: data.draw(st.integers(0, top)) for name in match.names})
        events = match.events()
        if events and (not match.open() or data.draw(st.integers(0, 3)) == 0):
            match.happen(data.draw(st.sampled_from(events)))
        else:
            match.complete(data.draw(st.sampled_from(sorted(match.open()))))


def has(tree: Tree, *kinds: str) -> bool:
    """Whether one of these is drawn somewhere in the tree."""
    parts = tree[1] if len(tree) > 1 and isinstance(tree[1], list) else tree[1:]
    return tree[0] in kinds or any(has(part, *kinds) for part in parts)


def loop_within_inclusive(tree: Tree) -> bool:
    """The referee's inclusive join does not see work that has begun inside a loop of one of its branches."""
    parts = tree[1] if len(tree) > 1 and isinstance(tree[1], list) else tree[1:]
    return (tree[0] == "or" and has(tree, "loop")) or any(loop_within_inclusive(part) for part in parts)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    tree=trees(EVERYTHING - {"fails"}, leaves=7).filter(lambda tree: not loop_within_inclusive(tree)), data=st.data()
)
def test_both_engines_agree_step_for_step(tree, data):
    text, drawer, _ = draw_tree(tree, wrap_loops=True)

    play(Match(text, drawer.variables), data)


ERROR = (
    "start s\nsub w {\nstart s1\nand f\nuser p\nuser q\nand j\nxor g\nend e1\nerror x code=refused\n"
    "s1 -> f\nf -> p\nf -> q\n"
    "p -> j\nq -> j\nj -> g\ng => e1\ng -> x : v == 1\n}\nboundary b on=w error=refused\nuser d\nuser n\n"
    "end e\ns -> w\n"
    "w -> d\nb -> n\nd -> e\nn -> e"
)
THROWN = (
    "start s\nsub o {\nstart so\nsub w {\nstart s1\nuser p\nxor g\nend e1\nerror x code=refused\ns1 -> p\n"
    "p -> g\ng => e1\n"
    "g -> x : v == 1\n}\nuser k\nend eo\nso -> w\nw -> k\nk -> eo\n}\nboundary b on=o error=refused\nuser d\nuser n\n"
    "end e\ns -> o\no -> d\nb -> n\nd -> e\nn -> e"
)
TERMINATE = (
    "start s\nsub w {\nstart s1\nand f\nuser p\nuser q\nxor g\nend e1\nterminate t\ns1 -> f\nf -> p\nf -> q\np -> g\n"
    "g => e1\ng -> t : v == 1\nq -> e1\n}\nuser d\nend e\ns -> w\nw -> d\nd -> e"
)
MAJORITY = "start s\nuser r {}=departments until='v == 1'\nuser d\nend e\ns -> r\nr -> d\nd -> e"
BORDER = (
    "start s\nsub w {\nstart s1\nuser a\nand f\nuser x\nuser y\nand j\nend e1\ns1 -> a\na -> f\nf -> x\n"
    "f -> y\nx -> j\n"
    "y -> j\nj -> e1\n}\nboundary out on=w name=withdraw\nboundary warn on=w for=P5D keep\nuser remind\n"
    "user after\nend e\n"
    "end gone\nend warned\ns -> w\nw -> after\nafter -> e\nout -> gone\nwarn -> remind\nremind -> warned"
)
STAGES = (
    "start s\nuser a\nxor g\nuser fix\nsub w multi=departments {\nstart s1\nuser p\nevent t\ntimer c for=P3D\n"
    "message m name=reply\nuser late\nxor n\nend e1\ns1 -> p\np -> t\nt -> c\nt -> m\nc -> late\n"
    "late -> n\nm -> n\nn -> e1\n}\n"
    "user d\nxor h\nend e\ns -> a\na -> g\ng => w\ng -> fix : v == 1\nfix -> a\nw -> d\nd -> h\nh => e\nh -> a : v == 2"
)
BY_HAND = {
    "an error after a join": ERROR,
    "an error through two sub-processes": THROWN,
    "terminate within a sub-process": TERMINATE,
    "a majority in parallel": MAJORITY.format("multi"),
    "a majority in sequence": MAJORITY.format("series"),
    "withdrawal and warning around parallel work": BORDER,
    "a list with events in a loop": STAGES,
}


@pytest.mark.parametrize("name", BY_HAND)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_both_engines_agree_on_drawings_made_by_hand(name, data):
    play(Match(BY_HAND[name], ["v"]), data)


def test_the_referees_join_opens_early_on_a_second_round():
    """Why a fork within a loop is drawn as a sub-process of its own (`wrap_loops`)."""
    text = FLAT.replace('outcome == "return"', "v == 1")
    match = Match(text, ["v"])
    match.choose(v=1)
    for name in ("a", "x", "y", "z", "d", "a", "z"):
        match.agree()
        match.complete(name)

    assert sorted(match.open()) == ["x", "y"]
    assert "d" in match.referee.ready()


def test_the_referee_opens_a_second_reminder_beside_the_first():
    """Why a reminder within a loop is left out (`wrap_loops`): a node is open once in its scope here."""
    match = Match(
        "start s\nuser a\nboundary t on=a for=P1D keep\nuser r\nend told\nxor g\nend e\ns -> a\na -> g\ng => e\n"
        "g -> a : v == 1\nt -> r\nr -> told",
        ["v"],
    )
    match.choose(v=1)
    match.happen("t")
    match.complete("a")
    match.agree()
    match.happen("t")

    assert sorted(match.open()) == ["a", "r"]
    assert len(match.referee.workflow.get_tasks(state=TaskState.READY, manual=True)) == 3


def test_the_referees_inclusive_join_overlooks_work_within_a_loop():
    """Why `loop_within_inclusive` is excluded."""
    tree = ("or", [("withdraw", ("task",)), ("loop", ("multi",)), ("late", ("task",))])
    assert loop_within_inclusive(tree)
    text, drawer, region = draw_tree(tree)
    match = Match(text, drawer.variables)
    match.choose(**dict.fromkeys(drawer.variables, 1))
    for place in (0, -1, 0):
        match.agree()
        match.complete(sorted(match.open())[place])

    assert region.last not in match.open()
    assert region.last in match.referee.ready()
