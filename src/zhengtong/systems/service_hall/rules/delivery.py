"""送达规则：which step of a delivery may follow which, and when to remind who has not collected."""

import datetime as dt
import re

_NEXT = {
    "waiting": {"to_prepare", "not_needed"},
    "to_prepare": {"posted", "at_place", "on_way", "done"},
    "on_way": {"at_place"},
    "at_place": {"done", "returned"},
    "posted": {"done", "returned"},
    "returned": {"posted", "at_place", "on_way", "done"},
}
_WAYS = {"posted": {"post"}, "on_way": {"township"}, "at_place": {"window", "township"}}
#: what a courier's system reports → the words for it, and what it means for the delivery
CARRIER_STEPS = {
    "collected": ("已揽收", ""),
    "in_transit": ("运输途中", ""),
    "delivered": ("已签收", "done"),
    "refused": ("收件人拒收，退回", "returned"),
}
_PHONE = re.compile(r"^1\d{10}$|^0\d{2,3}-?\d{7,8}$")
_ADDRESS_MIN = 6  # characters: a street and a number


def may_move_delivery(*, way: str, state: str, to: str, at_place: bool) -> bool:
    """Whether a delivery may go on to ``to``: a post is posted, a pick-up comes to its place, what is done is done.

    ``at_place``: who says so is where the paper is collected. A paper collected in a town first leaves the unit; that
    it has come, and to whom it was given, only the town can say.
    """
    if to not in _NEXT.get(state, set()) or way not in _WAYS.get(to, {way}):
        return False
    return way != "township" or to == "on_way" or (at_place and state in ("on_way", "at_place"))


def state_after_report(*, state: str, outcome: str) -> str:
    """Where a posted delivery stands after a carrier's report; reports may come twice and in any order.

    Signed for is signed for, whatever is told of the way afterwards; a refusal holds only until it was delivered
    after all. So the reports of one parcel end in the same state in whatever order they arrive.
    """
    if outcome == "done" and state in ("posted", "returned"):
        return "done"
    return "returned" if outcome == "returned" and state == "posted" else state


def may_choose_delivery(state: str) -> bool:
    """The applicant may choose and change the way until the paper leaves the unit."""
    return state in ("", "waiting", "to_prepare", "not_needed")


def address_errors(*, recipient: str, phone: str, address: str) -> dict[str, str]:
    """A sentence for each part of a postal address that cannot be right."""
    errors = {}
    if len(recipient) < 2:
        errors["recipient"] = "请填写收件人姓名。"
    if not _PHONE.match(phone):
        errors["phone"] = "请填写收件人的手机号或座机号，座机要写区号。"
    if len(address) < _ADDRESS_MIN:
        errors["address"] = "请写清楚省、市、县、街道和门牌号。"
    return errors


def masked_address(address: str) -> str:
    """The first six characters (province and city): lists show no more."""
    return f"{address[:6]}******" if address else ""


def reminder_due(
    *, since: dt.datetime, reminded_at: dt.datetime | None, reminders: int, now: dt.datetime, days: int, most: int
) -> bool:
    """Whether who has not collected is reminded now: every ``days`` since it arrived, at most ``most`` times."""
    last = reminded_at or since
    return reminders < most and now - last >= dt.timedelta(days=days)
