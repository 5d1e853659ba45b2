"""What who asked may do besides correcting: take the request back."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.systems.disclosure.constants import REASON_MAX, ActKind
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.services.answering import close
from zhengtong.systems.disclosure.services.taking import applicant_takes
from zhengtong.systems.disclosure.services.telling import record, tell_unit, words_of, write_act


@transaction.atomic
def withdraw(*, actor: Actor, request_id: uuid.UUID, reason: str = "", bearer: bool = False) -> DisclosureRequest:
    """Take it back before it was answered. Raises NotFound, Conflict."""
    row = applicant_takes(actor, request_id, "withdraw", bearer=bearer)
    write_act(row, None, ActKind.WITHDRAW, reason.replace("\x00", "").strip()[:REASON_MAX], told=True)
    record(actor, row, "disclosure.withdraw")
    close(row, "withdrawn")
    body = _("%(what)s已由申请人撤回，不再办理。") % {"what": words_of(row)}
    tell_unit(row, title=_("信息公开申请已撤回"), body=body)
    return row
