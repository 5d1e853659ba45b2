"""The office decides what becomes of a complaint that came in: accepted, not accepted, transferred, merged."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.complaints import ComplaintAccepted, ComplaintClosed
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.outbox import publish
from zhengtong.systems.complaints.constants import ActKind, ClockKind, Ending, State
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.selectors.complaints import find
from zhengtong.systems.complaints.services import clocks
from zhengtong.systems.complaints.services.assigning import refusal_to_give
from zhengtong.systems.complaints.services.taking import locked, office_takes, reason_of
from zhengtong.systems.complaints.services.telling import (
    event_fields,
    record,
    tell_office,
    tell_writer,
    words_of,
    write_act,
)


@transaction.atomic
def accept(*, actor: Actor, complaint_id: uuid.UUID) -> Complaint:
    """Accept: the limit to answer begins. Raises NotFound, NotPermitted, Conflict."""
    row = office_takes(actor, complaint_id, "accept")
    in_time = clocks.end(row, ClockKind.ACCEPT)
    row.state, row.accepted_at = State.ACCEPTED, now()
    row.save(update_fields=["state", "accepted_at"])
    clock = clocks.begin(row, ClockKind.ANSWER)
    write_act(row, actor, ActKind.ACCEPT, told=True)
    record(actor, row, "complaints.accept")
    publish(ComplaintAccepted(**event_fields(row), in_time=in_time is not False, due_at=clock.due_at))
    tell_writer(row, title=_("来件已受理"), body=_("您的%(what)s已受理，办理期限可在查询页面查看。") % _what(row))
    return row


@transaction.atomic
def reject(*, actor: Actor, complaint_id: uuid.UUID, reason: str) -> Complaint:
    """Do not accept, with the reason, which the person is told. Raises Invalid besides."""
    row = office_takes(actor, complaint_id, "reject")
    row.reason = reason_of(reason)
    write_act(row, actor, ActKind.REJECT, row.reason, told=True)
    record(actor, row, "complaints.reject", {"reason": row.reason})
    close(row, Ending.NOT_ACCEPTED, fields=["reason"])
    tell_writer(row, title=_("来件不予受理"), body=_("您的%(what)s不予受理，理由请在查询页面查看。") % _what(row))
    return row


@transaction.atomic
def transfer(*, actor: Actor, complaint_id: uuid.UUID, to: str, reason: str) -> Complaint:
    """Send on to the authority that is competent; also what an office must do with a complaint about itself."""
    row = office_takes(actor, complaint_id, "transfer")
    if not 2 <= len(to.strip()) <= 120:
        raise Invalid(_("请写明转送哪个机关。"), field="to")
    row.transferred_to, row.reason = to.strip(), reason_of(reason)
    write_act(row, actor, ActKind.TRANSFER, f"{row.transferred_to}。{row.reason}", told=True)
    record(actor, row, "complaints.transfer", {"to": row.transferred_to, "reason": row.reason})
    close(row, Ending.TRANSFERRED, fields=["reason", "transferred_to"])
    tell_writer(row, title=_("来件已转送"), body=_("您的%(what)s已转送有权处理的机关，请在查询页面查看。") % _what(row))
    return row


@transaction.atomic
def merge(*, actor: Actor, complaint_id: uuid.UUID, into: str) -> Complaint:
    """Handle it together with the one of that number; who wrote gets the same answer, without who else wrote."""
    main = Complaint.objects.filter(tenant=actor.tenant, number="".join(into.split()).upper()).first()
    if main is not None:
        _lock_both(actor.tenant, complaint_id, main.pk)
    row = office_takes(actor, complaint_id, "merge")
    if main is None or main.pk == row.pk:
        raise Invalid(_("没有这个编号的来件，请核对主件的编号。"), field="into")
    main = locked(find(actor, main.pk).pk)
    if main.state in (State.CLOSED, State.ANSWERED, State.MERGED, State.REVIEW):
        raise Conflict(_("主件%(no)s已经办完或者已并入别的来件，不能再并入。") % {"no": main.number})
    if row.merged.exists():
        raise Conflict(_("已有来件并入这一件，请把它作为主件。"))
    _check_handler(main, row)
    clocks.end_all(row)
    row.merged_into, row.state = main, State.MERGED
    row.accepted_at = row.accepted_at or now()
    row.save(update_fields=["merged_into", "state", "accepted_at"])
    write_act(row, actor, ActKind.MERGE, _("与反映同一问题的来件一并办理，办结后一并答复。"), told=True)
    write_act(main, actor, ActKind.MERGE, _("并入来件 %(no)s。") % {"no": row.number})
    record(actor, row, "complaints.merge", {"into": main.number})
    body = _("您的%(what)s与反映同一问题的来件一并办理，办结后一并答复。") % _what(row)
    tell_writer(row, title=_("来件并案办理"), body=body)
    return row


def _lock_both(tenant: str, *keys: uuid.UUID) -> None:
    """In one order, whichever goes into which: two such acts would wait for each other."""
    list(Complaint.objects.select_for_update().filter(tenant=tenant, pk__in=keys).order_by("pk").values_list("pk"))


def _check_handler(main: Complaint, row: Complaint) -> None:
    """The unit that handles the one already must be free of what the other says of it, as when it is given out."""
    unit = identity.heir_of(main.tenant, main.handler_org_id) if main.handler_org_id and not main.by_office else None
    refusal = refusal_to_give(main, unit, besides=row) if unit else ""
    if refusal:
        raise Conflict(
            _("主件%(no)s正由%(org)s办理，不能并入。%(why)s")
            % {"no": main.number, "org": main.handler_org_name, "why": refusal}
        )


def close(row: Complaint, ending: str, *, fields: list[str] | None = None) -> None:
    """The end of a locked complaint, told to the other apps; limits end with it.

    What was merged into one that ends without an answer goes on by itself.
    """
    if ending != Ending.ANSWERED:
        for twin in row.merged.filter(state=State.MERGED):
            _go_on_alone(locked(twin.pk))
    clocks.end_all(row)
    row.state, row.ending, row.closed_at = State.CLOSED, ending, now()
    row.save(update_fields=["state", "ending", "closed_at", *(fields or [])])
    publish(
        ComplaintClosed(
            **event_fields(row),
            ending=ending,
            finding=row.finding,
            satisfaction=row.satisfaction,
            in_time=row.in_time,
        )
    )


def _go_on_alone(row: Complaint) -> None:
    """It was accepted with the one it was merged into: its limit runs from that day, and it waits to be given out."""
    row.merged_into, row.state = None, State.ACCEPTED
    row.save(update_fields=["merged_into", "state"])
    clock = clocks.begin(row, ClockKind.ANSWER, on=local_date(row.accepted_at))
    write_act(row, None, ActKind.MERGE, _("一并办理的来件不再办理，这一件单独办理。"), told=True)
    record(system(row.tenant), row, "complaints.go_on_alone", {"due_on": clock.due_on})
    body = _("与您的%(what)s一并办理的来件不再办理，您的来件继续单独办理，期限可在查询页面查看。") % _what(row)
    tell_writer(row, title=_("来件单独办理"), body=body)
    title, said = _("来件须单独办理"), _("%(what)s原来并入的来件不再办理，请交办或者直接办理。") % _what(row)
    tell_office(row, title=title, body=said)


def _what(row: Complaint) -> dict[str, str]:
    return {"what": words_of(row)}
