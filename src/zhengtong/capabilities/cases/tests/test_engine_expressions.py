"""Conditions: the whitelist, the types, and fuzzed attempts to get out of it."""

import ast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases.engine.expressions import ExpressionError, compile_expression

SEEN = {"outcome": "accept", "n": 3, "yes": True, "list": ["a", "b"], "who": {"name": "甲", "deep": {"x": -1}}}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('outcome == "accept"', True),
        ("outcome != 'accept'", False),
        ('outcome in ["accept", "refuse"]', True),
        ('outcome not in ("accept",)', False),
        ("n > -1", True),
        ("n >= 3 and not n < 3", True),
        ("count(list) == 2 or yes", True),
        ("len(list) > 2", False),
        ('"a" in list', True),
        ("who.deep.x == -1", True),
        ("who.name == '甲'", True),
        ("missing == None", True),
        ("missing > 3", False),
        ("n > outcome", False),
        ('"a" in missing', False),
        ("missing.more.still == None", True),
        ("count(missing) == 0", True),
    ],
)
def test_allowed_expressions(source, value):
    assert compile_expression(source).holds(SEEN) is value


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os').system('true')",
        "().__class__",
        "who.__class__",
        "__builtins__",
        "10**10**10",
        "n + 1",
        "[x for x in list]",
        "lambda: 1",
        "list[0]",
        "n is None",
        "1 < n < 3",
        "eval('1')",
        "count(list, list)",
        "count(*list)",
        "count(x=list)",
        "-n",
        "-'a'",
        "-True",
        "~1",
        "(y := 1)",
        "f'{n}'",
        "b'x'",
        "...",
        "1j",
        "[*list]",
        "{1: 2}",
        "yes if n else yes",
        "await n",
        "outcome == “accept”",
        "",
        "   ",
        "n ==",
        "n; n",
        "n == 1\nimport os",
        "'\\d' == 'x'",
        "a" * 501,
        "(" * 300,
        "not " * 100 + "yes",
        "\x00",
    ],
)
def test_everything_else_is_refused_in_chinese(source):
    with pytest.raises(ExpressionError) as refusal:
        compile_expression(source)

    assert any("一" <= character <= "鿿" for character in str(refusal.value))


DECLARED = {"outcome": "text", "n": "number", "yes": "flag", "list": "list", "who": "record"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("outcom == 'a'", "没有声明"),
        ("n == 'a'", "永远不成立"),
        ("outcome > 3", "永远不成立"),
        ("list > list", "比较大小"),
        ("outcome in n", "in 的右边"),
        ("n in outcome", "不会出现"),
        ("n and yes", "and/or/not"),
        ("not list", "and/or/not"),
        ("n", "需要是否"),
        ("count(n) == 1", "count"),
        ("outcome.x == 1", "没有属性"),
    ],
)
def test_names_and_types_are_checked_against_the_declared_variables(source, words):
    with pytest.raises(ExpressionError, match=words):
        compile_expression(source, DECLARED)


def test_declared_expressions_that_fit_pass():
    for source in ("yes", "n >= 2 and outcome == 'a'", "who.x == 3", "outcome in list", "outcome == None"):
        compile_expression(source, DECLARED)


_PIECES = st.sampled_from(
    [*SEEN, "count", "len", "__class__", "_x", ".", "(", ")", "[", "]", ",", "==", "<", "in", "not", "and", "or", "is",
     "-", "+", "*", "**", "lambda", ":", "'a'", '"', "1", "10", "for", "if", "else", "\\", "{", "}", "：", "“", " "]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map(" ".join)))
@example("0x1for x in y")
@example("1if 1else 0")
def test_any_text_compiles_or_is_refused_and_evaluates_to_plain_values(source):
    try:
        expression = compile_expression(source)
    except ExpressionError:
        return

    assert expression.holds(SEEN) in (True, False)
    assert expression.holds({}) in (True, False)
    assert not any(name.startswith("_") for name in expression.names)


_NAMES = st.sampled_from([*SEEN, "missing", "deep", "__class__", "_x", "os", "eval"])
_ATOMS = st.one_of(
    _NAMES,
    st.integers(-5, 10**30).map(repr),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.text(max_size=8).map(repr),
    st.sampled_from(["True", "None", "...", "b'x'", "1j", "f'{n}'", "[]", "()", "{}"]),
)


def _grown(inner):
    pair = st.tuples(inner, inner)
    words = st.sampled_from(
        ["and", "or", "==", "!=", "<", ">=", "in", "not in", "is", "+", "**", "%", "<<", "@", "|", "if", ",", ":=", "."]
    )
    return st.one_of(
        st.tuples(pair, words).map(lambda made: f"({made[0][0]} {made[1]} {made[0][1]})"),
        pair.map(lambda made: f"({made[0]} if {made[1]} else {made[0]})"),
        pair.map(lambda made: f"{made[0]}({made[1]})"),
        pair.map(lambda made: f"{made[0]}[{made[1]}]"),
        st.tuples(inner, _NAMES).map(lambda made: f"({made[0]}).{made[1]}"),
        st.lists(inner, max_size=3).map(lambda parts: "[" + ", ".join(parts) + "]"),
        inner.map(lambda part: f"(not {part})"),
        inner.map(lambda part: f"-{part}"),
        inner.map(lambda part: f"count({part})"),
        inner.map(lambda part: f"(lambda: {part})"),
        pair.map(lambda made: f"[{made[0]} for x in {made[1]}]"),
    )


@settings(max_examples=400, deadline=1000)
@given(st.recursive(_ATOMS, _grown, max_leaves=10))
@example("(" * 60 + "n" + ")" * 60)
@example("not " * 38 + "yes")
@example("count(" * 38 + "list" + ")" * 38 + " == 1")
def test_anything_shaped_like_python_is_refused_or_harmless(source):
    """What compiles has only whitelisted nodes, evaluates to a plain value at once, and changes nothing."""
    before = repr(SEEN)
    for declared in (None, DECLARED):
        try:
            expression = compile_expression(source, declared)
        except ExpressionError:
            continue
        for seen in (SEEN, {}, {"n": "text", "list": 3, "who": None, "yes": [], "outcome": {}}):
            assert expression.holds(seen) in (True, False)
        tree = ast.parse(expression.source, mode="eval")
        forbidden = (
            ast.Lambda,
            ast.BinOp,
            ast.Subscript,
            ast.ListComp,
            ast.IfExp,
            ast.NamedExpr,
            ast.Await,
            ast.Starred,
        )
        assert not any(isinstance(node, forbidden) for node in ast.walk(tree))
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        assert all(isinstance(call, ast.Name) and call.id in {"count", "len"} for call in calls)
    assert repr(SEEN) == before


class Hostile:
    """A value of a case that would shout if anything but its identity were used."""

    def __eq__(self, other):
        raise AssertionError

    __hash__ = None


def test_an_attribute_of_a_value_that_is_no_record_is_never_read():
    assert compile_expression("who.name == None").holds({"who": Hostile()}) is True


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.sampled_from([*DECLARED, "1", "'a'", "True", "None"]), _grown, max_leaves=6))
def test_a_type_error_seen_at_upload_is_the_only_kind_there_is(source):
    """What passes the check with declared types compiles without them too, and the types of its names are known."""
    try:
        expression = compile_expression(source, DECLARED)
    except ExpressionError:
        return

    assert expression.names <= set(DECLARED)
    assert compile_expression(source).names == expression.names


def test_a_long_chain_of_signs_is_refused_in_a_sentence():
    with pytest.raises(ExpressionError, match="不能使用“-----"):
        compile_expression("-" * 499 + "n")


def test_what_is_refused_is_shown_as_it_was_typed():
    with pytest.raises(ExpressionError, match="“金额\\+1”"):
        compile_expression("金额+1 > 3")
