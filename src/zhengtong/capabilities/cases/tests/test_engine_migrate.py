"""迁移: what may go on by a new version and what is refused, with every reason at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases.engine.advance import waiting_timers
from zhengtong.capabilities.cases.engine.migrate import (
    migrate,
    migration_notes,
    migration_preview,
    migration_refusals,
)
from zhengtong.capabilities.cases.engine.model import Graph, Refused
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.engine.steps import AddSigner, Recall, ReturnTo
from zhengtong.capabilities.cases.tests.drawings import Case, graph_of
from zhengtong.capabilities.cases.tests.test_engine_returns import FLAT, GRAPHS, WORKERS

FOURTH = FLAT.replace("user z\n", "user z\nuser q\n").replace("f -> z\n", "f -> z\nf -> q\nq -> j\n")
COUNTERSIGN = FLAT.replace("j -> d\n", "user k\nj -> k\nk -> d\n")


def proved(text: str) -> Graph:
    proof = prove(graph_of(text))
    assert proof.graph is not None, proof.refusals
    return proof.graph


def in_review(finished: int = 0) -> Case:
    case = Case(GRAPHS["flat"], departments=WORKERS)
    for name in ["a", *WORKERS][: finished + 1]:
        case.complete(name)
    return case


def moved(case: Case, new: Graph) -> Case:
    """The same case under the new drawing; its books go on."""
    marking, effects = migrate(case.graph, new, case.marking)
    assert effects == []
    assert marking.tokens == case.marking.tokens
    case.graph, case.marking = new, marking
    return case


def reasons(case: Case, new: str) -> str:
    with pytest.raises(Refused):
        migrate(case.graph, graph_of(new), case.marking)
    refusals = migration_refusals(case.graph, graph_of(new), case.marking)
    assert all(refusal.element_id in refusal.message for refusal in refusals)
    return "；".join(refusal.message for refusal in refusals)


def test_a_countersign_step_added_later_is_reached():
    case = moved(in_review(1), proved(COUNTERSIGN))

    case.complete("y")
    case.complete("z")

    assert case.open() == ["k"]


@pytest.mark.parametrize("finished", [0, 1, 2])
def test_a_fourth_department_in_a_running_fork_is_refused_with_that_reason(finished):
    text = reasons(in_review(finished), FOURTH)

    assert "q" in text
    assert "没有人开始办" in text


def test_a_fourth_department_is_no_problem_before_the_fork_and_after_the_join():
    before, after = Case(GRAPHS["flat"]), in_review(3)

    moved(before, proved(FOURTH)).complete("a")

    assert before.open() == ["q", *WORKERS]
    assert moved(after, proved(FOURTH)).open() == ["d"]


def test_an_open_step_that_is_gone_moved_or_of_another_kind_is_refused():
    case = in_review()
    gone = FLAT.replace("user z\n", "").replace("f -> z\n", "").replace("z -> j\n", "")
    kind = FLAT.replace("user x\n", "service x topic=t\n")
    inside = FLAT.replace("user x\n", "sub w {\nstart s1\nuser x\nend e1\ns1 -> x\nx -> e1\n}\n")
    inside = inside.replace("f -> x\n", "f -> w\n").replace("x -> j\n", "w -> j\n")

    assert "没有它" in reasons(case, gone)
    assert "换了类型" in reasons(case, kind)
    assert "另一个子流程" in reasons(case, inside)
    assert "会签（多实例）方式" in reasons(case, FLAT.replace("user x\n", "user x multi=departments\n"))


def test_all_reasons_come_at_once():
    case = in_review(1)
    text = FLAT.replace("user y\n", "service y topic=t\n").replace("user z\n", "user z multi=departments\n")

    refusals = migration_refusals(case.graph, graph_of(text), case.marking)

    assert [refusal.element_id for refusal in refusals] == ["y", "z"]
    assert all(refusal.place for refusal in refusals)


def test_changed_border_events_and_another_service_are_refused():
    event = "boundary late on=x for={} {}\nend el\nlate -> el\n"
    case = Case(graph_of(FLAT + event.format("P5D", "keep")))
    case.complete("a")
    assert "late" in reasons(case, FLAT)
    assert "late" in reasons(case, FLAT + event.format("P6D", "keep"))
    assert "late" in reasons(case, FLAT + event.format("P5D", ""))
    waiting = "start s\nservice q topic={}\nend e\ns -> q\nq -> e"
    case = Case(graph_of(waiting.format("one")))

    assert "另一个服务" in reasons(case, waiting.format("two"))


def test_a_fired_event_stays_fired_and_armed_ones_stay_armed():
    event = "boundary late on=x for=P5D keep\nuser n\nend el\nlate -> n\nn -> el\n"
    once = 'g -> m : outcome == "return"\n'
    old, new = (proved(text.replace(once, "") + event) for text in (FLAT, COUNTERSIGN))
    case = Case(old)
    case.complete("a")
    armed = waiting_timers(old, case.marking)

    moved(case, new)

    assert waiting_timers(new, case.marking) == armed
    case.do(armed[0])
    assert waiting_timers(new, moved(case, old).marking) == []


def test_a_half_filled_join_must_keep_what_has_arrived():
    case = in_review(1)
    text = FLAT.replace("x -> j\n", "user x9\nx -> x9\nx9 -> j\n")

    assert "x_j" in reasons(case, text)
    assert "没有这个汇聚" in reasons(case, FLAT.replace("and j\n", "xor j\n"))


def test_a_marking_the_new_drawing_cannot_finish_is_refused():
    line = "start s\nuser a\nuser b\nuser d\nend e\ns -> a\na -> b\nb -> d\nd -> e"
    fork = (
        "start s\nuser a\nand f\nuser b\nuser c\nand j\nuser d\nend e\ns -> a\na -> f\nf -> b\nf -> c\nb -> j\nc -> j\n"
    )
    case = Case(graph_of(line))
    case.complete("a")

    text = reasons(case, fork + "j -> d\nd -> e")

    assert "死锁" in text
    assert "从现在的状态走不通" in text


def test_what_is_no_longer_drawn_is_forgotten_and_cannot_be_returned_to():
    long = "start s\nuser p\nuser a\nuser b\nend e\ns -> p\np -> a\na -> b\nb -> e"
    case = Case(proved(long))
    for name in ("p", "a"):
        case.complete(name)
    new = proved(long.replace("user p\n", "").replace("s -> p\np -> a", "s -> a"))
    assert "“p”（p）" in migration_notes(case.graph, new, case.marking)[0]

    moved(case, new)

    assert list(case.marking.history) == ["0/a"]
    with pytest.raises(Refused):
        case.do(ReturnTo(case.token("b"), "p"))
    case.do(ReturnTo(case.token("b"), "a"))
    assert case.open() == ["a"]


def test_roles_and_names_that_change_are_told():
    old = FLAT.replace("user x\n", 'user x unit=H05 limit="5 WD"\n')
    case = Case(graph_of(old))
    case.complete("a")
    new = graph_of(old.replace("user x unit=H05", "user x unit=G11 role=chief"))

    preview = migration_preview(case.graph, new, case.marking)

    assert preview.refusals == ()
    assert preview.stays == ("x", "y", "z")
    assert len(preview.notes) == 1
    assert "chief" in preview.notes[0]
    assert (preview.added, preview.removed) == ((), ())


def test_added_and_removed_steps_are_listed():
    preview = migration_preview(GRAPHS["flat"], graph_of(COUNTERSIGN), in_review(3).marking)

    assert (preview.added, preview.removed) == (("k",), ())


def test_a_closed_case_does_not_migrate():
    case = in_review(3)
    case.complete("d", outcome="approve")

    with pytest.raises(Refused, match="已经办结"):
        migrate(case.graph, case.graph, case.marking)


def test_signers_migrate_with_their_task_and_nothing_old_is_recalled():
    case = in_review(1)
    token = next(iter(case.marking.undo))
    case.do(AddSigner(case.token("y"), "H05", "before"))
    case.do(AddSigner(case.token("y"), "G11", "after"))

    moved(case, proved(COUNTERSIGN))

    with pytest.raises(Refused):
        case.do(Recall(token))
    for name in ("y/H05", "y", "y/G11", "z"):
        case.complete(name)
    assert case.open() == ["k"]


@pytest.mark.parametrize("name", GRAPHS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_to_its_own_version_every_case_migrates_unchanged(name, data):
    case = Case(GRAPHS[name], departments=WORKERS)
    for _ in range(data.draw(st.integers(0, 9))):
        if not case.marking.done:
            case.complete(data.draw(st.sampled_from(case.open())), outcome=data.draw(st.sampled_from(["return", "ok"])))
    if case.marking.done:
        return

    marking, effects = migrate(case.graph, case.graph, case.marking)

    assert effects == []
    assert marking.undo == {}
    assert (marking.tokens, marking.arrived, marking.multi) == (
        case.marking.tokens, case.marking.arrived, case.marking.multi,
    )  # fmt: skip
    assert marking.history == case.marking.history
