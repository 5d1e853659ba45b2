"""The arithmetic of fees."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.payments import rules
from zhengtong.kernel.signed_messages import is_signed, signature

NOON = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
_quantities = st.decimals(min_value="0.001", max_value="9999.999", places=3)


def _line(unit_fen: int = 100, quantity: Decimal = Decimal(1), **changes: object) -> rules.LineDraft:
    values = {"name": "甲", "standard": "", "basis": "某条例 第一条", "unit": "", **changes}
    return rules.LineDraft(unit_fen=unit_fen, quantity=quantity, **values)  # type: ignore[arg-type]  # plain values


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12.5", 1250),
        ("1,250.00", 125000),
        ("0", 0),
        ("0.01", 1),
        ("12.345", None),
        ("-1", None),
        ("十元", None),
        ("", None),
    ],
)
def test_yuan_are_read_to_the_fen(text: str, fen: int | None) -> None:
    assert rules.fen_of(text) == fen


@pytest.mark.parametrize(("text", "found"), [("2.5", Decimal("2.5")), ("0", None), ("1.2345", None), ("二", None)])
def test_a_quantity_is_more_than_nothing(text: str, found: Decimal | None) -> None:
    assert rules.quantity_of(text) == found


@given(st.integers(min_value=0, max_value=10**11 - 1))
def test_fen_shown_as_yuan_read_back_the_same(fen: int) -> None:
    assert rules.fen_of(f"{rules.yuan(fen):,}") == fen


@pytest.mark.parametrize(
    ("unit", "quantity", "fen"), [(125, "1.5", 188), (1, "0.5", 1), (1, "0.499", 0), (333, "3", 999)]
)
def test_a_line_is_rounded_half_up(unit: int, quantity: str, fen: int) -> None:
    assert rules.gross(unit, Decimal(quantity)) == fen


@given(st.integers(min_value=0, max_value=10**6), _quantities)
def test_rounding_is_never_off_by_more_than_half_a_fen(unit: int, quantity: Decimal) -> None:
    assert abs(Decimal(rules.gross(unit, quantity)) - unit * quantity) <= Decimal("0.5")


@given(st.lists(st.tuples(st.integers(min_value=0, max_value=10**6), _quantities), min_size=1, max_size=6))
def test_an_order_is_the_sum_of_its_lines(parts: list[tuple[int, Decimal]]) -> None:
    lines = [_line(unit, quantity) for unit, quantity in parts]

    assert rules.total(lines) == sum(line.amount_fen for line in lines)
    assert all(line.amount_fen == line.gross_fen for line in lines)


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ([], "至少"),
        ([_line(basis=" ")], "没有收费依据"),
        ([_line(reduction_fen=101, reduction_basis="某规定")], "不能超过"),
        ([_line(reduction_fen=50)], "减免依据"),
        ([_line(reduction_fen=100, reduction_basis="某规定")], "为零"),
        ([_line(quantity=Decimal(0))], "数量不对"),
        ([_line(unit_fen=rules.MOST_FEN + 1)], "过大"),
        ([_line(reduction_fen=50, reduction_basis="某规定")], ""),
    ],
)
def test_what_makes_no_order(lines: list[rules.LineDraft], word: str) -> None:
    problem = rules.order_problem(lines)

    assert word in problem if word else not problem


@settings(max_examples=60)
@given(
    st.lists(st.integers(min_value=1, max_value=10**6), min_size=1, max_size=4),
    st.lists(st.lists(st.integers(min_value=-5, max_value=10**6), min_size=4, max_size=4), max_size=6),
)
def test_refunds_never_exceed_what_was_paid(amounts: list[int], tries: list[list[int]]) -> None:
    back = [0] * len(amounts)

    for wanted in tries:
        lines = {str(n): rules.Left("甲", amount, back[n]) for n, amount in enumerate(amounts)}
        asked = {str(n): wanted[n] for n in range(len(amounts))}
        if not rules.refund_problems(lines, asked):
            back = [had + asked[str(n)] for n, had in enumerate(back)]

    assert all(0 <= had <= amount for had, amount in zip(back, amounts, strict=True))
    assert rules.order_state(sum(amounts), sum(back)) in ("paid", "partly", "refunded")


def test_a_refund_of_nothing_or_of_a_strange_line_is_none() -> None:
    lines = {"a": rules.Left("甲", 100, 0)}

    assert rules.refund_problems(lines, {"a": 0})
    assert rules.refund_problems(lines, {"b": 1})
    assert not rules.refund_problems(lines, {"a": 100})


@pytest.mark.parametrize(
    ("state", "fen", "paid_at", "before", "cause"),
    [
        ("open", 100, NOON, False, ""),
        ("open", 99, NOON, False, "amount"),
        ("paid", 100, NOON, True, "double"),
        ("cancelled", 100, NOON, False, "closed"),
        ("expired", 100, NOON - HOUR, False, ""),
        ("expired", 100, NOON + HOUR, False, "closed"),
    ],
)
def test_which_money_counts(state: str, fen: int, paid_at: dt.datetime, before: bool, cause: str) -> None:
    found = rules.uncredited(
        state=state, total_fen=100, amount_fen=fen, paid_at=paid_at, expires_at=NOON, paid_before=before
    )

    assert found == cause


def test_the_last_moment_is_the_end_of_the_last_day() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))

    assert rules.last_moment(dt.date(2026, 11, 20), 15, zone) == dt.datetime(2026, 12, 6, tzinfo=zone)


_books = st.lists(
    st.builds(
        rules.Booked,
        flow=st.sampled_from(["payment", "refund"]),
        no=st.sampled_from(["1", "2", "3"]),
        gateway_no=st.sampled_from(["a", "b"]),
        amount_fen=st.integers(min_value=1, max_value=3),
    ),
    max_size=6,
    unique_by=lambda each: (each.flow, each.no, each.gateway_no),
)


@given(_books, _books)
def test_differences_are_exactly_what_does_not_agree(ours: list[rules.Booked], theirs: list[rules.Booked]) -> None:
    found = rules.compare(ours, theirs)

    assert not rules.compare(ours, ours)
    agreeing = {each for each in ours if each in theirs}
    keys = {(each.flow, each.no, each.gateway_no) for each in found}
    assert keys.isdisjoint({(each.flow, each.no, each.gateway_no) for each in agreeing})
    assert len(keys) == len({(e.flow, e.no, e.gateway_no) for e in [*ours, *theirs]}) - len(agreeing)


def test_a_signature_covers_time_nonce_and_body() -> None:
    made = signature(b"key", timestamp="1", nonce="n", body=b"{}")

    assert is_signed(b"key", timestamp="1", nonce="n", body=b"{}", given=made)
    for changed in (
        {"timestamp": "2"},
        {"nonce": "m"},
        {"body": b"{} "},
    ):
        values = {"timestamp": "1", "nonce": "n", "body": b"{}"} | changed
        assert not is_signed(b"key", given=made, **values)  # type: ignore[arg-type]  # plain values
    assert not is_signed(b"other", timestamp="1", nonce="n", body=b"{}", given=made)


def test_what_the_list_does_not_name_is_not_compared_and_nothing_makes_up_for_another_charge() -> None:
    assert rules.listed([_line(500)]) is None

    found = rules.listed([_line(500, listed_fen=300), _line(100, listed_fen=1000), _line(7000)])

    assert found is not None
    assert (found.allowed_fen, found.beyond_fen) == (1300, 200)
    assert rules.listed([_line(500, listed_fen=300, reduction_fen=200)]).beyond_fen == 0  # type: ignore[union-attr]  # it names an amount
