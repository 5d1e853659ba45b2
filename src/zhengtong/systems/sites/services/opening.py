"""Opening sites: from a blueprint in one step, one or by the hundred; opening one twice changes nothing."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.sites import SiteOpened
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.outbox import publish
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import ONE_A_UNIT, SiteKind
from zhengtong.systems.sites.models import ColumnPage, CountyPage, GovernmentSite, HomePage
from zhengtong.systems.sites.rules.addresses import is_code
from zhengtong.systems.sites.rules.blueprints import BLUEPRINTS, COLUMN_FIELDS, kind_of_site
from zhengtong.systems.sites.services.hosts import fitting_host, set_host
from zhengtong.systems.sites.services.telling import record, site_ref
from zhengtong.systems.sites.services.tree import add_folder, plant

_NAME_MOST: Final = 100


@dataclasses.dataclass(frozen=True)
class Opened:
    """What came of opening many: codes of new sites, of those that were there, and units left out with the reason."""

    new: tuple[str, ...]
    there: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


@transaction.atomic
def open_site(
    *, actor: Actor, org_code: str, kind: str, code: str = "", name: str = "", host: str = ""
) -> GovernmentSite:
    """Give a unit its site, made from the blueprint of its kind; ``code`` (by default the unit's) names it.

    With ``host`` it answers under that name from the start. A topic, of which a unit may have any number, needs code
    and name of its own. Raises Conflict when the unit or the code has a site already, Invalid for a code that cannot
    stand in an address and a host the site may not have, NotFound for an unknown unit, NotPermitted.
    """
    permissions.check_may_open_sites(actor)
    unit = identity.organisation(actor.tenant, org_code)
    if kind == SiteKind.TOPIC and not (code.strip() and name.strip()):
        missing = "name" if code.strip() else "code"
        raise Invalid(_("专题网站要写明网站标识和网站名称。"), field=missing)
    code = (code or org_code).strip().lower()
    if not is_code(code):
        raise Invalid(_("网站标识只能用小写字母、数字和中间的连字符，不超过 40 个字符。"), field="code")
    county = _county_page(actor.tenant)
    refusal = _refusal(actor.tenant, unit, kind, code)
    if refusal:
        raise Conflict(refusal)
    if len(name.strip()) > _NAME_MOST:
        raise Invalid(_("网站名称不能超过 %(most)d 个字。") % {"most": _NAME_MOST}, field="name")
    name = name.strip() or (unit.name if kind != SiteKind.PORTAL else f"{unit.name}门户网站")
    host = fitting_host(actor.tenant, host)
    site = _make(actor, unit, kind=SiteKind(kind), code=code, name=name, county=county)
    return set_host(actor=actor, site_id=site.pk, host=host) if host else site


def open_sites(*, actor: Actor, org_codes: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Opened:
    """Give each of the units a site of the kind that fits it; those that have one are left as they are.

    Each site in a transaction of its own, so that a run that was cut short goes on where it stopped.
    """
    permissions.check_may_open_sites(actor)
    new, there, left_out = [], [], []
    for done, org_code in enumerate(org_codes, start=1):
        unit = identity.organisation(actor.tenant, org_code)
        try:
            site = open_site(actor=actor, org_code=org_code, kind=kind_of_site(unit.kind, unit.name))
            new.append(site.code)
        except Conflict:
            there.append(org_code.lower())
        except Invalid as refusal:
            left_out.append((org_code, refusal.message))
        if progress is not None:
            progress(done, len(org_codes))
    return Opened(tuple(new), tuple(there), tuple(left_out))


def _refusal(tenant: str, unit: identity.OrganisationInfo, kind: str, code: str) -> str:
    rows = GovernmentSite.objects.filter(tenant=tenant)
    if rows.filter(code=code).exists():
        return _("网站标识“%(code)s”已经有网站在用。") % {"code": code}
    if kind == SiteKind.PORTAL:
        return _("门户网站已经开通，一个县只有一个门户。") if rows.filter(kind=kind).exists() else ""
    if kind in ONE_A_UNIT and rows.filter(org_id=unit.id, kind__in=ONE_A_UNIT).exists():
        return _("“%(unit)s”已经有网站：一个单位开一个网站。") % {"unit": unit.name}
    return ""


def _make(
    actor: Actor, unit: identity.OrganisationInfo, *, kind: SiteKind, code: str, name: str, county: CountyPage
) -> GovernmentSite:
    plan = BLUEPRINTS[kind]
    home = HomePage(title=name, slug=code, tenant=actor.tenant)
    plant(county, [home])
    folder = add_folder(f"{actor.tenant} {name}"[:255])
    site = GovernmentSite.objects.create(
        tenant=actor.tenant,
        code=code,
        name=name,
        kind=kind,
        org_id=unit.id,
        org_code=unit.code,
        org_name=unit.name,
        theme=plan.theme,
        home_id=home.pk,
        collection=folder,
    )
    HomePage.objects.filter(pk=home.pk).update(site=site)
    columns = [
        ColumnPage(title=one.title, slug=one.slug, kind=one.kind, takes=one.takes, tenant=actor.tenant, site=site)
        for one in plan.columns
    ]
    plant(home, columns)
    planted = {column.slug: column.pk for column in columns}
    home.modules = [_with_columns(module, planted) for module in plan.modules]
    HomePage.objects.filter(pk=home.pk).update(modules=home.modules)
    record(actor, "sites.create", site_ref(site), code=code, name=name, kind=kind.value, org_name=unit.name)
    publish(
        SiteOpened(
            tenant=actor.tenant,
            object_ref=site_ref(site),
            at=now(),
            kind=kind.value,
            org_code=unit.code,
            org_name=unit.name,
        )
    )
    return site


def _with_columns(module: dict[str, Any], planted: dict[str, int]) -> dict[str, Any]:
    """A module of a blueprint, which names columns by their slugs, as the page stores it."""
    value = {name: planted.get(held, held) if name in COLUMN_FIELDS else held for name, held in module["value"].items()}
    if "columns" in value:
        value["columns"] = [planted[slug] for slug in value["columns"]]
    return {"type": module["type"], "value": value}


def _county_page(tenant: str) -> CountyPage:
    """The node below which all sites of the county stand, made with the first; locked, so that they come in turn."""
    root = Page.objects.select_for_update().filter(depth=1).first() or Page.add_root(title="root", slug="root")
    found = CountyPage.objects.filter(tenant=tenant).first()
    if found is None:
        found = CountyPage(title=tenant, slug=tenant, tenant=tenant, live=False)
        root.add_child(instance=found)
    return found
