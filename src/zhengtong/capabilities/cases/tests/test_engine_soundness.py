"""The soundness check finds the wrong models, says so in Chinese, and passes the right ones."""

import pytest
from hypothesis import given, settings

from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.tests.drawings import graph_of
from zhengtong.capabilities.cases.tests.trees import draw_tree, trees

WRONG = {
    "exclusive split into parallel join": (
        (
            'start s\nuser a\nxor g\nuser x\nuser y\nand j\nend e\ns -> a\na -> g\ng -> x : outcome == "x"\ng => y\n'
            "x -> j\ny -> j\nj -> e"
        ),
        "j",
        "死锁",
    ),
    "parallel split into exclusive merge": (
        (
            "start s\nuser a\nand f\nuser x\nuser y\nxor m\nuser d\nend e\ns -> a\na -> f\nf -> x\n"
            "f -> y\nx -> m\ny -> m\n"
            "m -> d\nd -> e"
        ),
        "d",
        "又被打开",
    ),
    "return arrow out of one parallel branch": (
        (
            "start s\nxor m\nuser a\nand f\nuser x\nxor g\nuser y\nand j\nend e\ns -> m\nm -> a\na -> f\n"
            "f -> x\nx -> g\n"
            'g -> m : outcome == "return"\ng => j\nf -> y\ny -> j\nj -> e'
        ),
        "",
        "",
    ),
    "a loop without any task": (
        'start s\nuser a\nxor m\nxor g\nend e\ns -> a\na -> m\nm -> g\ng -> m : outcome == "x"\ng => e',
        "m",
        "空转",
    ),
    "a loop of a list that may be empty": (
        (
            "start s\nxor m\nuser r multi=departments\nxor g\nend e\ns -> m\nm -> r\nr -> g\n"
            'g -> m : outcome == "x"\ng => e'
        ),
        "m",
        "空转",
    ),
    "a loop nobody leaves": (
        (
            'start s\nuser a\nxor g\nuser b\nxor h\nuser c\nend e\ns -> a\na -> g\ng -> b : outcome == "x"\ng => h\n'
            "b -> e\nh -> c\nc -> h"
        ),
        "c",
        "到不了结束",
    ),
    "a deadlock that only a withdrawal would leave": (
        (
            "start s\nsub w {\nstart s1\nuser a\nxor g\nuser x\nuser y\nand j\nend e1\ns1 -> a\na -> g\n"
            'g -> x : outcome == "x"\ng => y\nx -> j\ny -> j\nj -> e1\n}\n'
            "boundary out on=w name=withdraw\nend e\nend gone\n"
            "s -> w\nw -> e\nout -> gone"
        ),
        "j",
        "死锁",
    ),
    "a loop that only a withdrawal would leave": (
        (
            "start s\nsub w {\nstart s1\nuser a\nxor g\nuser b\nuser c\nxor h\nend e1\ns1 -> a\na -> g\n"
            'g -> b : outcome == "x"\ng => h\nb -> e1\nh -> c\nc -> h\n}\nboundary out on=w name=withdraw\n'
            "end e\nend gone\ns -> w\nw -> e\nout -> gone"
        ),
        "",
        "到不了结束",
    ),
    "two instances of a list collide behind it": (
        (
            "start s\nsub w multi=departments {\nstart s1\nand f\nuser a\nuser b\nxor m\nuser c\nend e1\n"
            "s1 -> f\nf -> a\n"
            "f -> b\na -> m\nb -> m\nm -> c\nc -> e1\n}\nend e\ns -> w\nw -> e"
        ),
        "c",
        "又被打开",
    ),
    "an interrupted branch starves the join": (
        (
            "start s\nand f\nuser a\nuser b\nand j\nend e\nend late\nboundary t on=a for=P5D\ns -> f\nf -> a\nf -> b\n"
            "a -> j\nb -> j\nj -> e\nt -> late"
        ),
        "j",
        "死锁",
    ),
    "an inclusive branch that arrives twice": (
        (
            "start s\nor f\nand p\nuser x\nuser y\nxor m\nuser b\nor j\nuser d\nend e\ns -> f\np -> x\np -> y\n"
            'f -> p : outcome == "x"\nf => b\nx -> m\ny -> m\nm -> j\nb -> j\nj -> d\nd -> e'
        ),
        "j",
        "",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_model_is_refused_with_the_element(name):
    text, element, words = WRONG[name]

    proof = prove(graph_of(text))

    assert proof.graph is None
    (refusal,) = proof.refusals
    assert words in refusal.message
    assert refusal.element_id in refusal.message
    assert "第 " in refusal.message
    if element:
        assert refusal.element_id == element


def test_the_message_tells_the_way_that_leads_there():
    proof = prove(graph_of(WRONG["parallel split into exclusive merge"][0]))

    assert "办理顺序：a → x → y" in proof.refusals[0].message


def test_return_out_of_a_branch_is_found_as_reopening_or_piling():
    proof = prove(graph_of(WRONG["return arrow out of one parallel branch"][0]))

    assert proof.refusals[0].element_id in {"j", "x", "y", "a"}
    assert "又" in proof.refusals[0].message


def test_tokens_that_pile_up_before_a_join_are_found():
    text = (
        "start s\nand f\nuser x\nxor g\nuser y\nand j\nuser d\nend e\nuser n\nend e2\nboundary w on=x name=again keep\n"
        "s -> f\nf -> x\nf -> y\nx -> g\nw -> n\nn -> g\ng -> j\ny -> j\nj -> d\nd -> e"
    ).replace("\nend e2", "")

    proof = prove(graph_of(text))

    assert proof.refusals[0].element_id == "j"
    assert "令牌堆积" in proof.refusals[0].message


def test_a_warning_timer_that_leads_to_a_task_is_sound_because_it_fires_once():
    text = (
        "start s\nuser a\nboundary t on=a for=P5D keep\nuser warn\nend e\nend e2\ns -> a\na -> e\nt -> warn\nwarn -> e2"
    )

    assert prove(graph_of(text)).refusals == ()


def test_nodes_nobody_reaches_are_named():
    text = (
        "start s\nuser a\nend e\nuser b\nxor m\nuser c\nend e2\nxor g\ns -> a\na -> e\nm -> b\nb -> g\n"
        'g -> m : outcome == "x"\ng => c\nc -> e2'
    )

    refusals = prove(graph_of(text)).refusals

    assert {refusal.element_id for refusal in refusals} == {"b", "m", "c", "e2", "g"}
    assert all("走不到" in refusal.message for refusal in refusals)


def test_lists_are_explored_with_none_one_and_two_entries():
    proof = prove(graph_of("start s\nuser r multi=departments\nuser d\nend e\ns -> r\nr -> d\nd -> e"))

    assert proof.refusals == ()
    # r with one left of one, with two open, with one of two done, then d, then the end
    assert proof.states == 5


def test_too_many_states_are_refused_not_guessed(monkeypatch):
    monkeypatch.setattr("zhengtong.capabilities.cases.engine.soundness.STATES", 50)
    lines = ["start s", "and f", "and j", "end e", "s -> f", "j -> e"]
    for name in (f"u{n}" for n in range(8)):
        lines += [f"user {name}", f"user {name}b", f"f -> {name}", f"{name} -> {name}b", f"{name}b -> j"]

    refusals = prove(graph_of("\n".join(lines))).refusals

    assert "超过 50 个" in refusals[0].message


def test_forty_units_at_the_same_time_are_proven_by_counting_them():
    lines = ["start s", "and f", "and j", "user d", "end e", "s -> f", "j -> d", "d -> e"]
    for name in (f"u{n}" for n in range(40)):
        lines += [f"user {name}", f"f -> {name}", f"{name} -> j"]

    proof = prove(graph_of("\n".join(lines)))

    assert proof.refusals == ()
    assert proof.states == 42  # none to 39 of them done, the task after them, the end
    assert proof.graph is not None
    assert {f"u{n}" for n in range(40)} <= proof.graph.branchable


@settings(max_examples=15)
@given(trees(leaves=6))
def test_counting_alike_branches_proves_the_same_as_telling_them_apart(tree):
    text, drawer, _ = draw_tree(tree)
    graph = graph_of(text, ";".join(["departments:list", *(f"{name}:number" for name in drawer.variables)]))

    counted = prove(graph)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zhengtong.capabilities.cases.engine.soundness.twins_of", lambda graph: {})
        apart = prove(graph)

    assert counted.states <= apart.states
    assert [refusal.element_id for refusal in counted.refusals] == [refusal.element_id for refusal in apart.refusals]
    if counted.graph is not None and apart.graph is not None:
        assert counted.graph.returnable == apart.graph.returnable
        assert counted.graph.branchable == apart.graph.branchable


def test_returnable_nodes_are_those_the_drawing_reaches_alone():
    text = (
        "start s\nuser a\nand f\nuser x\nuser y\nand j\nuser d\nend e\ns -> a\na -> f\nf -> x\nf -> y\nx -> j\ny -> j\n"
        "j -> d\nd -> e"
    )

    graph = prove(graph_of(text)).graph

    assert graph is not None
    assert graph.returnable == {"a", "d", "f"}


def test_a_branch_that_goes_straight_to_the_join_is_proven_too():
    text = "start s\nand f\nuser a\nand j\nend e\ns -> f\nf -> a\nf -> j\na -> j\nj -> e"

    proof = prove(graph_of(text))

    assert proof.graph is not None, proof.refusals
