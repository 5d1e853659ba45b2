"""A few lines of text → BPMN XML, and a case played on it, for the tests of the engine.

Lines: `user a`, `xor g`, `and f`, `or o`, `event e`, `service x topic=t`, `timer t for=P1D`, `message m name=hello`,
`boundary b on=a for=P1D [keep]`, `boundary b on=w error=code` (`error=*` for any), `error e code=c`,
`call c key=other`, `sub w {` … `}`, `start s`, `end e`, `terminate e`, `a -> b`, `a -> b : condition`, `a => b`
(default arrow); `multi=list` or `series=list` (and `until="…"`) make an activity multi-instance.
"""

import json
import shlex
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from zhengtong.capabilities.cases.engine.advance import advance, begin, waiting_messages, waiting_timers
from zhengtong.capabilities.cases.engine.marking import HELD, Marking
from zhengtong.capabilities.cases.engine.model import CALLS, Graph, Kind
from zhengtong.capabilities.cases.engine.parse import parse
from zhengtong.capabilities.cases.engine.steps import (
    ArmTimer,
    CallService,
    CancelService,
    CancelTask,
    Command,
    Complete,
    DisarmTimers,
    Done,
    Effect,
    FireTimer,
    OpenTask,
    ServiceDone,
    ServiceFailed,
    Subscribe,
    Unsubscribe,
)

_TAGS = {
    "user": "userTask",
    "service": "serviceTask",
    "send": "sendTask",
    "rule": "businessRuleTask",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "event": "eventBasedGateway",
    "timer": "intermediateCatchEvent",
    "message": "intermediateCatchEvent",
    "boundary": "boundaryEvent",
    "start": "startEvent",
    "end": "endEvent",
    "terminate": "endEvent",
    "sub": "subProcess",
    "call": "callActivity",
    "error": "endEvent",
}


def drawing(text: str, variables: str = "outcome:text;departments:list") -> str:
    """XML of a whole file; every message name used is declared."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    defaults = {
        a.strip(): f"{a.strip()}_{b.partition(':')[0].strip()}" for a, _, b in (x.partition("=>") for x in lines) if b
    }
    body, messages, errors = [], set(), set()
    for line in lines:
        if line == "}":
            body.append("</b:subProcess>")
        elif "->" in line or "=>" in line:
            body.append(_arrow(line))
        else:
            body.append(_node(line, defaults, messages, errors))
    declared = "".join(f'<b:message id="msg_{name}" name="{name}"/>' for name in sorted(messages))
    declared += "".join(f'<b:error id="err_{code}" errorCode="{code}"/>' for code in sorted(errors))
    newline = "\n"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:zt="urn:zhengtong:bpmn" id="d" targetNamespace="t">'
        f'{declared}<b:process id="tested" name="测试" isExecutable="true" zt:variables={quoteattr(variables)}>\n'
        f"{newline.join(body)}\n</b:process></b:definitions>"
    )


def _arrow(line: str) -> str:
    ends, _, condition = line.replace("=>", "->").partition(":")
    source, _, target = (part.strip() for part in ends.partition("->"))
    inner = f"<b:conditionExpression>{escape(condition.strip())}</b:conditionExpression>" if condition else ""
    return f'<b:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</b:sequenceFlow>'


def _node(line: str, defaults: Mapping[str, str], messages: set[str], errors: set[str]) -> str:
    kind, name, *rest = shlex.split(line)
    options = dict(part.partition("=")[::2] for part in rest)
    attributes = f'id="{name}" name="{name}"'
    if name in defaults:
        attributes += f' default="{defaults[name]}"'
    if kind == "user":
        attributes += f' zt:role="{options.get("role", "clerk")}"'
    for key in ("topic", "unit", "limit", "phase", "outcomes"):
        if key in options:
            attributes += f" zt:{key}={quoteattr(options[key])}"
    if kind == "boundary":
        attributes += f' attachedToRef="{options["on"]}"' + (' cancelActivity="false"' if "keep" in options else "")
    inner = ""
    if "for" in options:
        inner += f"<b:timerEventDefinition><b:timeDuration>{options['for']}</b:timeDuration></b:timerEventDefinition>"
    if "name" in options:
        messages.add(options["name"])
        inner += f'<b:messageEventDefinition messageRef="msg_{options["name"]}"/>'
    code = options.get("error") or options.get("code")
    if code == "*":
        inner += "<b:errorEventDefinition/>"
    elif code:
        errors.add(code)
        inner += f'<b:errorEventDefinition errorRef="err_{code}"/>'
    if kind == "call":
        attributes += f' calledElement="{options["key"]}"'
    if kind == "terminate":
        inner += "<b:terminateEventDefinition/>"
    inner += _multi(options)
    close = "" if kind == "sub" else f"</b:{_TAGS[kind]}>"
    return f"<b:{_TAGS[kind]} {attributes}>{inner}{close}"


def _multi(options: Mapping[str, str]) -> str:
    collection = options.get("multi") or options.get("series")
    if not collection:
        return ""
    until = f"<b:completionCondition>{escape(options['until'])}</b:completionCondition>" if "until" in options else ""
    return (
        f'<b:multiInstanceLoopCharacteristics zt:collection="{collection}" '
        f'isSequential="{"true" if "series" in options else "false"}">{until}</b:multiInstanceLoopCharacteristics>'
    )


def graph_of(text: str, variables: str = "outcome:text;departments:list", **called: Graph) -> Graph:
    """Parse a drawing that is meant to be right."""
    parsed = parse(drawing(text, variables), called=called)
    assert parsed.graph is not None, parsed.refusals
    return parsed.graph


class Case:
    """Plays a case, repeats every step from JSON, and keeps the books a caller would keep from the effects."""

    def __init__(self, graph: Graph, **variables: object) -> None:
        self.graph = graph
        self.variables = variables
        self.tasks: dict[int, OpenTask] = {}
        self.services: dict[int, CallService] = {}
        self.timers: set[tuple[int, str]] = set()
        self.messages: set[tuple[int, str]] = set()
        self.done: list[Done] = []
        self.history: list[Effect] = []
        again = begin(Graph.from_json(_through_json(graph.to_json())), variables)
        self.marking, self.effects = begin(graph, variables)
        assert (self.marking, self.effects) == again
        self._book()

    def do(self, command: Command, **variables: object) -> list[Effect]:
        """One step; the JSON replay must give the same, and the books must agree with the marking."""
        self.variables.update(variables)
        stored = Marking.from_json(_through_json(self.marking.to_json()))
        graph = Graph.from_json(_through_json(self.graph.to_json()))
        before = self.marking.to_json()
        marking, effects = advance(self.graph, self.marking, self.variables, command)
        assert (marking, effects) == advance(graph, stored, self.variables, command)
        assert self.marking.to_json() == before
        self.marking, self.effects = marking, effects
        if isinstance(command, (Complete, ServiceDone, ServiceFailed)):
            self.tasks.pop(command.token, None)
            self.services.pop(command.token, None)
        if isinstance(command, FireTimer):
            self.timers.discard((command.token, command.node))
        self._book()
        return effects

    def _book(self) -> None:
        for effect in self.effects:
            self.history.append(effect)
            match effect:
                case OpenTask(token=token):
                    assert token not in self.tasks
                    self.tasks[token] = effect
                case CancelTask(token=token):
                    del self.tasks[token]
                case CallService(token=token):
                    self.services[token] = effect
                case CancelService(token=token):
                    del self.services[token]
                case ArmTimer(token=token, node=node):
                    self.timers.add((token, node))
                case DisarmTimers(token=token):
                    self.timers = {timer for timer in self.timers if timer[0] != token}
                case Subscribe(token=token, node=node):
                    self.messages.add((token, node))
                case Unsubscribe(token=token):
                    self.messages = {entry for entry in self.messages if entry[0] != token}
                case Done():
                    self.done.append(effect)
        self._agree()

    def _agree(self) -> None:
        marking, nodes = self.marking, self.graph.nodes
        tokens = marking.tokens.items()
        work = {n: nodes[t.node].kind for n, t in tokens if n not in marking.multi and t.mark != HELD}
        assert set(self.tasks) == {number for number, kind in work.items() if kind is Kind.USER}
        assert set(self.services) == {number for number, kind in work.items() if kind in CALLS}
        assert self.timers == {(timer.token, timer.node) for timer in waiting_timers(self.graph, marking)}
        assert self.messages >= {(wait.token, wait.node) for wait in waiting_messages(self.graph, marking)}
        assert len(self.done) == int(marking.done)

    def open(self) -> list[str]:
        """What people see: open user tasks, `node` or `node/item`, sorted."""
        return sorted(f"{task.node}/{task.item}" if task.item else task.node for task in self.tasks.values())

    def token(self, name: str) -> int:
        """Token of an open task or service, named as in `open`."""
        for number, entry in {**self.tasks, **self.services}.items():
            if name == (f"{entry.node}/{entry.item}" if entry.item else entry.node):
                return number
        raise AssertionError(f"{name} is not open: {self.open()}")

    def complete(self, name: str, **variables: object) -> list[Effect]:
        """Finish an open user task or service by name."""
        number = self.token(name)
        return self.do(Complete(number) if number in self.tasks else ServiceDone(number), **variables)


def _through_json(data: dict) -> dict:
    return json.loads(json.dumps(data))
