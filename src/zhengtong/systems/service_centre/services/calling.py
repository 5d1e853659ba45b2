"""At the window: open, call the next, call again, miss, take back, transfer, finish.

Two operators may press at the same moment: each takes the first ticket of the rule's order that nobody else is
taking (``SKIP LOCKED``), so that no ticket is called twice and none is left out.
"""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.service_centre import TicketCalled, TicketFinished
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.transactions import hold
from zhengtong.systems.service_centre.constants import WINDOW_KIND
from zhengtong.systems.service_centre.models import Ticket, Window
from zhengtong.systems.service_centre.permissions import check_operator
from zhengtong.systems.service_centre.rules import callable_in_order
from zhengtong.systems.service_centre.selectors.line import as_waiting, head_starts, open_windows, waiting_tickets
from zhengtong.systems.service_centre.selectors.places import is_open_today, serving
from zhengtong.systems.service_centre.services.board import touch
from zhengtong.systems.service_centre.services.tickets import advance, lock_ticket, record, ref_of


def _lock_window(actor: Actor, window_id: uuid.UUID, *, open_now: bool = True) -> Window:
    rows = Window.objects.select_for_update(of=("self",)).select_related("place", "zone")
    window = rows.filter(tenant=actor.tenant, pk=window_id, active=True).first()
    if window is None:
        raise NotFound(_("没有这个窗口，它可能已经停用。"))
    check_operator(actor, window)
    if open_now:
        if not is_open_today(window):
            raise Conflict(_("窗口还没有开放，请先按“开放窗口”。"))
        if window.operator_id != actor.person_id:
            words = {"name": window.operator_name}
            raise Conflict(_("%(name)s正在这个窗口办公。需要接替时，请先按“开放窗口”。") % words)
    return window


def _current(window: Window) -> Ticket | None:
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("place", "zone", "window", "appointment")
    return rows.filter(window=window, state="called", day=local_date()).first()


def _needed(window: Window) -> Ticket:
    ticket = _current(window)
    if ticket is None:
        raise Conflict(_("这个窗口现在没有正在办理的号。"))
    return ticket


@transaction.atomic
def open_window(*, actor: Actor, window_id: uuid.UUID) -> Window:
    """Sit down at a window; who sat there before is replaced, one operator sits at one window only."""
    # the windows he does not sit at have no row of his that could be locked
    hold(f"service_centre.operator.{actor.tenant}.{actor.person_id}")
    window = _lock_window(actor, window_id, open_now=False)
    elsewhere = Window.objects.filter(tenant=actor.tenant, operator_id=actor.person_id, opened_at__isnull=False)
    for other in elsewhere.exclude(pk=window.pk):
        if is_open_today(other):
            raise Conflict(_("您正在%(number)d号窗口办公，请先暂停那个窗口，再开放这一个。") % {"number": other.number})
    window.opened_at, window.operator_id, window.operator_name = now(), actor.person_id, actor.name
    window.save(update_fields=["opened_at", "operator_id", "operator_name"])
    _record_window(actor, "service_centre.open_window", window)
    touch(window.place_id)
    return window


@transaction.atomic
def shut_window(*, actor: Actor, window_id: uuid.UUID) -> Window:
    """Leave a window; refused while a ticket is being dealt with."""
    window = _lock_window(actor, window_id, open_now=False)
    ticket = _current(window)
    if ticket is not None:
        raise Conflict(_("%(number)s 号还没有办完，请先办结、过号或者转窗口。") % {"number": ticket.number})
    window.opened_at = None
    window.save(update_fields=["opened_at"])
    _record_window(actor, "service_centre.shut_window", window)
    touch(window.place_id)
    return window


def _record_window(actor: Actor, act: str, window: Window) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=WINDOW_KIND, id=str(window.id)),
        payload={"number": window.number, "place": window.place.name},
    )


@transaction.atomic
def call_next(*, actor: Actor, window_id: uuid.UUID) -> Ticket | None:
    """Call the next ticket the rule gives this window, None when nobody waits for it."""
    window = _lock_window(actor, window_id)
    current = _current(window)
    if current is not None:
        raise Conflict(_("%(number)s 号还没有办完，请先办结、过号或者转窗口。") % {"number": current.number})
    line = callable_in_order(
        serving(window),
        map(as_waiting, waiting_tickets(window.zone)),
        open_windows(window.zone),
        head_starts(window.tenant),
    )
    rows = Ticket.objects.select_for_update(of=("self",), skip_locked=True).select_related("place", "zone")
    for one in line:
        ticket = rows.filter(pk=one.id, state="waiting", zone=window.zone_id).first()
        if ticket is not None:
            return _call(actor, window, ticket)
    return None


def _call(actor: Actor, window: Window, ticket: Ticket) -> Ticket:
    advance(ticket, "call")
    instant = now()
    ticket.window, ticket.operator_id, ticket.wanted_window = window, actor.person_id, None
    ticket.unit_id, ticket.unit_name = actor.org_id, actor.org_name
    ticket.called_at = ticket.announced_at = instant
    ticket.first_called_at = ticket.first_called_at or instant
    ticket.calls += 1
    ticket.save()
    record(actor, "service_centre.call", ticket, window=window.number)
    waited = int((ticket.first_called_at - ticket.taken_at).total_seconds())
    publish(TicketCalled(**_event_fields(ticket), window=window.number, wait_seconds=waited))
    touch(window.place_id)
    return ticket


def _event_fields(ticket: Ticket) -> dict[str, Any]:
    return {
        "tenant": ticket.tenant,
        "object_ref": ref_of(ticket),
        "at": now(),
        "ticket_id": ticket.id,
        "number": ticket.number,
        "place": ticket.place.slug,
        "place_name": ticket.place.name,
        "zone": ticket.zone.letter,
        "item_code": ticket.item_code,
        "item_name": ticket.item_name,
    }


@transaction.atomic
def recall(*, actor: Actor, window_id: uuid.UUID) -> Ticket:
    """Call the window's ticket once more."""
    window = _lock_window(actor, window_id)
    ticket = _needed(window)
    advance(ticket, "recall")
    ticket.announced_at = now()
    ticket.calls += 1
    ticket.save(update_fields=["announced_at", "calls"])
    record(actor, "service_centre.recall", ticket, window=window.number)
    touch(window.place_id)
    return ticket


@transaction.atomic
def skip(*, actor: Actor, window_id: uuid.UUID) -> Ticket:
    """Nobody came: the ticket waits apart until its holder shows himself."""
    window = _lock_window(actor, window_id)
    ticket = _needed(window)
    advance(ticket, "skip")
    ticket.window = None
    ticket.save(update_fields=["state", "window"])
    record(actor, "service_centre.skip", ticket, window=window.number)
    touch(window.place_id)
    return ticket


@transaction.atomic
def return_ticket(*, actor: Actor, window_id: uuid.UUID, ticket_id: uuid.UUID) -> Ticket:
    """The holder of a missed ticket came back: it waits again, as one who has come now."""
    window = _lock_window(actor, window_id)
    ticket = lock_ticket(actor.tenant, pk=ticket_id, place=window.place_id, day=local_date())
    advance(ticket, "return")
    ticket.since = now()
    ticket.save(update_fields=["state", "since"])
    record(actor, "service_centre.return_ticket", ticket)
    touch(window.place_id)
    return ticket


@transaction.atomic
def transfer(*, actor: Actor, window_id: uuid.UUID, to_id: uuid.UUID) -> Ticket:
    """Hand the window's ticket to another window of the hall, where it keeps its place in time."""
    window = _lock_window(actor, window_id)
    to = Window.objects.filter(place=window.place_id, pk=to_id, active=True).select_related("zone").first()
    if to is None or to.pk == window.pk:
        raise Invalid(_("请选择本大厅的另一个窗口。"), field="to")
    ticket = _needed(window)
    advance(ticket, "transfer")
    ticket.window, ticket.wanted_window, ticket.zone = None, to, to.zone
    ticket.save(update_fields=["state", "window", "wanted_window", "zone"])
    record(actor, "service_centre.transfer", ticket, window=window.number, to=to.number)
    touch(window.place_id)
    return ticket


@transaction.atomic
def finish(*, actor: Actor, window_id: uuid.UUID, item_code: str = "", item_name: str = "", org_id: str = "") -> Ticket:
    """The matter at the window is dealt with; the item it was, where the operator says so, is for the statistics."""
    window = _lock_window(actor, window_id)
    ticket = _needed(window)
    advance(ticket, "finish")
    ticket.ended_at = now()
    if item_code:
        ticket.item_code, ticket.item_name, ticket.org_id = item_code[:64], item_name[:200], org_id
    ticket.save(update_fields=["state", "ended_at", "item_code", "item_name", "org_id"])
    record(actor, "service_centre.finish", ticket, window=window.number, item=ticket.item_code)
    publish(_finished(ticket, window))
    touch(window.place_id)
    return ticket


def _finished(ticket: Ticket, window: Window) -> TicketFinished:
    called, first, ended = ticket.called_at, ticket.first_called_at, ticket.ended_at
    if called is None or first is None or ended is None:
        raise RuntimeError("a finished ticket was called before")
    return TicketFinished(
        **_event_fields(ticket),
        window=window.number,
        window_id=window.id,
        org_id=ticket.unit_id,
        org_name=ticket.unit_name,
        operator_id=ticket.operator_id,
        taken_at=ticket.taken_at,
        called_at=called,
        wait_seconds=int((first - ticket.taken_at).total_seconds()),
        handling_seconds=int((ended - called).total_seconds()),
        appointed=ticket.appointment_id is not None,
    )
