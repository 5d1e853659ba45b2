"""Who handles an accepted complaint: a unit that reads it without the person's name, or the office itself."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.complaints import ComplaintAssigned
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.outbox import publish
from zhengtong.systems.complaints.constants import TEXT_MAX, TITLE_MAX, ActKind, State
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.permissions import accused_today
from zhengtong.systems.complaints.rules.handling import Accused, refusal_to_assign
from zhengtong.systems.complaints.selectors.identities import tells_who, unnamed
from zhengtong.systems.complaints.services.taking import office_takes
from zhengtong.systems.complaints.services.telling import event_fields, record, tell_unit, words_of, write_act

_FIELDS = ["state", "handler_org_id", "handler_org_name", "by_office", "brief_title", "brief"]


@transaction.atomic
def assign(
    *,
    actor: Actor,
    complaint_id: uuid.UUID,
    org_code: str,
    title: str,
    brief: str,
    checked: bool = False,
    note: str = "",
) -> Complaint:
    """Give it to a unit in the words ``title`` and ``brief``, of a protected person without anything that names him.

    ``checked``: the supervisor says he has read the words through, which is needed where the person is protected.
    Raises Conflict for a unit that must not handle it, Invalid for words that name the person.
    """
    row = office_takes(actor, complaint_id, "assign")
    unit = _unit(actor.tenant, org_code)
    refusal = refusal_to_give(row, unit)
    if refusal:
        raise Conflict(refusal)
    row.brief_title, row.brief = _brief(row, title, brief, checked=checked)
    row.handler_org_id, row.handler_org_name, row.by_office = unit.id, unit.name, False
    row.state = State.ASSIGNED
    row.save(update_fields=_FIELDS)
    written = _("交%(org)s办理。") % {"org": unit.name}
    write_act(row, actor, ActKind.ASSIGN, written, told=True, shared=True)
    if note.strip():
        write_act(row, actor, ActKind.ASSIGN, unnamed(row, note.strip()), shared=True)
    record(actor, row, "complaints.assign", {"org": unit.code, "note": note.strip()})
    publish(ComplaintAssigned(**event_fields(row), by_office=False, turn=row.turn))
    tell_unit(
        row, title=_("交办咨询投诉"), body=_("%(what)s交您单位办理，请在期限内报送答复。") % {"what": words_of(row)}
    )
    return row


def refusal_to_give(
    row: Complaint,
    unit: identity.OrganisationInfo,
    *,
    besides: Complaint | None = None,
    heir_of: uuid.UUID | None = None,
) -> str:
    """Why a unit must not handle it, in Chinese; empty when it may.

    What was merged into it, or is to be (``besides``), is answered with it: the unit must be free of that, too. What
    is about a unit that is no more is about its heir; ``heir_of`` is the unit that ``unit`` takes over just now.
    """
    whole = [row, *row.merged.filter(state=State.MERGED), *([besides] if besides else [])]
    accused = [each for one in whole for each in _accused(one, unit, heir_of)]
    refusals = (refusal_to_assign(each, org_id=str(unit.id), org_path=unit.path) for each in accused)
    return next(filter(None, refusals), "")


def _accused(row: Complaint, unit: identity.OrganisationInfo, heir_of: uuid.UUID | None) -> list[Accused]:
    """Whom it is about as it came in, and as that unit's heir stands today."""
    if row.accused_org_id is None:
        return accused_today(row, None)
    return accused_today(
        row, unit if row.accused_org_id == heir_of else identity.heir_of(row.tenant, row.accused_org_id)
    )


@transaction.atomic
def handle_by_office(*, actor: Actor, complaint_id: uuid.UUID) -> Complaint:
    """The supervisor's office handles it itself."""
    row = office_takes(actor, complaint_id, "self")
    if actor.org_id is None:
        raise Conflict(_("您现在的岗位不属于任何单位，不能直接办理。"))
    row.handler_org_id, row.handler_org_name, row.by_office = actor.org_id, actor.org_name, True
    row.state = State.ASSIGNED
    row.save(update_fields=_FIELDS)
    write_act(row, actor, ActKind.SELF, _("由监察机构直接办理。"), told=True)
    record(actor, row, "complaints.self")
    publish(ComplaintAssigned(**event_fields(row), by_office=True, turn=row.turn))
    return row


@transaction.atomic
def release_file(*, actor: Actor, complaint_id: uuid.UUID, no: int) -> None:
    """Open a file to the handling unit, after the supervisor looked through it for what would name the person."""
    row = office_takes(actor, complaint_id, "release")
    file = row.files.filter(no=no).first()
    if file is None:
        raise NotFound(_("没有这个附件。"))
    if file.released:
        raise Conflict(_("这个附件已经向承办单位开放。"))
    file.released = True
    file.save(update_fields=["released"])
    write_act(row, actor, ActKind.RELEASE, file.label, shared=True)
    record(actor, row, "complaints.release_file", {"no": no})


def proposed_brief(row: Complaint) -> tuple[str, str]:
    """The words the form begins with: what the person wrote, without what would name him."""
    if row.brief:
        return row.brief_title, row.brief
    parts = [row.content]
    if row.happened_on:
        parts.append(_("发生日期：%(day)s") % {"day": row.happened_on.isoformat()})
    if row.wish:
        parts.append(_("诉求：%(wish)s") % {"wish": row.wish})
    return unnamed(row, row.title), unnamed(row, "\n".join(parts))


def _brief(row: Complaint, title: str, brief: str, *, checked: bool) -> tuple[str, str]:
    errors: dict[str, str] = {}
    for field, text, most in (("title", title.strip(), TITLE_MAX), ("brief", brief.strip(), TEXT_MAX)):
        if not text or len(text) > most:
            errors[field] = _("请写明交给承办单位看的内容，最多 %(n)d 个字。") % {"n": most}
        elif tells_who(row, text):
            errors[field] = _("这里还写着提出人的姓名、电话、证件号码、地址、办件编号或者称呼。请删去后再交办。")
    if row.hidden and not checked:
        errors["checked"] = _("提出人要求保护身份。请通读交办内容，确认不会让承办单位认出是谁，再勾选。")
    if errors:
        raise Invalid(_("交办内容还有 %(n)d 处需要改正。") % {"n": len(errors)}, errors=errors)
    return title.strip(), brief.strip()


def _unit(tenant: str, code: str) -> identity.OrganisationInfo:
    try:
        return identity.organisation(tenant, code)
    except NotFound:
        raise Invalid(_("请选择承办单位。"), field="org") from None
