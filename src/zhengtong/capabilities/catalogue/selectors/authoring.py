"""A draft as its author, its judges and the keeper of the list see it: what it says, and what stands in its way."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import OPEN, SuccessionOutcome, VersionStatus
from zhengtong.capabilities.catalogue.models import ItemSuccession, ItemVersion
from zhengtong.capabilities.catalogue.permissions import may_edit, may_read_drafts, require_list_keeper
from zhengtong.capabilities.catalogue.rules import Difference, ItemDraft, Oddity
from zhengtong.capabilities.catalogue.selectors.contents import draft_of
from zhengtong.capabilities.catalogue.selectors.surroundings import surroundings_of
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound


@dataclasses.dataclass(frozen=True, kw_only=True)
class DraftView:
    """A version that is, or was, a draft.

    ``refusals`` (by field) stand against its publication, ``oddities`` want a reason each (``answers`` by key),
    ``gaps`` are what the guide should say besides. ``published_*`` name the version in force, ``returned`` says that
    the review sent it back to be changed.
    """

    id: uuid.UUID
    item_id: uuid.UUID
    status: str
    status_label: str
    draft: ItemDraft
    org_id: uuid.UUID
    org_code: str
    org_name: str
    revision: int
    origin: str
    change_reason: str
    author_id: uuid.UUID | None
    author_name: str
    saved_at: dt.datetime | None
    valid_from: dt.date | None
    case_id: uuid.UUID | None
    reviews: int
    returned: bool
    refusals: Mapping[str, str]
    oddities: tuple[Oddity, ...]
    answers: Mapping[str, str]
    gaps: tuple[str, ...]
    notes: tuple[str, ...]
    published_id: uuid.UUID | None
    published_number: int | None
    may_edit: bool
    may_submit: bool
    may_withdraw: bool
    may_discard: bool

    @property
    def unanswered(self) -> tuple[Oddity, ...]:
        """Oddities that have no reason yet."""
        return tuple(oddity for oddity in self.oddities if not self.answers.get(oddity.key))

    @property
    def ready(self) -> bool:
        """Whether nothing stands against sending it to review, besides the reason for it."""
        return not self.refusals and not self.unanswered


@dataclasses.dataclass(frozen=True, kw_only=True)
class SuccessionView:
    """An item that waits for somebody to say who carries it on."""

    id: uuid.UUID
    item_id: uuid.UUID
    code: str
    name: str
    from_org_name: str
    heir_name: str
    since: dt.date


def readable_version(actor: Actor, version_id: uuid.UUID) -> ItemVersion:
    """A version the actor may read as a draft; NotFound for all others, so that nobody learns what is planned."""
    rows = ItemVersion.objects.filter(tenant=actor.tenant, pk=version_id).select_related("item__parent")
    row = rows.first()
    if row is None or not may_read_drafts(actor, org_code=row.item.org_code):
        raise NotFound(_("没有找到这个事项版本，或者它属于别的单位。"))
    return row


def draft_view(*, actor: Actor, version_id: uuid.UUID) -> DraftView:
    """A draft with everything that stands in its way; raises NotFound outside the actor's reach."""
    row = readable_version(actor, version_id)
    draft = draft_of(row)
    published = ItemVersion.objects.filter(item_id=row.item_id, status=VersionStatus.PUBLISHED).first()
    editor = may_edit(actor, org_code=row.item.org_code)
    drafted = row.status == VersionStatus.DRAFT
    return DraftView(
        id=row.id,
        item_id=row.item_id,
        status=row.status,
        status_label=str(VersionStatus(row.status).label),
        draft=draft,
        org_id=row.item.org_id,
        org_code=row.item.org_code,
        org_name=row.item.org_name,
        revision=row.revision,
        origin=row.origin,
        change_reason=row.change_reason,
        author_id=row.author_id,
        author_name=row.author_name,
        saved_at=row.saved_at,
        valid_from=row.valid_from,
        case_id=row.case_id,
        reviews=row.reviews,
        returned=row.returned,
        refusals=rules.all_refusals(draft, surroundings_of(row.tenant, draft)) if row.status in OPEN else {},
        oddities=rules.oddities(draft),
        answers=dict(row.answers),
        gaps=rules.guide_gaps(draft),
        notes=tuple(row.notes),
        published_id=published.id if published else None,
        published_number=published.version if published else None,
        may_edit=editor and drafted,
        may_submit=editor and drafted,
        may_withdraw=editor and row.under_review,
        may_discard=editor and drafted,
    )


def version_differences(*, actor: Actor, older_id: uuid.UUID, newer_id: uuid.UUID) -> tuple[Difference, ...]:
    """What changed between two versions, with the process and form they take; raises NotFound.

    Where a version names no version of process or form, the one that would be taken today is compared.
    """
    older, newer = readable_version(actor, older_id), readable_version(actor, newer_id)
    return rules.differences(_with_versions(older), _with_versions(newer))


def successions(*, actor: Actor) -> tuple[SuccessionView, ...]:
    """Items that wait for who keeps the list to say who carries them on, by unit and name; raises NotPermitted."""
    require_list_keeper(actor)
    rows = list(
        ItemSuccession.objects.filter(tenant=actor.tenant, outcome=SuccessionOutcome.OPEN).select_related("item")
    )
    newest = ItemVersion.objects.filter(item_id__in=[row.item_id for row in rows]).order_by("created_at")
    names = dict(newest.values_list("item_id", "name"))
    found = (
        SuccessionView(
            id=row.id,
            item_id=row.item_id,
            code=row.item.code or "",
            name=names[row.item_id],
            from_org_name=row.from_org_name,
            heir_name=row.heir_name,
            since=row.since,
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda view: (view.from_org_name, view.name, str(view.id))))


def _with_versions(row: ItemVersion) -> ItemDraft:
    draft = draft_of(row)
    process, form = draft.process_version, draft.form_version
    if row.status in OPEN:
        form = form or forms.newest_version(row.tenant, draft.form_key)
    if process is None and draft.process_key:
        versions = cases.process_versions(row.tenant, draft.process_key)
        process = next((one.version for one in versions if one.active), None)
    return dataclasses.replace(draft, process_version=process, form_version=form)
