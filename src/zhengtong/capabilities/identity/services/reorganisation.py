"""Organisations founded, renamed, moved, merged and abolished; what they leave open goes to the heir."""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import OrganisationChangeKind as Kind
from zhengtong.capabilities.identity.constants import OrganisationStatus
from zhengtong.capabilities.identity.events import OrganisationChanged
from zhengtong.capabilities.identity.models import Organisation, OrganisationChange, Post
from zhengtong.capabilities.identity.permissions import require_system_administrator
from zhengtong.capabilities.identity.registry import organisation_work
from zhengtong.capabilities.identity.rules import moved_path, uscc_is_valid, within
from zhengtong.capabilities.identity.selectors.open_work import OpenWork, open_organisation_work
from zhengtong.capabilities.identity.selectors.people import current_appointments
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound

_CODE = re.compile(r"[A-Za-z0-9-]{1,20}")
_LONGEST_PATH = 200
_LONGEST_TITLE = 50


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decree:
    """The decision behind a change: from which day it holds, the number of the document (批文), a remark."""

    effective_on: dt.date
    document_number: str
    reason: str = ""


@dataclasses.dataclass(frozen=True)
class Estate:
    """What an organisation would leave: open work, subordinate organisations, posts, people in them."""

    work: list[OpenWork]
    children: list[str]
    posts: list[str]
    people: int

    @property
    def empty(self) -> bool:
        """True when nobody has to take anything over."""
        return not (self.work or self.children or self.people)


def estate_of(tenant: str, code: str) -> Estate:
    """What goes to the heir when the organisation is merged or abolished; raises NotFound."""
    organisation = Organisation.objects.filter(tenant=tenant, code=code).first()
    if organisation is None:
        raise _unknown(code)
    return _estate(organisation)


def found_organisation(
    *,
    actor: Actor,
    code: str,
    name: str,
    parent_code: str,
    decree: Decree,
    uscc: str = "",
    short_name: str = "",
    split_from: str = "",
) -> uuid.UUID:
    """A new organisation below ``parent_code`` (a root when empty), perhaps split from another one; returns its id.

    What the other one has in hand stays with it. Raises Invalid, NotFound, Conflict for a code or number in use.
    """
    require_system_administrator(actor)
    _check(decree, name=name)
    if not _CODE.fullmatch(code):
        raise Invalid(_("机构代码应为 1 至 20 个字母、数字或“-”。"), field="code")
    if uscc and not uscc_is_valid(uscc):
        raise Invalid(_("统一社会信用代码有误，请对照证书核对。"), field="uscc")
    try:
        with transaction.atomic():
            tree = _locked_tree(actor.tenant)
            parent = _active(tree, parent_code) if parent_code else None
            origin = _active(tree, split_from) if split_from else None
            path = _checked_path(f"{parent.path if parent else '/'}{code}/")
            row = Organisation.objects.create(
                tenant=actor.tenant, code=code, name=name.strip(), short_name=short_name, uscc=uscc, parent=parent,
                path=path, division_code=parent.division_code if parent else "",
            )  # fmt: skip
            _record(actor, row, Kind.FOUNDED, decree, other=origin, name_after=row.name, path_after=path)
    except IntegrityError as error:
        raise Conflict(_("机构代码或统一社会信用代码已被使用。请核对。"), field="code") from error
    return row.id


def rename_organisation(*, actor: Actor, code: str, name: str, decree: Decree, short_name: str = "") -> None:
    """Give an organisation a new name; under the old one it is still found. Raises Invalid, NotFound, Conflict."""
    require_system_administrator(actor)
    _check(decree, name=name)
    with transaction.atomic():
        row = _active(_locked_tree(actor.tenant), code)
        before, row.name = row.name, name.strip()
        if row.name == before:
            raise Invalid(_("新名称与现在的名称相同。"), field="name")
        former = {before} | ({row.short_name} if short_name and row.short_name != short_name else set())
        row.short_name = short_name or row.short_name
        kept = [alias for alias in row.aliases if alias["name"] not in {row.name, row.short_name, *former}]
        row.aliases = [*kept, *({"name": old, "mark": "旧"} for old in sorted(former) if old)]
        row.save(update_fields=["name", "short_name", "aliases"])
        _record(actor, row, Kind.RENAMED, decree, name_before=before, name_after=row.name)


def move_organisation(*, actor: Actor, code: str, parent_code: str, decree: Decree) -> None:
    """Put an organisation with everything below it under another superior (none when empty).

    Raises Invalid for a superior within the subtree and for the present one, NotFound, Conflict.
    """
    require_system_administrator(actor)
    _check(decree)
    with transaction.atomic():
        tree = _locked_tree(actor.tenant)
        row, parent = _active(tree, code), _active(tree, parent_code) if parent_code else None
        if row.parent_id == (parent.id if parent else None):
            raise Invalid(_("这个机构现在就隶属于所选的上级机构。"), field="parent")
        _relocate(actor, tree, row, parent, decree)


def merge_organisations(*, actor: Actor, codes: Sequence[str], into_code: str, decree: Decree) -> None:
    """Merge organisations into another one, which takes over their posts, subordinates and open work.

    All or nothing. Raises Invalid when the heir is one of them or lies below one, NotFound, Conflict.
    """
    require_system_administrator(actor)
    _check(decree)
    if not codes:
        raise Invalid(_("请选择要并入的机构。"), field="codes")
    with transaction.atomic():
        tree = _locked_tree(actor.tenant)
        heir = _active(tree, into_code)
        for code in dict.fromkeys(codes):
            _dissolve(actor, tree, _active(tree, code), heir, Kind.MERGED, decree)


def abolish_organisation(*, actor: Actor, code: str, decree: Decree, successor_code: str = "") -> None:
    """Abolish an organisation; whoever is named takes over its posts, subordinates and open work.

    Raises Invalid when it leaves anything and no successor is named, or the successor lies below it; NotFound;
    Conflict when it does not exist any more.
    """
    require_system_administrator(actor)
    _check(decree)
    with transaction.atomic():
        tree = _locked_tree(actor.tenant)
        row = _active(tree, code)
        if successor_code:
            _dissolve(actor, tree, row, _active(tree, successor_code), Kind.ABOLISHED, decree)
            return
        estate = _estate(row)
        if not estate.empty:
            raise Invalid(_leaves(row, estate), field="successor")
        Post.objects.filter(organisation=row).update(active=False)
        row.status = OrganisationStatus.ABOLISHED
        row.save(update_fields=["status"])
        _record(actor, row, Kind.ABOLISHED, decree, name_before=row.name)


def _check(decree: Decree, *, name: str = "-") -> None:
    errors: dict[str, str] = {}
    if not name.strip():
        errors["name"] = _("请填写机构名称。")
    if not decree.document_number.strip():
        errors["document_number"] = _("请填写批准机构变更的文件文号。")
    if decree.effective_on > local_date():
        errors["effective_on"] = _("生效日期还没有到。请在生效当天或以后办理。")
    if errors:
        raise Invalid(_("没有办理，请更正标出的内容。"), errors=errors)


def _locked_tree(tenant: str) -> dict[str, Organisation]:
    """All organisations of the tenant by code, locked: two changes of one tree wait for each other."""
    rows = Organisation.objects.select_for_update(no_key=True, of=("self",)).filter(tenant=tenant).order_by("id")
    return {row.code: row for row in rows}


def _active(tree: dict[str, Organisation], code: str) -> Organisation:
    row = tree.get(code)
    if row is None:
        raise _unknown(code)
    if row.status != OrganisationStatus.ACTIVE:
        raise Conflict(_("“%(name)s”已经撤销，不能再办理变更。") % {"name": row.name})
    return row


def _unknown(code: str) -> NotFound:
    return NotFound(_("没有代码为“%(code)s”的机构。请核对机构代码。") % {"code": code})


def _checked_path(path: str) -> str:
    if len(path) > _LONGEST_PATH:
        raise Invalid(_("机构层级太深。请选择更高一级的上级机构。"), field="parent")
    return path


def _relocate(
    actor: Actor, tree: dict[str, Organisation], row: Organisation, parent: Organisation | None, decree: Decree
) -> None:
    """Rewrite the places of the whole subtree with one statement."""
    old, new = row.path, f"{parent.path if parent else '/'}{row.code}/"
    if parent is not None and within(parent.path, old):
        raise Invalid(_("不能把机构移到它自己或它的下级机构之下。"), field="parent")
    below = [one for one in tree.values() if within(one.path, old)]
    for one in below:
        _checked_path(moved_path(one.path, old, new))
    rewrite_subtree(actor.tenant, old, new)
    for one in below:
        one.path = moved_path(one.path, old, new)
    row.parent = parent
    row.save(update_fields=["parent"])
    _record(actor, row, Kind.MOVED, decree, other=parent, path_before=old, path_after=new)


def rewrite_subtree(tenant: str, old: str, new: str) -> None:
    """Move every place at or below ``old`` to ``new``; the caller has locked the tree."""
    Organisation.objects.filter(tenant=tenant, path__startswith=old).update(
        path=Concat(Value(new), Substr(F("path"), len(old) + 1))
    )


def _dissolve(
    actor: Actor, tree: dict[str, Organisation], row: Organisation, heir: Organisation, kind: Kind, decree: Decree
) -> None:
    """Subordinates, posts and open work go to the heir; the organisation stays on record as abolished."""
    if within(heir.path, row.path):
        raise Invalid(_("承接机构不能是被撤并的机构自己，也不能是它的下级。请另选。"), field="successor")
    work = open_organisation_work(actor.tenant, row.id)
    for child in [one for one in tree.values() if one.parent_id == row.id]:
        if child.status == OrganisationStatus.ACTIVE:
            _relocate(actor, tree, child, heir, decree)
    posts = _take_over_posts(row, heir)
    handed_over = sum(
        one.hand_over(actor=actor, from_org_id=row.id, to_org_id=heir.id, reason=decree.document_number)
        for _key, one in organisation_work.items()
    )
    row.status, row.successor = OrganisationStatus.ABOLISHED, heir
    row.save(update_fields=["status", "successor"])
    _record(
        actor, row, kind, decree, other=heir, name_before=row.name,
        further={"posts": posts, "work": {w.label: w.count for w in work}, "handed_over": handed_over},
    )  # fmt: skip


def _take_over_posts(row: Organisation, heir: Organisation) -> list[str]:
    """People go on working the next day: posts with their holders and roles become the heir's."""
    taken = set(Post.objects.filter(organisation=heir).values_list("title", flat=True))
    moved = []
    for post in Post.objects.select_for_update(no_key=True).filter(organisation=row).order_by("id"):
        title, number = post.title, 1
        while post.title in taken:
            number += 1
            mark = _("（原%(name)s）") % {"name": row.short_name or row.name} + (str(number) if number > 2 else "")
            post.title = f"{title[: max(0, _LONGEST_TITLE - len(mark))]}{mark[-_LONGEST_TITLE:]}"
        taken.add(post.title)
        post.organisation = heir
        post.save(update_fields=["organisation", "title"])
        moved.append(str(post.id))
    return moved


def _estate(row: Organisation) -> Estate:
    children = Organisation.objects.filter(parent=row, status=OrganisationStatus.ACTIVE).order_by("code")
    return Estate(
        work=open_organisation_work(row.tenant, row.id),
        children=list(children.values_list("name", flat=True)),
        posts=list(Post.objects.filter(organisation=row).order_by("title").values_list("title", flat=True)),
        people=current_appointments().filter(post__organisation=row).values("person").distinct().count(),
    )


def _leaves(row: Organisation, estate: Estate) -> str:
    left = [_("%(label)s %(n)d 件") % {"label": work.label, "n": work.count} for work in estate.work]
    left += [_("下级机构 %(n)d 个") % {"n": len(estate.children)}] if estate.children else []
    left += [_("在岗人员 %(n)d 人") % {"n": estate.people}] if estate.people else []
    return _("%(name)s还有%(left)s。请先指定承接机构，再办理撤销。") % {"name": row.name, "left": "、".join(left)}


def _record(
    actor: Actor,
    row: Organisation,
    kind: Kind,
    decree: Decree,
    *,
    other: Organisation | None = None,
    further: dict[str, object] | None = None,
    **stated: str,
) -> None:
    OrganisationChange.objects.create(
        tenant=actor.tenant,
        organisation=row,
        kind=kind,
        effective_on=decree.effective_on,
        document_number=decree.document_number.strip(),
        reason=decree.reason.strip(),
        other=other,
        recorded_by_id=actor.person_id,
        **stated,
    )
    ref = ObjectRef(kind="organisation", id=str(row.id))
    ledger.append(
        actor=actor,
        act=f"identity.organisation_{kind.value}",
        object_ref=ref,
        payload={
            "code": row.code,
            "effective_on": decree.effective_on,
            "document_number": decree.document_number,
            "other": other.code if other else "",
            **stated,
            **(further or {}),
        },
        basis=decree.document_number.strip(),
    )
    outbox.publish(
        OrganisationChanged(
            tenant=actor.tenant,
            object_ref=ref,
            at=now(),
            org_id=row.id,
            kind=kind.value,
            effective_on=decree.effective_on,
            other_id=other.id if other else None,
        )
    )
