"""The token game: activities, gateways, events, sub-processes, multi-instance; every step replayed from JSON."""

import pytest

from zhengtong.capabilities.cases.engine.advance import advance, begin
from zhengtong.capabilities.cases.engine.marking import Marking, Token
from zhengtong.capabilities.cases.engine.model import Refused
from zhengtong.capabilities.cases.engine.steps import (
    ArmTimer,
    CallService,
    Cancel,
    CancelService,
    CancelTask,
    Complete,
    DisarmTimers,
    Done,
    Ended,
    FireTimer,
    Message,
    OpenTask,
    ServiceDone,
    Unsubscribe,
)
from zhengtong.capabilities.cases.tests.drawings import Case, graph_of

FORK = """
start s
user a
and f
user x
user y
user z
and j
user d
end e
s -> a
a -> f
f -> x
f -> y
f -> z
x -> j
y -> j
z -> j
j -> d
d -> e
"""


def test_marking_in_the_middle_of_a_fork_keeps_arrived_arrows_by_id():
    case = Case(graph_of(FORK))

    case.complete("a")
    case.complete("x")

    assert case.marking.to_json() == {
        "n": 5,
        "t": {"3": ["y", 0, None], "4": ["z", 0, None]},
        "j": {"0/j": ["x_j"]},
        "h": [["0/a", []], ["0/f", []], ["0/x", []]],
        "u": {
            "2": [
                {"t": {"2": ["x", 0, None]}},
                {"j": {"0/j": ["x_j"]}, "h": [["0/x", []]]},
            ]
        },
    }
    assert case.open() == ["y", "z"]


def test_effects_of_a_whole_case():
    graph = graph_of("start s\nuser a\nservice i topic=issue\nend e\ns -> a\na -> i\ni -> e")

    marking, first = begin(graph, {})
    marking, second = advance(graph, marking, {}, Complete(1))
    marking, third = advance(graph, marking, {}, ServiceDone(2))

    assert first == [OpenTask(1, "a", None)]
    assert second == [CallService(2, "i", "issue")]
    assert third == [Ended("e"), Done()]
    assert marking.done


def test_a_second_press_and_a_wrong_kind_of_answer_are_refused():
    case = Case(graph_of(FORK))
    with pytest.raises(Refused, match="不能这样办结"):
        case.do(ServiceDone(1))
    case.do(Complete(1))

    with pytest.raises(Refused, match="已经办结"):
        case.do(Complete(1))


CHOICE = """
start s
user a
xor g
user b
user c
end e
s -> a
a -> g
g -> b : outcome == "yes"
g => c
b -> e
c -> e
"""


@pytest.mark.parametrize(("outcome", "opened"), [("yes", "b"), ("no", "c"), (None, "c")])
def test_exclusive_gateway_takes_the_first_true_arrow_else_the_default(outcome, opened):
    case = Case(graph_of(CHOICE))

    case.complete("a", outcome=outcome)

    assert case.open() == [opened]


INCLUSIVE = """
start s
user a
or f
user x
user y
user z
or j
user d
end e
s -> a
a -> f
f -> x : "x" in departments
f -> y : "y" in departments
f => z
x -> j
y -> j
z -> j
j -> d
d -> e
"""


@pytest.mark.parametrize(("chosen", "opened"), [(["x", "y"], ["x", "y"]), (["y"], ["y"]), ([], ["z"])])
def test_inclusive_join_waits_for_exactly_the_branches_taken(chosen, opened):
    case = Case(graph_of(INCLUSIVE), departments=chosen)
    case.complete("a")
    assert case.open() == opened

    for name in reversed(opened):
        assert case.open() != ["d"]
        case.complete(name)

    assert case.open() == ["d"]


def test_event_gateway_takes_what_comes_first_and_disarms_the_other():
    case = Case(
        graph_of(
            "start s\nuser a\nevent g\ntimer t for=P5D\nmessage m name=reply\nuser late\nuser ok\nend e\n"
            "s -> a\na -> g\ng -> t\ng -> m\nt -> late\nm -> ok\nlate -> e\nok -> e"
        )
    )
    case.complete("a")
    ((number, node),) = case.timers
    assert (case.effects[0], node) == (ArmTimer(number, "t", "P5D"), "t")

    effects = case.do(Message("reply"))

    assert effects[:2] == [DisarmTimers(number), Unsubscribe(number)]
    assert case.open() == ["ok"]
    with pytest.raises(Refused):
        case.do(FireTimer(number, "t"))


BORDER = """
start s
sub w {
start s1
user a
service x topic=t
and f
and j
end e1
s1 -> f
f -> a
f -> x
a -> j
x -> j
j -> e1
}
boundary out on=w name=withdraw
boundary warn on=w for="5 WD" keep
user remind
user after
end e
end gone
end warned
s -> w
w -> after
after -> e
out -> gone
warn -> remind
remind -> warned
"""


def test_interrupting_message_cancels_everything_inside_and_disarms_timers():
    case = Case(graph_of(BORDER))
    task, service = case.token("a"), case.token("x")

    effects = case.do(Message("withdraw"))

    assert CancelTask(task) in effects
    assert CancelService(service) in effects
    assert DisarmTimers(1) in effects
    assert effects[-2:] == [Ended("gone"), Done()]


def test_non_interrupting_timer_fires_once_and_leaves_the_work_open():
    case = Case(graph_of(BORDER))

    case.do(FireTimer(1, "warn"))

    assert case.open() == ["a", "remind"]
    with pytest.raises(Refused, match="计时"):
        case.do(FireTimer(1, "warn"))
    case.complete("a")
    case.complete("x")
    assert case.open() == ["after", "remind"]
    case.complete("after")
    assert not case.marking.done
    case.complete("remind")
    assert case.marking.done


def test_a_message_nobody_waits_for_is_refused():
    case = Case(graph_of(BORDER))
    case.complete("a")
    case.complete("x")

    with pytest.raises(Refused, match="不等待消息"):
        case.do(Message("withdraw"))


def test_one_message_two_waiting_tasks_needs_a_token():
    text = FORK + "boundary bx on=x name=hello\nboundary by on=y name=hello\nend ex\nend ey\nbx -> ex\nby -> ey"
    case = Case(graph_of(text))
    case.complete("a")
    with pytest.raises(Refused, match="指明"):
        case.do(Message("hello"))

    case.do(Message("hello", token=case.token("y")))

    assert case.open() == ["x", "z"]


def test_terminate_ends_only_its_own_scope():
    case = Case(
        graph_of(
            "start s\nsub w {\nstart s1\nand f\nuser a\nuser b\nend e1\nterminate stop\n"
            "s1 -> f\nf -> a\nf -> b\na -> e1\nb -> stop\n}\nuser after\nend e\ns -> w\nw -> after\nafter -> e"
        )
    )

    case.complete("b")

    assert case.open() == ["after"]


def test_what_opens_and_closes_within_one_step_has_no_effect():
    text = (
        "start s\nuser a\nand f\nuser x\nservice y topic=t\ntimer w for=P1D\nxor g\nterminate stop\nend e\n"
        "boundary late on=x for=P5D\ns -> a\na -> f\nf -> x\nf -> y\nf -> w\nf -> g\ng -> stop\n"
        "x -> e\ny -> e\nw -> e\nlate -> e"
    )
    case = Case(graph_of(text))

    effects = case.complete("a")

    assert effects == [Ended("stop"), Done()]
    assert case.marking.done


MULTI = "start s\nuser r {}\nuser d\nend e\ns -> r\nr -> d\nd -> e"


def test_parallel_instances_open_together_and_finish_in_any_order():
    case = Case(graph_of(MULTI.format("multi=departments")), departments=["H05", "G11", "G10"])
    assert case.open() == ["r/G10", "r/G11", "r/H05"]

    for item in ("G10", "H05"):
        case.complete(f"r/{item}")
        assert "d" not in case.open()
    case.complete("r/G11")

    assert case.open() == ["d"]


def test_sequential_instances_open_one_after_the_other():
    case = Case(graph_of(MULTI.format("series=departments")), departments=["H05", "G11"])
    assert case.open() == ["r/H05"]

    case.complete("r/H05")
    assert case.open() == ["r/G11"]
    case.complete("r/G11")

    assert case.open() == ["d"]


def test_completion_condition_ends_early_and_cancels_the_rest():
    text = MULTI.format("multi=departments until='instances_done >= 2'")
    case = Case(graph_of(text), departments=["a", "b", "c"])
    case.complete("r/c")
    left = case.token("r/b")

    effects = case.complete("r/a")

    assert effects[0] == CancelTask(left)
    assert case.open() == ["d"]


def test_an_empty_list_passes_and_a_missing_or_doubled_one_is_refused():
    graph = graph_of(MULTI.format("multi=departments"))

    assert Case(graph, departments=[]).open() == ["d"]
    with pytest.raises(Refused, match="名单"):
        begin(graph, {})
    with pytest.raises(Refused, match="重复"):
        begin(graph, {"departments": ["a", "a"]})


def test_multi_instance_sub_process_keeps_the_item_inside():
    case = Case(
        graph_of(
            "start s\nsub w multi=departments {\nstart s1\nuser a\nuser b\nend e1\ns1 -> a\na -> b\nb -> e1\n}\n"
            "user d\nend e\ns -> w\nw -> d\nd -> e"
        ),
        departments=["H05", "G11"],
    )
    case.complete("a/H05")
    assert case.open() == ["a/G11", "b/H05"]

    case.complete("b/H05")
    case.complete("a/G11")
    case.complete("b/G11")

    assert case.open() == ["d"]


def test_cancel_closes_everything_once():
    case = Case(graph_of(FORK))
    case.complete("a")

    effects = case.do(Cancel())

    assert effects[-1] == Done(cancelled=True)
    assert case.tasks == {}
    with pytest.raises(Refused, match="已经结束"):
        case.do(Cancel())


def test_marking_json_round_trip_keeps_every_part():
    marking = Marking(
        9,
        {2: Token("r", 0, None), 3: Token("r", 2, "H05")},
        {"2/j": ("f", "g")},
        {"2/j": ("f", "g", "h")},
        {2: (("G11",), ("G10",))},
        {2: ("warn",)},
        {"0/a": (), "0/j": ("f", "g")},
    )

    assert Marking.from_json(marking.to_json()) == marking
