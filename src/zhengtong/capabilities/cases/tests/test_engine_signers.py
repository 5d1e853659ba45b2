"""加签、减签 on ordinary tasks and on one department of a list: before, after, beside."""

import pytest

from zhengtong.capabilities.cases.engine.advance import advance
from zhengtong.capabilities.cases.engine.marking import HELD, Marking, Token
from zhengtong.capabilities.cases.engine.model import Refused
from zhengtong.capabilities.cases.engine.signers import signers_before
from zhengtong.capabilities.cases.engine.steps import (
    AddSigner,
    Cancel,
    CancelTask,
    Complete,
    DisarmTimers,
    FireTimer,
    OpenTask,
    RemoveSigner,
    ReturnBranch,
    ReturnTo,
)
from zhengtong.capabilities.cases.tests.drawings import Case, graph_of

LINE = (
    'start s\nuser a\nuser b\nuser c\nend e\nboundary late on=b for="5 WD"\nend el\nlate -> el\n'
    "s -> a\na -> b\nb -> c\nc -> e"
)
LIST = "start s\nuser a\nuser r multi=departments\nuser d\nend e\ns -> a\na -> r\nr -> d\nd -> e"


def at_b() -> Case:
    case = Case(graph_of(LINE))
    case.complete("a")
    return case


def test_a_signer_before_acts_first_and_then_the_task_can_be_done():
    case = at_b()
    task = case.token("b")

    effects = case.do(AddSigner(task, "H05", "before"))

    assert effects == [OpenTask(case.token("b/H05"), "b", "H05", "before")]
    assert signers_before(case.marking, task) == ("H05",)
    with pytest.raises(Refused, match="前加签“H05”"):
        case.do(Complete(task))
    case.complete("b/H05")
    assert case.open() == ["b"]
    case.complete("b")
    assert case.open() == ["c"]


def test_a_signer_after_acts_when_the_task_is_done_and_before_the_case_moves_on():
    case = at_b()
    assert case.do(AddSigner(case.token("b"), "H05", "after")) == []
    assert case.marking.to_json()["a"] == {str(case.token("b")): ["H05"]}

    effects = case.complete("b")

    assert effects == [OpenTask(case.token("b/H05"), "b", "H05", "after")]
    assert case.open() == ["b/H05"]
    case.complete("b/H05")
    assert case.open() == ["c"]


@pytest.mark.parametrize("order", [["b", "b/H05"], ["b/H05", "b"]])
def test_a_signer_beside_and_the_task_must_both_be_done(order):
    case = at_b()
    case.do(AddSigner(case.token("b"), "H05", "parallel"))

    case.complete(order[0])
    assert case.open() == [order[1]]
    case.complete(order[1])

    assert case.open() == ["c"]


def test_a_finished_task_that_waits_for_its_signers_cannot_be_done_again_but_still_runs_late():
    case = at_b()
    task = case.token("b")
    case.do(AddSigner(task, "H05", "parallel"))
    case.complete("b")
    assert case.marking.tokens[task].mark == HELD

    with pytest.raises(Refused, match="正在等加签"):
        case.do(Complete(task))
    with pytest.raises(Refused, match="不能再在它之前"):
        case.do(AddSigner(task, "G11", "before"))
    signer = case.token("b/H05")
    effects = case.do(FireTimer(task, "late"))

    assert effects[0] == CancelTask(signer)
    assert CancelTask(task) not in effects
    assert case.marking.done


def test_a_signer_asks_further_signers_of_the_same_task():
    case = at_b()
    case.do(AddSigner(case.token("b"), "H05", "before"))

    case.do(AddSigner(case.token("b/H05"), "G11", "before"))

    assert case.open() == ["b", "b/G11", "b/H05"]
    with pytest.raises(Refused, match="已经在"):
        case.do(AddSigner(case.token("b"), "G11", "after"))
    for name in ("b/H05", "b/G11", "b"):
        case.complete(name)
    assert case.open() == ["c"]


def test_signers_can_be_taken_away_again_but_removal_never_moves_the_case():
    case = at_b()
    task = case.token("b")
    for item, where in (("H05", "before"), ("G11", "after"), ("G10", "after")):
        case.do(AddSigner(task, item, where))

    with pytest.raises(Refused, match="不在"):
        case.do(RemoveSigner(task, "nobody"))
    with pytest.raises(Refused, match="指明"):
        case.do(RemoveSigner(task))
    before = case.token("b/H05")
    assert case.do(RemoveSigner(before)) == [CancelTask(before)]
    assert case.do(RemoveSigner(task, "G11")) == []
    case.complete("b")
    assert case.open() == ["b/G10"]
    with pytest.raises(Refused, match="最后一个加签"):
        case.do(RemoveSigner(case.token("b/G10")))
    case.do(AddSigner(case.token("b/G10"), "G11", "after"))
    case.do(RemoveSigner(task, "G10"))
    case.complete("b/G11")

    assert case.open() == ["c"]


def test_return_and_withdrawal_cancel_the_signers_with_their_task():
    case = at_b()
    case.do(AddSigner(case.token("b"), "H05", "parallel"))
    case.complete("b")
    host = case.marking.tokens[case.token("b/H05")].scope

    effects = case.do(ReturnTo(case.token("b/H05"), "a"))

    assert [type(effect) for effect in effects] == [CancelTask, DisarmTimers, OpenTask]
    assert DisarmTimers(host) in effects
    assert case.open() == ["a"]
    case.complete("a")
    case.do(AddSigner(case.token("b"), "H05", "before"))
    case.do(Cancel())
    assert case.tasks == {}


def test_in_a_list_a_signer_beside_is_one_more_department_and_one_before_holds_only_his_own():
    case = Case(graph_of(LIST), departments=["x", "y"])
    case.complete("a")

    case.do(AddSigner(case.token("r/x"), "z", "parallel"))
    case.do(AddSigner(case.token("r/x"), "H05", "before"))
    case.do(AddSigner(case.token("r/y"), "G11", "after"))
    assert case.open() == ["r/H05", "r/x", "r/y", "r/z"]
    with pytest.raises(Refused, match="前加签"):
        case.complete("r/x")
    case.complete("r/y")
    assert case.open() == ["r/G11", "r/H05", "r/x", "r/z"]
    for name in ("r/G11", "r/H05", "r/z", "r/x"):
        assert "d" not in case.open()
        case.complete(name)

    assert case.open() == ["d"]


def test_one_department_starts_again_without_its_signers():
    case = Case(graph_of(LIST), departments=["x", "y"])
    case.complete("a")
    case.do(AddSigner(case.token("r/x"), "H05", "before"))

    case.do(ReturnBranch(case.token("r/H05")))

    assert case.open() == ["r/x", "r/y"]


def test_places_nobody_knows_and_tasks_nobody_signs_are_refused():
    text = "start s\nservice q topic=t\nsub w multi=departments {\nstart s1\nuser r\nend e1\ns1 -> r\nr -> e1\n}\n"
    case = Case(graph_of(text + "end e\ns -> q\nq -> w\nw -> e"), departments=["x"])
    with pytest.raises(Refused, match="不是人工任务"):
        case.do(AddSigner(case.token("q"), "H05", "before"))
    case.complete("q")
    with pytest.raises(Refused, match="不认识"):
        case.do(AddSigner(case.token("r/x"), "H05", "beneath"))
    with pytest.raises(Refused, match="请选择"):
        case.do(AddSigner(case.token("r/x"), "", "before"))
    body, instance = (number for number, token in case.marking.tokens.items() if token.node == "w")
    for number in (body, instance):
        with pytest.raises(Refused, match=r"不是人工任务"):
            case.do(AddSigner(number, "H05", "before"))

    case.do(AddSigner(body, "y", "parallel"))

    assert case.open() == ["r/x", "r/y"]


def test_a_marking_written_before_there_were_signers_still_loads():
    graph = graph_of(LINE)
    old = {"n": 3, "t": {"2": ["b", 0, None]}, "j": {}, "h": [["0/a", []]]}

    marking = Marking.from_json(old)

    assert marking.tokens == {2: Token("b", 0, None)}
    assert marking.to_json() == old
    after, _ = advance(graph, marking, {}, AddSigner(2, "H05", "before"))
    assert after.to_json()["t"] == {"2": ["b", 0, None], "3": ["b", 2, "H05", "before"]}
    assert Marking.from_json(after.to_json()) == after
