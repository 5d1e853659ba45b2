"""退回、退回单个分支、加签、减签; the return models on which a library opened the decision too early."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases.engine.model import Refused
from zhengtong.capabilities.cases.engine.soundness import _Explorer, canonical, prove
from zhengtong.capabilities.cases.engine.steps import (
    AddSigner,
    CancelTask,
    Complete,
    DisarmTimers,
    OpenTask,
    RemoveSigner,
    ReturnBranch,
    ReturnTo,
)
from zhengtong.capabilities.cases.tests.drawings import Case, graph_of

TAIL = "xor g\nend e\nd -> g\ng => e\n"
FLAT = (
    "start s\nxor m\nuser a\nand f\nuser x\nuser y\nuser z\nand j\nuser d\ns -> m\nm -> a\na -> f\nf -> x\n"
    'f -> y\nf -> z\nx -> j\ny -> j\nz -> j\nj -> d\ng -> m : outcome == "return"\n' + TAIL
)
TO_FORK = (
    "start s\nuser a\nxor m\nand f\nuser x\nuser y\nuser z\nand j\nuser d\ns -> a\na -> m\nm -> f\nf -> x\nf -> y\n"
    'f -> z\nx -> j\ny -> j\nz -> j\nj -> d\ng -> m : outcome == "return"\n' + TAIL
)
SUB = (
    "start s\nxor m\nuser a\nsub w {\nstart s1\nand f\nuser x\nuser y\nuser z\nand j\nend e1\ns1 -> f\nf -> x\nf -> y\n"
    "f -> z\nx -> j\ny -> j\nz -> j\nj -> e1\n}\nuser d\ns -> m\nm -> a\na -> w\nw -> d\n"
    'g -> m : outcome == "return"\n' + TAIL
)
MULTI = (
    "start s\nxor m\nuser a\nuser r multi=departments\nuser d\ns -> m\nm -> a\na -> r\nr -> d\n"
    'g -> m : outcome == "return"\n' + TAIL
)
NESTED = (
    "start s\nxor m\nuser a\nand f\nuser x\nand f2\nuser y\nuser z\nand j2\nand j\nuser d\ns -> m\nm -> a\na -> f\n"
    "f -> x\nf -> f2\nf2 -> y\nf2 -> z\ny -> j2\nz -> j2\nj2 -> j\nx -> j\nj -> d\n"
    'g -> m : outcome == "return"\n' + TAIL
)
MODELS = {"flat": FLAT, "to_fork": TO_FORK, "sub": SUB, "multi": MULTI, "nested": NESTED}
GRAPHS = {name: prove(graph_of(text)).graph for name, text in MODELS.items()}
WORKERS = ["x", "y", "z"]


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=40, deadline=None)
@given(rounds=st.lists(st.permutations(WORKERS), min_size=2, max_size=5))
def test_the_decision_opens_once_after_all_departments_in_every_round(name, rounds):
    case = Case(GRAPHS[name], departments=WORKERS)
    prefix = "r/" if name == "multi" else ""

    for order in rounds:
        if name != "to_fork" or order is rounds[0]:
            case.complete("a")
        for worker in order:
            assert "d" not in case.open()
            case.complete(prefix + worker)
        assert case.open() == ["d"]
        case.complete("d", outcome="approve" if order is rounds[-1] else "return")

    assert case.marking.done
    opened = [effect for effect in case.history if isinstance(effect, OpenTask) and effect.node == "d"]
    assert len(opened) == len(rounds)


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_return_in_the_middle_forgets_the_half_filled_join(name, data):
    case = Case(GRAPHS[name], departments=WORKERS)
    prefix = "r/" if name == "multi" else ""
    case.complete("a")
    first = data.draw(st.permutations(WORKERS))
    for worker in first[: data.draw(st.integers(0, 2))]:
        case.complete(prefix + worker)

    case.do(ReturnTo(case.token(prefix + first[2]), "a"))
    assert case.open() == ["a"]
    case.complete("a")

    for worker in data.draw(st.permutations(WORKERS)):
        assert "d" not in case.open()
        case.complete(prefix + worker)
    assert case.open() == ["d"]


def test_return_cancels_siblings_and_disarms_their_timers():
    text = FLAT + 'boundary late on=y for="5 WD" keep\nuser warn\nend ew\nlate -> warn\nwarn -> ew'
    case = Case(graph_of(text))
    case.complete("a")
    y = case.token("y")

    effects = case.do(ReturnTo(case.token("x"), "a"))

    assert CancelTask(y) in effects
    assert DisarmTimers(y) in effects
    assert case.timers == set()


def test_return_into_a_branch_as_a_whole_is_refused_and_to_the_fork_allowed():
    case = Case(GRAPHS["flat"])
    for name in ("a", "x", "y", "z"):
        case.complete(name)
    with pytest.raises(Refused, match="并行分支之内"):
        case.do(ReturnTo(case.token("d"), "x"))

    case.do(ReturnTo(case.token("d"), "f"))

    assert case.open() == ["x", "y", "z"]


def test_return_to_unknown_or_unfit_nodes_is_refused():
    case = Case(GRAPHS["sub"])
    with pytest.raises(Refused, match="没有环节"):
        case.do(ReturnTo(case.token("a"), "nowhere"))
    with pytest.raises(Refused, match="只能退回到任务"):
        case.do(ReturnTo(case.token("a"), "e"))
    with pytest.raises(Refused, match=r"子流程|并行"):
        case.do(ReturnTo(case.token("a"), "x"))


def test_return_out_of_a_sub_process_closes_it():
    case = Case(GRAPHS["sub"])
    case.complete("a")
    case.complete("y")

    case.do(ReturnTo(case.token("x"), "a"))

    assert case.open() == ["a"]
    assert case.marking.active() == {"a"}


@pytest.mark.parametrize("name", ["flat", "to_fork", "nested"])
@pytest.mark.parametrize("worker", WORKERS)
def test_after_the_join_one_branch_returns_and_the_others_keep_their_work(name, worker):
    case = Case(GRAPHS[name])
    for task in ("a", *WORKERS):
        case.complete(task)

    case.do(ReturnBranch(case.token("d"), worker))
    assert case.open() == [worker]
    case.complete(worker)

    assert case.open() == ["d"]


@pytest.mark.parametrize("name", ["flat", "nested"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_before_the_join_one_branch_returns_and_the_join_still_waits_for_all(name, data):
    case = Case(GRAPHS[name])
    case.complete("a")
    order = data.draw(st.permutations(WORKERS))
    finished = order[: data.draw(st.integers(1, 2))]
    for worker in finished:
        case.complete(worker)
    again = data.draw(st.sampled_from(finished))
    still_open = set(case.open())

    case.do(ReturnBranch(case.token(order[2]), again))

    assert set(case.open()) == still_open | {again}
    for worker in data.draw(st.permutations(case.open())):
        assert "d" not in case.open()
        case.complete(worker)
    assert case.open() == ["d"]


def test_own_branch_starts_again_from_its_first_step():
    text = (
        "start s\nand f\nuser draft\nuser check\nuser other\nand j\nuser d\nend e\n"
        "s -> f\nf -> draft\ndraft -> check\nf -> other\ncheck -> j\nother -> j\nj -> d\nd -> e"
    )
    case = Case(graph_of(text))
    case.complete("draft")
    other = case.token("other")

    case.do(ReturnBranch(case.token("check")))

    assert case.open() == ["draft", "other"]
    assert case.token("other") == other


def test_a_task_outside_any_branch_cannot_return_as_a_branch():
    case = Case(GRAPHS["flat"])

    with pytest.raises(Refused, match="不在并行分支中"):
        case.do(ReturnBranch(case.token("a")))
    with pytest.raises(Refused, match="不在并行分支中"):
        case.do(ReturnBranch(case.token("a"), "d"))


def test_one_department_of_a_list_returns_while_the_others_keep_their_work():
    case = Case(GRAPHS["multi"], departments=WORKERS)
    case.complete("a")
    case.complete("r/x")

    case.do(ReturnBranch(case.token("r/y"), "r", "x"))
    assert case.open() == ["r/x", "r/y", "r/z"]
    for worker in ("x", "y", "z"):
        case.complete(f"r/{worker}")
    assert case.open() == ["d"]
    case.do(ReturnBranch(case.token("d"), "r", "z"))
    assert case.open() == ["r/z"]
    case.complete("r/z")

    assert case.open() == ["d"]


def test_one_open_department_starts_again_with_a_new_work_item():
    case = Case(GRAPHS["multi"], departments=WORKERS)
    case.complete("a")
    old = case.token("r/x")

    effects = case.do(ReturnBranch(old))

    assert effects == [CancelTask(old), OpenTask(case.token("r/x"), "r", "x")]
    with pytest.raises(Refused, match="没有"):
        case.do(ReturnBranch(case.token("r/x"), "r", "nobody"))


INCLUSIVE = (
    "start s\nuser a\nor f\nuser x\nuser y\nor j\nuser d\nend e\ns -> a\na -> f\n"
    'f -> x : "x" in departments\nf => y\nx -> j\ny -> j\nj -> d\nd -> e'
)


def test_an_inclusive_branch_returns_alone_but_not_one_that_was_not_taken():
    case = Case(graph_of(INCLUSIVE), departments=["x"])
    case.complete("a")
    with pytest.raises(Refused, match="还没有办完"):
        case.do(ReturnBranch(case.token("x"), "y"))
    case.complete("x")
    assert case.open() == ["d"]

    case.do(ReturnBranch(case.token("d"), "x"))
    assert case.open() == ["x"]
    case.complete("x")

    assert case.open() == ["d"]


def test_a_return_never_goes_forward():
    case = Case(GRAPHS["flat"])
    with pytest.raises(Refused, match="还没有办过"):
        case.do(ReturnTo(case.token("a"), "d"))
    with pytest.raises(Refused, match="还没有办完"):
        case.do(ReturnBranch(case.token("a"), "x"))
    case.complete("a")
    case.complete("x")
    with pytest.raises(Refused, match="还没有办完"):
        case.do(ReturnBranch(case.token("y"), "z"))
    case.do(ReturnTo(case.token("y"), "a"))

    with pytest.raises(Refused, match="还没有办完"):
        case.do(ReturnBranch(case.token("a"), "x"))


def test_in_a_new_round_only_the_work_of_that_round_counts_as_done():
    case = Case(GRAPHS["flat"])
    for name in ("a", *WORKERS):
        case.complete(name)
    case.complete("d", outcome="return")
    case.complete("a")
    case.complete("y")

    with pytest.raises(Refused, match="还没有办完"):
        case.do(ReturnBranch(case.token("z"), "x"))


@pytest.mark.parametrize("mode", ["multi", "series"])
def test_add_signer_and_remove_signer(mode):
    case = Case(graph_of(MULTI.replace("multi=", f"{mode}=")), departments=["x", "y"])
    case.complete("a")

    case.do(AddSigner(case.token("r/x"), "new"))
    with pytest.raises(Refused, match="已经在"):
        case.do(AddSigner(case.token("r/x"), "new"))
    case.do(RemoveSigner(case.token("r/x"), "y"))
    case.complete("r/x")
    assert case.open() == ["r/new"]
    with pytest.raises(Refused, match="已经办完"):
        case.do(AddSigner(case.token("r/new"), "x"))
    with pytest.raises(Refused, match="最后一个"):
        case.do(RemoveSigner(case.token("r/new")))
    case.complete("r/new")

    assert case.open() == ["d"]


def test_removing_the_running_signer_of_a_sequence_opens_the_next():
    case = Case(graph_of(MULTI.replace("multi=", "series=")), departments=["x", "y"])
    case.complete("a")

    case.do(RemoveSigner(case.token("r/x")))

    assert case.open() == ["r/y"]


@pytest.mark.parametrize("name", [name for name in MODELS if name != "multi"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_command_leads_to_a_marking_the_drawing_reaches_by_itself(name, data):
    graph = GRAPHS[name]
    explorer = _Explorer(graph)
    assert explorer.explore() is None
    case = Case(graph)

    for _ in range(25):
        if case.marking.done:
            return
        task = data.draw(st.sampled_from(list(case.tasks.values())))
        target = data.draw(st.sampled_from(list(graph.nodes)))
        commands = [Complete(task.token), ReturnTo(task.token, target), ReturnBranch(task.token, target)]
        try:
            case.do(data.draw(st.sampled_from(commands)), outcome=data.draw(st.sampled_from(["return", "approve"])))
        except Refused:
            continue
        assert canonical(case.marking, explorer.twins) in explorer.seen


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_random_plays_with_every_command_always_reach_the_end(name, seed):
    choose = random.Random(seed)
    case = Case(GRAPHS[name], departments=WORKERS)

    for step in range(60):
        if case.marking.done:
            break
        task = choose.choice(list(case.tasks.values()))
        command = choose.choice(["complete"] * 4 + ["return", "branch", "add", "remove"])
        if command == "complete" or step > 30:
            case.complete(f"{task.node}/{task.item}" if task.item else task.node, outcome="approve")
            continue
        target = choose.choice(list(GRAPHS[name].nodes))
        commands = {
            "return": ReturnTo(task.token, target),
            "branch": ReturnBranch(task.token, choose.choice([None, target]), choose.choice([None, "x", "y"])),
            "add": AddSigner(task.token, f"n{step}"),
            "remove": RemoveSigner(task.token),
        }
        before = case.marking
        try:
            case.do(commands[command])
        except Refused:
            assert case.marking is before

    assert case.marking.done
