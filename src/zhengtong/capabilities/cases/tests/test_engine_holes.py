"""Holes known from other interpreters, each closed: nothing vanishes, is swallowed, hangs or stays armed."""

import pytest

from zhengtong.capabilities.cases.engine.advance import waiting_timers
from zhengtong.capabilities.cases.engine.model import Refused, Unsafe
from zhengtong.capabilities.cases.engine.parse import parse
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.engine.steps import (
    CallService,
    CancelService,
    Complete,
    DisarmTimers,
    FireTimer,
    Message,
    ReturnTo,
    ServiceDone,
    ServiceFailed,
)
from zhengtong.capabilities.cases.tests.drawings import Case, drawing, graph_of


def refused(text: str) -> str:
    parsed = parse(drawing(text))
    assert parsed.graph is None
    return "；".join(refusal.message for refusal in parsed.refusals)


def test_a_list_is_explored_with_no_one_and_two_entries():
    only_two = (
        "start s\nuser r multi=departments\nxor m\nuser d\nend e\nboundary w on=r for=P1D\ns -> r\nr -> m\nw -> m\n"
        "m -> d\nd -> e"
    )
    inside = (
        "start s\nsub w multi=departments {\nstart s1\nand f\nuser a\nuser b\nxor m\nuser c\nend e1\ns1 -> f\nf -> a\n"
        "f -> b\na -> m\nb -> m\nm -> c\nc -> e1\n}\nend e\ns -> w\nw -> e"
    )

    assert prove(graph_of(only_two)).refusals == ()
    assert prove(graph_of(inside)).refusals[0].element_id == "c"


def test_a_warning_fires_once_each_time_it_is_armed():
    text = (
        "start s\nuser a\nboundary t on=a for=P5D keep\nuser warn\nend e\nend e2\ns -> a\na -> e\nt -> warn\nwarn -> e2"
    )
    assert prove(graph_of(text)).refusals == ()
    case = Case(graph_of(text))

    case.do(FireTimer(case.token("a"), "t"))

    with pytest.raises(Refused):
        case.do(FireTimer(case.token("a"), "t"))


@pytest.mark.parametrize("kind", ["user a", "service a topic=t"])
def test_several_arrows_out_of_a_task_are_refused_so_that_no_token_vanishes(kind):
    assert "只有网关可以分叉" in refused(f"start s\n{kind}\nend e\nend f\ns -> a\na -> e\na -> f")


@pytest.mark.parametrize("kind", ["xor", "or"])
def test_a_choice_without_default_is_refused_so_that_no_case_gets_stuck(kind):
    text = f"start s\n{kind} g\nuser a\nuser b\n{kind} j\nend e\ns -> g\na -> j\nb -> j\nj -> e\n"

    assert "没有默认连线" in refused(text + 'g -> a : outcome == "x"\ng -> b : outcome == "y"')


@pytest.mark.parametrize("how", ["interrupt", "return", "terminate"])
def test_what_is_cancelled_has_its_timers_and_jobs_taken_back(how):
    text = (
        "start s\nuser p\nsub w {\nstart s1\nand f\nuser a\nuser b\nservice q topic=t\n"
        "boundary late on=a for=P1D keep\nend el\n"
        "late -> el\nend e1\nterminate t\ns1 -> f\nf -> a\nf -> b\nf -> q\na -> e1\nb -> t\nq -> e1\n}\n"
        "boundary out on=w name=stop\nend e2\nend e\ns -> p\np -> w\nw -> e\nout -> e2"
    )
    case = Case(graph_of(text))
    case.complete("p")
    task, service = case.token("a"), case.token("q")
    command = {"interrupt": Message("stop"), "return": ReturnTo(task, "p"), "terminate": Complete(case.token("b"))}[how]

    effects = case.do(command)

    assert DisarmTimers(task) in effects
    assert CancelService(service) in effects
    assert waiting_timers(case.graph, case.marking) == []


def test_a_second_token_on_the_same_arrow_into_a_join_is_not_swallowed():
    text = (
        "start s\nand f\nuser x\nboundary w on=x name=again keep\nuser n\nxor g\nuser y\nand j\nend e\n"
        "s -> f\nf -> x\nf -> y\n"
        "x -> g\nw -> n\nn -> g\ng -> j\ny -> j\nj -> e"
    )
    assert "令牌堆积" in prove(graph_of(text)).refusals[0].message
    case = Case(graph_of(text))
    case.do(Message("again"))
    case.complete("x")

    with pytest.raises(Unsafe) as found:
        case.complete("n")

    assert (found.value.element_id, found.value.defect) == ("j", "pile")
    assert case.open() == ["n", "y"]


def test_a_service_task_waits_for_its_answer():
    case = Case(graph_of("start s\nservice q topic=t\nuser a\nend e\ns -> q\nq -> a\na -> e"))
    assert case.effects == [CallService(1, "q", "t")]
    assert case.open() == []

    case.do(ServiceDone(1))

    assert case.open() == ["a"]
    for late in (ServiceDone(1), ServiceFailed(1, "broken")):
        with pytest.raises(Refused, match="已经办结"):
            case.do(late)


def test_a_warning_beside_a_finished_branch_neither_restarts_it_nor_keeps_the_join_running():
    text = (
        "start s\nuser p\nand f\nuser x\nuser y\nand j\nuser d\nend e\nboundary w on=x for=P1D keep\n"
        "user n\nend en\nw -> n\n"
        "n -> en\ns -> p\np -> f\nf -> x\nf -> y\nx -> j\ny -> j\nj -> d\nd -> e"
    )
    graph = prove(graph_of(text)).graph
    case = Case(graph)
    case.complete("p")
    case.do(FireTimer(case.token("x"), "w"))
    case.complete("x")
    case.complete("y")
    assert case.open() == ["d", "n"]
    with pytest.raises(Refused, match="主线上"):
        case.do(ReturnTo(case.token("d"), "n"))

    case.do(ReturnTo(case.token("n"), "p"))

    assert case.open() == ["p"]
