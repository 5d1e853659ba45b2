"""Messages between apps: events frozen and versioned, subscribers listen to what exists, every queue is served."""

import ast
import dataclasses
import importlib
import pkgutil
import re

import pytest
from procrastinate.contrib.django import app as jobs

import zhengtong.contracts
from tests.fitness.tree import SOURCE, named, product_modules, syntax
from zhengtong.kernel.events import Event, event_class, event_names
from zhengtong.kernel.outbox import subscriptions

_NAME = re.compile(r"^[a-z_]+\.[a-z_]+\.v[1-9][0-9]*$")

for _module in pkgutil.iter_modules(zhengtong.contracts.__path__):
    importlib.import_module(f"zhengtong.contracts.{_module.name}")


def _declared() -> list[type[Event]]:
    classes = [event_class(name) for name in event_names()]
    return [event for event in classes if ".tests." not in event.__module__]


@pytest.mark.parametrize("event", _declared(), ids=lambda event: event.NAME)
def test_an_event_is_frozen_and_named_by_its_sender(event: type[Event]) -> None:
    assert _NAME.match(event.NAME)
    assert event.__module__ == f"zhengtong.contracts.{event.NAME.split('.')[0]}"
    assert event.__dataclass_params__.frozen  # type: ignore[attr-defined]  # written by the dataclass decorator
    assert event.__doc__


@pytest.mark.parametrize("event", _declared(), ids=lambda event: event.NAME)
def test_an_event_carries_no_personal_data(event: type[Event]) -> None:
    personal = {"phone", "address", "id_number", "email", "mail", "person_name"}

    assert not personal & {field.name for field in dataclasses.fields(event)}


def test_no_two_events_share_a_name() -> None:
    names = [
        ast.unparse(node.value)
        for path in product_modules()
        if "contracts" in path.parts
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and "NAME" in ast.unparse(node).split("=")[0]
    ]

    assert names
    assert len(names) == len(set(names))


def test_subscribers_listen_to_events_that_exist() -> None:
    assert set(subscriptions()) <= set(event_names())


def test_subscribers_have_a_key_of_their_own() -> None:
    keys = [(name, one.key) for name, listeners in subscriptions().items() for one in listeners]

    assert len(keys) == len(set(keys))


def _task_declarations() -> list[tuple[str, dict[str, str]]]:
    return [
        (
            f"{named(path)}:{node.lineno}",
            {k.arg: k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)},
        )
        for path in product_modules()
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "task"
    ]


def test_every_job_has_a_name_of_its_own() -> None:
    names = [words.get("name", "") for _, words in _task_declarations()]

    assert all(re.match(r"^[a-z_]+\.[a-z_]+$", name) for name in names)
    assert len(names) == len(set(names))


def test_every_queue_is_served_by_the_worker() -> None:
    # a worker that names no queues serves all
    calls = [
        {
            keyword.arg: [ast.literal_eval(item) for item in getattr(keyword.value, "elts", [])]
            for keyword in node.keywords
            if keyword.arg == "queues"
        }
        for node in ast.walk(syntax(SOURCE / "entry" / "worker.py"))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("run_worker_async")
    ]
    queues = {task.queue for name, task in jobs.tasks.items() if not name.startswith(("procrastinate.", "builtin"))}

    assert queues
    assert "queues" not in calls[0] or queues <= set(calls[0]["queues"])
