"""Filling in: pages that two devices may have open at once, and files given as answers."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND, ApplicationStatus
from zhengtong.systems.service_hall.models import Application


@dataclasses.dataclass(frozen=True)
class Kept:
    """What was kept of a page: ``conflicts`` are the keys that were changed elsewhere too; these stay as they were."""

    form: forms.SubmissionView
    conflicts: tuple[str, ...]


@transaction.atomic
def keep_page(*, actor: Actor, application_id: uuid.UUID, answers: Mapping[str, Any], seen: Mapping[str, str]) -> Kept:
    """Save what a page sent, right or wrong, without writing over what another page changed since ``seen``.

    Raises Conflict once the application is handed in, unless a notice is open.
    """
    row = lock_open(actor, application_id)
    before = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id)
    kept, conflicts = forms.merge(before.definition, answers, before.answers, seen)
    if not kept:
        return Kept(before, conflicts)
    return Kept(forms.save_answers(tenant=row.tenant, submission_id=row.form_submission_id, answers=kept), conflicts)


def attach_answer(
    *, actor: Actor, application_id: uuid.UUID, path: str, name: str, content: bytes
) -> forms.SubmissionView:
    """Check and store a file given as the answer at ``path``; the only file of a question is replaced.

    Raises NotFound when no question there asks for a file, Invalid when the file may not come in.
    """
    found = selectors.application_to_fill(actor=actor, application_id=application_id)
    upload = forms.checked_file(
        tenant=found.tenant, submission_id=found.form_submission_id, path=path, name=name, content=content
    )
    with transaction.atomic():
        row = lock_open(actor, application_id)
        form = forms.attach_file(tenant=row.tenant, submission_id=row.form_submission_id, path=path, upload=upload)
        field = form.definition.field_at(path)
        given = forms.files_at(form.answers, path)
        payload = {"material": field.label if field else path, "file": given[-1]["file"] if given else ""}
        ledger.append(
            actor=actor,
            act="service_hall.attach",
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
            payload=payload,
        )
        return form


def lock_open(actor: Actor, application_id: uuid.UUID) -> Application:
    """An application the actor may fill in, locked; Conflict once it is handed in, unless a notice is open."""
    found = selectors.application_to_fill(actor=actor, application_id=application_id)
    row = Application.objects.select_for_update().get(pk=found.pk)
    if row.status != ApplicationStatus.DRAFT and not row.notices.filter(answered_at__isnull=True).exists():
        raise Conflict(_("这份申请已经提交，内容不能再改。如需更正，请等待补正告知或先撤回。"))
    return row
