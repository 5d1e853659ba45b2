"""Where an address of an old site leads now: to one published page or file of the same site, never further."""

import re
from typing import Final
from urllib.parse import quote

from zhengtong.systems.sites.constants import SiteKind, SiteState
from zhengtong.systems.sites.engine.old_site.addresses import canonical, key_of
from zhengtong.systems.sites.models import GovernmentSite, OldAddress, OldHost, SitePage
from zhengtong.systems.sites.rules.addresses import PREFIX

_BELOW: Final = re.compile(re.escape(PREFIX) + r"([a-z0-9-]{1,40})(/.*)", re.DOTALL)


def site_of_old_host(tenant: str, host: str) -> GovernmentSite | None:
    """The open site whose old host it is."""
    rows = OldHost.objects.filter(tenant=tenant, host=host, site__state=SiteState.OPEN).select_related("site__home")
    found = rows.first()
    return None if found is None else found.site


def asked_address(path: str, query: str) -> str:
    """Path and query as an address; what of a path is no UTF-8 comes with its bytes written in hex already."""
    return quote(path, safe="/:@!$&'()*+,;=~-._%") + (f"?{query}" if query else "")


def leads_to(tenant: str, host: str, address: str) -> str:
    """Where an address nothing else answers leads: asked below a site's own address, or by host; empty for nowhere."""
    below = _BELOW.fullmatch(address.partition("?")[0])
    rows = GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN).select_related("home")
    if below is not None:
        site, asked = rows.filter(code=below[1]).first(), below[2] + address[below.end() :]
    else:
        former = site_of_old_host(tenant, host) if host else None
        if former is not None:
            led = target(former, address)
            return former.in_full(led) if led else ""
        site, asked = rows.filter(host=host).first() if host else None, address
        site = site or rows.filter(kind=SiteKind.PORTAL).first()
    found = "" if site is None else target(site, asked)
    # whoever asks for what he would be led to is led nowhere
    return "" if canonical(found) == canonical(address) else found


def target(site: GovernmentSite, address: str) -> str:
    """The address by path of what an old address of the site stands for now; empty for what is not published."""
    row = (
        OldAddress.objects.filter(site=site, key=key_of(address)).select_related("page", "document", "picture").first()
    )
    if row is None:
        return ""
    if row.document is not None:
        return row.document.url
    if row.picture is not None:
        return row.picture.address()
    if row.page is None or not row.page.live:
        return ""
    page = row.page.specific
    return page.relative_address() if isinstance(page, SitePage) and page.site_id == site.pk else ""
