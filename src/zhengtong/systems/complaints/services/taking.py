"""Taking a complaint in hand for one act: locked, in reach, and in a state that allows it."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.systems.complaints import permissions
from zhengtong.systems.complaints.constants import REASON_MAX, REASON_MIN
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.selectors.complaints import acts_now, find, own, writer_acts


def office_takes(actor: Actor, complaint_id: uuid.UUID, act: str) -> Complaint:
    """For an act of the supervisor's office. Raises NotFound, NotPermitted, Conflict."""
    row = locked(find(actor, complaint_id).pk)
    permissions.check_transfers(actor) if act == "transfer" else permissions.check_office(actor, row)
    return _allowed(row, act, acts_now(actor, row))


def handler_takes(actor: Actor, complaint_id: uuid.UUID, act: str) -> Complaint:
    """For an act of whoever handles it. Raises NotFound, NotPermitted, Conflict."""
    row = locked(find(actor, complaint_id).pk)
    permissions.check_handles(actor, row)
    return _allowed(row, act, acts_now(actor, row))


def writer_takes(actor: Actor, complaint_id: uuid.UUID, act: str, *, bearer: bool) -> Complaint:
    """For an act of the person who wrote: signed in, or ``bearer`` of number and code. Raises NotFound, Conflict."""
    row = locked(complaint_id) if bearer else locked(own(actor, complaint_id).pk)
    if row.tenant != actor.tenant:
        raise NotFound(_("没有找到这件来件。"))
    return _allowed(row, act, writer_acts(row))


def locked(complaint_id: uuid.UUID) -> Complaint:
    """The row, locked until the transaction ends; raises NotFound."""
    row = Complaint.objects.select_for_update().filter(pk=complaint_id).first()
    if row is None:
        raise NotFound(_("没有找到这件来件。"))
    return row


def reason_of(text: str, *, field: str = "text", least: int = REASON_MIN, most: int = REASON_MAX) -> str:
    """A reason with enough words; raises Invalid."""
    clean = text.replace("\x00", "").strip()
    if not least <= len(clean) <= most:
        raise Invalid(_("请写明理由，%(a)d 到 %(b)d 个字。") % {"a": least, "b": most}, field=field)
    return clean


def _allowed(row: Complaint, act: str, acts: frozenset[str]) -> Complaint:
    if act not in acts:
        raise Conflict(
            _("这件现在是“%(state)s”，不能这样办理。请刷新页面后再看。") % {"state": row.get_state_display()}
        )
    return row
