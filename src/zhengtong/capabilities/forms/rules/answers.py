"""A whole form: which questions are asked, what is computed, which answers are right."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from zhengtong.capabilities.forms.rules.conditions import holds
from zhengtong.capabilities.forms.rules.declaration import (
    LIST_KINDS,
    Condition,
    Definition,
    Field,
    Section,
    empty_value,
    is_empty,
)
from zhengtong.capabilities.forms.rules.formulas import evaluate, rounded
from zhengtong.capabilities.forms.rules.messages import sentence
from zhengtong.capabilities.forms.rules.values import Read, missing, read_value

#: rows beyond these are not looked at
MOST_ROWS: Final = 500


def clean(
    definition: Definition | Sequence[Field], answers: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Normalised answers to what is asked and, by path, one sentence per answer that cannot be accepted.

    Rows in which nothing was filled in are dropped; the paths of the sentences count the rows as they were sent.
    """
    form = _Form(_whole(definition), answers)
    cleaned: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in form.definition.fields:
        if field.kind == "note" or not form.asked(field.key):
            continue
        if field.kind in LIST_KINDS:
            cleaned[field.key] = form.clean_rows(field, errors)
            continue
        cleaned[field.key], problem = form.read(field.key)
        if problem:
            errors[field.key] = problem
    for path, message in form.failed_checks():
        errors.setdefault(path, message)
    return cleaned, errors


def asked(definition: Definition | Sequence[Field], answers: Mapping[str, Any]) -> set[str]:
    """Paths of what is put, given the answers: ``key``, and ``group.2.key`` for every row that was sent."""
    form = _Form(_whole(definition), answers)
    paths = {field.key for field in form.definition.fields if form.asked(field.key)}
    for row in form.all_rows():
        paths |= {f"{row.path}.{key}" for key in row.group.column if row.asked(key)}
    return paths


def computed(definition: Definition | Sequence[Field], answers: Mapping[str, Any]) -> dict[str, str]:
    """What is computed, by path, for every computed field that is put."""
    form = _Form(_whole(definition), answers)
    scopes: list[tuple[str, _Scope, Sequence[Field]]] = [("", form, form.definition.fields)]
    scopes += [(f"{row.path}.", row, row.group.fields) for row in form.all_rows()]
    return {
        prefix + field.key: scope.value(field.key)
        for prefix, scope, fields in scopes
        for field in fields
        if field.kind == "computed" and scope.asked(field.key)
    }


def met(definition: Definition, answers: Mapping[str, Any], when: Condition) -> bool:
    """Whether a condition that stands outside the form holds; one that names a question the form has not, does."""
    if any(name.partition(".")[0] not in definition.by_key for name in when.fields()):
        return True
    return holds(when, _Form(definition, answers))


def _whole(definition: Definition | Sequence[Field]) -> Definition:
    if isinstance(definition, Definition):
        return definition
    return Definition("", (Section("", tuple(definition)),))


class _Scope:
    """Answers to a list of questions, each read once and only when somebody looks at it."""

    def __init__(self, fields: Mapping[str, Field], raw: Mapping[str, Any]) -> None:
        self.fields = fields
        self.raw = raw
        self._asked: dict[str, bool] = {}
        self._read: dict[str, Read] = {}

    def field(self, name: str) -> Field | None:
        """The question of that name."""
        return self.fields.get(name)

    def value(self, name: str) -> Any:
        """Its value, empty while it is not asked."""
        field = self.fields.get(name)
        if field is None:
            return ""
        return self.read(name)[0] if self.asked(name) else empty_value(field.kind)

    def read(self, name: str) -> Read:
        """The value and what is wrong with it, whether it is asked or not."""
        found = self._read.get(name)
        if found is None:
            field = self.fields[name]
            # a formula that comes back to itself, in a declaration still being made, finds an empty value
            self._read[name] = (empty_value(field.kind), "")
            found = self._read[name] = self._compute(field) if field.kind == "computed" else self._take(field)
        return found

    def asked(self, name: str) -> bool:
        """True when the question is put, given the other answers."""
        found = self._asked.get(name)
        if found is None:
            self._asked[name] = False
            found = self._asked[name] = self._holds(self.fields[name])
        return found

    def _holds(self, field: Field) -> bool:
        return field.when is None or holds(field.when, self)

    def _take(self, field: Field) -> Read:
        return read_value(field, self.raw.get(field.key))

    def _compute(self, field: Field) -> Read:
        return rounded(evaluate(field.formula, self), field.places) if field.formula else "", ""

    def column(self, group: str, key: str) -> Sequence[Any]:
        """The values of a column, row by row."""
        raise NotImplementedError


class _Row(_Scope):
    """One row of a group: its own answers first, then those of the form."""

    def __init__(self, form: "_Form", group: Field, number: int, raw: Any) -> None:
        super().__init__(group.column, raw if isinstance(raw, dict) else {})
        self.form = form
        self.group = group
        self.given = raw
        self.path = f"{group.key}.{number}"
        self.known = raw is None or isinstance(raw, dict)

    @functools.cached_property
    def blank(self) -> bool:
        """True when nothing was filled in, neither right nor wrong."""
        return self.known and all(self._untouched(field) for field in self.group.fields if field.asks)

    def _untouched(self, field: Field) -> bool:
        value, problem = self.read(field.key)
        return is_empty(value) and problem in ("", missing(field))

    def field(self, name: str) -> Field | None:
        """The question of that name, of the row or of the form."""
        return self.fields.get(name) or self.form.field(name)

    def value(self, name: str) -> Any:
        """The value of that name, of the row or of the form."""
        return super().value(name) if name in self.fields else self.form.value(name)

    def column(self, group: str, key: str) -> Sequence[Any]:
        """The values of a column of the form."""
        return self.form.column(group, key)

    def clean(self, errors: dict[str, str]) -> dict[str, Any]:
        """The row's values; what is wrong goes into ``errors``."""
        if not self.known:
            errors[self.path] = sentence("shape", label=self.group.label)
        cleaned = {}
        for field in self.group.fields:
            if field.kind != "note" and self.asked(field.key):
                cleaned[field.key], problem = self.read(field.key)
                if problem:
                    errors[f"{self.path}.{field.key}"] = problem
        return cleaned


class _Form(_Scope):
    """The whole form."""

    def __init__(self, definition: Definition, answers: Mapping[str, Any]) -> None:
        super().__init__(definition.by_key, answers)
        self.definition = definition
        self._rows: dict[str, list[_Row]] = {}

    def _holds(self, field: Field) -> bool:
        section = self.definition.section_of[field.key]
        return (section.when is None or holds(section.when, self)) and super()._holds(field)

    def _take(self, field: Field) -> Read:
        if field.kind in LIST_KINDS:
            return [row.given for row in self.rows(field) if not row.blank], ""
        return super()._take(field)

    def rows(self, field: Field) -> list[_Row]:
        """The rows of a group as they were sent, blank ones too."""
        found = self._rows.get(field.key)
        if found is None:
            raw = self.raw.get(field.key)
            rows = raw[:MOST_ROWS] if isinstance(raw, list) else []
            found = self._rows[field.key] = [_Row(self, field, number, row) for number, row in enumerate(rows)]
        return found

    def all_rows(self) -> Iterator[_Row]:
        """The rows of all groups that are put."""
        for field in self.definition.fields:
            if field.kind in LIST_KINDS and self.asked(field.key):
                yield from self.rows(field)

    def column(self, group: str, key: str) -> Sequence[Any]:
        """The values of a column in the rows that are filled in; none while the group is not asked."""
        field = self.fields.get(group)
        if field is None or field.kind not in LIST_KINDS or not self.asked(group):
            return []
        return [row.value(key) for row in self.rows(field) if not row.blank]

    def clean_rows(self, field: Field, errors: dict[str, str]) -> list[dict[str, Any]]:
        """The rows that are filled in; what is wrong goes into ``errors``."""
        raw = self.raw.get(field.key)
        if not (raw is None or raw == "" or isinstance(raw, list)):
            errors[field.key] = sentence("shape", label=field.label)
            return []
        filled = [row for row in self.rows(field) if not row.blank]
        count = len(raw) if raw and len(raw) > MOST_ROWS else len(filled)
        if not count:
            if field.required:
                errors[field.key] = missing(field)
        elif count < field.min_rows:
            errors[field.key] = sentence("rows_few", label=field.label, min=field.min_rows, count=count)
        elif count > field.max_rows:
            errors[field.key] = sentence("rows_many", label=field.label, max=field.max_rows, count=count)
        return [row.clean(errors) for row in filled]

    def failed_checks(self) -> Iterator[tuple[str, str]]:
        """Path and sentence of every declared check that does not hold, where its question is put."""
        for check in self.definition.checks:
            group, _, key = check.field.partition(".")
            if group not in self.fields or not self.asked(group):
                continue
            if not key:
                if holds(check.when, self):
                    yield group, check.message
                continue
            for row in self.rows(self.fields[group]):
                if not row.blank and row.asked(key) and holds(check.when, row):
                    yield f"{row.path}.{key}", check.message
