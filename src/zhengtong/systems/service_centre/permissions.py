"""Who manages which hall, and who may sit at a window."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.service_centre.constants import HALL_MANAGER, WINDOW_ROLES
from zhengtong.systems.service_centre.models import Duty, Place, Window

_NOBODY = uuid.UUID(int=0)


def person_of(actor: Actor) -> uuid.UUID:
    """The actor's person; for strangers and the platform a key that nobody has."""
    return actor.person_id or _NOBODY


def managed_places(actor: Actor) -> Q:
    """The halls of the manager's own unit, and those in the divisions below them; none for anybody else."""
    if actor.kind == "system":
        return Q(tenant=actor.tenant)
    if actor.kind != "official" or not actor.has_role(HALL_MANAGER) or actor.org_id is None:
        return Q(pk__in=[])
    reach = Q(org_id=actor.org_id)
    own = Place.objects.filter(tenant=actor.tenant, org_id=actor.org_id)
    for code in own.values_list("division_code", flat=True):
        reach |= Q(division_code__startswith=_head(code))
    return Q(tenant=actor.tenant) & reach


def check_manager(actor: Actor, place: Place) -> None:
    """Only who manages the hall."""
    if not Place.objects.filter(managed_places(actor), pk=place.pk).exists():
        raise NotPermitted(
            _("%(place)s由%(org)s的政务大厅管理员管理。如需调整，请与他们联系。")
            % {"place": place.name, "org": place.org_name}
        )


def may_operate(actor: Actor, window: Window) -> bool:
    """Who is on today's roster of the window, and who manages its hall."""
    if actor.kind != "official" or actor.tenant != window.tenant or not actor.has_role(*WINDOW_ROLES):
        return False
    if Duty.objects.filter(window=window, day=local_date(), person_id=person_of(actor)).exists():
        return True
    return Place.objects.filter(managed_places(actor), pk=window.place_id).exists()


def check_operator(actor: Actor, window: Window) -> None:
    """Only who may sit at the window today."""
    if not may_operate(actor, window):
        raise NotPermitted(
            _("今天的值班表没有安排您在%(number)d号窗口。如果临时顶岗，请大厅管理员先调整值班表。")
            % {"number": window.number}
        )


def _head(division_code: str) -> str:
    """What codes of the divisions within a division begin with: county 6 digits, town 9, village all 12."""
    if division_code[6:] == "000000":
        return division_code[:6]
    return division_code[:9] if division_code[9:] == "000" else division_code
