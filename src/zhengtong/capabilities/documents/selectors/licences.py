"""Licences as their holders and the issuing unit see them: state, losses, chain, who used them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet, Sum

from zhengtong.capabilities.documents import permissions, rules
from zhengtong.capabilities.documents.constants import CheckWay, DocumentKind, DocumentStatus
from zhengtong.capabilities.documents.models import CheckCount, Document, LossReport
from zhengtong.capabilities.documents.selectors.papers import (
    IssuedDocument,
    ground_label,
    issued_documents,
)
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.paging import Page, page_of

_HANDLERS = (Role.CLERK, Role.REVIEWER, Role.LEADER)
_FIRST_DAY = dt.date(1, 1, 1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class LicenceView:
    """A licence with what became of it: ``end_word`` and ``ended_at`` once it ended, ``lost_at`` while lost.

    ``rows`` are the facts it registers as (label, value); ``predecessor`` it replaced, ``successor`` replaced it.
    """

    paper: IssuedDocument
    holder_is_person: bool
    item_code: str
    item_name: str
    rows: tuple[tuple[str, str], ...]
    ended_at: dt.datetime | None
    ended_ground: str
    end_word: str
    lost_at: dt.datetime | None
    predecessor: uuid.UUID | None
    successor: uuid.UUID | None

    @property
    def id(self) -> uuid.UUID:
        """Key of the paper."""
        return self.paper.id

    @property
    def ended(self) -> bool:
        """True once it was replaced or taken out of force; the end of its period is told by ``paper.valid_until``."""
        return self.ended_at is not None


def licences_of(*, tenant: str, subject_kind: str, subject_ids: Collection[str]) -> list[LicenceView]:
    """The licences issued for these objects, those in force first, then the newest; the caller checked the right."""
    rows = _licences(tenant).filter(subject_kind=subject_kind, subject_id__in=subject_ids)
    found = sorted(rows, key=lambda row: (row.issued_at, row.pk), reverse=True)
    return _views(sorted(found, key=lambda row: row.status != DocumentStatus.ISSUED))


def licence_by_id(*, tenant: str, document_id: uuid.UUID) -> LicenceView | None:
    """A licence, None when there is none of that key; the caller answers for the right to see it."""
    row = _licences(tenant).filter(pk=document_id).first()
    return _views([row])[0] if row else None


def holders_licence(*, actor: Actor, document_id: uuid.UUID) -> LicenceView | None:
    """A licence made out to the actor or to whom he speaks for; None for every other paper."""
    found = licence_by_id(tenant=actor.tenant, document_id=document_id)
    return found if found and permissions.is_holder(actor, found.paper.object_ref) else None


def units_licence(*, actor: Actor, document_id: uuid.UUID) -> LicenceView | None:
    """A licence issued by the official's own unit, of the items he handles; None for every other paper."""
    found = licence_by_id(tenant=actor.tenant, document_id=document_id)
    ours = found is not None and actor.kind == "official" and actor.org_id == found.paper.issuing_org_id
    if not found or not ours or not actor.has_role(*_HANDLERS):
        return None
    return found if identity.may_handle_item(actor, found.item_code) else None


def chain_of(*, tenant: str, document_id: uuid.UUID) -> list[LicenceView]:
    """A licence with all that it replaced and that replaced it, the oldest first; the caller checked the right."""
    found: dict[uuid.UUID, Document] = {}
    wanted = {document_id}
    while wanted:
        rows = _licences(tenant).filter(Q(pk__in=wanted) | Q(supersedes_id__in=wanted))
        fresh = {row.pk: row for row in rows if row.pk not in found}
        found |= fresh
        before = {row.supersedes_id for row in fresh.values() if row.supersedes_id}
        wanted = set(fresh) | before if fresh else set()
    depth: dict[uuid.UUID, int] = {}
    while len(depth) < len(found):
        depth |= {
            key: depth.get(row.supersedes_id, -1) + 1 if row.supersedes_id else 0
            for key, row in found.items()
            if row.supersedes_id not in found or row.supersedes_id in depth
        }
    return _views(sorted(found.values(), key=lambda row: (depth[row.pk], row.issued_at, row.pk)))


def find_licences(*, actor: Actor, words: str = "", page: object = 1, size: int = 20) -> Page[LicenceView]:
    """Licences of the official's unit by number, title or holder; none for who handles no matters there."""
    rows = _licences(actor.tenant).order_by("-issued_at", "-pk")
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*_HANDLERS):
        rows = rows.none()
    else:
        rows = rows.filter(issuing_org_id=actor.org_id)
    if actor.delegated_items:
        rows = rows.filter(item_code__in=actor.delegated_items)
    for word in words.split():
        rows = rows.filter(Q(number__icontains=word) | Q(title__icontains=word) | Q(holder_name=word))
    found = page_of(rows, page, size=size)
    return dataclasses.replace(found, rows=_views(found.rows))


def licences_ending(*, tenant: str, first: dt.date, last: dt.date) -> list[LicenceView]:
    """Licences in force whose last day lies between two days, for reminders."""
    rows = _licences(tenant).filter(status=DocumentStatus.ISSUED, valid_until__gte=first, valid_until__lte=last)
    return _views(rows.order_by("valid_until", "pk"))


def may_handle_licence(actor: Actor, view: LicenceView) -> bool:
    """Clerks and leaders of the issuing unit, for the items they handle."""
    return (
        actor.kind == "official"
        and actor.org_id == view.paper.issuing_org_id
        and actor.has_role(Role.CLERK, Role.LEADER)
        and identity.may_handle_item(actor, view.item_code)
    )


def checks_of(*, tenant: str, document_id: uuid.UUID) -> list[tuple[str, int, dt.date]]:
    """How often a paper was verified by strangers: (way, times, last day), the most used way first."""
    rows = CheckCount.objects.filter(tenant=tenant, document_id=document_id)
    sums = rows.values("way").annotate(times=Sum("count")).order_by("-times")
    last = {row.way: row.day for row in rows.order_by("day")}
    return [(str(CheckWay(one["way"]).label), one["times"], last.get(one["way"], _FIRST_DAY)) for one in sums]


def _licences(tenant: str) -> "QuerySet[Document]":
    return Document.objects.filter(tenant=tenant, kind=DocumentKind.LICENCE).exclude(status=DocumentStatus.DRAFT)


def _views(rows: Iterable[Document]) -> list[LicenceView]:
    listed = list(rows)
    keys = [row.pk for row in listed]
    lost = dict(
        LossReport.objects.filter(document__in=keys, lifted_at__isnull=True).values_list("document_id", "reported_at")
    )
    later = Document.objects.filter(supersedes_id__in=keys).exclude(status=DocumentStatus.DRAFT)
    successors = dict(later.values_list("supersedes_id", "pk"))
    return [
        LicenceView(
            paper=paper,
            holder_is_person=row.holder_is_person,
            item_code=row.item_code,
            item_name=str(row.fields.get("item", "")),
            rows=tuple((one["label"], one["value"]) for one in row.fields.get("rows", ())),
            ended_at=row.ended_at,
            ended_ground=ground_label(row),
            end_word=rules.end_word(kind=row.kind, status=row.status, ground=row.ended_ground),
            lost_at=lost.get(row.pk) if row.status == DocumentStatus.ISSUED else None,
            predecessor=row.supersedes_id,
            successor=successors.get(row.pk),
        )
        for row, paper in zip(listed, issued_documents(listed), strict=True)
    ]
