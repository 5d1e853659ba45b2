"""A county with a portal and two departments' sites, and the people who keep them."""

import datetime as dt
import uuid
from typing import Any

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import Actor, system
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, GovernmentSite

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
OFFICE, MARKET, CIVIL = ("C02", "青禾县人民政府办公室"), ("G22", "青禾县市场监督管理局"), ("G08", "青禾县民政局")


def county() -> None:
    """The county and its three units."""
    identity.create_tenant(actor=system(people.tenant()), name="青禾县")
    for code, name in (OFFICE, MARKET, CIVIL):
        people.organisation(code, name)


def group() -> dict[str, GovernmentSite]:
    """Portal and two departments' sites, by code."""
    county()
    boss = system(people.tenant())
    return {
        "portal": api.open_site(actor=boss, org_code="C02", kind="portal", code="portal", name="青禾县人民政府"),
        "g22": api.open_site(actor=boss, org_code="G22", kind="department"),
        "g08": api.open_site(actor=boss, org_code="G08", kind="department"),
    }


def keeper(username: str, *roles: str, org: tuple[str, str] = MARKET) -> Actor:
    """An official who keeps sites."""
    return people.official(username, *roles, org_code=org[0], org_name=org[1], name=f"{username}甲")


def column(site: GovernmentSite, slug: str = "news") -> ColumnPage:
    """A column of a site."""
    return ColumnPage.objects.get(site=site, slug=slug)


def drafted(
    site: GovernmentSite, writer: Actor, *, title: str = "开展食品安全检查", slug: str = "", **fields: Any
) -> ArticlePage:
    """An article as an editor leaves it: a version that is not published."""
    account = Account.objects.get(person_id=writer.person_id)
    values = {"source": site.org_name, "body": [("text", "<p>本周对 42 家餐饮店开展检查。</p>")], **fields}
    page = ArticlePage(
        title=title,
        slug=slug or f"a{uuid.uuid4().hex[:8]}",
        tenant=site.tenant,
        site=site,
        owner=account,
        live=False,
        **values,
    )
    column(site).add_child(instance=page)
    page.save_revision(user=account)
    return page
