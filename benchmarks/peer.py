"""The peer: SpiffWorkflow plays the same drawing and saves its state after each step.

``StateOnly`` is its fair form: the drawing's specification is kept in memory once, only the state is saved. The
stock form saves the specification inside every case. Both save nothing else: no work list, no history.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer, config
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask

from benchmarks.walk import DRAWING, REVIEWS

Step = Callable[[BpmnWorkflow], None]

_STOCK = {**config.DEFAULT_CONFIG, ServiceTask: BpmnTaskSpecConverter}


class Drawing:
    """The parsed drawing of a process, kept in memory for all cases."""

    def __init__(self, xml: bytes = DRAWING.read_bytes(), process: str = "restaurant") -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(xml))
        self.spec = parser.get_spec(process)
        self.subprocesses = parser.get_subprocess_specs(process)

    def start(self) -> BpmnWorkflow:
        """A new case at its first task."""
        workflow = BpmnWorkflow(self.spec, self.subprocesses)
        workflow.do_engine_steps()
        return workflow


def stock_serializer() -> BpmnWorkflowSerializer:
    """As the library comes."""
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(_STOCK))


def state_only_serializer(drawing: Drawing) -> BpmnWorkflowSerializer:
    """With the specification left out of what is saved and put back from memory."""

    class StateOnly(BpmnWorkflowConverter):
        def to_dict(self, workflow: BpmnWorkflow) -> dict[str, Any]:
            spec, subprocesses = workflow.spec, workflow.subprocess_specs
            workflow.spec, workflow.subprocess_specs = None, {}
            try:
                saved: dict[str, Any] = super().to_dict(workflow)
            finally:
                workflow.spec, workflow.subprocess_specs = spec, subprocesses
            return saved

        def from_dict(self, dct: dict[str, Any]) -> BpmnWorkflow:
            workflow = self.target_class(drawing.spec, drawing.subprocesses, deserializing=True)
            workflow.tasks = self.mapping_from_dict(dct["tasks"], uuid.UUID, workflow=workflow)
            workflow.task_tree = workflow.tasks.get(uuid.UUID(dct["root"]))
            self.set_default_attributes(workflow, dct)
            self.subprocesses_from_dict(dct["subprocesses"], workflow)
            workflow.bpmn_events = self.registry.restore(dct.pop("bpmn_events", []))
            return workflow

    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure({**_STOCK, BpmnWorkflow: StateOnly}))


def complete(workflow: BpmnWorkflow, node: str, outcome: str) -> None:
    """Complete a task that waits for a person."""
    task = next(t for t in workflow.get_tasks(state=TaskState.READY, manual=True) if t.task_spec.bpmn_id == node)
    task.data["outcome"] = outcome
    task.run()
    workflow.do_engine_steps()


def completion(node: str, outcome: str) -> Step:
    """The same as a step that waits to be played."""
    return lambda workflow: complete(workflow, node, outcome)


def finish_service(workflow: BpmnWorkflow) -> None:
    """The service has answered."""
    task = next(t for t in workflow.get_tasks(state=TaskState.STARTED) if t.task_spec.bpmn_id == "issue_licence")
    task.complete()
    workflow.do_engine_steps()


STEPS: tuple[Step, ...] = (
    completion("accept", "accept"),
    *(completion(node, "agree") for node in REVIEWS),
    completion("decide", "approve"),
    finish_service,
)


class PeerInDatabase:
    """Each step: load the state with a lock, play, save, commit."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        drawing: Drawing,
        serializer: BpmnWorkflowSerializer,
        steps: Sequence[Step] = STEPS,
    ) -> None:
        self._connection = connection
        self._drawing = drawing
        self._serializer = serializer
        self._steps = steps

    def run(self, cases: int) -> None:
        """Play whole cases, one after another."""
        for _ in range(cases):
            self._case()

    def _case(self) -> None:
        case_id, connection = uuid.uuid4(), self._connection
        with connection.transaction():
            state = self._serializer.serialize_json(self._drawing.start())
            connection.execute("insert into bench.saved_state (id, state) values (%s, %s)", [case_id, state])
        for step in self._steps:
            with connection.transaction():
                found = connection.execute(
                    "select state, rev from bench.saved_state where id = %s for update", [case_id]
                ).fetchone()
                if found is None:
                    raise RuntimeError("the saved state is gone")
                workflow = self._serializer.deserialize_json(found[0])
                step(workflow)
                connection.execute(
                    "update bench.saved_state set state = %s, rev = %s, status = %s where id = %s",
                    [
                        self._serializer.serialize_json(workflow),
                        found[1] + 1,
                        "closed" if workflow.completed else "open",
                        case_id,
                    ],
                )
        if not workflow.completed:
            raise RuntimeError("the peer's case did not end")


class PeerInMemory:
    """Each step: JSON text to state, play, state to JSON text."""

    def __init__(self, drawing: Drawing, serializer: BpmnWorkflowSerializer, steps: Sequence[Step] = STEPS) -> None:
        self._drawing = drawing
        self._serializer = serializer
        self._steps = steps

    def run(self, cases: int) -> None:
        """Play whole cases, one after another."""
        for _ in range(cases):
            state = self._serializer.serialize_json(self._drawing.start())
            for step in self._steps:
                workflow = self._serializer.deserialize_json(state)
                step(workflow)
                state = self._serializer.serialize_json(workflow)
            if not workflow.completed:
                raise RuntimeError("the peer's case did not end")
