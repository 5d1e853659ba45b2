"""Organisations by code, by any of their names, and below a parent."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.db.models import Q

from zhengtong.capabilities.identity.constants import OrganisationChangeKind, OrganisationStatus
from zhengtong.capabilities.identity.models import Organisation, OrganisationChange
from zhengtong.capabilities.identity.rules import Past, State, chain_end, past_of
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


def find_organisation_on(tenant: str, code: str, day: dt.date) -> OrganisationInfo:
    """The organisation as it was on a day: name, place in the tree, and whether it existed; raises NotFound before it.

    Other fields are those of today.
    """
    today = find_organisation(tenant, code)
    recorded = OrganisationChange.objects.filter(tenant=tenant, effective_on__gt=day).order_by("created_at", "id")
    own = _past(recorded.filter(organisation_id=today.id))
    moves = _past(recorded.filter(kind=OrganisationChangeKind.MOVED))
    state = past_of(State(today.name, today.path, today.status), day, own=own, moves=moves)
    if state.existence == "unfounded":
        raise NotFound(f"{day:%Y-%m-%d} 还没有“{today.name}”这个机构。")
    return dataclasses.replace(today, name=state.name, path=state.path, status=state.existence)


def find_heir(tenant: str, org_id: uuid.UUID) -> OrganisationInfo | None:
    """The organisation that carries on the work of this one today: itself, or the end of its chain of successors.

    None when it was abolished without a successor; raises NotFound for an unknown organisation.
    """
    successors = dict(Organisation.objects.filter(tenant=tenant).values_list("id", "successor_id"))
    if org_id not in successors:
        raise NotFound("没有这个机构。")
    end = chain_end(org_id, successors)
    if end is None:
        return None
    row = Organisation.objects.filter(tenant=tenant, pk=end, status=OrganisationStatus.ACTIVE).first()
    return _info(row) if row else None


def list_changes(tenant: str, code: str) -> list[OrganisationChange]:
    """The history of an organisation, newest first, with the other organisations named in it."""
    rows = OrganisationChange.objects.filter(tenant=tenant, organisation__code=code)
    return list(rows.select_related("other", "recorded_by").order_by("-effective_on", "-created_at", "-id"))


def _past(rows: Iterable[OrganisationChange]) -> list[Past]:
    return [
        Past(
            kind=row.kind,
            on=row.effective_on,
            name_before=row.name_before,
            path_before=row.path_before,
            path_after=row.path_after,
        )
        for row in rows
    ]


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
