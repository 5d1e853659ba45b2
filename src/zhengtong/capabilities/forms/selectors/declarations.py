"""Published versions of forms and drafts at work."""

import dataclasses
import datetime as dt
import functools
import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.constants import COUNTY_EDITOR
from zhengtong.capabilities.forms.models import FormDraft, FormVersion
from zhengtong.capabilities.forms.permissions import may_edit
from zhengtong.capabilities.forms.registry import prefill_sources
from zhengtong.capabilities.forms.rules import Definition, Fault, declaration_faults, frozen_definition
from zhengtong.capabilities.forms.rules.differences import Difference, differences
from zhengtong.capabilities.forms.rules.editing import places
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound


@dataclasses.dataclass(frozen=True)
class FormVersionView:
    """A published version: ``declaration`` is its JSON for the browser; ``active`` is the newest one."""

    id: uuid.UUID
    key: str
    version: int
    title: str
    declaration: dict[str, Any]
    active: bool
    org_id: uuid.UUID | None
    published_by: str
    created_at: dt.datetime

    @functools.cached_property
    def definition(self) -> Definition:
        """What the declaration means."""
        return frozen_definition(self.declaration)


@dataclasses.dataclass(frozen=True)
class FormDraftView:
    """A declaration at work; ``revision`` goes back with the next save."""

    id: uuid.UUID
    key: str
    title: str
    definition: dict[str, Any]
    revision: int
    based_on: int | None
    org_id: uuid.UUID | None
    org_name: str
    updated_by: str
    updated_at: dt.datetime

    @functools.cached_property
    def faults(self) -> list[Fault]:
        """What keeps it from being published."""
        return declaration_faults(self.definition)


def form_keys(*, tenant: str) -> list[FormVersionView]:
    """The newest version of every form, by title."""
    rows = FormVersion.objects.filter(tenant=tenant, active=True).order_by("title", "key")
    return [version_view(row) for row in rows]


def form_versions(*, tenant: str, key: str) -> list[FormVersionView]:
    """All versions of a form, the newest first; none when there is no such form."""
    rows = FormVersion.objects.filter(tenant=tenant, key=key).order_by("-version")
    return [version_view(row) for row in rows]


def form_version(*, tenant: str, key: str, version: int | None = None) -> FormVersionView:
    """One version, the newest without a number; NotFound when there is none such."""
    return version_view(version_row(tenant, key, version))


def keys_ever(*, tenant: str, key: str) -> frozenset[str]:
    """Keys of all questions and columns that any version of a form has had."""
    rows = FormVersion.objects.filter(tenant=tenant, key=key).values_list("definition", flat=True)
    return frozenset(path.rpartition(".")[2] for definition in rows for _place, path, _field in places(definition))


def newest_version(tenant: str, key: str) -> int | None:
    """Number of the newest version; None when there is no such form."""
    rows = FormVersion.objects.filter(tenant=tenant, key=key, active=True)
    return rows.values_list("version", flat=True).first()


def form_differences(*, tenant: str, key: str, old: int, new: int | None = None) -> list[Difference]:
    """What changed from one version to another (the newest without a number), in words."""
    return differences(
        form_version(tenant=tenant, key=key, version=old).definition,
        form_version(tenant=tenant, key=key, version=new).definition,
    )


def draft_differences(*, actor: Actor, draft_id: uuid.UUID) -> list[Difference]:
    """What a draft without faults changes in the newest version of its form; empty for the first version."""
    draft = form_draft(actor=actor, draft_id=draft_id)
    newest = newest_version(actor.tenant, draft.key)
    if newest is None or draft.faults:
        return []
    before = form_version(tenant=actor.tenant, key=draft.key, version=newest).definition
    return differences(before, frozen_definition(draft.definition))


def form_drafts(*, actor: Actor) -> list[FormDraftView]:
    """The drafts the actor may edit, last saved first."""
    return [draft_view(row) for row in _drafts_of(actor).order_by("-updated_at")]


def form_draft(*, actor: Actor, draft_id: uuid.UUID) -> FormDraftView:
    """A draft the actor may edit; NotFound otherwise."""
    row = _drafts_of(actor).filter(pk=draft_id).first()
    if row is None:
        raise NotFound(_("没有找到这份表单草稿，可能已经发布或删除。"))
    return draft_view(row)


def may_edit_form(*, actor: Actor, key: str) -> bool:
    """True when the actor may change the form, or make a new one of that key."""
    newest = FormVersion.objects.filter(tenant=actor.tenant, key=key, active=True).first()
    return may_edit(actor, org_id=newest.org_id if newest else actor.org_id)


def prefill_labels() -> dict[str, str]:
    """Facts that may answer a question beforehand, by name, with what they are called."""
    return dict(prefill_sources.items())


def version_row(tenant: str, key: str, version: int | None) -> FormVersion:
    """The row of a version; NotFound when there is none."""
    rows = FormVersion.objects.filter(tenant=tenant, key=key)
    row = rows.filter(active=True).first() if version is None else rows.filter(version=version).first()
    if row is None:
        raise NotFound(_("这个事项的表单还没有启用，请联系窗口。"))
    return row


def version_view(row: FormVersion) -> FormVersionView:
    """A version as others see it."""
    return FormVersionView(
        id=row.id,
        key=row.key,
        version=row.version,
        title=row.title,
        declaration=row.definition,
        active=row.active,
        org_id=row.org_id,
        published_by=row.published_by,
        created_at=row.created_at,
    )


def draft_view(row: FormDraft) -> FormDraftView:
    """A draft as others see it."""
    return FormDraftView(
        id=row.id,
        key=row.key,
        title=row.title,
        definition=row.definition,
        revision=row.revision,
        based_on=row.based_on,
        org_id=row.org_id,
        org_name=row.org_name,
        updated_by=row.updated_by_name,
        updated_at=row.updated_at,
    )


def _drafts_of(actor: Actor) -> QuerySet[FormDraft]:
    rows = FormDraft.objects.filter(tenant=actor.tenant)
    if actor.kind == "system" or actor.has_role(COUNTY_EDITOR):
        return rows
    return rows.filter(org_id=actor.org_id) if may_edit(actor, org_id=actor.org_id) else rows.none()
