"""Organisations by code, by any of their names, and below a parent."""

import dataclasses
import uuid
from collections.abc import Collection

from django.db.models import Q

from zhengtong.capabilities.identity.constants import OrganisationStatus
from zhengtong.capabilities.identity.models import Organisation
from zhengtong.kernel.errors import NotFound


@dataclasses.dataclass(frozen=True)
class OrganisationInfo:
    """What other apps may know of an organisation; ``aliases`` are bare names."""

    id: uuid.UUID
    tenant: str
    code: str
    name: str
    short_name: str
    path: str
    parent_id: uuid.UUID | None
    uscc: str
    kind: str
    level: str
    division_code: str
    doc_mark: str
    status: str
    aliases: tuple[str, ...]


def find_organisation(tenant: str, code: str) -> OrganisationInfo:
    """The organisation with a code; raises NotFound."""
    return find_organisations(tenant, [code])[code]


def find_organisations(tenant: str, codes: Collection[str]) -> dict[str, OrganisationInfo]:
    """The organisations with these codes, by code, with one query; raises NotFound for the first that is missing."""
    found = {row.code: _info(row) for row in Organisation.objects.filter(tenant=tenant, code__in=codes)}
    for code in codes:
        if code not in found:
            raise NotFound(f"没有代码为“{code}”的机构。请核对机构代码，或请系统管理员先导入机构。")
    return found


def find_organisation_by_name(tenant: str, name: str) -> OrganisationInfo:
    """The organisation with that name, short name or other name; existing ones and full names go first.

    Raises NotFound when there is none, or when a mere alias fits more than one.
    """
    wanted = name.strip()
    rows = list(
        Organisation.objects.filter(tenant=tenant).filter(
            Q(name=wanted) | Q(short_name=wanted) | Q(aliases__contains=[{"name": wanted}])
        )
    )
    rows.sort(key=lambda row: _rank(row, wanted))
    if not rows:
        raise NotFound(f"没有名称为“{wanted}”的机构。请使用机构全称，或请系统管理员先导入机构。")
    if len(rows) > 1 and _rank(rows[0], wanted) == _rank(rows[1], wanted):
        names = "、".join(row.name for row in rows)
        raise NotFound(f"“{wanted}”对应多个机构：{names}。请使用机构全称。")
    return _info(rows[0])


def list_organisations(
    tenant: str, *, parent: str | None = None, subtree: str | None = None, abolished: bool = False
) -> list[OrganisationInfo]:
    """Organisations by code: all, the direct children of a code, or everything at and below a path."""
    rows = Organisation.objects.filter(tenant=tenant)
    if parent is not None:
        rows = rows.filter(parent__code=parent)
    if subtree is not None:
        rows = rows.filter(path__startswith=subtree)
    if not abolished:
        rows = rows.filter(status=OrganisationStatus.ACTIVE)
    return [_info(row) for row in rows.order_by("code")]


def _rank(row: Organisation, wanted: str) -> tuple[bool, int]:
    place = 0 if row.name == wanted else 1 if row.short_name == wanted else 2
    return row.status != OrganisationStatus.ACTIVE, place


def _info(row: Organisation) -> OrganisationInfo:
    return OrganisationInfo(
        id=row.id,
        tenant=row.tenant,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        path=row.path,
        parent_id=row.parent_id,
        uscc=row.uscc,
        kind=row.kind,
        level=row.level,
        division_code=row.division_code,
        doc_mark=row.doc_mark,
        status=row.status,
        aliases=tuple(alias["name"] for alias in row.aliases),
    )
