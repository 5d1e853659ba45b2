"""One request for those who may read it: found in the actor's reach, with what he may do now."""

import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.disclosure.constants import LEADER, AskKind, ExtensionKind, ExtensionState, State
from zhengtong.systems.disclosure.models import Consultation, DisclosureRequest, HandlingFee
from zhengtong.systems.disclosure.permissions import asked_agency, in_unit, is_applicant, visible
from zhengtong.systems.disclosure.rules import handling


def find(actor: Actor, request_id: uuid.UUID) -> DisclosureRequest:
    """A request of the actor's reach; raises NotFound."""
    row = DisclosureRequest.objects.filter(visible(actor), pk=request_id).first()
    if row is None:
        raise NotFound(_("没有找到这件申请，或者它不由您所在的单位办理。"))
    return row


def own(actor: Actor, request_id: uuid.UUID) -> DisclosureRequest:
    """A request the actor made, signed in; raises NotFound."""
    row = DisclosureRequest.objects.filter(tenant=actor.tenant, pk=request_id).first()
    if row is None or not is_applicant(actor, row):
        raise NotFound(_("没有找到这件申请。没有登录提交的，请用编号和查询码查询。"))
    return row


def own_list(actor: Actor) -> "QuerySet[DisclosureRequest]":
    """What the actor asked for, signed in, newest first: himself, or for the legal person he speaks for."""
    if actor.kind == "official" or actor.person_id is None:
        return DisclosureRequest.objects.none()
    whose = Q(legal_person_id=actor.legal_person_id)
    if actor.legal_person_id is None:
        whose = Q(person_id=actor.person_id, legal_person_id__isnull=True)
    return DisclosureRequest.objects.filter(whose, tenant=actor.tenant).order_by("-received_at", "-id")


def acts_now(actor: Actor, row: DisclosureRequest) -> frozenset[str]:
    """What the actor may do with it now, as officer and as head of the unit."""
    if not in_unit(actor, row):
        return frozenset()
    longer = {(one.kind, one.state) for one in row.extensions.exclude(state=ExtensionState.REFUSED)}
    found = handling.unit_acts(
        row.state,
        corrected=row.corrected_on is not None,
        extended=any(kind == ExtensionKind.EXTENSION for kind, _state in longer),
        delayed=any(kind == ExtensionKind.DELAY for kind, _state in longer) or row.reasons == "",
        fee_set=HandlingFee.objects.filter(request=row).exists(),
        own_data=row.kind == AskKind.OWN_DATA,
    )
    if actor.has_role(LEADER):
        found |= handling.head_acts(row.state, asked=any(state == ExtensionState.ASKED for _kind, state in longer))
    return frozenset(found)


def applicant_acts(row: DisclosureRequest) -> frozenset[str]:
    """What the person who asked may do now."""
    asked = row.reasons_asked_at is not None and not row.reasons
    return frozenset(handling.applicant_acts(row.state, reasons_asked=asked))


def alike(row: DisclosureRequest) -> list[DisclosureRequest]:
    """The same applicant's other requests to the unit, newest first: perhaps the same, perhaps too many."""
    rows = DisclosureRequest.objects.filter(tenant=row.tenant, org_id=row.org_id, applicant_index=row.applicant_index)
    return list(rows.exclude(pk=row.pk).order_by("-received_at")[:20])


def before_in_month(row: DisclosureRequest) -> int:
    """How many requests of the applicant the unit received in the same month before this one (按件计收)."""
    if row.received_on is None:
        return 0
    first = row.received_on.replace(day=1)
    rows = DisclosureRequest.objects.filter(
        tenant=row.tenant,
        org_id=row.org_id,
        applicant_index=row.applicant_index,
        received_on__gte=first,
        received_on__lte=row.received_on,
        kind=AskKind.INFORMATION,
    )
    return rows.exclude(parts__isnull=False).filter(number__lt=row.number).count()


def has_requests(tenant: str) -> bool:
    """Whether anybody has asked anything yet."""
    return DisclosureRequest.objects.filter(tenant=tenant).exists()


def open_consultations(row: DisclosureRequest) -> "QuerySet[Consultation]":
    """Whose opinion is awaited."""
    return row.consultations.filter(opinion="")


def asked_of_unit(actor: Actor) -> "QuerySet[Consultation]":
    """Consultations that wait for the actor's unit."""
    rows = Consultation.objects.filter(asked_agency(actor), opinion="").exclude(request__state=State.CLOSED)
    return rows.select_related("request").order_by("due_on")
