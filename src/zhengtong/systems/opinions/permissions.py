"""Who drafts, signs and reads: officers their own unit's, the county's site office all of them."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.opinions.constants import AUTHORITY, OFFICERS, SIGNERS
from zhengtong.systems.opinions.models import Announced


def in_unit(actor: Actor, row: Announced) -> bool:
    """Whether the actor works on it in the unit that asks."""
    return actor.kind == "official" and actor.org_id == row.org_id and actor.has_role(*OFFICERS)


def visible(actor: Actor) -> Q:
    """The county's site office: all of the county; a unit: its own."""
    reach = Q(pk__in=[])
    if actor.kind == "official" and actor.has_role(AUTHORITY):
        reach |= Q(tenant=actor.tenant)
    if actor.kind == "official" and actor.org_id is not None and actor.has_role(*OFFICERS):
        reach |= Q(tenant=actor.tenant, org_id=actor.org_id)
    return reach


def check_officer(actor: Actor) -> None:
    """Raises NotPermitted for who drafts nothing."""
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*OFFICERS):
        raise NotPermitted(_("意见征集和调查由本单位的工作人员起草。"))


def check_unit(actor: Actor, row: Announced) -> None:
    """Raises NotPermitted for who does not work on it."""
    if not in_unit(actor, row):
        raise NotPermitted(_("这一件由%(org)s办理，您不能办理。") % {"org": row.org_name})


def check_signer(actor: Actor, row: Announced, first_id: uuid.UUID | None, stood_for_id: uuid.UUID | None) -> None:
    """Raises NotPermitted unless a signer of the unit acts, and another person than wrote it."""
    if not (in_unit(actor, row) and actor.has_role(*SIGNERS)):
        raise NotPermitted(_("这一步由%(org)s的负责人或者签发人办理。") % {"org": row.org_name})
    own = _("起草的人不能自己签发，请由另一位负责人或者签发人签发。")
    identity.check_second_person(actor, first_id, stood_for_id, own)


def may_sign(actor: Actor, row: Announced, first_id: uuid.UUID | None, stood_for_id: uuid.UUID | None) -> bool:
    """Whether ``check_signer`` lets the actor pass."""
    signs = in_unit(actor, row) and actor.has_role(*SIGNERS)
    return signs and identity.is_second_person(actor, first_id, stood_for_id)


def unit_people(row: Announced, *roles: str) -> set[uuid.UUID]:
    """Who holds one of the roles in the unit today; all officers without roles."""
    held = roles or OFFICERS
    return {one.person_id for role in held for one in identity.people_in(row.tenant, row.org_id, role)}
