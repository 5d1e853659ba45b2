"""A request that is several is split; one that came to the wrong unit is forwarded."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.disclosure.constants import TEXT_MAX, TEXT_MIN, ActKind, LetterKind
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.rules.outcomes import SPLIT
from zhengtong.systems.disclosure.services.answering import close
from zhengtong.systems.disclosure.services.letters import write_letter
from zhengtong.systems.disclosure.services.submitting import request_number, start_answer
from zhengtong.systems.disclosure.services.taking import unit_takes, words_in
from zhengtong.systems.disclosure.services.telling import record, tell_applicant, tell_unit, words_of, write_act

_PARTS_MOST = 20
_INHERITED = (
    "tenant",
    "kind",
    "org_id",
    "org_code",
    "org_name",
    "org_path",
    "applicant_kind",
    "person_id",
    "legal_person_id",
    "name",
    "contact_name",
    "identity_kind",
    "identity_number",
    "applicant_index",
    "phone",
    "email",
    "address",
    "postcode",
    "document_number",
    "use",
    "form",
    "delivery",
    "channel",
    "arrived_on",
    "received_on",
    "corrected_on",
    "received_at",
    "received_note",
    "taken_by",
    "taken_by_id",
    "code_digest",
)


@transaction.atomic
def split(*, actor: Actor, request_id: uuid.UUID, parts: Sequence[str]) -> list[DisclosureRequest]:
    """一事一申请: several matters become requests of their own, received on the same day, found by the same code."""
    row = unit_takes(actor, request_id, "split")
    said = [part.replace("\x00", "").strip() for part in parts if part.strip()]
    if not 2 <= len(said) <= _PARTS_MOST:
        raise Invalid(_("请写明拆成哪几件，2 到 %(n)d 件，一行一件。") % {"n": _PARTS_MOST}, field="parts")
    if any(not TEXT_MIN <= len(part) <= TEXT_MAX for part in said):
        raise Invalid(_("每一件写 %(a)d 到 %(b)d 个字。") % {"a": TEXT_MIN, "b": TEXT_MAX}, field="parts")
    made = [_part(row, actor, part) for part in said]
    numbers = "、".join(one.number for one in made)
    write_act(row, actor, ActKind.SPLIT, numbers, told=True)
    record(actor, row, "disclosure.split", {"into": [one.number for one in made]})
    close(row, SPLIT)
    body = _("您的%(what)s含有几项内容，已拆分为 %(numbers)s 分别办理，查询码不变。")
    tell_applicant(row, title=_("申请已拆分"), body=body % {"what": words_of(row), "numbers": numbers})
    return made


@transaction.atomic
def forward(*, actor: Actor, request_id: uuid.UUID, org_code: str, reason: str) -> DisclosureRequest:
    """Give it to the unit of the county that answers for it; the limit runs on, the applicant is told."""
    row = unit_takes(actor, request_id, "forward")
    said = words_in(reason)
    org = identity.organisation(row.tenant, org_code) if org_code else None
    if org is None or org.id == row.org_id:
        raise Invalid(_("请选择转给哪个单位。"), field="org")
    if row.extensions.exists():
        raise Conflict(_("已经申请过延长期限，不能再转办，请答复申请人。"))
    was = row.org_name
    row.org_id, row.org_code, row.org_name, row.org_path = org.id, org.code, org.name, org.path
    row.save(update_fields=["org_id", "org_code", "org_name", "org_path"])
    words = _("由%(was)s转给%(org)s：%(why)s") % {"was": was, "org": org.name, "why": said}
    write_act(row, actor, ActKind.FORWARD, words, told=True)
    record(actor, row, "disclosure.forward", {"to": org.code, "reason": said})
    told = _("您申请公开的信息由%(org)s负责公开，已转给该单位办理，答复期限不变。") % {"org": org.name}
    write_letter(row, actor, LetterKind.FORWARD, [told, said])
    tell_applicant(row, title=_("申请已转办"), body=told)
    tell_unit(row, title=_("转来信息公开申请"), body=_("%(what)s转给你单位办理。") % {"what": words_of(row)})
    return row


def _part(row: DisclosureRequest, actor: Actor, content: str) -> DisclosureRequest:
    part = DisclosureRequest(**{name: getattr(row, name) for name in _INHERITED})
    part.parent, part.number, part.content = row, request_number(row.tenant), content
    part.title = content.splitlines()[0][:60]
    part.save(force_insert=True)
    words = _("由 %(number)s 拆分") % {"number": row.number}
    write_act(part, actor, ActKind.TAKE_IN, words, told=True)
    record(actor, part, "disclosure.take_in", {"from": row.number})
    start = part.corrected_on or part.received_on
    if start is not None:
        start_answer(part, on=start)
    return part
