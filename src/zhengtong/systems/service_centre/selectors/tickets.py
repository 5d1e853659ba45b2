"""Tickets as people see them: the call display, one ticket, a window."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.service_centre.constants import Standing, TicketState
from zhengtong.systems.service_centre.models import Place, Ticket, Window, Zone
from zhengtong.systems.service_centre.rules import APPOINTED, callable_in_order, minutes_to_wait
from zhengtong.systems.service_centre.selectors.line import (
    ZoneLine,
    as_waiting,
    head_starts,
    lines,
    minutes_each,
    open_windows,
    ordered,
    waiting_tickets,
)
from zhengtong.systems.service_centre.selectors.places import find_place, is_open_today, serving, zones_of

_CODE_LENGTH = 10


@dataclasses.dataclass(frozen=True)
class Call:
    """A ticket on the display: its number, its window, and when it was called last."""

    number: str
    window: int
    window_name: str
    announced_at: dt.datetime
    calls: int

    @property
    def key(self) -> str:
        """Changes with every call, so that a display knows what to say."""
        return f"{self.number}-{self.calls}"


@dataclasses.dataclass(frozen=True)
class Display:
    """What hangs on the wall of a hall."""

    place: Place
    calls: tuple[Call, ...]
    lines: tuple[ZoneLine, ...]
    skipped: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class TicketView:
    """A ticket for its holder: how many are before him, where to go, about how long."""

    ticket: Ticket
    state_label: str
    ahead: int
    minutes: int | None
    window: Window | None


@dataclasses.dataclass(frozen=True)
class WaitingRow:
    """Somebody who waits, for the window's page: why he stands where he stands."""

    id: uuid.UUID
    number: str
    since: dt.datetime
    why: str
    item_name: str
    mine: bool


@dataclasses.dataclass(frozen=True)
class WindowDesk:
    """The page of a window: who is there, who waits, who was missed, what was done today."""

    window: Window
    open: bool
    current: Ticket | None
    line: tuple[WaitingRow, ...]
    skipped: tuple[Ticket, ...]
    others: tuple[Window, ...]
    finished: int
    average: int | None


def place_version(tenant: str, slug: str) -> str:
    """What displays compare: one row."""
    version = Place.objects.filter(tenant=tenant, slug=slug).values_list("version", flat=True).first()
    if version is None:
        raise NotFound(_("没有这个服务场所。"))
    return f"{version}-{local_date():%Y%m%d}"


def display(tenant: str, slug: str, *, most: int = 6) -> Display:
    """The call display of a hall: the latest calls first."""
    place = find_place(tenant, slug)
    today = Ticket.objects.filter(place=place, day=local_date())
    called = today.filter(state="called").select_related("window").order_by("-announced_at")[:most]
    skipped = today.filter(state="skipped").order_by("-announced_at").values_list("number", flat=True)[:8]
    return Display(place, tuple(map(_call, called)), tuple(lines(place, zones_of(place))), tuple(skipped))


def _call(ticket: Ticket) -> Call:
    window, announced = ticket.window, ticket.announced_at
    if window is None or announced is None:
        raise RuntimeError("the database keeps window and time of a called ticket")
    return Call(ticket.number, window.number, window.name, announced, ticket.calls)


def ticket_view(tenant: str, code: str) -> TicketView:
    """A ticket by the code its holder has; raises NotFound."""
    rows = Ticket.objects.filter(tenant=tenant, code=code[:8].upper().replace("\x00", ""))
    ticket = rows.select_related("place", "zone", "window", "wanted_window").first()
    if ticket is None:
        raise NotFound(_("没有找到这个号。请核对小票上的查询码。"))
    ahead, minutes = 0, None
    if ticket.state == TicketState.WAITING and ticket.day == local_date():
        numbers = [one.id for one, _ticket in ordered(ticket.zone)]
        ahead = numbers.index(ticket.id) if ticket.id in numbers else 0
        spans = _handled(Ticket.objects.filter(place=ticket.place_id, day=ticket.day, state="finished"))
        each = minutes_each(tenant, spans)
        minutes = minutes_to_wait(ahead, len(open_windows(ticket.zone)), each)
    return TicketView(ticket, str(TicketState(ticket.state).label), ahead, minutes, ticket.window)


def _handled(rows: "QuerySet[Ticket]") -> list[dt.timedelta]:
    spans = rows.annotate(span=F("ended_at") - F("called_at")).values_list("span", flat=True)
    return [span for span in spans if span is not None]


def window_desk(window: Window) -> WindowDesk:
    """What the operator of a window sees now; the caller has checked who asks."""
    today = Ticket.objects.filter(place=window.place_id, day=local_date())
    tickets = {ticket.id: ticket for ticket in waiting_tickets(window.zone)}
    starts = head_starts(window.tenant)
    me = serving(window)
    mine = callable_in_order(me, map(as_waiting, tickets.values()), [*open_windows(window.zone), me], starts)
    keys = {one.id for one in mine}
    rest = [(one, ticket) for one, ticket in ordered(window.zone) if one.id not in keys]
    line = [_row(tickets[one.id], mine=True) for one in mine if one.id in tickets]
    line += [_row(ticket, mine=False) for _one, ticket in rest]
    done = today.filter(window=window, state="finished")
    spans = [span.total_seconds() for span in _handled(done)]
    return WindowDesk(
        window=window,
        open=is_open_today(window),
        current=today.filter(window=window, state="called").select_related("zone", "appointment__slot").first(),
        line=tuple(line),
        skipped=tuple(today.filter(zone=window.zone, state="skipped").order_by("-announced_at")[:12]),
        others=tuple(
            Window.objects.filter(place=window.place_id, active=True).exclude(pk=window.pk).order_by("number")
        ),
        finished=len(spans),
        average=round(sum(spans) / len(spans) / 60) if spans else None,
    )


def _row(ticket: Ticket, *, mine: bool) -> WaitingRow:
    parts = []
    if ticket.appointment:
        slot = ticket.appointment.slot
        parts.append(_("预约 %(start)s") % {"start": f"{slot.starts:%H:%M}"})
    if ticket.standing != Standing.USUAL:
        parts.append(str(Standing(ticket.standing).label))
    if ticket.wanted_window_id:
        parts.append(_("转窗口"))
    return WaitingRow(ticket.id, ticket.number, ticket.taken_at, "、".join(parts), ticket.item_name, mine)


def rule_words(tenant: str) -> list[str]:
    """The rule of the queue in sentences, made from its data."""
    starts = head_starts(tenant)
    found = [_("按到场的先后叫号，谁先到谁先办。")]
    if starts.get(APPOINTED):
        found.append(
            _("有预约的，从预约时段开始前 %(n)d 分钟算起；过了时段才到的，和没有预约的一样排队。")
            % {"n": starts[APPOINTED]}
        )
    by_minutes: dict[int, list[str]] = {}
    for standing in Standing:
        minutes = starts.get(standing.value, 0)
        if minutes:
            by_minutes.setdefault(minutes, []).append(str(standing.label))
    for minutes, labels in by_minutes.items():
        found.append(
            _("%(who)s视同早到 %(n)d 分钟；请在取号时选择，窗口可能请您出示证件。")
            % {"who": "、".join(labels), "n": minutes}
        )
    found.append(_("叫号三次没有来的算过号；当天回来不用重新取号，请到窗口说一声，按回来的时间重新排队。"))
    return found


def hall_code(place: Place) -> str:
    """What the picture on the hall's wall carries today: whoever scans it stands in the hall."""
    made = salted_hmac("service_centre.hall_code", f"{place.id}:{local_date():%Y%m%d}", algorithm="sha256")
    return made.hexdigest()[:_CODE_LENGTH]


def check_hall_code(place: Place, code: str) -> None:
    """NotFound for a code of another hall or another day."""
    if not constant_time_compare(code, hall_code(place)):
        raise NotFound(_("这个取号二维码已经过期。请在大厅里重新扫描屏幕上的二维码。"))


def mark_of_ticket_machine(place: Place, key: str) -> str:
    """What a ticket machine shows from now on, for the key its manager typed into it; NotFound for a wrong key."""
    if not constant_time_compare("".join(key.split()).upper(), place.kiosk_key):
        raise NotFound(_("取号机密钥不正确。请向大厅管理员要“场所信息”里的密钥。"))
    return _mark(place)


def is_ticket_machine(place: Place, mark: str) -> bool:
    """Whether a browser was bound as the ticket machine of the hall, with the key that counts now."""
    return constant_time_compare(mark, _mark(place))


def _mark(place: Place) -> str:
    return salted_hmac("service_centre.ticket_machine", f"{place.id}:{place.kiosk_key}", algorithm="sha256").hexdigest()


def zone_lines(place: Place) -> list[ZoneLine]:
    """The queues of a hall now."""
    return lines(place, zones_of(place))


def services_of(zones: list[Zone]) -> list[tuple[str, str]]:
    """Items (code, name) the windows of the zones are named for, by name; for the choice at finishing."""
    found = {
        service.code: service.label
        for zone in zones
        for window in zone.windows.all()
        for service in window.services.all()
        if service.kind == "item"
    }
    return sorted(found.items(), key=lambda pair: pair[1])
