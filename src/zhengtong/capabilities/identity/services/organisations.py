"""Tenants, the tree of organisations, posts."""

import dataclasses
import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import OrganisationChangeKind, OrganisationStatus
from zhengtong.capabilities.identity.events import OrganisationsChanged
from zhengtong.capabilities.identity.models import Organisation, OrganisationChange, Post, Tenant
from zhengtong.capabilities.identity.permissions import require_system_administrator
from zhengtong.capabilities.identity.rules import organisation_paths, parse_aliases, uscc_is_valid
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound

_BATCH = 200


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrganisationRow:
    """One organisation to import; ``aliases`` as ``名称(旧);名称``, ``funded`` 是 or 否, ``status`` 在用 or 撤销."""

    org_code: str
    name: str
    uscc: str = ""
    short_name: str = ""
    aliases: str = ""
    kind: str = ""
    level: str = ""
    parent_org_code: str = ""
    division_code: str = ""
    doc_mark: str = ""
    funded: str = ""
    status: str = "在用"
    successor_org_code: str = ""


@dataclasses.dataclass(frozen=True)
class ImportOutcome:
    """How many organisations were new, changed, and as before."""

    created: int
    changed: int
    same: int


_FIELDS = tuple(field.name for field in dataclasses.fields(OrganisationRow))
_STORED = [
    "uscc",
    "name",
    "short_name",
    "aliases",
    "kind",
    "level",
    "parent",
    "path",
    "division_code",
    "doc_mark",
    "funded",
    "status",
]


def create_tenant(*, actor: Actor, name: str, province: str = "", city: str = "", calendar_key: str = "cn") -> None:
    """Make the actor's tenant known, or rename it."""
    require_system_administrator(actor)
    with transaction.atomic():
        tenant, _created = Tenant.objects.update_or_create(
            code=actor.tenant,
            defaults={
                "tenant": actor.tenant,
                "name": name,
                "province": province,
                "city": city,
                "calendar_key": calendar_key,
            },
        )
        ledger.append(
            actor=actor,
            act="identity.tenant_saved",
            object_ref=ObjectRef(kind="tenant", id=actor.tenant),
            payload={"name": name, "calendar": calendar_key, "row": str(tenant.id)},
        )


def import_organisations(*, actor: Actor, rows: Iterable[OrganisationRow | Mapping[str, str]]) -> ImportOutcome:
    """Create or update organisations by code; running it twice changes nothing the second time.

    Each batch of 200 is one transaction with one ledger entry; new names, superiors and abolitions go into the history
    as of today. Organisations absent from ``rows`` stay as they are, below their superior wherever it has gone.
    Raises Invalid naming the first wrong rows; then nothing is imported.
    """
    require_system_administrator(actor)
    wanted = [row if isinstance(row, OrganisationRow) else _row_of(row) for row in rows]
    paths = _checked_paths(actor.tenant, wanted)
    wanted.sort(key=lambda row: paths[row.org_code].count("/"))
    outcome = ImportOutcome(0, 0, 0)
    for start in range(0, len(wanted), _BATCH):
        outcome = _import_batch(actor, wanted[start : start + _BATCH], paths, outcome)
    _link_successors(actor.tenant, wanted)
    _settle_paths(actor.tenant, paths)
    return outcome


def create_post(*, actor: Actor, organisation_code: str, title: str) -> uuid.UUID:
    """A post of an organisation, found again when it exists; raises NotFound for an unknown organisation."""
    require_system_administrator(actor)
    organisation = Organisation.objects.filter(tenant=actor.tenant, code=organisation_code).first()
    if organisation is None:
        raise NotFound(_("没有代码为“%(code)s”的机构。请先导入机构。") % {"code": organisation_code})
    if organisation.status != OrganisationStatus.ACTIVE:
        raise Conflict(_("“%(name)s”已经撤销，不能再设岗位。") % {"name": organisation.name})
    if not title.strip():
        raise Invalid(_("请填写岗位名称。"), field="title")
    with transaction.atomic():
        post, created = Post.objects.get_or_create(
            organisation=organisation, title=title.strip(), defaults={"tenant": actor.tenant}
        )
        if created:
            ledger.append(
                actor=actor,
                act="identity.post_created",
                object_ref=ObjectRef(kind="post", id=str(post.id)),
                payload={"organisation": organisation.code, "title": post.title},
            )
    return post.id


def _row_of(row: Mapping[str, str]) -> OrganisationRow:
    return OrganisationRow(**{name: (row.get(name) or "").strip() for name in _FIELDS if row.get(name)})


def _checked_paths(tenant: str, rows: list[OrganisationRow]) -> dict[str, str]:
    problems = [
        f"{row.org_code}：统一社会信用代码 {row.uscc} 有误" for row in rows if row.uscc and not uscc_is_valid(row.uscc)
    ]
    codes = [row.org_code for row in rows]
    problems += [f"{code}：机构代码重复" for code in sorted({c for c in codes if codes.count(c) > 1})]
    parents = {
        code: parent or ""
        for code, parent in Organisation.objects.filter(tenant=tenant).values_list("code", "parent__code")
    }
    parents.update({row.org_code: row.parent_org_code for row in rows})
    known = set(parents)
    problems += [
        f"{row.org_code}：承继机构 {row.successor_org_code} 不存在"
        for row in rows
        if row.successor_org_code and row.successor_org_code not in known
    ]
    try:
        paths = organisation_paths(parents)
    except ValueError as error:
        problems.append(str(error))
        paths = {}
    if problems:
        raise Invalid(_("机构没有导入：%(problems)s。") % {"problems": "；".join(problems[:10])})
    return paths


def _import_batch(
    actor: Actor, batch: Sequence[OrganisationRow], paths: dict[str, str], before: ImportOutcome
) -> ImportOutcome:
    with transaction.atomic():
        codes = {row.org_code for row in batch} | {row.parent_org_code for row in batch}
        known = {o.code: o for o in Organisation.objects.filter(tenant=actor.tenant, code__in=codes)}
        new: list[Organisation] = []
        changed: list[Organisation] = []
        history: list[OrganisationChange] = []
        for row in batch:
            values = _values(row, known.get(row.parent_org_code), paths[row.org_code])
            found = known.get(row.org_code)
            if found is None:
                known[row.org_code] = Organisation(tenant=actor.tenant, code=row.org_code, **values)
                new.append(known[row.org_code])
            elif any(getattr(found, name) != value for name, value in values.items()):
                history += _history(actor, found, values)
                for name, value in values.items():
                    setattr(found, name, value)
                changed.append(found)
        Organisation.objects.bulk_create(new)
        Organisation.objects.bulk_update(changed, _STORED)
        OrganisationChange.objects.bulk_create(history)
        if new or changed:
            _record_import(actor, new, changed)
    same = len(batch) - len(new) - len(changed)
    return ImportOutcome(before.created + len(new), before.changed + len(changed), before.same + same)


def _record_import(actor: Actor, new: list[Organisation], changed: list[Organisation]) -> None:
    ref = ObjectRef(kind="tenant", id=actor.tenant)
    ledger.append(
        actor=actor,
        act="identity.organisations_imported",
        object_ref=ref,
        payload={"created": [o.code for o in new], "changed": [o.code for o in changed]},
    )
    outbox.publish(
        OrganisationsChanged(tenant=actor.tenant, object_ref=ref, at=now(), created=len(new), changed=len(changed))
    )


def _history(actor: Actor, found: Organisation, values: Mapping[str, object]) -> list[OrganisationChange]:
    """What an import changes of an organisation on file, as of today and without a document number."""
    stated: list[dict[str, object]] = []
    if values["name"] != found.name:
        stated.append({"kind": OrganisationChangeKind.RENAMED, "name_before": found.name, "name_after": values["name"]})
    if values["path"] != found.path:
        stated.append({"kind": OrganisationChangeKind.MOVED, "path_before": found.path, "path_after": values["path"]})
    if found.status == OrganisationStatus.ACTIVE and values["status"] != found.status:
        stated.append({"kind": OrganisationChangeKind.ABOLISHED, "name_before": found.name})
    return [
        OrganisationChange(
            tenant=actor.tenant,
            organisation=found,
            effective_on=local_date(),
            reason=_("导入机构数据"),
            recorded_by_id=actor.person_id,
            **fields,
        )
        for fields in stated
    ]


def _settle_paths(tenant: str, paths: Mapping[str, str]) -> None:
    """Organisations that were not in the file follow their superior."""
    rows = [row for row in Organisation.objects.filter(tenant=tenant) if row.path != paths.get(row.code, row.path)]
    for row in rows:
        row.path = paths[row.code]
    Organisation.objects.bulk_update(rows, ["path"])


def _values(row: OrganisationRow, parent: Organisation | None, path: str) -> dict[str, object]:
    return {
        "uscc": row.uscc,
        "name": row.name,
        "short_name": row.short_name,
        "aliases": [dataclasses.asdict(alias) for alias in parse_aliases(row.aliases)],
        "kind": row.kind,
        "level": row.level,
        "parent_id": parent.id if parent else None,
        "path": path,
        "division_code": row.division_code,
        "doc_mark": row.doc_mark,
        "funded": row.funded == "是",
        "status": OrganisationStatus.ACTIVE.value if row.status == "在用" else OrganisationStatus.ABOLISHED.value,
    }


def _link_successors(tenant: str, rows: list[OrganisationRow]) -> None:
    wanted = {row.org_code: row.successor_org_code for row in rows if row.successor_org_code}
    if not wanted:
        return
    ids = dict(
        Organisation.objects.filter(tenant=tenant, code__in=[*wanted, *wanted.values()]).values_list("code", "id")
    )
    for code, successor in wanted.items():
        Organisation.objects.filter(pk=ids[code]).exclude(successor_id=ids[successor]).update(
            successor_id=ids[successor]
        )
