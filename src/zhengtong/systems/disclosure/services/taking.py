"""Taking a request in hand for one act: locked, in reach, and in a state that allows it."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.systems.disclosure import permissions
from zhengtong.systems.disclosure.constants import REASON_MAX, REASON_MIN
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.selectors.requests import acts_now, applicant_acts, find, own


def unit_takes(actor: Actor, request_id: uuid.UUID, act: str) -> DisclosureRequest:
    """For an act of the unit's officers. Raises NotFound, NotPermitted, Conflict."""
    row = locked(find(actor, request_id).pk)
    permissions.check_unit(actor, row)
    return _allowed(row, act, acts_now(actor, row))


def head_takes(actor: Actor, request_id: uuid.UUID, act: str) -> DisclosureRequest:
    """For a decision of the unit's head. Raises NotFound, NotPermitted, Conflict."""
    row = locked(find(actor, request_id).pk)
    permissions.check_head(actor, row)
    return _allowed(row, act, acts_now(actor, row))


def applicant_takes(actor: Actor, request_id: uuid.UUID, act: str, *, bearer: bool) -> DisclosureRequest:
    """For an act of who asked: signed in, or ``bearer`` of number and code. Raises NotFound, Conflict."""
    row = locked(request_id) if bearer else locked(own(actor, request_id).pk)
    if row.tenant != actor.tenant:
        raise NotFound(_("没有找到这件申请。"))
    return _allowed(row, act, applicant_acts(row))


def locked(request_id: uuid.UUID) -> DisclosureRequest:
    """The row, locked until the transaction ends; raises NotFound."""
    row = DisclosureRequest.objects.select_for_update().filter(pk=request_id).first()
    if row is None:
        raise NotFound(_("没有找到这件申请。"))
    return row


def words_in(text: str, *, field: str = "text", least: int = REASON_MIN, most: int = REASON_MAX) -> str:
    """A text with enough words; raises Invalid."""
    clean = text.replace("\x00", "").strip()
    if not least <= len(clean) <= most:
        raise Invalid(_("请写明，%(a)d 到 %(b)d 个字。") % {"a": least, "b": most}, field=field)
    return clean


def _allowed(row: DisclosureRequest, act: str, acts: frozenset[str]) -> DisclosureRequest:
    if act not in acts:
        raise Conflict(
            _("这件现在是“%(state)s”，不能这样办理。请刷新页面后再看。") % {"state": row.get_state_display()}
        )
    return row
