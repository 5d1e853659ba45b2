"""Who sees and handles complaints: the supervisor's office all of them, a unit what it was given, nobody his own."""

import dataclasses
import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.complaints.constants import INTAKE_ROLES, SUPERVISOR, UNIT_ROLES
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.rules.handling import Accused, must_leave_hands, needs_second_person


def in_office(actor: Actor) -> bool:
    """An official of the supervisor's office."""
    return actor.kind == "official" and actor.has_role(SUPERVISOR)


def in_unit(actor: Actor, row: Complaint) -> bool:
    """Whether the actor handles it for the unit it was given to."""
    return (
        actor.kind == "official"
        and row.handler_org_id is not None
        and not row.by_office
        and actor.org_id == row.handler_org_id
        and actor.has_role(*UNIT_ROLES)
    )


def visible(actor: Actor) -> Q:
    """The office: all of the county; a unit: what it was given; nobody: what is about himself or his post."""
    if actor.kind != "official":
        return Q(pk__in=[])
    reach = Q(pk__in=[])
    if actor.has_role(SUPERVISOR):
        reach |= Q(tenant=actor.tenant)
    if actor.org_id is not None and actor.has_role(*UNIT_ROLES):
        reach |= Q(tenant=actor.tenant, handler_org_id=actor.org_id, by_office=False)
    return reach & ~about_actor(actor)


def about_actor(actor: Actor) -> Q:
    """Complaints about the actor himself or the post he acts in, by whatever name he has signed in."""
    found = Q(pk__in=[])
    if actor.post_id is not None:
        found |= Q(accused_post_id__isnull=False, accused_post_id=actor.post_id)
    for person in {actor.person_id, actor.delegator_id} - {None}:
        found |= Q(accused_people__contains=[str(person)])
    return found


def accused_of(row: Complaint) -> Accused:
    """Whom it is about, as the rules read it."""
    return Accused(
        kind=row.kind,
        about=row.about,
        org_id=str(row.accused_org_id or ""),
        org_path=row.accused_org_path,
        leads=row.accused_leads,
    )


def accused_today(row: Complaint, heir: identity.OrganisationInfo | None) -> list[Accused]:
    """Whom it is about as it came in, and as the heir of that unit stands today."""
    said = accused_of(row)
    if heir is None or heir.id == row.accused_org_id:
        return [said]
    return [said, dataclasses.replace(said, org_id=str(heir.id), org_path=heir.path)]


def is_own_matter(actor: Actor, row: Complaint) -> bool:
    """Whether it is about the supervisor's own office, or about a unit whose work that office has taken over."""
    heir = identity.heir_of(row.tenant, row.accused_org_id) if row.accused_org_id else None
    return any(must_leave_hands(one, office_id=str(actor.org_id or "")) for one in accused_today(row, heir))


def check_office(actor: Actor, row: Complaint) -> None:
    """Only the supervisor's office, and not in its own matter."""
    if not in_office(actor):
        raise NotPermitted(_("这一步由监察机构办理。"))
    if is_own_matter(actor, row):
        raise NotPermitted(_("这件反映的是监察机构自己，按回避规定只能转送有权处理的机关。"))


def check_transfers(actor: Actor) -> None:
    """Transferring is all an office may do with what is about itself."""
    if not in_office(actor):
        raise NotPermitted(_("这一步由监察机构办理。"))


def check_handles(actor: Actor, row: Complaint) -> None:
    """The unit it was given to, or the office where it handles it itself."""
    if row.by_office:
        check_office(actor, row)
    elif not in_unit(actor, row):
        raise NotPermitted(_("这件由%(org)s承办，您不能办理。") % {"org": row.handler_org_name or _("监察机构")})


def check_takes_in(actor: Actor) -> None:
    """Windows and the office type what people say or send."""
    if actor.kind != "official" or not actor.has_role(*INTAKE_ROLES):
        raise NotPermitted(_("来件由窗口收件员或者监察员登记。"))


def office_people(tenant: str, *, without: uuid.UUID | None = None) -> set[uuid.UUID]:
    """Who works in the supervisor's office today."""
    units = identity.units_with_role(tenant, SUPERVISOR)
    found = {one.person_id for unit in units for one in identity.people_in(tenant, unit.id, SUPERVISOR)}
    return found - {without} if without else found


def needs_another(actor: Actor, row: Complaint, first_id: uuid.UUID | None, stood_for_id: uuid.UUID | None) -> bool:
    """Whether the actor is who acted first, his deputy or whom he stood in for, and another of the office could act."""
    firsts = {str(one) for one in (first_id, stood_for_id) if one is not None}
    office = {str(one) for one in office_people(row.tenant)} - set(row.accused_people)
    return needs_second_person(firsts, {str(actor.person_id), str(actor.hands_id)}, office)


def unit_people(row: Complaint) -> set[uuid.UUID]:
    """Who handles it in its unit today: the unit's people without those it is about."""
    if row.handler_org_id is None:
        return set()
    if row.by_office:
        return office_people(row.tenant)
    roles = UNIT_ROLES
    people = [one for role in roles for one in identity.people_in(row.tenant, row.handler_org_id, role)]
    return {one.person_id for one in people if one.post_id != row.accused_post_id} - {
        uuid.UUID(person) for person in row.accused_people
    }


def is_writer(actor: Actor, row: Complaint) -> bool:
    """Whether the actor wrote it, signed in as himself."""
    return actor.kind != "official" and row.person_id is not None and row.person_id == actor.person_id
