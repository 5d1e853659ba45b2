"""调用活动和错误事件: what is called is frozen in; an error goes to the nearest event that catches it."""

import pytest

from zhengtong.capabilities.cases.engine.model import Graph, Refused, by_element
from zhengtong.capabilities.cases.engine.parse import called_processes, parse
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.engine.steps import CallService, CancelTask, Ended, ServiceDone, ServiceFailed
from zhengtong.capabilities.cases.tests.drawings import Case, drawing, graph_of

CALLED = 'start s\nuser q\nxor g\nend e\nerror x code=refused\ns -> q\nq -> g\ng => e\ng -> x : outcome == "no"'
CALLING = (
    "start s\nuser a\ncall c key=check\nboundary b on=c error=refused\nuser d\nuser n\nend e\ns -> a\na -> c\nc -> d\n"
    "b -> n\nd -> e\nn -> e"
)


def proved(text: str, **called: Graph) -> Graph:
    proof = prove(graph_of(text, **called))
    assert proof.graph is not None, proof.refusals
    return proof.graph


def refusals(text: str, variables: str = "outcome:text", **called: Graph) -> str:
    parsed = parse(drawing(text, variables), called=called)
    assert parsed.graph is None
    return "；".join(refusal.message for refusal in parsed.refusals)


@pytest.mark.parametrize(("outcome", "after"), [("yes", "d"), ("no", "n")])
def test_the_called_process_runs_inside_and_its_error_is_caught_outside(outcome, after):
    case = Case(proved(CALLING, check=proved(CALLED)))
    case.complete("a")
    assert case.open() == ["c~q"]
    assert case.marking.active() == {"c", "c~q"}

    case.complete("c~q", outcome=outcome)

    assert case.open() == [after]
    case.complete(after)
    assert case.marking.done


def test_the_called_version_is_frozen_and_named_by_its_digest():
    first = proved(CALLING, check=proved(CALLED))
    second = proved(CALLING, check=proved(CALLED.replace("user q", "user q role=chief")))

    assert first.nodes["c"].settings["called"] == "check"
    assert first.nodes["c"].settings["pinned"] != second.nodes["c"].settings["pinned"]
    assert Graph.from_json(first.to_json()) == first


def test_called_processes_call_further_ones():
    inner = proved("start s\nuser p\nend e\ns -> p\np -> e")
    middle = proved("start s\ncall m key=inner\nend e\ns -> m\nm -> e", inner=inner)
    case = Case(proved("start s\ncall c key=middle multi=departments\nend e\ns -> c\nc -> e", middle=middle),
                departments=["x", "y"])  # fmt: skip

    assert case.open() == ["c~m~p/x", "c~m~p/y"]
    for name in case.open():
        case.complete(name)
    assert case.marking.done


def test_which_processes_a_drawing_calls_is_known_before_they_are_loaded():
    xml = drawing(CALLING + "\ncall c2 key=other\ncall c3 key=check")

    assert called_processes(xml) == ("check", "other")
    assert called_processes("<no") == ()


def test_calls_that_do_not_fit_are_refused_at_the_call():
    listening = CALLED.replace("start s", "start s name=hello")
    typed = parse(drawing(CALLED, "outcome:text;n:number")).graph
    long = "c" * 75
    wordy = graph_of(
        CALLED.replace("user q", "user question").replace("-> q", "-> question").replace("q ->", "question ->")
    )
    assert "没有启用的版本" in refusals(CALLING)
    assert "由消息启动" in refusals(CALLING, check=graph_of(listening))
    assert "类型不同" in refusals(CALLING, "outcome:text;n:text", check=typed)
    assert "编号太长" in refusals(CALLING.replace("call c ", f"call {long} ").replace("on=c", f"on={long}")
                              .replace("a -> c", f"a -> {long}").replace("c -> d", f"{long} -> d"),
                              check=wordy)  # fmt: skip
    assert "没有事件接住错误" in refusals(CALLING.replace("error=refused", "error=other"), check=graph_of(CALLED))


SERVICE = (
    "start s\nsub w {\nstart s1\nand f\nservice q topic=pay\nboundary own on=q error=late\nuser again\nxor m\nuser p\n"
    "and j\nend e1\ns1 -> f\nf -> q\nf -> p\nq -> m\nown -> again\nagain -> m\nm -> j\np -> j\nj -> e1\n}\n"
    "boundary any on=w error=*\nuser repair\nuser d\nend e\ns -> w\nw -> d\nd -> e\nany -> repair\nrepair -> e"
)


def test_an_error_of_a_service_goes_to_its_own_event_then_to_one_around_it():
    graph = proved(SERVICE)
    case = Case(graph)
    assert CallService(case.token("q"), "q", "pay") in case.effects

    case.do(ServiceFailed(case.token("q"), "late"))
    assert case.open() == ["again", "p"]

    case = Case(graph)
    task = case.token("p")
    effects = case.do(ServiceFailed(case.token("q"), "broken"))
    assert CancelTask(task) in effects
    assert case.open() == ["repair"]


def test_an_error_nobody_catches_leaves_the_case_as_it_is():
    case = Case(graph_of("start s\nservice q topic=t\nend e\ns -> q\nq -> e"))
    with pytest.raises(Refused, match="没有接住它的错误事件"):
        case.do(ServiceFailed(case.token("q"), "broken"))
    with pytest.raises(Refused, match="不是正在等待"):
        Case(graph_of("start s\nuser a\nend e\ns -> a\na -> e")).do(ServiceFailed(1, "broken"))

    case.do(ServiceDone(case.token("q")))

    assert case.marking.done


def test_an_error_of_one_of_several_calls_ends_them_all():
    text = (
        "start s\nservice q topic=t multi=departments\nboundary b on=q error=*\nuser n\nuser d\nend e\ns -> q\nq -> d\n"
        "b -> n\nd -> e\nn -> e"
    )
    case = Case(proved(text), departments=["x", "y"])

    case.do(ServiceFailed(case.token("q/x"), "broken"))

    assert case.open() == ["n"]
    assert case.services == {}


def test_an_error_end_of_the_whole_process_ends_the_case():
    text = "start s\nand f\nuser a\nuser b\nerror x code=stop\nend e\ns -> f\nf -> a\nf -> b\na -> x\nb -> e"
    case = Case(proved(text))

    effects = case.complete("a")

    assert Ended("x") in effects
    assert case.marking.done


def test_an_exact_code_is_preferred_to_any():
    text = (
        "start s\nsub w {\nstart s1\nuser a\nxor g\nerror x code=one\nerror y code=two\ns1 -> a\na -> g\ng => x\n"
        'g -> y : outcome == "two"\n}\nboundary any on=w error=*\nboundary exact on=w error=one\nuser p\nuser q\n'
        "user d\nend e\ns -> w\nw -> d\nd -> e\nany -> p\nexact -> q\np -> e\nq -> e"
    )
    graph = graph_of(text)
    assert "d" in by_element(prove(graph).refusals)  # the sub-process never ends well: said, not guessed
    for outcome, after in (("one", "q"), ("two", "p")):
        case = Case(graph)
        case.complete("a", outcome=outcome)

        assert case.open() == [after]


def test_error_events_only_stand_where_errors_come_from():
    text = "start s\nuser a\nboundary b on=a error=x\nend e\nend e2\ns -> a\na -> e\nb -> e2"
    assert "人工任务不会出错" in refusals(text)
    text = text.replace("user a", "service a topic=t").replace("error=x", "error=x keep")
    assert "须中断" in refusals(text)


def test_several_messages_of_one_element_are_all_kept():
    parsed = parse(drawing("start s\nuser a limit=x phase=y\nend e\ns -> a\na -> e"))

    messages = by_element(parsed.refusals)["a"]

    assert len(messages) == 2
    assert all(refusal.message.startswith(refusal.place) for refusal in parsed.refusals)
