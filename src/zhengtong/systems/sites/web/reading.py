"""What pages of the desk read from forms, and how they print opinions."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.dates import read_moment
from zhengtong.kernel.errors import Invalid

_VERDICTS = {"pass": "agree", "sign": "agree", "agree": "agree", "return": "return", "disagree": "refuse"}


def moment(request: HttpRequest, name: str) -> dt.datetime | None:
    """The moment in the county's time a field names; None for an empty one. Raises Invalid."""
    text = request.POST.get(name, "").strip()[:40]
    if not text:
        return None
    try:
        return read_moment(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Invalid(_("请写日期和时刻，例如 2026-11-22 09:00。"), field=name) from None


def number(request: HttpRequest, name: str) -> int | None:
    """The whole number a field names; None for an empty one. Raises Invalid."""
    text = request.POST.get(name, "").strip()[:12]
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Invalid(_("请填写一个整数。"), field=name)
    return int(text)


def opinions_of(opinions: Sequence[cases.OpinionView]) -> list[dict[str, Any]]:
    """Opinions as the thread prints them."""
    return [
        {
            "unit": one.org_name,
            "post": one.post,
            "who": one.who,
            "at": one.when,
            "verdict": _VERDICTS.get(one.outcome, ""),
            "state_label": _("%(step)s：%(said)s") % {"step": one.step, "said": one.outcome_label},
            "text": one.text,
        }
        for one in opinions
    ]
