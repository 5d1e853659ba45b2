"""Drafts of forms and their publication; a published version never changes and moves nothing that was begun."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.constants import FORM_KIND, TITLE_LIMIT
from zhengtong.capabilities.forms.exceptions import DraftConflict
from zhengtong.capabilities.forms.models import FormDraft, FormVersion
from zhengtong.capabilities.forms.permissions import require_editor
from zhengtong.capabilities.forms.rules import declaration_faults, read_definition
from zhengtong.capabilities.forms.rules.drafts import LARGEST_DRAFT, draft_size, kept_value
from zhengtong.capabilities.forms.rules.texts import normalise, storable
from zhengtong.capabilities.forms.selectors.declarations import (
    FormDraftView,
    FormVersionView,
    draft_view,
    form_draft,
    version_row,
    version_view,
)
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound

_DEEPEST = 40  # levels of a declaration, conditions and formulas included
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}")


@transaction.atomic
def declare_form(*, actor: Actor, key: str, definition: Mapping[str, Any]) -> FormVersion:
    """Make a definition the newest version of ``key``; an unchanged one gives the version that exists.

    For the platform itself and imports; raises ValueError for a faulty definition.
    """
    read_definition(definition)
    current = FormVersion.objects.select_for_update().filter(tenant=actor.tenant, key=key, active=True).first()
    if current is not None and current.definition == definition:
        return current
    row = _new_version(actor, key, definition, current.org_id if current else actor.org_id)
    _record(actor, row, act="forms.declare")
    return row


@transaction.atomic
def save_form_draft(
    *,
    actor: Actor,
    key: str,
    definition: Mapping[str, Any],
    revision: int = 0,
    draft_id: uuid.UUID | None = None,
    based_on: int | None = None,
) -> FormDraftView:
    """Keep a declaration at work, faulty or not; ``revision`` is the one it was read with, 0 for a new draft.

    ``based_on`` says of which later version the changes were taken in. Raises NotPermitted, Invalid for an unfit key or
    far too much, Conflict when there is a draft of the form already, and DraftConflict with what
    was sent when somebody else saved meanwhile.
    """
    sent = _checked_draft(key, definition)
    if draft_id is None:
        return draft_view(_new_draft(actor, key, sent, based_on))
    form_draft(actor=actor, draft_id=draft_id)
    row = FormDraft.objects.select_for_update().filter(tenant=actor.tenant, pk=draft_id).first()
    if row is None:
        raise NotFound(_("没有找到这份表单草稿，可能已经发布或删除。"))
    if row.revision != revision:
        raise DraftConflict(
            _("%(name)s在您编辑期间保存过这份草稿，您的改动还没有保存。请对照后再保存。")
            % {"name": row.updated_by_name or _("其他人")},
            sent=sent,
            current=row.definition,
            revision=row.revision,
            saved_by=row.updated_by_name,
        )
    row.title, row.definition, row.revision = _title(sent), sent, row.revision + 1
    if based_on is not None:
        row.based_on = version_row(actor.tenant, row.key, based_on).version
    row.updated_by_id, row.updated_by_name, row.updated_at = actor.person_id, actor.name, now()
    row.save()
    return draft_view(row)


def draft_from_version(*, actor: Actor, key: str, version: int | None = None) -> FormDraftView:
    """Begin a draft with what a version declares (the newest without a number); Conflict when one is at work."""
    row = version_row(actor.tenant, key, version)
    return save_form_draft(actor=actor, key=key, definition=row.definition, based_on=row.version)


@transaction.atomic
def discard_form_draft(*, actor: Actor, draft_id: uuid.UUID) -> None:
    """Throw a draft away. Raises NotFound for what the actor may not edit."""
    draft = form_draft(actor=actor, draft_id=draft_id)
    FormDraft.objects.filter(tenant=actor.tenant, pk=draft_id).delete()
    ledger.append(
        actor=actor,
        act="forms.discard",
        object_ref=ObjectRef(kind=FORM_KIND, id=str(draft_id)),
        payload={"key": draft.key, "title": draft.title},
    )


@transaction.atomic
def publish_form(*, actor: Actor, draft_id: uuid.UUID, revision: int | None = None) -> FormVersionView:
    """Freeze a draft as the newest version of its form; the draft is gone.

    Items keep the version they name. Raises Invalid with all faults by place, Conflict when somebody saved or
    published meanwhile.
    """
    form_draft(actor=actor, draft_id=draft_id)
    draft = FormDraft.objects.select_for_update().filter(tenant=actor.tenant, pk=draft_id).first()
    if draft is None:
        raise NotFound(_("没有找到这份表单草稿，可能已经发布或删除。"))
    if revision is not None and draft.revision != revision:
        raise Conflict(_("这份草稿刚刚有人改动过，请刷新页面看过改动后再发布。"))
    faults = declaration_faults(draft.definition)
    if faults:
        errors: dict[str, str] = {}
        for fault in faults:
            errors[fault.path] = errors.get(fault.path, "") + fault.sentence
        raise Invalid(_("还不能发布：有 %(count)d 处需要更正。") % {"count": len(faults)}, errors=errors)
    newest = FormVersion.objects.select_for_update().filter(tenant=actor.tenant, key=draft.key, active=True).first()
    if newest is not None and newest.version != draft.based_on:
        raise Conflict(
            _("这份草稿编辑期间，表单又发布了第 %(version)d 版。请以最新版为基础重新编辑。")
            % {"version": newest.version}
        )
    row = _new_version(actor, draft.key, draft.definition, draft.org_id)
    draft.delete()
    _record(actor, row, act="forms.publish")
    return version_view(row)


def _checked_draft(key: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    if not _KEY.fullmatch(key):
        raise Invalid(_("表单代号应以小写字母开头，由小写字母、数字、横线和下划线组成，最多 60 个字符。"), field="key")
    if draft_size(definition) > LARGEST_DRAFT:
        raise Invalid(_("表单的内容太大，保存不下。请拆成几张表单。"), field="definition")
    kept: dict[str, Any] = kept_value(definition, storable, deepest=_DEEPEST)
    return kept


def _new_draft(actor: Actor, key: str, sent: dict[str, Any], based_on: int | None) -> FormDraft:
    newest = FormVersion.objects.filter(tenant=actor.tenant, key=key, active=True).first()
    org_id = newest.org_id if newest else actor.org_id
    require_editor(actor, org_id=org_id)
    if newest is not None and based_on is None:
        raise Conflict(_("代号“%(key)s”已经有表单。请打开那张表单编辑新版本，或者换一个代号。") % {"key": key})
    row, fresh = FormDraft.objects.get_or_create(
        tenant=actor.tenant,
        key=key,
        defaults={
            "title": _title(sent),
            "definition": sent,
            "org_id": org_id,
            "org_name": actor.org_name,
            "based_on": newest.version if newest else None,
            "updated_by_id": actor.person_id,
            "updated_by_name": actor.name,
        },
    )
    if not fresh:
        raise Conflict(
            _("这张表单已经有一份草稿，%(name)s最后保存。请打开那份草稿继续编辑。")
            % {"name": row.updated_by_name or _("其他人")}
        )
    ledger.append(
        actor=actor,
        act="forms.draft",
        object_ref=ObjectRef(kind=FORM_KIND, id=str(row.id)),
        payload={"key": key, "title": row.title, "based_on": row.based_on},
    )
    return row


def _title(definition: Mapping[str, Any]) -> str:
    return (normalise(definition.get("title")) or _("未命名表单"))[:TITLE_LIMIT]


def _new_version(actor: Actor, key: str, definition: Mapping[str, Any], org_id: uuid.UUID | None) -> FormVersion:
    versions = FormVersion.objects.filter(tenant=actor.tenant, key=key)
    number = (versions.aggregate(Max("version"))["version__max"] or 0) + 1
    versions.filter(active=True).update(active=False)
    return FormVersion.objects.create(
        tenant=actor.tenant,
        key=key,
        version=number,
        title=definition["title"],
        definition=dict(definition),
        org_id=org_id,
        published_by=actor.name,
    )


def _record(actor: Actor, row: FormVersion, act: str) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=FORM_KIND, id=str(row.id)),
        payload={"key": row.key, "version": row.version},
    )
