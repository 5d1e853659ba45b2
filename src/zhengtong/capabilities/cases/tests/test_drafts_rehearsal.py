"""The trial run: moves by name, replayed on whatever drawing is at hand."""

import pytest

from zhengtong.capabilities.cases.engine.rehearsal import Move, read_moves, read_value, rehearse
from zhengtong.capabilities.cases.tests.drawings import graph_of

REVIEW = """
    start s
    user accept outcomes="accept:受理;refuse:不予受理"
    xor g
    and f
    user fire unit=H05
    user housing unit=G10
    and j
    end granted
    end refused
    s -> accept
    accept -> g
    g -> f : outcome == "accept"
    g => refused
    f -> fire
    f -> housing
    fire -> j
    housing -> j
    j -> granted
"""
SIGNED = """
    start s
    user sign unit=item multi=departments
    end e
    s -> sign
    sign -> e
"""
START = Move("start")
ACCEPT = Move("task", "accept", outcome="accept")


def test_a_trial_tells_the_way_and_where_it_waits():
    played = rehearse(graph_of(REVIEW), [START, ACCEPT])

    assert played.steps[1].startswith("“accept”办结：受理。到达：fire、housing")
    assert [(entry.node, entry.unit) for entry in played.waiting] == [("fire", "H05"), ("housing", "G10")]
    assert played.active == {"fire", "housing"}
    assert "accept" in played.done
    assert {"s_accept", "g_f", "f_fire"} <= played.flows
    assert "g_refused" not in played.flows
    assert not played.complete


def test_a_trial_comes_to_its_end():
    played = rehearse(graph_of(REVIEW), [START, ACCEPT, Move("task", "fire"), Move("task", "housing")])

    assert played.complete
    assert played.ending == "granted"
    assert played.waiting == ()


def test_nothing_is_played_without_a_beginning_or_after_the_end():
    graph = graph_of(REVIEW)

    assert "还没有开始" in rehearse(graph, [ACCEPT]).fault
    assert "没有在等待" in rehearse(graph, [START, Move("task", "accept", outcome="refuse"), ACCEPT]).fault


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (Move("task", "accept", outcome="never"), "没有“never”这个办理结果"),
        (Move("task", "gone"), "图上已经没有“gone”"),
        (Move("task", "fire"), "没有在等待"),
    ],
)
def test_a_move_that_no_longer_fits_says_which_and_why(move, words):
    played = rehearse(graph_of(REVIEW), [START, move])

    assert words in played.fault
    assert "第 2 步" in played.fault
    assert played.played == 1


def test_each_entry_of_a_list_is_a_move_of_its_own():
    graph = graph_of(SIGNED)
    begun = [Move("start", variables={"departments": ["H05", "G10"]})]

    both = rehearse(graph, [*begun, Move("task", "sign", "H05"), Move("task", "sign", "G10")])
    twice = rehearse(graph, [*begun, Move("task", "sign", "H05"), Move("task", "sign", "H05")])

    assert both.complete
    assert "第 3 步" in twice.fault


def test_services_timers_and_messages_are_moves_too():
    graph = graph_of(
        """
        start s
        service x topic=t
        timer w for=P1D
        message m name=hello
        end e
        s -> x
        x -> w
        w -> m
        m -> e
        """
    )

    played = rehearse(graph, [START, Move("service", "x"), Move("timer", "w"), Move("message", "m")])

    assert played.complete
    assert [entry.do for entry in rehearse(graph, [START]).waiting] == ["service"]
    assert [entry.do for entry in rehearse(graph, [START, Move("service", "x")]).waiting] == ["timer"]


def test_moves_survive_json():
    moves = (Move("start", variables={"departments": ["H05"]}), Move("task", "sign", "H05"))

    assert read_moves([move.to_json() for move in moves]) == moves


@pytest.mark.parametrize("data", ["x", [1], [{"do": "fly"}], [{"do": "task", "node": 3}], [{"do": "start"}] * 300])
def test_what_is_no_list_of_moves_is_refused(data):
    with pytest.raises(ValueError, match="试运行"):
        read_moves(data)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("H05，G10、 G11", "list", ["H05", "G10", "G11"]),
        ("on", "flag", True),
        ("", "flag", False),
        ("12", "number", 12),
        ("1.5", "number", 1.5),
        (" 张一 ", "text", "张一"),
        ("", "record", None),
    ],
)
def test_what_is_typed_becomes_a_value_of_its_type(text, kind, value):
    assert read_value(text, kind) == value


def test_words_are_no_number():
    with pytest.raises(ValueError, match="不是数字"):
        read_value("很多", "number")


@pytest.mark.parametrize("text", ["9" * 400 + ".0", "1.0e999", "9" * 30, "三百"])
def test_only_ordinary_numbers_are_read(text):
    with pytest.raises(ValueError, match="数字"):
        read_value(text, "number")
