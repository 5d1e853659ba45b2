"""Filling in: a draft takes everything, right or wrong, and loses nothing; only the final check refuses."""

import dataclasses
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.models import Attachment, EarlierAnswers, FormVersion, Submission
from zhengtong.capabilities.forms.rules import LIST_KINDS, Definition, asked, clean, is_empty, shown
from zhengtong.capabilities.forms.rules.carrying import Carried, LeftOver, carry_over
from zhengtong.capabilities.forms.rules.drafts import LARGEST_DRAFT, draft_size, kept_value
from zhengtong.capabilities.forms.rules.posted import files_in
from zhengtong.capabilities.forms.selectors.declarations import version_row
from zhengtong.capabilities.forms.selectors.submissions import SubmissionView, definition_of, view_of
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound


@dataclasses.dataclass(frozen=True)
class Upgrade:
    """A submission on another version: what went along, and what did not and is kept aside."""

    view: SubmissionView
    carried_over: tuple[Carried, ...]
    left_over: tuple[LeftOver, ...]


def start_submission(
    *, tenant: str, key: str, prefill: Mapping[str, str], version: int | None = None
) -> SubmissionView:
    """An empty draft on a version (the newest without a number), with the facts about the applicant filled in."""
    form = version_row(tenant, key, version)
    fields = definition_of(form).fields
    answers = {
        field.key: [prefill[field.prefill]] if field.kind == "choices" else prefill[field.prefill]
        for field in fields
        if field.asks and prefill.get(field.prefill)
    }
    return view_of(Submission.objects.create(tenant=tenant, form=form, answers=_dump(answers)))


@transaction.atomic
def save_answers(
    *, tenant: str, submission_id: uuid.UUID, answers: Mapping[str, Any], revision: int | None = None
) -> SubmissionView:
    """Save what is typed so far, right or wrong: nothing is refused and nothing else is touched.

    ``revision`` is the one the page was made with: when others saved since, what was sent still wins, and what it
    replaces is kept aside (``SubmissionView.replaced``). Keys that are no question are left out.
    """
    row = lock_submission(tenant, submission_id)
    known = {field.key for field in definition_of(row.form).fields if field.asks}
    kept = json.loads(row.answers or "{}")
    sent = {key: kept_value(value) for key, value in answers.items() if key in known}
    stale = revision is not None and revision != row.revision
    lost = {key: kept[key] for key, value in sent.items() if stale and key in kept and kept[key] != value}
    return _keep(row, kept | sent, put_aside(row, lost, "replaced"))


@transaction.atomic
def freeze(*, tenant: str, submission_id: uuid.UUID) -> SubmissionView:
    """Check all answers and make them final; raises Invalid with a sentence per path.

    What is not asked any more is put aside, not lost.
    """
    row = lock_submission(tenant, submission_id)
    kept = json.loads(row.answers or "{}")
    cleaned, errors = clean(definition_of(row.form), kept)
    errors |= _strange_files(row, cleaned, errors)
    if errors:
        raise Invalid(_("表单还有 %(count)d 处需要补充或更正。") % {"count": len(errors)}, errors=errors)
    dropped = dict(_not_asked(definition_of(row.form), kept))
    row.frozen_at = now()
    return _keep(row, cleaned, put_aside(row, dropped, "dropped"))


@transaction.atomic
def reopen(*, tenant: str, submission_id: uuid.UUID) -> None:
    """Let the applicant correct the answers after a supplement notice; what was handed in is kept as it was."""
    row = Submission.objects.select_for_update().filter(tenant=tenant, pk=submission_id).first()
    if row is None or row.frozen_at is None:
        return
    EarlierAnswers.objects.create(
        tenant=tenant, submission=row, form_id=row.form_id, answers=row.answers, handed_in_at=row.frozen_at
    )
    row.frozen_at = None
    row.save(update_fields=["frozen_at"])


@transaction.atomic
def upgrade_submission(*, tenant: str, submission_id: uuid.UUID, version: int | None = None, key: str = "") -> Upgrade:
    """Move a draft to another version of its form (the newest without a number), or to another form by its ``key``.

    Answers go along by key, or by the key a question says it had; those that find no place are kept aside with the
    question and the answer in words (``SubmissionView.left_over``).
    """
    row = lock_submission(tenant, submission_id)
    form = version_row(tenant, key or row.form.key, version)
    if form.id == row.form_id:
        return Upgrade(view_of(row), (), ())
    moved = carry_over(definition_of(row.form), definition_of(form), json.loads(row.answers or "{}"))
    aside = [_entry(row.form, left.path, left.label, left.words, left.value, "left_over") for left in moved.left_over]
    row.form = form
    return Upgrade(_keep(row, moved.answers, aside), moved.carried_over, moved.left_over)


@transaction.atomic
def purge_submission(*, tenant: str, submission_id: uuid.UUID) -> set[uuid.UUID]:
    """Remove a submission with its history and the names of its files, when the time to keep it is over.

    Returns the stored files it named. They are the caller's to let go: others may hold the same content.
    """
    files = set(Attachment.objects.filter(tenant=tenant, submission=submission_id).values_list("file_id", flat=True))
    Submission.objects.filter(tenant=tenant, pk=submission_id).delete()
    return files


def lock_submission(tenant: str, submission_id: uuid.UUID) -> Submission:
    """The row of a draft, locked; raises NotFound, and Conflict once it is final."""
    rows = Submission.objects.select_for_update(of=("self",)).select_related("form")
    row = rows.filter(tenant=tenant, pk=submission_id).first()
    if row is None:
        raise NotFound(_("没有找到这份填报内容。"))
    if row.frozen_at is not None:
        raise Conflict(_("这份申请已经提交，内容不能再改。如需更正，请等待补正告知或先撤回。"))
    return row


def _not_asked(definition: Definition, answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Path and answer of everything that was filled in and is not asked, columns of rows included."""
    paths = asked(definition, answers)
    for key, value in answers.items():
        field = definition.by_key.get(key)
        if key not in paths:
            yield key, value
        elif field is not None and field.kind in LIST_KINDS and isinstance(value, list):
            for number, row in enumerate(value):
                for column, part in row.items() if isinstance(row, Mapping) else ():
                    if f"{key}.{number}.{column}" not in paths:
                        yield f"{key}.{number}.{column}", part


def put_aside(row: Submission, answers: Mapping[str, Any], reason: str) -> list[dict[str, Any]]:
    """Entries of the history for answers that are about to be replaced or dropped."""
    definition = definition_of(row.form)
    found = []
    for path, value in answers.items():
        if is_empty(value):
            continue
        field = definition.field_at(path)
        label, words = (field.label, shown(field, value)) if field else (path, str(value))
        found.append(_entry(row.form, path, label, words, value, reason))
    return found


def _entry(form: FormVersion, path: str, label: str, words: str, value: Any, reason: str) -> dict[str, Any]:
    return {
        "path": path,
        "label": label,
        "words": words,
        "value": value,
        "at": now().isoformat(),
        "reason": reason,
        "version": form.version,
    }


def _keep(row: Submission, answers: Mapping[str, Any], aside: Iterable[Mapping[str, Any]]) -> SubmissionView:
    if draft_size(answers) > LARGEST_DRAFT:
        raise Invalid(_("填写的内容太多，保存不下。请删去一些文字，较长的内容请作为附件上传。"))
    entries = list(aside)
    row.answers = _dump(answers)
    row.saved_at = now()
    row.revision += 1
    if entries:
        row.history = _dump([*json.loads(row.history or "[]"), *entries])
    row.save(update_fields=["form", "answers", "saved_at", "frozen_at", "revision", "history"])
    _note_removed_files(row, answers)
    return view_of(row)


def _note_removed_files(row: Submission, answers: Mapping[str, Any]) -> None:
    """A file that the answers name no longer counts as removed, and as given again when they name it again."""
    named = {file["file"] for _path, file in files_in(answers)}
    for attachment in Attachment.objects.filter(submission=row):
        if (str(attachment.file_id) in named) == (attachment.removed_at is not None):
            attachment.removed_at = None if attachment.removed_at else now()
            attachment.save(update_fields=["removed_at"])


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _strange_files(row: Submission, answers: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, str]:
    """A sentence for every file among the answers that was never given to this submission."""
    named = [(path, file) for path, file in files_in(answers) if path not in errors]
    if not named:
        return {}
    known = {str(file_id) for file_id in Attachment.objects.filter(submission=row).values_list("file_id", flat=True)}
    return {
        path: _("附件“%(name)s”找不到，请移除后重新上传。") % {"name": file.get("name", "")}
        for path, file in named
        if file["file"] not in known
    }
