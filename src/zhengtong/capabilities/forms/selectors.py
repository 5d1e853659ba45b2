"""Reading forms and answers; the caller answers for the right to see them."""

import dataclasses
import datetime as dt
import json
import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.models import FormVersion, Submission
from zhengtong.capabilities.forms.rules import Definition, Field, asked, clean, read_definition, shown
from zhengtong.kernel.errors import NotFound


@dataclasses.dataclass(frozen=True)
class SubmissionView:
    """A form with the answers given so far."""

    id: uuid.UUID
    definition: Definition
    answers: dict[str, str]
    saved_at: dt.datetime
    frozen: bool

    def problems(self) -> dict[str, str]:
        """By key, one sentence per answer that is missing or wrong."""
        return clean(self.definition.fields, self.answers)[1]

    def asked_keys(self) -> set[str]:
        """Keys of the questions that are put, given the other answers."""
        return {field.key for field in self.definition.fields if asked(field, self.answers)}

    def lines(self) -> list[tuple[str, list[tuple[Field, str]]]]:
        """Section title with (question, answer as read by people), only questions that are put."""
        return [
            (
                section.title,
                [(f, shown(f, self.answers.get(f.key, ""))) for f in section.fields if asked(f, self.answers)],
            )
            for section in self.definition.sections
        ]


def submission(*, tenant: str, submission_id: uuid.UUID) -> SubmissionView:
    """A draft or final form; NotFound when the tenant has none such."""
    row = Submission.objects.select_related("form").filter(tenant=tenant, pk=submission_id).first()
    if row is None:
        raise NotFound(_("没有找到这份填报内容。"))
    return SubmissionView(
        id=row.id,
        definition=read_definition(row.form.definition),
        answers=json.loads(row.answers or "{}"),
        saved_at=row.saved_at,
        frozen=row.frozen_at is not None,
    )


def newest_version(tenant: str, key: str) -> int | None:
    """The number of the version of a form that is in use; None when there is no such form."""
    rows = FormVersion.objects.filter(tenant=tenant, key=key, active=True)
    return rows.values_list("version", flat=True).first()
