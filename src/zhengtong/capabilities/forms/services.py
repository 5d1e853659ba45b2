"""Declaring forms and saving answers."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.models import FormVersion, Submission
from zhengtong.capabilities.forms.rules import asked, clean, normalise, read_definition
from zhengtong.capabilities.forms.selectors import SubmissionView, submission
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound


@transaction.atomic
def declare_form(*, actor: Actor, key: str, definition: Mapping[str, Any]) -> FormVersion:
    """Make a definition the active version of ``key``; an unchanged one gives the version that exists."""
    title = read_definition(definition).title
    versions = FormVersion.objects.select_for_update().filter(tenant=actor.tenant, key=key)
    current = versions.filter(active=True).first()
    if current is not None and current.definition == definition:
        return current
    number = (versions.aggregate(Max("version"))["version__max"] or 0) + 1
    versions.filter(active=True).update(active=False)
    row = FormVersion.objects.create(
        tenant=actor.tenant, key=key, version=number, title=title, definition=dict(definition)
    )
    ledger.append(
        actor=actor,
        act="forms.declare",
        object_ref=ObjectRef(kind="form", id=str(row.id)),
        payload={"key": key, "version": number},
    )
    return row


def start_submission(*, tenant: str, key: str, prefill: Mapping[str, str]) -> SubmissionView:
    """An empty draft on the active version, with the facts about the applicant filled in."""
    form = FormVersion.objects.filter(tenant=tenant, key=key, active=True).first()
    if form is None:
        raise NotFound(_("这个事项的表单还没有启用，请联系窗口。"))
    fields = read_definition(form.definition).fields
    answers = {field.key: prefill[field.prefill] for field in fields if prefill.get(field.prefill)}
    row = Submission.objects.create(tenant=tenant, form=form, answers=json.dumps(answers, ensure_ascii=False))
    return submission(tenant=tenant, submission_id=row.id)


@transaction.atomic
def save_answers(*, tenant: str, submission_id: uuid.UUID, answers: Mapping[str, Any]) -> SubmissionView:
    """Save what is typed so far, right or wrong: nothing is refused and nothing else is touched."""
    row = _lock(tenant, submission_id)
    known = {field.key for field in read_definition(row.form.definition).fields}
    kept = json.loads(row.answers or "{}")
    kept |= {key: normalise(value) for key, value in answers.items() if key in known}
    row.answers = json.dumps(kept, ensure_ascii=False)
    row.saved_at = now()
    row.save(update_fields=["answers", "saved_at"])
    return submission(tenant=tenant, submission_id=submission_id)


@transaction.atomic
def freeze(*, tenant: str, submission_id: uuid.UUID) -> SubmissionView:
    """Check all answers and make them final; raises Invalid with a sentence per field."""
    row = _lock(tenant, submission_id)
    fields = read_definition(row.form.definition).fields
    cleaned, errors = clean(fields, json.loads(row.answers or "{}"))
    if errors:
        raise Invalid(_("表单还有 %(count)d 处需要补充或更正。") % {"count": len(errors)}, errors=errors)
    row.answers = json.dumps({f.key: cleaned[f.key] for f in fields if asked(f, cleaned)}, ensure_ascii=False)
    row.frozen_at = row.saved_at = now()
    row.save(update_fields=["answers", "saved_at", "frozen_at"])
    return submission(tenant=tenant, submission_id=submission_id)


@transaction.atomic
def reopen(*, tenant: str, submission_id: uuid.UUID) -> None:
    """Let the applicant correct the answers after a supplement notice."""
    Submission.objects.filter(tenant=tenant, pk=submission_id).update(frozen_at=None)


def _lock(tenant: str, submission_id: uuid.UUID) -> Submission:
    rows = Submission.objects.select_for_update(of=("self",)).select_related("form")
    row = rows.filter(tenant=tenant, pk=submission_id).first()
    if row is None:
        raise NotFound(_("没有找到这份填报内容。"))
    if row.frozen_at is not None:
        raise Conflict(_("这份申请已经提交，内容不能再改。如需更正，请等待补正告知或先撤回。"))
    return row
