"""Answers to forms; the caller answers for the right to see them."""

import dataclasses
import datetime as dt
import functools
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.models import Attachment, EarlierAnswers, FormVersion, Submission
from zhengtong.capabilities.forms.registry import division_name
from zhengtong.capabilities.forms.rules import (
    LIST_KINDS,
    Definition,
    Field,
    Section,
    asked,
    clean,
    frozen_definition,
    met,
    read_condition,
    shown,
    shown_rows,
)
from zhengtong.capabilities.forms.rules.changes import AnswerChange, answer_changes
from zhengtong.kernel import storage
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.models import StoredFile
from zhengtong.kernel.prepared import prepared


@dataclasses.dataclass(frozen=True)
class Aside:
    """An answer that was replaced or dropped: the question, the answer in words and as it was, when and why.

    ``reason`` is a word of ``constants.ASIDE_LABELS``, ``version`` the version of the form it was given on.
    """

    path: str
    label: str
    words: str
    value: Any
    at: dt.datetime
    reason: str
    version: int


@dataclasses.dataclass(frozen=True)
class SubmissionView:
    """A form with the answers given so far; ``revision`` counts the saves."""

    id: uuid.UUID
    tenant: str
    key: str
    version: int
    definition: Definition
    declaration: dict[str, Any]
    answers: dict[str, Any]
    revision: int
    saved_at: dt.datetime
    frozen: bool
    aside: tuple[Aside, ...] = ()

    @functools.cached_property
    def _cleaned(self) -> tuple[dict[str, Any], dict[str, str]]:
        return clean(self.definition, self.answers)

    @property
    def cleaned(self) -> dict[str, Any]:
        """Normalised answers to what is asked, computed ones included."""
        return self._cleaned[0]

    @property
    def replaced(self) -> tuple[Aside, ...]:
        """Answers that a later save replaced while somebody else was filling in."""
        return tuple(one for one in self.aside if one.reason == "replaced")

    @property
    def left_over(self) -> tuple[Aside, ...]:
        """Answers that found no place when the version of the form was changed (原来填的内容)."""
        return tuple(one for one in self.aside if one.reason == "left_over")

    def problems(self) -> dict[str, str]:
        """By path, one sentence per answer that is missing or wrong."""
        return self._cleaned[1]

    def asked_paths(self) -> set[str]:
        """Paths of what is put, given the answers."""
        return asked(self.definition, self.answers)

    def asked_keys(self) -> set[str]:
        """Keys of the questions that are put, given the other answers."""
        return {path for path in self.asked_paths() if "." not in path}

    def meets(self, when: Mapping[str, Any] | None) -> bool:
        """Whether the answers meet a condition declared elsewhere (COND), as for a material; without one they do."""
        return not when or met(self.definition, self.answers, read_condition(when))

    def shown(self, field: Field, value: Any) -> str:
        """An answer in words, divisions by their names."""
        return shown(field, value, functools.partial(division_name, self.tenant))

    def lines(self) -> list[tuple[str, list[tuple[Field, str]]]]:
        """Section title with (question, answer in words), only questions that are put; a row of a group is a line."""
        return [
            (section.title, [(field, self.shown(field, self._value(field))) for field in fields])
            for section, fields in self._put()
        ]

    def rows(self, field: Field) -> list[list[tuple[Field, str]]]:
        """The rows of a group or table, each with (column, answer in words)."""
        return shown_rows(field, self._value(field), functools.partial(division_name, self.tenant))

    def tables(self) -> list[tuple[Field, list[list[tuple[Field, str]]]]]:
        """Every group and table that is put, with its rows, for papers that print them as tables."""
        return [
            (field, self.rows(field))
            for _section, fields in self._put()
            for field in fields
            if field.kind in LIST_KINDS
        ]

    def _value(self, field: Field) -> Any:
        """A wrong answer stays as it was typed."""
        return self.cleaned.get(field.key, self.answers.get(field.key))

    def _put(self) -> Iterator[tuple[Section, list[Field]]]:
        put = self.asked_keys()
        for section in self.definition.sections:
            fields = [field for field in section.fields if field.key in put and field.kind != "note"]
            if fields:
                yield section, fields


def submission(*, tenant: str, submission_id: uuid.UUID) -> SubmissionView:
    """A draft or final form; NotFound when the tenant has none such."""
    row = next(iter(_submissions(tenant=tenant, submission_id=submission_id)), None)
    if row is None:
        raise NotFound(_("没有找到这份填报内容。"))
    return view_of(row)


@prepared
def _submissions(*, tenant: str, submission_id: uuid.UUID) -> "QuerySet[Submission]":
    return Submission.objects.select_related("form").filter(tenant=tenant, pk=submission_id)


def view_of(row: Submission) -> SubmissionView:
    """A submission as others see it."""
    return SubmissionView(
        id=row.id,
        tenant=row.tenant,
        key=row.form.key,
        version=row.form.version,
        definition=definition_of(row.form),
        declaration=row.form.definition,
        answers=json.loads(row.answers or "{}"),
        revision=row.revision,
        saved_at=row.saved_at,
        frozen=row.frozen_at is not None,
        aside=tuple(
            Aside(**{**entry, "at": dt.datetime.fromisoformat(entry["at"])})
            for entry in json.loads(row.history or "[]")
        ),
    )


_DEFINITIONS: dict[uuid.UUID, Definition] = {}
_MOST_DEFINITIONS = 200


def definition_of(form: FormVersion) -> Definition:
    """What a published version means; read once, for it never changes."""
    found = _DEFINITIONS.get(form.id)
    if found is None:
        if len(_DEFINITIONS) >= _MOST_DEFINITIONS:
            _DEFINITIONS.clear()
        found = _DEFINITIONS[form.id] = frozen_definition(form.definition)
    return found


def submissions(*, tenant: str, submission_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, SubmissionView]:
    """Several forms at once, by id; the caller answers for the right to read them."""
    rows = Submission.objects.select_related("form").filter(tenant=tenant, pk__in=set(submission_ids))
    return {row.id: view_of(row) for row in rows}


def changes_since_return(*, tenant: str, submission_id: uuid.UUID) -> list[AnswerChange]:
    """What the applicant changed since the form was last given back to him; nothing before that."""
    rows = EarlierAnswers.objects.filter(tenant=tenant, submission_id=submission_id)
    last = rows.select_related("form", "submission__form").order_by("-handed_in_at").first()
    if last is None:
        return []
    row = last.submission
    return answer_changes(
        (definition_of(last.form), json.loads(last.answers or "{}")),
        (definition_of(row.form), json.loads(row.answers or "{}")),
        functools.partial(division_name, tenant),
    )


def attachment_content(*, tenant: str, submission_id: uuid.UUID, file_id: uuid.UUID) -> tuple[StoredFile, bytes]:
    """A file given as an answer, removed ones too; NotFound for any other."""
    rows = Attachment.objects.filter(tenant=tenant, submission_id=submission_id, file_id=file_id)
    if not rows.exists():
        raise NotFound(_("没有找到这个文件。"))
    return storage.read(tenant=tenant, file_id=file_id)


def saved_before(tenant: str, moment: dt.datetime) -> "QuerySet[Submission, uuid.UUID]":
    """Keys of submissions nobody has typed into since a moment, as a query to ask within."""
    return Submission.objects.filter(tenant=tenant, saved_at__lt=moment).values_list("pk", flat=True)
