"""What may be found of items: name, department, materials, basis, themes, questions."""

from collections.abc import Iterator

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue.constants import EVERYDAY_WORDS, ITEM_KIND, VersionStatus
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.selectors.versions import ItemVersionView, version_view
from zhengtong.capabilities.search.api import Entry
from zhengtong.kernel import parameters


def entry_of(version: ItemVersionView) -> Entry:
    """The search entry of a published version."""
    summary = _("由%(org)s办理，%(promise)s，%(depth)s。") % {
        "org": version.org_name,
        "promise": version.promise,
        "depth": version.online_depth,
    }
    parts = [
        _("申请材料：%(names)s。") % {"names": "、".join(material["name"] for material in version.materials)},
        _("办理结果：%(result)s。") % {"result": version.result_document.replace(";", "、")},
        _("设定依据：%(basis)s。") % {"basis": version.legal_basis.replace(";", "；")},
        _("主题：%(themes)s。") % {"themes": "、".join(version.themes)},
        *version.conditions,
        *(entry["question"] + entry["answer"] for entry in version.faq),
        _("实施编码：%(code)s") % {"code": version.code},
    ]
    return Entry(
        kind=ITEM_KIND,
        object_id=version.code,
        title=version.name,
        url=reverse("catalogue:item", args=[version.code]),
        summary=summary,
        body="\n".join(parts),
        weight=20 if version.online else 0,
        updated_at=version.published_at,
        org_code=version.org_code,
        org_name=version.org_name,
        acts=_acts(version),
    )


def _acts(version: ItemVersionView) -> tuple[tuple[str, str], ...]:
    """What one does with an item: apply at once where that can be done over the net, read its guide."""
    address = apply_url(version)
    guide = ((_("办事指南"), reverse("catalogue:item", args=[version.code])),)
    return ((_("在线申请"), address), *guide) if address else guide


def apply_url(item: ItemVersionView) -> str:
    """Where an application begins; empty when it cannot be made over the net, or no hall is installed."""
    if not item.online:
        return ""
    try:
        return reverse("service_hall:apply", args=[item.code])
    except NoReverseMatch:
        return ""


def entries(tenant: str) -> Iterator[Entry]:
    """The search entries of all published items of a tenant."""
    rows = ItemVersion.objects.filter(tenant=tenant, status=VersionStatus.PUBLISHED).select_related("item")
    for row in rows.order_by("id").iterator(chunk_size=200):
        yield entry_of(version_view(row))


def everyday_names(tenant: str) -> dict[str, str]:
    """What people call items and what these are called in the county's list."""
    stated: dict[str, str] = parameters.value(EVERYDAY_WORDS, tenant=tenant)
    return stated
