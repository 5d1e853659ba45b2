"""What a form is: the words of a declaration once it was read (``reading.read_definition``), and the shapes of values.

A value in ``answers`` is JSON. By kind (an empty value in brackets):
text-like kinds, number, amount, division, date, choice, consent, computed: string (``""``); choices: list of option
values (``[]``); period: ``{"from": ISO, "to": ISO}`` (both ``""``); attachment: list of ``{"file", "name", "copies"}``
(``[]``); group and table: list of rows, each ``{key: value}`` (``[]``); signature: ``{"name", "at", "drawn"}`` (all
``""``). A note has no value. A path names a value: ``key``, or ``group.2.key`` for the third row of a group.
"""

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

TEXT_KINDS: Final = ("text", "textarea", "phone", "email", "address", "citizen_number", "uscc")
NUMBER_KINDS: Final = ("number", "amount")
LIST_KINDS: Final = ("group", "table")
#: kinds whose value is one string
SCALAR_KINDS: Final = (*TEXT_KINDS, *NUMBER_KINDS, "date", "choice", "consent", "division", "computed")
#: kind → what an office user calls it
KIND_LABELS: Final = {
    "text": "单行文字",
    "textarea": "多行文字",
    "number": "数字",
    "amount": "金额",
    "date": "日期",
    "period": "起止日期",
    "choice": "单选",
    "choices": "多选",
    "citizen_number": "公民身份号码",
    "uscc": "统一社会信用代码",
    "phone": "手机号码",
    "email": "电子邮箱",
    "address": "地址",
    "division": "行政区划",
    "attachment": "附件",
    "group": "重复填写的一组",
    "table": "表格",
    "computed": "自动计算",
    "signature": "签名",
    "consent": "承诺",
    "note": "说明文字",
}
#: kinds allowed in a column of a table
COLUMN_KINDS: Final = tuple(kind for kind in SCALAR_KINDS if kind not in ("textarea", "consent"))
#: deepest level asked of a division → what it is called
DIVISION_LEVELS: Final = {"county": "县（区）", "town": "乡镇（街道）", "village": "村（社区）"}


class Formula(NamedTuple):
    """What is computed: a ``field`` (of a period: its ``part``), a constant ``value``, a ``column`` or an ``op``.

    ``op`` is field, value, column, or a word of ``constants``: add, subtract, multiply, divide, sum, count, min, max,
    round, days, years, age_on, concat.
    """

    op: str
    args: "tuple[Formula, ...]" = ()
    field: str = ""
    part: str = ""
    column: tuple[str, str] = ("", "")
    value: str = ""


class Condition(NamedTuple):
    """When something is asked: ``op`` is is, not, in, filled, empty, lt, le, gt, ge, contains, or all, any, none.

    The first two are the field and the values it is compared with, so that ``field, values = condition[:2]`` reads
    the plain case; ``other`` is there when it is compared with something computed; ``parts`` belong to all, any
    (of these) and none (the one part does not hold).
    """

    field: str = ""
    values: tuple[str, ...] = ()
    op: str = "in"
    parts: "tuple[Condition, ...]" = ()
    other: Formula | None = None

    def fields(self) -> Iterator[str]:
        """Every field named, as written (``key``), those of formulas included."""
        if self.field:
            yield self.field
        for part in self.parts:
            yield from part.fields()
        if self.other:
            yield from formula_fields(self.other)


def formula_fields(formula: Formula) -> Iterator[str]:
    """Every field a formula names, a column as ``group.key``."""
    if formula.op == "field":
        yield formula.field
    if formula.op == "column":
        yield ".".join(formula.column)
    for arg in formula.args:
        yield from formula_fields(arg)


@dataclasses.dataclass(frozen=True)
class Field:
    """One question: ``unit`` is printed behind the answer, ``options`` belong to a choice or choices.

    ``prefill`` names a fact about the applicant that answers it; ``when`` says under which answers it is asked;
    ``personal`` marks personal data; ``was`` is the key it had in earlier versions of the form.

    By kind: ``max_length`` (text, textarea, address; 0: the usual); ``min`` and ``max`` (number, amount: decimals as
    text; choices: how many; "" none); ``places`` (number, amount, computed: decimals); ``level`` (division);
    ``max_days`` (period, 0: any); ``formats`` (file extensions, empty: all that may be uploaded), ``max_files``,
    ``copies`` and ``paper_form`` (attachment); ``fields``, ``min_rows``, ``max_rows`` and ``row_label`` (group,
    table); ``statement`` (signature); ``formula`` (computed); ``text`` (note).
    """

    key: str
    label: str
    kind: str
    required: bool = True
    help: str = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    prefill: str = ""
    when: Condition | None = None
    personal: bool = False
    was: str = ""
    max_length: int = 0
    min: str = ""
    max: str = ""
    places: int = 4
    level: str = ""
    max_days: int = 0
    formats: tuple[str, ...] = ()
    max_files: int = 1
    copies: int = 1
    paper_form: str = ""
    fields: "tuple[Field, ...]" = ()
    min_rows: int = 0
    max_rows: int = 50
    row_label: str = ""
    statement: str = ""
    formula: Formula | None = None
    text: str = ""

    @functools.cached_property
    def column(self) -> "dict[str, Field]":
        """Columns of a group or table by key."""
        return {field.key: field for field in self.fields}

    @functools.cached_property
    def option_labels(self) -> dict[str, str]:
        """Labels of the options by value."""
        return dict(self.options)

    @property
    def asks(self) -> bool:
        """False for what is only shown: notes and computed values."""
        return self.kind not in ("note", "computed")

    @property
    def empty(self) -> Any:
        """The value when nothing was answered; None for a note, which has none."""
        return empty_value(self.kind)


def empty_value(kind: str) -> Any:
    """A new empty value of a kind."""
    if kind in (*LIST_KINDS, "choices", "attachment"):
        return []
    if kind == "period":
        return {"from": "", "to": ""}
    if kind == "signature":
        return {"name": "", "at": "", "drawn": ""}
    return None if kind == "note" else ""


def is_empty(value: Any) -> bool:
    """True for a value of any kind in which nothing was answered."""
    if isinstance(value, dict):
        return all(is_empty(part) for key, part in value.items() if key not in ("at", "copies"))
    return value is None or value == "" or value == []


@dataclasses.dataclass(frozen=True)
class Section:
    """A page of the form; ``when`` says under which answers it is asked at all."""

    title: str
    fields: tuple[Field, ...]
    help: str = ""
    when: Condition | None = None


@dataclasses.dataclass(frozen=True)
class Check:
    """A rule over several answers: when ``when`` holds, ``message`` is shown at ``field``.

    ``field`` is a key, or ``group.key``: then it is looked at in every row.
    """

    when: Condition
    message: str
    field: str


@dataclasses.dataclass(frozen=True)
class Definition:
    """A whole form."""

    title: str
    sections: tuple[Section, ...]
    checks: tuple[Check, ...] = ()

    @functools.cached_property
    def fields(self) -> tuple[Field, ...]:
        """All questions in order, those inside groups not."""
        return tuple(field for section in self.sections for field in section.fields)

    @functools.cached_property
    def by_key(self) -> dict[str, Field]:
        """The questions by key."""
        return {field.key: field for field in self.fields}

    @functools.cached_property
    def section_of(self) -> dict[str, Section]:
        """The section of every question by its key."""
        return {field.key: section for section in self.sections for field in section.fields}

    def field_at(self, path: str) -> Field | None:
        """The question a path names: ``key``, ``group.2.key`` or ``group.key``; None when there is none."""
        parts = path.split(".")
        field = self.by_key.get(parts[0])
        if field is None or len(parts) == 1 or (len(parts) == 2 and parts[1].isdigit()):
            return field
        return field.column.get(parts[-1])
