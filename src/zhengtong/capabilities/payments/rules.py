"""The arithmetic of fees, in whole fen: what a line costs, what may come back, what agrees with a statement."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_YUAN = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
_QUANTITY = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,3})?")
#: the most an order may come to: 1 亿元 is a typing error, not a fee
MOST_FEN = 10_000_000_000


def fen_of(text: str) -> int | None:
    """``1,250.5`` yuan as 125050 fen; None for anything that is no amount with at most two decimals."""
    plain = text.replace(",", "").replace("，", "").strip()
    return int(Decimal(plain) * 100) if _YUAN.fullmatch(plain) else None


def quantity_of(text: str) -> Decimal | None:
    """A quantity with at most three decimals, more than nothing; None for anything else."""
    plain = text.replace(",", "").replace("，", "").strip()
    try:
        found = Decimal(plain) if _QUANTITY.fullmatch(plain) else None
    except InvalidOperation:
        return None
    return found if found else None


def yuan(fen: int) -> Decimal:
    """Fen as yuan with two decimals, for ``formats.money`` and sheets."""
    return Decimal(fen).scaleb(-2).quantize(Decimal("0.01"))


def gross(unit_fen: int, quantity: Decimal) -> int:
    """Unit price times quantity, rounded to the fen half up as in bookkeeping."""
    return int((unit_fen * quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclasses.dataclass(frozen=True, kw_only=True)
class LineDraft:
    """A line of an order: prices in fen; a reduction needs its basis.

    ``listed_fen`` is what the published list allows for it, None where the list names no amount.
    """

    name: str
    standard: str
    basis: str
    unit: str
    unit_fen: int
    quantity: Decimal = Decimal(1)
    reduction_fen: int = 0
    reduction_basis: str = ""
    listed_fen: int | None = None

    @property
    def gross_fen(self) -> int:
        """Before the reduction."""
        return gross(self.unit_fen, self.quantity)

    @property
    def amount_fen(self) -> int:
        """What is to be paid."""
        return self.gross_fen - self.reduction_fen


def total(lines: Iterable[LineDraft]) -> int:
    """What all lines come to."""
    return sum(line.amount_fen for line in lines)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listed:
    """What the published list says of an order: what it allows, how far the order goes beyond it, in words."""

    allowed_fen: int
    beyond_fen: int
    words: str


def listed(lines: Iterable[LineDraft]) -> Listed | None:
    """An order beside the list, charge by charge: what one leaves of its amount does not cover another.

    None where the list names no amount of any of them.
    """
    found = [(line, line.listed_fen) for line in lines if line.listed_fen is not None]
    if not found:
        return None
    return Listed(
        allowed_fen=sum(fen for _line, fen in found),
        beyond_fen=sum(max(0, line.amount_fen - fen) for line, fen in found),
        words="；".join(f"{line.name} {line.standard}（{line.basis.strip()}）" for line, _fen in found),
    )


def order_problem(lines: Sequence[LineDraft]) -> str:
    """Why these lines make no order; empty when they do."""
    if not lines:
        return "缴费单至少要有一个收费项目。"
    for line in lines:
        if not line.basis.strip():
            return f"“{line.name}”没有收费依据，不得收取（行政许可法 第五十八条）。"
        if line.unit_fen < 0 or line.quantity <= 0:
            return f"“{line.name}”的单价或者数量不对，请核对。"
        if not 0 <= line.reduction_fen <= line.gross_fen:
            return f"“{line.name}”的减免不能超过应收金额，请核对。"
        if line.reduction_fen and not line.reduction_basis.strip():
            return f"“{line.name}”有减免，请写明减免依据。"
    if total(lines) == 0:
        return "减免以后应缴金额为零，不需要缴费，不用开具缴费单。"
    return "缴费单的金额过大，请核对单价和数量。" if total(lines) > MOST_FEN else ""


def order_state(paid_fen: int, refunded_fen: int) -> str:
    """The state of an order that was paid, by what went back."""
    if not refunded_fen:
        return "paid"
    return "refunded" if refunded_fen == paid_fen else "partly"


def uncredited(
    *, state: str, total_fen: int, amount_fen: int, paid_at: dt.datetime, expires_at: dt.datetime, paid_before: bool
) -> str:
    """Why money that came in does not count (a value of ``UncreditedCause``); empty when it does.

    Who paid in time is in time, however late the gateway tells of it.
    """
    if paid_before:
        return "double"
    if state == "cancelled" or (state == "expired" and paid_at > expires_at):
        return "closed"
    return "" if amount_fen == total_fen else "amount"


@dataclasses.dataclass(frozen=True)
class Left:
    """What is left of a line to give back."""

    name: str
    amount_fen: int
    refunded_fen: int

    @property
    def fen(self) -> int:
        """Paid and not yet given back."""
        return self.amount_fen - self.refunded_fen


def refund_problems(lines: Mapping[str, Left], asked: Mapping[str, int]) -> dict[str, str]:
    """A sentence for each line (by its key) of which too much is asked back; ``""`` for the whole."""
    found = {}
    for key, fen in asked.items():
        line = lines.get(key)
        if line is None:
            found[""] = "退费的项目不在这张缴费单里，请刷新后重新填写。"
        elif fen < 0 or fen > line.fen:
            found[key] = f"“{line.name}”最多可以退 {yuan(line.fen):,} 元。"
    if not found and not any(fen > 0 for fen in asked.values()):
        found[""] = "请填写退费金额，至少一项大于零。"
    return found


def last_moment(raised_on: dt.date, days: int, zone: dt.tzinfo) -> dt.datetime:
    """The end of the last day to pay; the day the order is made out does not count."""
    return dt.datetime.combine(raised_on + dt.timedelta(days=days + 1), dt.time(), zone)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Booked:
    """One flow of money in a book: payment or refund, our number, the gateway's number, fen."""

    flow: str
    no: str
    gateway_no: str
    amount_fen: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Difference:
    """What does not agree; an amount of None stands for no entry at all."""

    kind: str
    flow: str
    no: str
    gateway_no: str
    ours_fen: int | None
    theirs_fen: int | None


def compare(ours: Iterable[Booked], theirs: Iterable[Booked]) -> list[Difference]:
    """Every entry of one book that the other lacks or has with another amount, in order of our numbers."""
    mine = {(each.flow, each.no, each.gateway_no): each.amount_fen for each in ours}
    other = {(each.flow, each.no, each.gateway_no): each.amount_fen for each in theirs}
    found = []
    for key in sorted(mine.keys() | other.keys()):
        have, told = mine.get(key), other.get(key)
        if have == told:
            continue
        kind = "only_gateway" if have is None else "only_ours" if told is None else "amount"
        flow, no, gateway_no = key
        found.append(Difference(kind=kind, flow=flow, no=no, gateway_no=gateway_no, ours_fen=have, theirs_fen=told))
    return found
