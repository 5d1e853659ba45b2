"""撤回: the last completion is undone as long as nobody has worked on what it brought, whatever others did."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.model import Refused
from zhengtong.capabilities.cases.engine.soundness import _Explorer, canonical, prove
from zhengtong.capabilities.cases.engine.steps import (
    AddSigner,
    ArmTimer,
    CancelTask,
    DisarmTimers,
    FireTimer,
    Message,
    OpenTask,
    Recall,
    ReturnTo,
    Subscribe,
    Unsubscribe,
)
from zhengtong.capabilities.cases.tests.drawings import Case, graph_of
from zhengtong.capabilities.cases.tests.test_engine_returns import FLAT, GRAPHS, MULTI, SUB, WORKERS


def test_what_the_completion_brought_is_cancelled_and_the_task_opens_again():
    case = Case(GRAPHS["flat"])
    token = case.token("a")
    case.complete("a")
    opened = [case.token(name) for name in WORKERS]

    effects = case.do(Recall(token))

    assert effects == [*(CancelTask(number) for number in opened), OpenTask(case.token("a"), "a", None)]
    assert case.token("a") not in {token, *opened}
    assert case.open() == ["a"]
    with pytest.raises(Refused, match="不能撤回"):
        case.do(Recall(token))


def test_a_successor_that_is_done_cannot_be_undone():
    case = Case(GRAPHS["flat"])
    token = case.token("a")
    case.complete("a")
    case.complete("x")

    with pytest.raises(Refused, match="下一环节已经办理"):
        case.do(Recall(token))


@pytest.mark.parametrize("last", [False, True])
def test_one_department_recalls_while_the_others_keep_their_work(last):
    case = Case(GRAPHS["flat"])
    case.complete("a")
    case.complete("x")
    other, token = case.token("z"), case.token("y")
    case.complete("y")
    if last:
        token = case.token("z")
        case.complete("z")
        assert case.open() == ["d"]

    case.do(Recall(token))

    assert case.open() == (["z"] if last else ["y", "z"])
    assert last or case.token("z") == other
    for name in case.open():
        case.complete(name)
    assert case.open() == ["d"]


def test_a_department_cannot_recall_after_another_has_filled_the_join():
    case = Case(GRAPHS["flat"])
    case.complete("a")
    token = case.token("x")
    for name in ("x", "y", "z"):
        case.complete(name)

    with pytest.raises(Refused, match="不能撤回"):
        case.do(Recall(token))


def test_an_old_round_cannot_be_recalled_in_a_new_one():
    case = Case(GRAPHS["flat"])
    case.complete("a")
    token = case.token("x")
    case.complete("x")
    case.do(ReturnTo(case.token("y"), "a"))
    case.complete("a")
    case.complete("x")

    with pytest.raises(Refused, match="不能撤回"):
        case.do(Recall(token))


def test_the_last_step_of_a_sub_process_is_undone_with_what_had_arrived_inside():
    text = SUB + "boundary out on=w name=withdraw\nboundary late on=w for=P9D keep\nend gone\nend el\nout -> gone\n"
    case = Case(graph_of(text + "late -> el"))
    case.complete("a")
    case.complete("x")
    case.do(FireTimer(case.marking.tokens[case.token("y")].scope, "late"))
    case.complete("y")
    token = case.token("z")
    case.complete("z")
    assert case.open() == ["d"]

    effects = case.do(Recall(token))

    assert case.open() == ["z"]
    assert not any(isinstance(effect, ArmTimer) for effect in effects)
    assert any(isinstance(effect, Subscribe) for effect in effects)
    case.complete("z")
    assert case.open() == ["d"]


def test_the_events_of_a_task_wait_again_and_those_of_its_successor_do_not():
    text = (
        "start s\nuser a\nuser b\nend e\nboundary ta on=a for=P1D\nboundary mb on=b name=hello\nend e2\nta -> e2\n"
        "mb -> e2\ns -> a\na -> b\nb -> e"
    )
    case = Case(graph_of(text))
    token = case.token("a")
    case.complete("a")
    successor = case.token("b")

    effects = case.do(Recall(token))

    again = case.token("a")
    assert effects == [
        CancelTask(successor), Unsubscribe(successor), ArmTimer(again, "ta", "P1D"), OpenTask(again, "a", None),
    ]  # fmt: skip
    assert DisarmTimers(again) in case.complete("a")


@pytest.mark.parametrize("mode", ["multi", "series"])
@pytest.mark.parametrize("finished", [1, 2, 3])
def test_an_instance_is_undone_also_when_it_was_the_last(mode, finished):
    case = Case(graph_of(MULTI.replace("multi=", f"{mode}=")), departments=WORKERS)
    case.complete("a")
    for worker in WORKERS[:finished]:
        token = case.token(f"r/{worker}")
        case.complete(f"r/{worker}")

    case.do(Recall(token))

    left = WORKERS[finished - 1 :]
    assert case.open() == [f"r/{worker}" for worker in (left if mode == "multi" else left[:1])]
    for worker in left:
        case.complete(f"r/{worker}")
    assert case.open() == ["d"]


def test_departments_cancelled_by_a_majority_come_back_with_the_recall():
    text = MULTI.replace("multi=departments", "multi=departments until='instances_done >= 2'")
    case = Case(graph_of(text), departments=WORKERS)
    case.complete("a")
    case.complete("r/x")
    token = case.token("r/y")
    case.complete("r/y")
    assert case.open() == ["d"]

    case.do(Recall(token))

    assert case.open() == ["r/y", "r/z"]
    case.complete("r/z")
    assert case.open() == ["d"]


def test_a_department_added_meanwhile_stays_when_another_recalls():
    case = Case(graph_of(MULTI.replace("multi=", "series=")), departments=["x", "y"])
    case.complete("a")
    token = case.token("r/x")
    case.complete("r/x")
    case.do(AddSigner(case.token("r/y"), "z"))

    case.do(Recall(token))

    for worker in WORKERS:
        assert case.open() == [f"r/{worker}"]
        case.complete(f"r/{worker}")


def test_a_successor_with_signers_or_a_fired_warning_counts_as_touched():
    text = "start s\nuser a\nuser b\nend e\nboundary w on=b for=P1D keep\nuser n\nend e2\nw -> n\nn -> e2\n"
    graph = graph_of(text + "s -> a\na -> b\nb -> e")
    for touch in ("before", "after", "warn"):
        case = Case(graph)
        token = case.token("a")
        case.complete("a")
        successor = case.token("b")
        case.do(FireTimer(successor, "w") if touch == "warn" else AddSigner(successor, "H05", touch))

        with pytest.raises(Refused, match="不能撤回"):
            case.do(Recall(token))


def test_a_finished_reminder_is_not_recalled_after_its_task_was_returned():
    text = "start s\nuser p\nuser a\nuser b\nend e\nboundary w on=a for=P1D keep\nuser n\nend e2\nw -> n\nn -> e2\n"
    case = Case(graph_of(text + "s -> p\np -> a\na -> b\nb -> e"))
    case.complete("p")
    case.do(FireTimer(case.token("a"), "w"))
    token = case.token("n")
    case.complete("n")
    case.do(ReturnTo(case.token("a"), "p"))

    with pytest.raises(Refused, match="不能撤回"):
        case.do(Recall(token))


def test_a_signature_before_is_not_recalled_once_the_task_is_done():
    case = Case(graph_of("start s\nuser a\nuser b\nend e\ns -> a\na -> b\nb -> e"))
    case.do(AddSigner(case.token("a"), "H05", "before"))
    case.do(AddSigner(case.token("a"), "G11", "after"))
    token = case.token("a/H05")
    case.complete("a/H05")
    case.complete("a")

    with pytest.raises(Refused, match="不能撤回"):
        case.do(Recall(token))


def test_an_added_signer_recalls_his_signature():
    case = Case(graph_of("start s\nuser a\nuser b\nend e\ns -> a\na -> b\nb -> e"))
    case.do(AddSigner(case.token("a"), "H05", "parallel"))
    case.complete("a")
    token = case.token("a/H05")
    case.complete("a/H05")
    assert case.open() == ["b"]

    case.do(Recall(token))

    assert case.open() == ["a/H05"]
    case.complete("a/H05")
    assert case.open() == ["b"]


def test_the_end_cannot_be_recalled():
    case = Case(graph_of("start s\nuser a\nend e\ns -> a\na -> e"))
    token = case.token("a")
    case.complete("a")

    assert case.marking.undo == {}
    with pytest.raises(Refused, match="不能撤回"):
        case.do(Recall(token))


def test_nothing_old_is_kept_for_recall():
    case = Case(GRAPHS["flat"])
    for _ in range(5):
        for name in ("a", *WORKERS):
            case.complete(name)
        case.complete("d", outcome="return")

    assert len(case.marking.undo) == 1
    assert Marking.from_json(case.marking.to_json()) == case.marking


WITH_EVENTS = FLAT.replace("x -> j\n", "x -> mx\n") + (
    "boundary out on=x name=stop\nuser o\nxor mx\nout -> o\no -> mx\nmx -> j\n"
)


@pytest.mark.parametrize("name", [name for name in GRAPHS if name != "multi"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_recall_leads_to_a_marking_the_drawing_reaches_by_itself(name, data):
    graph = prove(graph_of(WITH_EVENTS)).graph if name == "flat" else GRAPHS[name]
    explorer = _Explorer(graph)
    assert explorer.explore() is None
    case = Case(graph)

    for _ in range(25):
        if case.marking.done:
            return
        wish = data.draw(st.sampled_from(["complete", "complete", "recall", "event"]))
        if wish == "recall" and case.marking.undo:
            case.do(Recall(data.draw(st.sampled_from(sorted(case.marking.undo)))))
        elif wish == "event" and case.messages and "x" in case.open():
            case.do(Message("stop"))
        else:
            case.complete(data.draw(st.sampled_from(case.open())), outcome=data.draw(st.sampled_from(["return", "ok"])))
        assert canonical(case.marking, explorer.twins) in explorer.seen


def test_a_step_done_in_an_earlier_round_still_counts_as_done_after_a_recall():
    text = "start s\nuser a\nuser b outcomes=x:甲;y:乙\nxor g\nend e\ns -> a\na -> b\nb -> g\ng => e\n"
    text += 'g -> a : outcome == "y"'
    case = Case(prove(graph_of(text)).graph)
    case.complete("a")
    case.complete("b", outcome="y")
    before, token = dict(case.marking.history), case.token("a")
    case.complete("a")

    case.do(Recall(token))

    assert case.marking.history == before == {"0/b": ()}
    case.do(ReturnTo(case.token("a"), "b"))
    assert case.open() == ["b"]
