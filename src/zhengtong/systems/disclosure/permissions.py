"""Who sees and handles requests: a unit its own, the county's authority all of them, who asked his own."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.disclosure.constants import AUTHORITY, INTAKE_ROLES, LEADER, UNIT_ROLES
from zhengtong.systems.disclosure.models import Consultation, DisclosureLetter, DisclosureRequest


def in_authority(actor: Actor) -> bool:
    """An official of the county's authority for disclosure (政府信息公开工作主管部门)."""
    return actor.kind == "official" and actor.has_role(AUTHORITY)


def in_unit(actor: Actor, row: DisclosureRequest) -> bool:
    """Whether the actor handles it for its unit."""
    return actor.kind == "official" and actor.org_id == row.org_id and actor.has_role(*UNIT_ROLES)


def visible(actor: Actor) -> Q:
    """The authority: all of the county; a unit: its own."""
    if actor.kind != "official":
        return Q(pk__in=[])
    reach = Q(pk__in=[])
    if in_authority(actor):
        reach |= Q(tenant=actor.tenant)
    if actor.org_id is not None and actor.has_role(*UNIT_ROLES):
        reach |= Q(tenant=actor.tenant, org_id=actor.org_id)
    return reach


def check_unit(actor: Actor, row: DisclosureRequest) -> None:
    """Raises NotPermitted for who does not handle it in its unit."""
    if not in_unit(actor, row):
        raise NotPermitted(_("这件申请由%(org)s办理，您不能办理。") % {"org": row.org_name})


def check_head(actor: Actor, row: DisclosureRequest) -> None:
    """Raises NotPermitted for anybody but the head of the unit."""
    if not (in_unit(actor, row) and actor.has_role(LEADER)):
        raise NotPermitted(_("这一步由%(org)s的负责人决定。") % {"org": row.org_name})


def check_takes_in(actor: Actor) -> None:
    """Raises NotPermitted for who does not take requests down."""
    if actor.kind != "official" or not actor.has_role(*INTAKE_ROLES):
        raise NotPermitted(_("申请由信息公开工作人员或者窗口收件员登记。"))


def unit_people(row: DisclosureRequest) -> set[uuid.UUID]:
    """Who handles requests in the unit today."""
    return {one.person_id for role in UNIT_ROLES for one in identity.people_in(row.tenant, row.org_id, role)}


def heads(row: DisclosureRequest) -> set[uuid.UUID]:
    """The heads of the unit today."""
    return {one.person_id for one in identity.people_in(row.tenant, row.org_id, LEADER)}


def is_applicant(actor: Actor, row: DisclosureRequest) -> bool:
    """Whether the actor asked, signed in: himself, or for the legal person it was asked for."""
    if actor.kind == "official" or row.person_id is None:
        return False
    if row.legal_person_id is not None:
        return row.legal_person_id == actor.legal_person_id
    return row.person_id == actor.person_id


class DisclosurePapers:
    """The letters as documents ask about them: the platform issues; the unit, and who it went to, read."""

    def may_issue(self, actor: Actor, subject_ref: ObjectRef, *, kind: str, issuing_org_id: uuid.UUID) -> bool:
        """Only the platform, which documents know by itself."""
        return False

    def may_read(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """Who sees the request, or asked it."""
        letter = _letter(actor, subject_ref)
        if letter is None:
            return False
        seen = DisclosureRequest.objects.filter(visible(actor), pk=letter.request_id).exists()
        return seen or self.is_holder(actor, subject_ref)

    def is_holder(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """Who asked, of the letters to him."""
        letter = _letter(actor, subject_ref)
        return letter is not None and letter.to_applicant and is_applicant(actor, letter.request)


def _letter(actor: Actor, subject_ref: ObjectRef) -> DisclosureLetter | None:
    return DisclosureLetter.objects.select_related("request").filter(tenant=actor.tenant, pk=subject_ref.id).first()


def asked_agency(actor: Actor) -> Q:
    """Consultations an official answers for his own unit."""
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*UNIT_ROLES):
        return Q(pk__in=[])
    return Q(tenant=actor.tenant, org_id=actor.org_id)


def answers_for_agency(actor: Actor, row: Consultation) -> bool:
    """Whether the actor's unit is the agency that was asked."""
    return Consultation.objects.filter(asked_agency(actor), pk=row.pk).exists()
