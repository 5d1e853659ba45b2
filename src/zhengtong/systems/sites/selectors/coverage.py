"""Which units have a site and which have none yet."""

import dataclasses

from zhengtong.capabilities.identity import api as identity
from zhengtong.systems.sites.constants import ONE_A_UNIT, SiteKind, SiteState
from zhengtong.systems.sites.models import GovernmentSite
from zhengtong.systems.sites.rules.blueprints import kind_of_site


@dataclasses.dataclass(frozen=True)
class Unit:
    """A unit without a site of its own, with the kind of site that fits it."""

    code: str
    name: str
    kind: SiteKind


@dataclasses.dataclass(frozen=True)
class Coverage:
    """The sites of a county that are open, the topics among them, and the units that have none of their own."""

    sites: int
    topics: int
    units: int
    without: tuple[Unit, ...]

    @property
    def covered(self) -> int:
        """Units with a site of their own."""
        return self.units - len(self.without)


def coverage(tenant: str) -> Coverage:
    """How far the sites of a county reach; units of which only a closed site is left count as without."""
    kinds = list(
        GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN).values_list("kind", "org_id").order_by("id")
    )
    having = {org_id for kind, org_id in kinds if kind in ONE_A_UNIT}
    units = identity.organisations(tenant)
    without = tuple(
        Unit(unit.code, unit.name, SiteKind(kind_of_site(unit.kind, unit.name)))
        for unit in units
        if unit.id not in having
    )
    topics = sum(kind == SiteKind.TOPIC for kind, _org_id in kinds)
    return Coverage(sites=len(kinds), topics=topics, units=len(units), without=without)
