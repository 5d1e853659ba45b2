"""收到申请之日: when a request counts as received, by the way it came (条例 第三十一条)."""

import datetime as dt

#: 当面、快递或者挂号: the day it was handed over or signed for
_ON_ARRIVAL = frozenset({"counter", "oral", "signed_post"})
#: 平常信函、传真: the day the agency and the applicant confirmed it to each other
_ON_CONFIRMATION = frozenset({"ordinary_post", "fax"})


def receipt_day(channel: str, arrived_on: dt.date, confirmed_on: dt.date | None = None) -> dt.date | None:
    """The day the limit counts from; None while a confirmation is awaited.

    What is sent on this platform is confirmed by its receipt at once. Raises ValueError for a channel unknown and
    for a confirmation before the arrival.
    """
    if confirmed_on is not None and confirmed_on < arrived_on:
        raise ValueError("confirmed before it arrived")
    if channel in _ON_ARRIVAL or channel == "internet":
        return arrived_on
    if channel in _ON_CONFIRMATION:
        return confirmed_on
    raise ValueError(channel)


def confirmed_late(channel: str, arrived_on: dt.date, confirmed_on: dt.date | None, today: dt.date) -> bool:
    """Whether an ordinary letter was not confirmed with the applicant on the day it came, as the agency must."""
    return channel == "ordinary_post" and (confirmed_on or today) > arrived_on
