"""What pages of complaints share: clocks and time lines as the components want them, crumbs, limits in words."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ui.clock_bar import limits_shown
from zhengtong.systems.complaints.constants import ACCEPT_LIMITS, ANSWER_LIMITS, ASK_REVIEW_LIMIT, ClockKind, Kind
from zhengtong.systems.complaints.selectors.pages import ActLine

_WHAT = {
    Kind.CONSULT: gettext_lazy("政策、条件、材料、流程怎么规定"),
    Kind.COMPLAINT: gettext_lazy("不按规定受理、拖延推诿、态度不好、乱收费、多要材料"),
    Kind.REPORT: gettext_lazy("违法违纪、以权谋私、收受好处"),
    Kind.SUGGESTION: gettext_lazy("办事流程和服务怎样改进"),
}


def clock_rows(clocks: Iterable[cases.LimitView]) -> list[dict[str, Any]]:
    """Limits as their component wants them."""
    return limits_shown(clocks, today=local_date(), done=_("办结"), barless=(ClockKind.ASK_REVIEW,))


def subject_beyond(title: str, org: str, post: str) -> str:
    """What it is about where that says more than unit and post do; else empty."""
    return "" if title in (org, f"{org} {post}".strip()) else title


def time_line(acts: Iterable[ActLine]) -> list[dict[str, Any]]:
    """Acts, newest first."""
    found = [{"at": one.at, "title": one.title, "who": one.who, "note": one.text} for one in acts]
    return list(reversed(found))


def limit_rows(tenant: str) -> list[dict[str, str]]:
    """The limits of each kind in words, for the start page."""
    keys = [*ACCEPT_LIMITS.values(), *ANSWER_LIMITS.values(), ASK_REVIEW_LIMIT]
    found = {key: cases.Limit.parse(str(value)) for key, value in parameters.values(*keys, tenant=tenant).items()}
    return [
        {
            "kind": str(kind.label),
            "what": str(_WHAT[kind]),
            "accept": found[ACCEPT_LIMITS[kind]].label,
            "answer": found[ANSWER_LIMITS[kind]].label,
        }
        for kind in Kind
    ]


def review_limit(tenant: str) -> str:
    """Until when a review may be asked for, in words."""
    return cases.Limit.parse(str(parameters.value(ASK_REVIEW_LIMIT, tenant=tenant))).label


def crumbs(*parts: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the portal to a public page."""
    start = [{"label": _("首页"), "url": "/"}, {"label": _("咨询投诉"), "url": reverse("complaints:home")}]
    return [*start, *({"label": label, "url": url} for label, url in parts)]


def desk_crumbs(*parts: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the queue to a page of the desk."""
    return [
        {"label": _("咨询投诉"), "url": reverse("complaints:desk")},
        *({"label": label, "url": url} for label, url in parts),
    ]
