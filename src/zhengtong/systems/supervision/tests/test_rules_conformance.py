"""The path of a case against its drawing: examples, every language of small drawings, and the real engine."""

import random
from itertools import count, product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.engine.steps import Jump, ReturnTo
from zhengtong.capabilities.cases.tests.drawings import graph_of
from zhengtong.capabilities.cases.tests.trees import draw_tree, trees
from zhengtong.systems.supervision.rules.conformance import Move, digest_of, path_of, replay
from zhengtong.systems.supervision.rules.drawing import Drawing, Element, drawing
from zhengtong.systems.supervision.tests.played import Told, drawing_of

REVIEW = """
start s
user accept
xor way
user supplement
xor merge
and fork
user fire
user sign
and join
user decide
xor decision
service issue topic=t
end e
s -> accept
accept -> way
way => supplement
supplement -> accept
way -> merge : outcome == "accept"
merge -> fork
fork -> fire
fork -> sign
fire -> join
sign -> join
join -> decide
decide -> decision
decision => merge
decision -> issue : outcome == "approve"
issue -> e
"""


@pytest.fixture(scope="module")
def review():
    return prove(graph_of(REVIEW)).graph


def told(*nodes: str, end: str = "approved") -> list[Move]:
    """Steps one after the other, each opened just before it is done; ``+a`` only opens, ``-a`` is done later."""
    moves, numbers, steps = [], count(), {}
    for node in nodes:
        name = node.lstrip("+-")
        if not node.startswith("-"):
            steps[name] = next(numbers)
            moves.append(Move("opened", steps[name], name))
        if not node.startswith("+"):
            moves.append(Move("done", steps[name], name))
    return [*moves, Move("closed", why=end)] if end else moves


def held(graph, moves):
    return replay({"drawn": drawing_of(graph)}, "drawn", moves)


def kinds(found):
    return [(one.kind, one.node) for one in found.deviations]


STRAIGHT = ("accept", "fire", "sign", "decide")


@pytest.mark.parametrize(
    ("steps", "deviations", "fit"),
    [
        (STRAIGHT, [], (4, 4)),
        (("accept", "+fire", "+sign", "-sign", "-fire", "decide"), [], (4, 4)),
        (("accept", "supplement", *STRAIGHT), [], (6, 6)),
        ((*STRAIGHT, "fire", "sign", "decide"), [], (7, 7)),
        (("accept", "fire", "decide"), [("skipped", "sign")], (3, 4)),
        (("accept", "decide"), [("skipped", "fire"), ("skipped", "sign")], (2, 4)),
        (("accept", "+fire", "+sign", "-sign", "+decide", "-fire", "-decide"), [("early", "fire")], (3, 4)),
        (("accept", "decide", "fire", "sign"), [("out_of_order", "fire"), ("out_of_order", "sign")], (2, 4)),
        (("accept", "fire", "sign", "sign", "decide"), [("repeated", "sign")], (4, 5)),
        (("accept", "fire", "sign", "boss", "decide"), [("not_drawn", "boss")], (4, 5)),
        (("accept", "fire", "sign"), [("skipped", "decide")], (3, 4)),
        (("decide", "accept"), [("out_of_order", "accept"), ("skipped", "fire"), ("skipped", "sign")], (1, 4)),
    ],
)
def test_what_deviates_is_named_at_its_place(review, steps, deviations, fit):
    found = held(review, told(*steps))

    assert sorted(kinds(found)) == sorted(deviations)
    assert (found.fit, found.whole) == fit


def test_a_case_that_is_not_over_has_not_skipped_what_is_to_come(review):
    found = held(review, told("accept", "+fire", "+sign", "-fire", end=""))

    assert found.conform
    assert not found.ended


def test_an_application_taken_back_need_not_reach_the_end(review):
    moves = [*told("accept", "+fire", end=""), Move("dropped", 1, "fire", "withdraw"), Move("closed", why="withdrawn")]

    assert held(review, moves).conform


def test_rounds_are_counted_drawn_or_not(review):
    assert held(review, told(*STRAIGHT)).loops == 0
    assert held(review, told("accept", "supplement", *STRAIGHT)).loops == 1
    assert held(review, told(*STRAIGHT, "fire", "sign", "decide")).loops == 3


def test_arrows_are_counted(review):
    flows = held(review, told("accept", "supplement", *STRAIGHT)).flows

    assert flows["way_supplement"] == flows["supplement_accept"] == flows["merge_fork"] == flows["issue_e"] == 1
    assert flows["accept_way"] == 2


def test_parallel_steps_in_another_order_are_the_same_path(review):
    one, other = (held(review, told(*steps)) for steps in (STRAIGHT, ("accept", "sign", "fire", "decide")))
    third = held(review, told("accept", "supplement", *STRAIGHT))

    assert path_of(one) == path_of(other)
    assert digest_of(one) == digest_of(other)
    assert path_of(one) != path_of(third)


def test_who_may_follow_whom(review):
    drawn = drawing_of(review)

    assert drawn.opening == {"accept"}
    assert drawn.follows == {
        "accept": {"supplement", "fire", "sign"},
        "supplement": {"accept"},
        "fire": {"decide"},
        "sign": {"decide"},
        "decide": {"fire", "sign"},
    }
    assert drawn.backward == {"supplement_accept", "decision_merge"}


# --- acts that leave the drawing ---------------------------------------------------------------------------


def played(graph, *names):
    case = Told(graph, departments=["H05"], outcome="accept")
    for name in names:
        case.do(_complete(case, name), outcome="approve" if name == "decide" else "accept")
    return case


def _complete(case, name):
    return next(command for command, _why in case.options() if getattr(command, "token", 0) == case.case.token(name))


def test_a_return_is_named_once_and_the_rest_goes_on_as_drawn(review):
    case = played(review, "accept", "fire", "sign")
    case.do(ReturnTo(case.case.token("decide"), "accept"), "return")
    for name in ("accept", "sign", "fire"):
        case.do(_complete(case, name), outcome="accept")
    for name in ("decide", "issue"):
        case.do(_complete(case, name), outcome="approve")

    found = held(review, case.moves)

    assert kinds(found) == [("returned", "accept")]
    assert (found.fit, found.whole) == (7, 8)


def test_a_return_to_parallel_work_opens_all_of_it_again(review):
    case = played(review, "accept", "fire", "sign")
    case.do(ReturnTo(case.case.token("decide"), "fork"), "return")
    for name in ("fire", "sign", "decide", "issue"):
        case.do(_complete(case, name), outcome="approve")

    assert kinds(held(review, case.moves)) == [("returned", "fire")]


def test_a_jump_is_named_and_what_it_passed_over_is_not_skipped_besides(review):
    case = played(review, "accept", "fire")
    case.do(Jump(case.case.token("sign"), "decide"), "intervene.jump")
    for name in ("decide", "issue"):
        case.do(_complete(case, name), outcome="approve")

    assert kinds(held(review, case.moves)) == [("jumped", "decide")]


def test_a_case_goes_on_by_its_new_drawing(review):
    longer = prove(graph_of(REVIEW.replace("issue -> e", "user archive\nissue -> archive\narchive -> e"))).graph
    moves = told("accept", "fire", end="")
    moves += [Move("opened", 2, "sign"), Move("migrated", why="second"), Move("done", 2, "sign")]
    moves += [Move("opened", 3, "decide"), Move("done", 3, "decide")]
    end = [Move("opened", 4, "archive"), Move("done", 4, "archive"), Move("closed", why="approved")]
    drawings = {"drawn": drawing_of(review), "second": drawing_of(longer, "second")}

    assert kinds(replay(drawings, "drawn", [*moves, *end])) == [("migrated", "")]
    assert kinds(replay(drawings, "drawn", [*moves, end[-1]])) == [("migrated", ""), ("skipped", "archive")]


def test_a_reassignment_is_told_and_leaves_the_path_whole(review):
    moves = told(*STRAIGHT)
    moves.insert(3, Move("reassigned", 1, "fire"))

    found = held(review, moves)

    assert kinds(found) == [("reassigned", "fire")]
    assert (found.fit, found.whole) == (4, 4)


# --- against every path a small drawing allows ----------------------------------------------------------------

#: orders are enumerated up to this length, all of them
_LONGEST = 6
_LEAF = st.just(("task",))
_SMALL = st.recursive(
    _LEAF,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["seq", "xor", "and", "or"]), st.lists(inner, min_size=2, max_size=2)),
        st.tuples(st.just("loop"), inner),
    ),
    max_leaves=4,
)


class Sketch:
    """Draws a tree and tells, from the tree alone, every order of its tasks that the drawing allows."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.flows: list[tuple[str, str, str]] = []

    def new(self, kind: str) -> str:
        name = f"{kind[0]}{len(self.elements)}"
        self.elements.append(Element(name, kind))
        return name

    def arrow(self, source: str, target: str) -> None:
        self.flows.append((f"f{len(self.flows)}", source, target))

    def draw(self, tree) -> tuple[str, str, set[tuple[str, ...]]]:
        """First and last element, and the orders."""
        match tree:
            case ("task",):
                name = self.new("user")
                return name, name, {(name,)}
            case ("seq", [one, other]):
                (a, b, first), (c, d, second) = self.draw(one), self.draw(other)
                self.arrow(b, c)
                return a, d, short(x + y for x, y in product(first, second))
            case ("loop", inner):
                merge, split = self.new("exclusive"), self.new("exclusive")
                first, last, orders = self.draw(inner)
                for ends in ((merge, first), (last, split), (split, merge)):
                    self.arrow(*ends)
                rounds = orders
                while True:
                    more = rounds | short(x + y for x, y in product(rounds, orders))
                    if more == rounds:
                        return merge, split, rounds
                    rounds = more
        kind = {"xor": "exclusive", "and": "parallel", "or": "inclusive"}[tree[0]]
        split, join = self.new(kind), self.new(kind)
        drawn = [self.draw(part) for part in tree[1]]
        for first, last, _orders in drawn:
            self.arrow(split, first)
            self.arrow(last, join)
        either = set().union(*(orders for _a, _b, orders in drawn))
        both = short(
            way for x, y in product(drawn[0][2], drawn[1][2]) if len(x + y) <= _LONGEST for way in shuffled(x, y)
        )
        return split, join, {"xor": either, "and": both, "or": either | both}[tree[0]]


def short(orders):
    return {order for order in orders if len(order) <= _LONGEST}


def shuffled(x, y):
    if not x or not y:
        return {x + y}
    return {(x[0], *rest) for rest in shuffled(x[1:], y)} | {(y[0], *rest) for rest in shuffled(x, y[1:])}


def sketched(tree) -> tuple[Drawing, set[tuple[str, ...]]]:
    sketch = Sketch()
    start, end = sketch.new("start"), sketch.new("end")
    first, last, orders = sketch.draw(tree)
    sketch.arrow(start, first)
    sketch.arrow(last, end)
    return drawing("drawn", sketch.elements, sketch.flows), orders


def changed(steps, names, chance):
    """The same order with something wrong, perhaps."""
    steps = list(steps)
    place = chance.randrange(len(steps))
    match chance.randrange(4):
        case 0:
            del steps[place]
        case 1:
            steps.insert(place, chance.choice(names))
        case 2:
            other = chance.randrange(len(steps))
            steps[place], steps[other] = steps[other], steps[place]
        case 3:
            steps[place] = chance.choice(names)
    return tuple(steps)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=_SMALL, seed=st.integers(0, 10**6))
def test_exactly_what_the_drawing_allows_conforms(tree, seed):
    drawn, orders = sketched(tree)
    chance = random.Random(seed)
    for steps in chance.sample(sorted(orders), min(len(orders), 6)):
        assert replay({"drawn": drawn}, "drawn", told(*steps)).conform
        wrong = changed(steps, drawn.steps, chance)
        if wrong and len(wrong) <= _LONGEST:
            found = replay({"drawn": drawn}, "drawn", told(*wrong))
            assert found.conform == (wrong in orders), (wrong, found.deviations)
            assert (found.fit == found.whole) == found.conform


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tree=trees(leaves=6), units=st.integers(0, 3), seed=st.integers(0, 10**6))
@example(("loop", ("and", [("multi",), ("sub", ("xor", [("task",), ("service",)]))])), 3, 1)
@example(("withdraw", ("or", [("warn",), ("lists", ("seq", [("task",), ("fails",)]))])), 2, 2)
def test_what_the_engine_ran_without_an_intervention_conforms(tree, units, seed):
    text, drawer, _region = draw_tree(tree)
    proof = prove(graph_of(text, ";".join(["departments:list", *(f"{name}:number" for name in drawer.variables)])))
    if proof.graph is None:
        return
    case = Told(proof.graph, departments=["H05", "G11", "G10"][:units], **dict.fromkeys(drawer.variables, 0))
    case.play(drawer.variables, random.Random(seed))

    found = held(proof.graph, case.moves)

    assert found.conform, (text, case.moves, found.deviations)
    assert found.fit == found.whole
