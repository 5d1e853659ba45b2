"""Statistics: what an address asks for, the desk around the pages, figures and tables as the components print them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.measures import plain, words
from zhengtong.systems.service_hall.permissions import FIGURE_READERS
from zhengtong.systems.service_hall.rules.figures import GROUPS, MEASURES, Measure, Tally
from zhengtong.systems.service_hall.rules.periods import FREE, Period, choices, period_of
from zhengtong.systems.service_hall.selectors.figures import Line, Place, place_of

READERS = FIGURE_READERS
#: columns of a table of units or items
TABLE = ("applied", "decided", "on_time", "median", "p90", "online", "one_trip", "satisfied", "overdue")
#: heads of a table are short: days are working days, what is not said to be anything else is a number of cases
_HEADS = {"%": "%", "个工作日": gettext_lazy("工作日"), "件": ""}


@dataclasses.dataclass(frozen=True)
class Asked:
    """The place and time a page of figures is about."""

    place: Place
    period: Period

    def query(self, **changes: object) -> str:
        """The query string of the same place and time, with changes; None takes a part out."""
        parts: dict[str, object] = {"period": self.period.key}
        if self.period.key == FREE:
            parts |= {"from": self.period.first, "until": self.period.last}
        parts |= {"org": self.place.org_id or "", "item": self.place.item_code, **changes}
        return urlencode({key: value for key, value in parts.items() if value not in (None, "")})

    def url(self, name: str = "figures", **changes: object) -> str:
        """A page of figures of the same place and time, with changes."""
        return f"{reverse(f'service_hall:{name}')}?{self.query(**changes)}"


def asked_by(request: HttpRequest, actor: Actor) -> Asked:
    """What the address says; anything strange gives the current month, a place out of reach is refused."""
    query = request.GET
    first, last = (_day(query.get(name, "")) for name in ("from", "until"))
    period = period_of(query.get("period", "")[:10], today=local_date(), first=first, last=last)
    return Asked(place_of(actor, _key(query.get("org", "")), query.get("item", "").replace("\x00", "")[:50]), period)


def _day(text: str) -> dt.date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def frame(actor: Actor, here: str) -> dict[str, Any]:
    """The desk around the pages; ``here`` is figures or reports."""
    places = (("figures", _("办件统计"), "service_hall:figures"), ("reports", _("办件月报"), "service_hall:reports"))
    nav: list[dict[str, Any]] = [{"label": _("统计")}]
    nav += [{"label": label, "url": reverse(name), "active": key == here} for key, label, name in places]
    others = (
        (("hall_manager",), _("大厅统计"), "service_centre:statistics"),
        (("leader", "supervisor", "hall_manager"), _("满意度"), "ratings:published"),
        (("leader",), _("审批工作台"), "service_hall:desk"),
        (("supervisor",), _("监察看板"), "supervision:board"),
    )
    links = [(label, name) for roles, label, name in others if actor.has_role(*roles)]
    nav += [{"label": _("相关")}, *({"label": label, "url": reverse(name)} for label, name in links)] if links else []
    return {
        "desk_title": _("统计"),
        "desk_nav": nav,
        "desk_user": {"unit": actor.org_name, "post": actor.post_name, "name": actor.name},
    }


def filters(asked: Asked) -> list[dict[str, Any]]:
    """The time to choose; the place stays as it is."""
    options = [*choices(local_date()), (FREE, _("自选日期"))]
    if asked.period.key not in dict(options):
        options.insert(0, (asked.period.key, asked.period.label))
    free = asked.period.key == FREE
    day = "%Y-%m-%d"
    return [
        {"name": "period", "label": _("时间"), "type": "select", "options": options, "value": asked.period.key},
        {
            "name": "from",
            "label": _("自选：从"),
            "type": "date",
            "value": asked.period.first.strftime(day) if free else "",
        },
        {"name": "until", "label": _("到"), "type": "date", "value": asked.period.last.strftime(day) if free else ""},
        {"name": "org", "type": "hidden", "value": asked.place.org_id or ""},
        {"name": "item", "type": "hidden", "value": asked.place.item_code},
    ]


def cards(asked: Asked, now: Tally, before: Tally, last_year: Tally) -> list[dict[str, Any]]:
    """The groups with their figures, each with what it was before and a year ago; it opens what is behind it."""
    names = asked.period.before_words, asked.period.last_year_words
    found = []
    for group, title in GROUPS.items():
        members = [one for one in MEASURES.values() if one.group == group]
        figures = [_card(asked, one, (now, before, last_year), names) for one in members]
        found.append({"title": title, "figures": figures})
    return found


def _card(asked: Asked, measure: Measure, tallies: Sequence[Tally], names: Sequence[str]) -> dict[str, Any]:
    now, *then = (measure.of(tally) for tally in tallies)
    notes = [
        f"{name} {plain(value)}" for name, value, tally in zip(names, then, tallies[1:], strict=True) if not tally.empty
    ]
    return {
        "label": measure.label,
        "value": plain(now),
        "unit": "" if now is None else measure.unit,
        "note": "，".join(notes),
        "tone": "red" if measure.key == "overdue" and now else "",
        "url": _behind(asked, measure) if now is not None else "",
    }


def _behind(asked: Asked, measure: Measure) -> str:
    if measure.rows:
        return asked.url("figures-cases", measure=measure.key)
    months = {"since": f"{asked.period.first:%Y-%m}", "until": f"{asked.period.last:%Y-%m}"}
    if asked.place.org_id:
        months["org"] = str(asked.place.org_id)
    return f"{reverse('ratings:published')}?{urlencode(months)}"


def measure_columns(head: str, keys: Iterable[str] = TABLE) -> list[dict[str, str]]:
    """A table of units or items: its name, then figures with their units."""
    columns = [{"key": key, "label": _head(MEASURES[key]), "kind": "number"} for key in keys]
    return [{"key": "label", "label": head}, *columns]


def _head(measure: Measure) -> str:
    unit = str(_HEADS.get(measure.unit, measure.unit))
    return f"{measure.label}（{unit}）" if unit else measure.label


def line_of(line: Line) -> dict[str, Any]:
    """A line of such a table as a page prints it."""
    return {"label": line.label, **{key: plain(MEASURES[key].of(line.tally)) for key in TABLE}}


def measure_row(label: str, tally: Tally, keys: Iterable[str] = TABLE) -> dict[str, Any]:
    """A line of such a table with numbers that a workbook reckons with."""
    return {"label": label, **{key: number(MEASURES[key], tally) for key in keys}}


def number(measure: Measure, tally: Tally) -> float | int | None:
    """A figure as a number."""
    value = measure.of(tally)
    return value if value is None or isinstance(value, int) else float(value)


def decided_bars(lines: Sequence[Line], urls: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Units or items by what they decided, with how much of it on time."""
    found = []
    for place, line in enumerate(lines):
        if line.tally.decided:
            note = _("按期 %(share)s") % {"share": words(MEASURES["on_time"], MEASURES["on_time"].of(line.tally))}
            bar = {"label": line.label, "value": line.tally.decided, "note": note}
            found.append(bar | ({"url": urls[place]} if urls else {}))
    return found
