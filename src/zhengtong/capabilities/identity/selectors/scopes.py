"""What an actor's roles reach, as a condition for other apps' queries."""

from django.db.models import Q

from zhengtong.capabilities.identity.models import Organisation
from zhengtong.capabilities.identity.rules import COUNTY, OWN, SUBTREE, UNIT, scopes_held
from zhengtong.kernel.actors import Actor

_NOTHING = Q(pk__in=[])


def org_scope_filter(actor: Actor, *roles: str, org: str, person: str = "", item: str = "") -> Q:
    """Rows of the actor's tenant within reach of any of the roles (of all his roles by default).

    ``org`` names the column with the organisation's id, ``person`` the one with the id of whoever has the row in
    hand (without it 本人经办 reaches nothing), ``item`` the one with the item code: a delegation for certain items
    reaches only these, and nothing where there is no such column. The platform itself reaches everything.
    """
    if actor.kind == "system":
        return Q(tenant=actor.tenant)
    if actor.delegated_items and not item:
        return _NOTHING
    reach = _NOTHING
    for scope in scopes_held(actor, roles):
        if scope.kind == COUNTY:
            reach |= ~_NOTHING
        elif scope.kind == SUBTREE and scope.path:
            below = Organisation.objects.filter(tenant=actor.tenant, path__startswith=scope.path)
            reach |= Q(**{f"{org}__in": below.values("id")})
        elif scope.kind == UNIT and scope.org_id:
            reach |= Q(**{org: scope.org_id})
        elif scope.kind == OWN and person and scope.person_id:
            reach |= Q(**{person: scope.person_id})
    limited = Q(**{f"{item}__in": sorted(actor.delegated_items)}) if actor.delegated_items else Q()
    return Q(tenant=actor.tenant) & reach & limited


def may_handle_item(actor: Actor, item_code: str) -> bool:
    """False only for a delegate whose delegation names other items."""
    return not actor.delegated_items or item_code in actor.delegated_items
