"""An event that leaves its activity open occurs again while what it brought is still open: nothing is opened twice."""

from dataclasses import replace

import pytest

from zhengtong.capabilities.cases.engine.migrate import migrate
from zhengtong.capabilities.cases.engine.model import Refused
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.engine.steps import (
    Complete,
    FireTimer,
    Jump,
    Message,
    OpenTask,
    Recall,
    ReturnBranch,
    ReturnTo,
    StillOpen,
)
from zhengtong.capabilities.cases.tests.drawings import Case, graph_of

BESIDE = "boundary t on=w for=P1D keep\nuser r\nend told\nt -> r\nr -> told\n"
#: `w` is done as often as asked, with a reminder beside it
ROUNDS = 'start s\nuser w\nxor g\nuser d\nend e\ns -> w\nw -> g\ng => d\ng -> w : outcome == "again"\nd -> e\n'
LINE = "start s\nuser a\nuser w\nuser d\nend e\ns -> a\na -> w\nw -> d\nd -> e\n"
BRANCH = (
    "start s\nand f\nuser w\nuser x\nand j\nuser d\nend e\ns -> f\nf -> w\nf -> x\nw -> j\nx -> j\nj -> d\nd -> e\n"
)


def proven(text, variables="outcome:text;departments:list"):
    proof = prove(graph_of(text, variables))
    assert proof.graph is not None, proof.refusals
    return Case(proof.graph, outcome="", departments=["H05", "G11"])


def reminded_twice(case, event="t"):
    """The second firing, in a second round of `w`."""
    case.do(FireTimer(case.token("w"), event))
    case.complete("w", outcome="again")
    return case.do(FireTimer(case.token("w"), event), outcome="")


def test_a_second_round_reminds_again_only_when_the_first_reminder_is_done():
    case = proven(ROUNDS + BESIDE)

    assert reminded_twice(case) == [StillOpen(case.token("w"), "t")]

    assert case.open() == ["r", "w"]
    with pytest.raises(Refused, match="已经到过期"):
        case.do(FireTimer(case.token("w"), "t"))
    case.complete("r")
    case.complete("w", outcome="again")
    effects = case.do(FireTimer(case.token("w"), "t"), outcome="")
    assert [effect.node for effect in effects if isinstance(effect, OpenTask)] == ["r"]
    case.complete("w")
    case.complete("d")
    case.complete("r")
    assert case.marking.done


def test_a_message_beside_a_step_opens_nothing_twice_either():
    case = proven(ROUNDS + BESIDE.replace("for=P1D", "name=more"))
    case.do(Message("more"))
    case.complete("w", outcome="again")

    assert case.do(Message("more"), outcome="") == [StillOpen(case.token("w"), "t")]

    assert case.open() == ["r", "w"]


def test_any_step_of_the_reminders_way_counts_as_still_open():
    case = proven(ROUNDS + BESIDE.replace("r -> told", "user q\nr -> q\nq -> told"))
    case.do(FireTimer(case.token("w"), "t"))
    case.complete("r")
    case.complete("w", outcome="again")

    assert case.do(FireTimer(case.token("w"), "t"), outcome="") == [StillOpen(case.token("w"), "t")]

    assert case.open() == ["q", "w"]


def test_a_half_filled_join_of_the_reminders_way_counts_as_still_open():
    ways = "t -> b\nand b\nb -> r\nb -> y\nuser r\nuser y\nand k\nr -> k\ny -> k\nk -> told\nend told\n"
    case = proven(ROUNDS + "boundary t on=w for=P1D keep\n" + ways)
    case.do(FireTimer(case.token("w"), "t"))
    case.complete("r")
    case.complete("w", outcome="again")

    assert case.do(FireTimer(case.token("w"), "t"), outcome="") == [StillOpen(case.token("w"), "t")]

    assert case.open() == ["w", "y"]
    for name in ("w", "d", "y"):
        case.complete(name)
    assert case.marking.done


def test_what_a_reminder_of_the_reminder_brought_does_not_hold_the_first_one_up():
    second = "boundary u on=r for=P1D keep\nuser q\nend twice\nu -> q\nq -> twice\n"
    case = proven(ROUNDS + BESIDE + second)
    case.do(FireTimer(case.token("w"), "t"))
    case.do(FireTimer(case.token("r"), "u"))
    case.complete("r")
    case.complete("w", outcome="again")

    effects = case.do(FireTimer(case.token("w"), "t"), outcome="")

    assert [effect.node for effect in effects if isinstance(effect, OpenTask)] == ["r"]
    assert case.do(FireTimer(case.token("r"), "u")) == [StillOpen(case.token("r"), "u")]
    assert case.open() == ["q", "r", "w"]


def test_each_entry_of_a_list_has_a_reminder_of_its_own():
    inner = ROUNDS.replace("start s", "start i").replace("s -> w", "i -> w") + BESIDE
    case = proven("start s\nend over\nsub l multi=departments {\n" + inner + "}\ns -> l\nl -> over")
    first, second = (number for number, task in case.tasks.items() if task.node == "w")

    case.do(FireTimer(first, "t"))
    effects = case.do(FireTimer(second, "t"))

    assert [effect.node for effect in effects if isinstance(effect, OpenTask)] == ["r"]


def test_two_events_that_lead_to_one_step_are_refused_before_any_case_runs():
    text = LINE + BESIDE + "boundary u on=w for=P3D keep\nu -> r"

    (refusal,) = prove(graph_of(text)).refusals

    assert refusal.element_id == "r"
    assert "不取消原环节的边界事件，请各引到自己的环节" in refusal.message


def recalled_reminder(graph):
    """As a case may stand whose reminder was recalled after its step began anew: `r` is open, `w` may still remind."""
    case = Case(graph, outcome="")
    case.complete("a")
    case.do(FireTimer(case.token("w"), "t"))
    case.marking = replace(case.marking, fired={})
    case.timers = {(case.token("w"), "t")}
    return case


def test_a_case_that_stands_so_already_goes_on_and_may_be_migrated():
    graph = prove(graph_of(LINE + BESIDE)).graph
    case = recalled_reminder(graph)

    migrated, _ = migrate(graph, graph, case.marking)
    assert migrated.tokens == case.marking.tokens

    assert case.do(FireTimer(case.token("w"), "t")) == [StillOpen(case.token("w"), "t")]
    for name in ("r", "w", "d"):
        case.complete(name)
    assert case.marking.done


def reminder_done(case):
    case.do(FireTimer(case.token("w"), "t"))
    token = case.token("r")
    case.complete("r")
    return token


def test_a_reminder_is_not_recalled_once_its_step_began_anew_by_a_return():
    case = proven(LINE + BESIDE)
    case.complete("a")
    token = reminder_done(case)
    case.complete("w")
    case.do(ReturnTo(case.token("d"), "w"))

    with pytest.raises(Refused, match="不能撤回"):
        case.do(Recall(token))


def test_a_reminder_is_not_recalled_once_its_branch_began_anew_by_a_jump():
    case = proven(BRANCH + BESIDE)
    token = reminder_done(case)
    case.do(Jump(case.token("w"), "w"))

    with pytest.raises(Refused, match="不能撤回"):
        case.do(Recall(token))


def test_a_return_of_another_branch_leaves_the_reminder_to_be_recalled():
    case = proven(BRANCH + BESIDE)
    token = reminder_done(case)
    case.do(ReturnBranch(case.token("x")))

    case.do(Recall(token))

    assert case.open() == ["r", "w", "x"]


def test_work_that_ended_by_itself_is_not_recalled_after_a_jump_to_before_it():
    text = (
        "start s\nxor g\nuser p\nuser q\nxor m\nand f\nuser x\nuser y\nend e\nend e2\ns -> g\ng => p\n"
        'g -> q : outcome == "no"\np -> m\nq -> m\nm -> f\nf -> x\nf -> y\nx -> e\ny -> e2'
    )
    case = proven(text)
    case.complete("p")
    token = case.token("x")
    case.complete("x")
    case.do(Jump(case.token("y"), "q"))

    with pytest.raises(Refused, match="不能撤回"):
        case.do(Recall(token))


def test_a_case_that_is_done_cannot_be_recalled():
    case = proven(LINE + BESIDE)
    case.complete("a")
    token = reminder_done(case)
    case.complete("w")
    case.complete("d")

    with pytest.raises(Refused, match="不能撤回"):
        case.do(Recall(token))


def test_the_list_of_a_reminder_is_no_place_to_return_the_case_to():
    case = proven(LINE + BESIDE.replace("user r", "user r multi=departments"))
    case.complete("a")
    case.do(FireTimer(case.token("w"), "t"))
    for name in ("r/H05", "r/G11"):
        case.complete(name)

    with pytest.raises(Refused, match="附带的提醒"):
        case.do(ReturnBranch(case.token("w"), "r", "H05"))

    assert case.open() == ["w"]
    case.do(Complete(case.token("w")))
