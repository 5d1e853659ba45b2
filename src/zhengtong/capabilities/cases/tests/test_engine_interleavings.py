"""Several people do everything at once to cases of random drawings: nothing is lost, opened twice, or stuck."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases.engine.advance import waiting_messages, waiting_timers
from zhengtong.capabilities.cases.engine.marking import AFTER, BEFORE, HELD, WHOLE, Marking
from zhengtong.capabilities.cases.engine.migrate import migrate
from zhengtong.capabilities.cases.engine.model import Graph, Refused
from zhengtong.capabilities.cases.engine.signers import signers_before
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.engine.steps import (
    AddSigner,
    Cancel,
    CancelTask,
    Command,
    Complete,
    Jump,
    OpenTask,
    Recall,
    RemoveSigner,
    ReturnBranch,
    ReturnTo,
    ServiceDone,
    ServiceFailed,
)
from zhengtong.capabilities.cases.tests.drawings import Case, graph_of
from zhengtong.capabilities.cases.tests.trees import Region, Tree, check_positions, draw_tree, trees

PEOPLE = ["H05", "G11", "G10"]
WISHES = ["complete"] * 5 + [
    "return", "branch", "own branch", "jump", "before", "after", "parallel", "remove", "recall", "timer", "message",
    "service", "failure", "migrate",
]  # fmt: skip


TASK = ("task",)
FIXED = {
    "branches of every kind": ("and", [("seq", [TASK, TASK]), ("xor", [TASK, TASK]), ("warn",)]),
    "blocks in a block in a loop": ("loop", ("and", [TASK, ("and", [TASK, TASK]), ("multi",)])),
    "some of several": ("sub", ("or", [TASK, TASK, ("series",)])),
    "withdrawal and lists": (
        "seq", [("withdraw", ("and", [TASK, ("service",), ("event",)])), ("lists", ("and", [TASK, TASK]))],
    ),
    "what takes over": ("and", [("late", ("and", [TASK, TASK])), ("seq", [("fails",), TASK])]),
    "a reminder in every round": ("loop", ("seq", [("warn",), ("and", [TASK, ("warn",)])])),
    "three departments": ("loop", ("and", [TASK, TASK, TASK])),
}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    graph: Graph
    region: Region
    names: tuple[str, ...]

    def case(self, departments: int) -> Case:
        return Case(self.graph, departments=PEOPLE[:departments], **dict.fromkeys(self.names, 0))


@cache
def fixed(name: str) -> Drawn:
    found = proved(FIXED[name])
    assert found
    return found


def proved(tree: Tree) -> Drawn | None:
    """The drawing of a tree; None when it has too many states to be proved."""
    text, drawer, region = draw_tree(tree)
    proof = prove(graph_of(text, ";".join(["departments:list", *(f"{name}:number" for name in drawer.variables)])))
    return Drawn(proof.graph, region, tuple(drawer.variables)) if proof.graph else None


def command(data: st.DataObject, case: Case, wish: str) -> Command | None:
    """What somebody wants to do now; None when there is no occasion."""
    choose, marking, graph = (lambda options: data.draw(st.sampled_from(options))), case.marking, case.graph
    open_tokens = sorted({*case.tasks, *case.services})
    if not open_tokens and wish not in ("timer", "message", "recall"):
        return None
    places = sorted(graph.nodes)
    visited = {key.partition("/")[2] for key in marking.history}
    if data.draw(st.integers(0, 3)):
        allowed = {"return": graph.returnable, "branch": graph.branchable}.get(wish)
        places = sorted(visited if allowed is None else visited & allowed) or places
    named = sorted({token.item for token in marking.tokens.values() if token.item}) or PEOPLE
    match wish:
        case "complete" if case.tasks:
            return Complete(choose(sorted(case.tasks)))
        case "service" | "failure" if case.services:
            number = choose(sorted(case.services))
            return ServiceDone(number) if wish == "service" else ServiceFailed(number, choose(["broken", "other"]))
        case "return":
            return ReturnTo(choose(open_tokens), choose(places))
        case "own branch":
            return ReturnBranch(choose(open_tokens))
        case "branch":
            return ReturnBranch(choose(open_tokens), choose(places), choose([None, *PEOPLE]))
        case "jump":
            return Jump(choose(open_tokens), choose(places))
        case "before" | "after" | "parallel":
            return AddSigner(choose(open_tokens), choose([*PEOPLE, "H07", "H08"]), wish)
        case "remove":
            return RemoveSigner(choose(open_tokens), choose([None, *named]))
        case "recall" if marking.undo:
            return Recall(choose(sorted(marking.undo)))
    waiting = {"timer": waiting_timers, "message": waiting_messages}.get(wish)
    events = waiting(graph, marking) if waiting else []
    return choose(events) if events else None


def check_refusal(case: Case, before: Marking, effects: list) -> None:
    assert case.marking is before
    assert case.effects is effects


def check_books(case: Case, region: Region) -> None:
    """What the caller would have in its tables is what the marking says, and the marking is one of the drawing."""
    tokens = case.marking.tokens
    assert Marking.from_json(case.marking.to_json()) == case.marking
    opened = [effect.token for effect in case.history if isinstance(effect, OpenTask)]
    cancelled = [effect.token for effect in case.history if isinstance(effect, CancelTask)]
    assert len(opened) == len(set(opened))
    assert len(cancelled) == len(set(cancelled))
    assert set(cancelled) <= set(opened)
    assert not set(cancelled) & set(case.tasks)
    for number, token in tokens.items():
        assert token.scope == WHOLE or token.scope in tokens
        assert token.mark != HELD or any(other.scope == number for other in tokens.values())
        assert token.mark != BEFORE or tokens[token.scope].mark != HELD
        assert token.mark != AFTER or tokens[token.scope].mark == HELD
    if not case.marking.done:
        check_positions(case.graph, region, case.marking)


def check_untouched(before: Marking, case: Case, order: Command) -> None:
    """Signing and recalling never take away the work of anybody else."""
    if isinstance(order, AddSigner):
        assert not any(isinstance(effect, CancelTask) for effect in case.effects)
    if isinstance(order, Recall):
        brought = before.undo[order.token][1].tokens
        assert {effect.token for effect in case.effects if isinstance(effect, CancelTask)} <= set(brought)


def finish(case: Case, region: Region) -> None:
    """From wherever it stands the case reaches its end when everybody simply does his work."""
    for _ in range(150):
        if case.marking.done:
            return
        free = [n for n in case.tasks if not signers_before(case.marking, n)]
        if free:
            case.do(Complete(min(free)))
        elif case.services:
            case.do(ServiceDone(min(case.services)))
        else:
            case.do(waiting_timers(case.graph, case.marking)[0])
        check_books(case, region)
    raise AssertionError(case.marking)


def work_together(drawn: Drawn, data: st.DataObject, wishes: list[str]) -> None:
    """One thing after the other, each allowed or refused, and then everybody simply finishes."""
    case = drawn.case(data.draw(st.integers(0, 3)))
    check_books(case, drawn.region)
    for wish in wishes:
        if case.marking.done:
            return
        before, effects = case.marking, case.effects
        if wish == "migrate":
            case.marking, _ = migrate(drawn.graph, drawn.graph, before)
            check_books(case, drawn.region)
            continue
        order = command(data, case, wish)
        if order is None:
            continue
        chosen = {name: data.draw(st.integers(0, 2)) for name in drawn.names}
        try:
            case.do(order, **chosen)
        except Refused:
            check_refusal(case, before, effects)
            continue
        check_books(case, drawn.region)
        check_untouched(before, case, order)
    case.variables.update(dict.fromkeys(drawn.names, 0))
    finish(case, drawn.region)


@pytest.mark.parametrize("name", FIXED)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), wishes=st.lists(st.sampled_from(WISHES), min_size=20, max_size=40))
def test_whatever_people_do_nothing_is_lost_and_the_case_reaches_its_end(name, data, wishes):
    work_together(fixed(name), data, wishes)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tree=trees(leaves=6), data=st.data(), wishes=st.lists(st.sampled_from(WISHES), min_size=10, max_size=30))
def test_the_same_on_drawings_nobody_thought_of(tree, data, wishes):
    drawn = proved(tree)
    if drawn:
        work_together(drawn, data, wishes)


@pytest.mark.parametrize("name", FIXED)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), wishes=st.lists(st.sampled_from(WISHES[:-1]), max_size=8))
def test_a_withdrawal_at_any_moment_closes_everything(name, data, wishes):
    case = fixed(name).case(3)
    for wish in wishes:
        order = command(data, case, wish)
        with suppress(Refused):
            case.do(order) if order else None
        if case.marking.done:
            return

    case.do(Cancel())

    assert case.marking.done
    assert (case.tasks, case.services, case.timers) == ({}, {}, set())
    assert case.marking.tokens == {}
