"""What the county has besides a draft: items it names, its process and form, who reviews."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import LEGAL_REVIEW_UNIT, LIST_UNIT, VersionStatus
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.rules import BundlePart, ItemDraft, KnownItem, KnownProcess, Merged, Surroundings
from zhengtong.capabilities.catalogue.selectors.contents import draft_of
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.api import OrganisationInfo
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel import parameters
from zhengtong.kernel.errors import Conflict, NotFound

_DEPARTMENTS = "departments"  # the list of joint units in a drawing


def surroundings_of(tenant: str, draft: ItemDraft) -> Surroundings:
    """What ``rules.all_refusals`` asks for of a draft."""
    named = {member.code for member in draft.members} | ({draft.parent_code} if draft.parent_code else set())
    item = Item.objects.filter(tenant=tenant, code=draft.code).first() if draft.code else None
    return Surroundings(
        items=known_items(tenant, named),
        process=_process(tenant, draft.process_key) if draft.process_key else None,
        form_versions=frozenset(_form_versions(tenant, draft.form_key)),
        has_sub_items=item is not None
        and ItemVersion.objects.filter(item__parent=item, status=VersionStatus.PUBLISHED).exists(),
        condition_faults=_condition_faults(tenant, draft),
    )


def known_items(tenant: str, codes: Collection[str]) -> dict[str, KnownItem]:
    """The items with these codes, by code; those that do not exist are left out."""
    if not codes:
        return {}
    in_force = {row.item_id: row for row in _published(tenant, codes)}
    found = {}
    for item in Item.objects.filter(tenant=tenant, code__in=codes):
        row = in_force.get(item.pk)
        code = item.code or ""
        found[code] = KnownItem(code=code, name=row.name if row else code, kind=item.kind, published=row is not None)
    return found


def bundle_proposal(tenant: str, codes: Sequence[str], *, lead_org_code: str = "") -> Merged:
    """Materials, limits and units of items in force, merged; raises NotFound for one that is not in force."""
    rows = {row.item.code or "": row for row in _published(tenant, codes)}
    if missing := [code for code in codes if code not in rows]:
        raise NotFound(_("没有在用的事项“%(codes)s”。") % {"codes": "、".join(missing)})
    parts = [
        BundlePart(
            code=code, name=row.name, org_code=row.item.org_code, org_name=row.item.org_name, draft=draft_of(row)
        )
        for code, row in rows.items()
    ]
    return rules.merge_members(parts, lead_org_code=lead_org_code)


def legal_review_unit(tenant: str) -> OrganisationInfo:
    """Who reviews the legality of items in the county; raises Conflict where nobody does."""
    return _reviewing(tenant, LEGAL_REVIEW_UNIT, Role.LEGAL_REVIEWER)


def list_unit(tenant: str) -> OrganisationInfo:
    """Who keeps the county's list; raises Conflict where nobody does."""
    return _reviewing(tenant, LIST_UNIT, Role.ITEM_ADMIN)


def _reviewing(tenant: str, parameter: str, role: Role) -> OrganisationInfo:
    """The unit the parameter names, else the first in which somebody holds the role."""
    units = identity.units_with_role(tenant, role)
    wanted = str(parameters.value(parameter, tenant=tenant))
    found = next((unit for unit in units if wanted in ("", unit.code)), None)
    if found is None:
        raise Conflict(
            _("还不能送审：没有人担任%(role)s。请安全管理员先为有关单位的岗位授予这个角色。") % {"role": role.label}
        )
    return found


def _process(tenant: str, key: str) -> KnownProcess | None:
    versions = cases.process_versions(tenant, key)
    if not versions:
        return None
    return KnownProcess(
        key=key,
        versions=frozenset(one.version for one in versions),
        joint=frozenset(one.version for one in versions if _DEPARTMENTS in one.lists),
        active=next((one.version for one in versions if one.active), None),
        named={one.version: one.units for one in versions},
    )


def _form_versions(tenant: str, key: str) -> Collection[int]:
    newest = forms.newest_version(tenant, key)
    return range(1, newest + 1) if newest else ()


def _condition_faults(tenant: str, draft: ItemDraft) -> tuple[str, ...]:
    """What is wrong with the conditions of materials, given the form they speak of."""
    stated = [material for material in draft.materials if material.when]
    number = draft.form_version or forms.newest_version(tenant, draft.form_key)
    if not stated or number not in _form_versions(tenant, draft.form_key):
        return ()
    form = forms.form_version(tenant=tenant, key=draft.form_key, version=number).declaration
    return tuple(
        sentence + _("请重新设置，或者换一张表单。")
        for material in stated
        for sentence in forms.outside_faults(form, material.when, f"材料“{material.name}”的条件")
    )


def _published(tenant: str, codes: Collection[str]) -> list[ItemVersion]:
    rows = ItemVersion.objects.filter(tenant=tenant, item__code__in=codes, status=VersionStatus.PUBLISHED)
    return list(rows.select_related("item__parent"))
