"""Files given as answers: stored, named by the answers, kept when they are taken out again."""

import json
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.models import Attachment, Submission
from zhengtong.capabilities.forms.rules import Field
from zhengtong.capabilities.forms.rules.posted import files_at, files_in, with_files
from zhengtong.capabilities.forms.selectors.submissions import SubmissionView, definition_of
from zhengtong.capabilities.forms.services.filling import lock_submission, save_answers
from zhengtong.kernel import storage
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.uploads import CheckedUpload, checked_upload


def checked_file(*, tenant: str, submission_id: uuid.UUID, path: str, name: str, content: bytes) -> CheckedUpload:
    """A file that may come in as an answer at ``path``, for ``attach_file``; not inside a transaction.

    Raises NotFound when no question there asks for a file, Invalid when the file may not come in.
    """
    row = Submission.objects.select_related("form").filter(tenant=tenant, pk=submission_id).first()
    if row is None:
        raise NotFound(_("没有找到这份填报内容。"))
    _refuse_format(_asked_at(row, path), path, name)
    return checked_upload(name, content)


@transaction.atomic
def attach_file(
    *, tenant: str, submission_id: uuid.UUID, path: str, upload: CheckedUpload, copies: int | None = None
) -> SubmissionView:
    """Store a checked file as the answer at ``path`` (``photo``, ``shareholders.2.photo``).

    The only file of a question is replaced. Raises NotFound when no question there asks for a file, Invalid for a
    file of another format than it asks for, and Conflict once the form is final.
    """
    row = lock_submission(tenant, submission_id)
    field = _asked_at(row, path)
    _refuse_format(field, path, upload.name)
    answers = json.loads(row.answers or "{}")
    there = [] if field.max_files == 1 else files_at(answers, path)
    if len(there) >= field.max_files:
        raise Invalid(
            _("“%(label)s”最多 %(most)d 个文件，已经有 %(most)d 个。请先移除不用的再上传。")
            % {"label": field.label, "most": field.max_files},
            field=path,
        )
    stored = storage.store_upload(tenant=tenant, upload=upload)
    copies = copies or field.copies
    file = {"file": str(stored.id), "name": stored.name, "copies": copies}
    changed = with_files(answers, path, [*there, file])
    if all(one["file"] != file["file"] for _place, one in files_in(changed)):
        raise NotFound(_("这一行已经不在了，文件没有保存。请刷新页面后重新上传。"))
    Attachment.objects.create(tenant=tenant, submission=row, path=path, file=stored, name=stored.name, copies=copies)
    return save_answers(tenant=tenant, submission_id=submission_id, answers=changed)


@transaction.atomic
def remove_file(*, tenant: str, submission_id: uuid.UUID, file_id: uuid.UUID) -> SubmissionView:
    """Take a file out of the answers; the file itself is kept as removed. Raises NotFound and Conflict."""
    row = lock_submission(tenant, submission_id)
    answers = json.loads(row.answers or "{}")
    places = [path for path, file in files_in(answers) if file["file"] == str(file_id)]
    if not places:
        raise NotFound(_("没有找到这个文件，可能已经移除。"))
    changed: dict[str, Any] = {}
    for path in places:
        rest = [file for file in files_at(answers, path) if file["file"] != str(file_id)]
        changed |= with_files(answers | changed, path, rest)
    return save_answers(tenant=tenant, submission_id=submission_id, answers=changed)


def _asked_at(row: Submission, path: str) -> Field:
    field = definition_of(row.form).field_at(path)
    if field is None or field.kind != "attachment" or path.endswith("."):
        raise NotFound(_("这里不需要上传文件。请刷新页面后重新选择。"))
    return field


def _refuse_format(field: Field, path: str, name: str) -> None:
    allowed = {_extension(f".{one}") for one in field.formats}
    if allowed and _extension(name) not in allowed:
        raise Invalid(
            _("“%(name)s”不是%(label)s可以接收的文件。请上传 %(formats)s 文件，已填写的内容都还在。")
            % {"name": name, "label": field.label, "formats": "、".join(sorted(one.upper() for one in allowed))},
            field=path,
        )


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower().replace("jpeg", "jpg")
