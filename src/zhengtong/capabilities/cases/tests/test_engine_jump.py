"""跳转: to any step, done before or not, as long as the drawing reaches such a marking by itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases.engine.model import Graph, Refused
from zhengtong.capabilities.cases.engine.soundness import _Explorer, canonical, prove
from zhengtong.capabilities.cases.engine.steps import CancelTask, Complete, FireTimer, Jump, ReturnBranch, ReturnTo
from zhengtong.capabilities.cases.tests.drawings import Case, graph_of
from zhengtong.capabilities.cases.tests.test_engine_returns import GRAPHS, WORKERS

BRANCHES = (
    "start s\nuser a\nand f\nuser x1\nuser x2\nxor g\nuser x3\nuser y\nand j\nuser d\nend e\ns -> a\na -> f\nf -> x1\n"
    'x1 -> g\ng => x2\ng -> x3 : outcome == "other"\nxor m\nx2 -> m\nx3 -> m\nm -> j\nf -> y\ny -> j\nj -> d\nd -> e'
)
# inside one branch of a clean block, a fork whose branches join at two places: no clean block of its own
TANGLED = (
    "start s\nuser a\nand f\nand t\nuser p\nuser q\nuser r\nand j1\nand j2\nuser y\nand j\nuser d\nend e\ns -> a\n"
    "a -> f\nf -> t\nt -> p\nt -> q\nt -> r\np -> j1\nq -> j1\nj1 -> j2\nr -> j2\nj2 -> j\nf -> y\n"
    "y -> j\nj -> d\nd -> e"
)
SIDE = (
    "start s\nand f\nuser x\nuser y\nand j\nuser d\nend e\nboundary w on=x for=P1D keep\nuser n\nend en\nw -> n\n"
    "n -> en\ns -> f\nf -> x\nf -> y\nx -> j\ny -> j\nj -> d\nd -> e"
)


def proved(text: str) -> Graph:
    proof = prove(graph_of(text))
    assert proof.graph is not None, proof.refusals
    return proof.graph


def test_a_jump_goes_forward_over_a_whole_block_and_back():
    case = Case(GRAPHS["flat"])

    case.do(Jump(case.token("a"), "d"))
    assert case.open() == ["d"]
    case.do(Jump(case.token("d"), "f"))
    assert case.open() == WORKERS
    case.complete("x")
    tokens = [case.token("y"), case.token("z")]
    effects = case.do(Jump(tokens[0], "d"))

    assert effects[:2] == [CancelTask(token) for token in tokens]
    case.complete("d", outcome="approve")
    assert case.marking.done


def test_a_jump_into_a_branch_from_outside_is_refused():
    case = Case(proved(BRANCHES))
    for target in ("x1", "x3", "y"):
        with pytest.raises(Refused, match="不能从外面跳转"):
            case.do(Jump(case.token("a"), target))
    case.complete("a")
    with pytest.raises(Refused, match="不能从外面跳转"):
        case.do(Jump(case.token("y"), "x2"))


def test_a_jump_within_a_branch_leaves_the_others_alone():
    case = Case(proved(BRANCHES))
    case.complete("a")
    other = case.token("y")

    case.do(Jump(case.token("x1"), "x3"))

    assert case.open() == ["x3", "y"]
    assert case.token("y") == other
    case.complete("x3")
    assert case.open() == ["y"]
    case.complete("y")
    assert case.open() == ["d"]


@pytest.mark.parametrize("target", ["p", "q", "r"])
def test_neither_jump_nor_return_opens_one_part_of_a_tangle_alone(target):
    graph = proved(TANGLED)
    assert target not in graph.branchable
    case = Case(graph)
    for name in ("a", "p", "q"):
        case.complete(name)
    with pytest.raises(Refused, match="一直等不齐"):
        case.do(Jump(case.token("r"), target))
    case.complete("r")

    with pytest.raises(Refused, match="一直等不齐"):
        case.do(ReturnBranch(case.token("y"), target))


def test_a_warning_beside_a_branch_is_no_place_to_jump_to():
    graph = proved(SIDE)
    case = Case(graph)
    with pytest.raises(Refused, match="主线办不完"):
        case.do(Jump(case.token("x"), "n"))
    case.do(FireTimer(case.token("x"), "w"))
    for name in ("x", "y"):
        case.complete(name)
    assert case.open() == ["d", "n"]
    for command in (Jump(case.token("n"), "x"), ReturnBranch(case.token("n")), ReturnTo(case.token("d"), "n")):
        with pytest.raises(Refused):
            case.do(command)

    case.do(ReturnBranch(case.token("d"), "x"))

    assert case.open() == ["x"]
    case.complete("x")
    assert case.open() == ["d"]


def test_places_that_do_not_exist_or_do_not_wait_are_refused():
    case = Case(GRAPHS["sub"])

    with pytest.raises(Refused, match="没有环节"):
        case.do(Jump(case.token("a"), "nowhere"))
    with pytest.raises(Refused, match="只能跳转到"):
        case.do(Jump(case.token("a"), "e"))
    with pytest.raises(Refused, match="另一个子流程"):
        case.do(Jump(case.token("a"), "f"))
    with pytest.raises(Refused, match="已经办结"):
        case.do(Jump(99, "a"))


def test_a_jump_out_of_a_sub_process_closes_it():
    case = Case(GRAPHS["sub"])
    case.complete("a")

    case.do(Jump(case.token("x"), "d"))

    assert case.open() == ["d"]
    assert case.marking.active() == {"d"}


def test_what_was_jumped_over_is_not_done():
    case = Case(GRAPHS["flat"])
    case.do(Jump(case.token("a"), "d"))

    with pytest.raises(Refused, match="还没有办完"):
        case.do(ReturnBranch(case.token("d"), "x"))


@pytest.mark.parametrize("text", [BRANCHES, TANGLED, SIDE])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_jump_leads_to_a_marking_the_drawing_reaches_by_itself(text, data):
    graph = proved(text)
    explorer = _Explorer(graph)
    assert explorer.explore() is None
    case = Case(graph)

    for _ in range(20):
        if case.marking.done:
            return
        task = data.draw(st.sampled_from(list(case.tasks.values())))
        target = data.draw(st.sampled_from(list(graph.nodes)))
        command = data.draw(st.sampled_from([Complete(task.token), Jump(task.token, target)]))
        try:
            case.do(command, outcome=data.draw(st.sampled_from(["", "other"])))
        except Refused:
            continue
        assert canonical(case.marking, explorer.twins) in explorer.seen
