"""What a supervisor types while composing a rule: rows of conditions, figures, the text of the card."""

import dataclasses
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhengtong.kernel.dates import read_day
from zhengtong.systems.supervision.rules.composing import (
    OPERATORS,
    WITHOUT_VALUE,
    Composed,
    Group,
    Join,
    composed_of,
    condition_of,
    text_of,
    value_of,
)
from zhengtong.systems.supervision.web.field_words import Term, terms_of, words_of_text

_TEXTS = {"name": 80, "explanation": 1000, "basis": 200, "source": 200, "owner": 120}
_CHOICES = ("event", "level", "scope")
_FIGURES = ("points", "window_days", "expected_precision", "expires_on")
_MOST_GROUPS, _MOST_ROWS = 8, 20
_SAID = re.compile(r"〔([^〔〕]+)〕")
_STORED = re.compile(r"\{(\w+)\}")


@dataclasses.dataclass
class TypedRow:
    """One row as typed: what, how compared, with what; ``error`` is what is wrong with it."""

    field: str = ""
    operator: str = "eq"
    value: str = ""
    error: str = ""


@dataclasses.dataclass
class TypedGroup:
    """Rows and how they are joined."""

    join: str = "all"
    rows: list[TypedRow] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class DraftForm:
    """A draft as its page shows it; ``fixed`` holds a condition that rows cannot say, ``clears`` stays as it is."""

    values: dict[str, str]
    once_per_case: bool
    confirmed: bool
    clears: bool
    join: str
    groups: list[TypedGroup]
    fixed: Mapping[str, Any] | None = None
    errors: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def terms(self) -> dict[str, Term]:
        """What rows may name."""
        return terms_of(self.values.get("event", ""))

    @property
    def further(self) -> bool:
        """Whether the settings that most rules do without are used, or wrong."""
        names = ("window_days", "expected_precision", "expires_on", "owner")
        return self.once_per_case or any(self.values.get(name) or name in self.errors for name in names)

    def forget_unfinished(self) -> None:
        """A row just added is no mistake yet: what is empty is not reproached until the draft is to be kept."""
        rows = [row for group in self.groups for row in group.rows]
        for row in rows:
            row.error = row.error if row.value else ""
        if not any(row.error for row in rows):
            self.errors.pop("condition", None)


def shown(content: Mapping[str, Any]) -> DraftForm:
    """The form of a stored draft."""
    event = str(content.get("event") or "")
    composed = composed_of(content["condition"])
    values = {name: str(content.get(name) or "") for name in (*_TEXTS, *_CHOICES, *_FIGURES)}
    for name in ("points", "expected_precision"):
        values[name] = f"{Decimal(values[name]).normalize():f}" if values[name] else ""
    values["explanation"] = said(values["explanation"], event)
    labels = {key: dict(term.values) for key, term in terms_of(event).items()}
    groups = [
        TypedGroup(
            group.join,
            [
                TypedRow(row["field"], row["is"], text_of(row.get("value"), labels=labels.get(row["field"], {})))
                for row in group.rows
            ],
        )
        for group in (composed.groups if composed else ())
    ]
    return DraftForm(
        values=values,
        once_per_case=bool(content.get("once_per_case")),
        confirmed=bool(content.get("confirmed")),
        clears=bool(content.get("clears")),
        join=composed.join if composed else "all",
        groups=groups,
        fixed=None if composed else content["condition"],
    )


def said(template: str, event: str) -> str:
    """A card's text as people read and write it: 〔责任单位〕 for {responsible}."""
    labels = words_of_text(event)
    return _STORED.sub(lambda match: f"〔{labels[match[1]]}〕" if match[1] in labels else match[0], template)


def typed(post: QueryDict, stored: Mapping[str, Any]) -> DraftForm:
    """The form as it was sent."""
    values = {name: post.get(name, "").replace("\x00", "").strip() for name in (*_TEXTS, *_CHOICES, *_FIGURES)}
    groups = []
    for number in range(_MOST_GROUPS):
        if f"group-{number}-join" not in post:
            break
        rows = []
        for place in range(_MOST_ROWS):
            head = f"row-{number}-{place}"
            if f"{head}-field" not in post:
                break
            rows.append(
                TypedRow(
                    post.get(f"{head}-field", ""),
                    post.get(f"{head}-is", "eq"),
                    post.get(f"{head}-value", "").replace("\x00", "")[:200],
                )
            )
        groups.append(TypedGroup(_join(post.get(f"group-{number}-join", "")), rows))
    composed = composed_of(stored["condition"])
    return DraftForm(
        values=values,
        once_per_case=post.get("once_per_case") == "on",
        confirmed=post.get("confirmed") == "on",
        clears=bool(stored.get("clears")),
        join=_join(post.get("join", "")),
        groups=groups,
        fixed=None if composed else stored["condition"],
    )


def _join(text: str) -> str:
    return "any" if text == "any" else "all"


def press(form: DraftForm, button: str) -> None:
    """Add or take away a row or a group, or put a word into the text, as a button says."""
    act, _colon, where = button.partition(":")
    numbers = [int(part) for part in where.split(":") if part.isdecimal() and len(part) < 4]
    if act == "add-group" and len(form.groups) < _MOST_GROUPS:
        form.groups.append(TypedGroup("any" if form.groups else "all", [TypedRow()]))
    elif act == "drop-group" and numbers and numbers[0] < len(form.groups):
        del form.groups[numbers[0]]
    elif act == "add-row" and numbers and numbers[0] < len(form.groups):
        if len(form.groups[numbers[0]].rows) < _MOST_ROWS:
            form.groups[numbers[0]].rows.append(TypedRow())
    elif act == "drop-row" and len(numbers) == 2 and numbers[0] < len(form.groups):
        rows = form.groups[numbers[0]].rows
        if numbers[1] < len(rows):
            del rows[numbers[1]]
    elif act == "word":
        label = words_of_text(form.values["event"]).get(where)
        if label:
            form.values["explanation"] += f"〔{label}〕"


def content_of_form(form: DraftForm) -> dict[str, Any]:
    """What the draft says, from what was typed; what cannot be kept stands in ``form.errors``."""
    content: dict[str, Any] = {name: form.values[name] for name in _CHOICES}
    for name, most in _TEXTS.items():
        content[name] = form.values[name]
        if len(content[name]) > most:
            form.errors[name] = _("最多 %(n)d 个字，请删减。") % {"n": most}
    content["explanation"] = _stored(form)
    content |= {"once_per_case": form.once_per_case, "confirmed": form.confirmed, "clears": form.clears}
    content |= _figures(form)
    content["condition"] = form.fixed or condition_of(
        Composed(cast("Join", form.join), tuple(_group(form, group) for group in form.groups))
    )
    return content


def _stored(form: DraftForm) -> str:
    keys = {label: key for key, label in words_of_text(form.values["event"]).items()}
    text = form.values["explanation"]
    unknown = sorted({word for word in _SAID.findall(text) if word not in keys})
    if unknown:
        form.errors["explanation"] = _("这类事件没有这些内容：%(words)s。请改用下面列出的词。") % {
            "words": "、".join(unknown)
        }
    return _SAID.sub(lambda match: "{" + keys[match[1]] + "}" if match[1] in keys else match[0], text)


def _figures(form: DraftForm) -> dict[str, Any]:
    found: dict[str, Any] = {"points": "0", "window_days": None, "expected_precision": None, "expires_on": None}
    for name in ("points", "expected_precision"):
        if form.values[name]:
            try:
                found[name] = str(Decimal(form.values[name]).quantize(Decimal("0.1")))
            except InvalidOperation:
                form.errors[name] = _("请填写数字。")
    if form.values["window_days"]:
        if form.values["window_days"].isdecimal():
            found["window_days"] = int(form.values["window_days"])
        else:
            form.errors["window_days"] = _("请填写天数（整数）。")
    if form.values["expires_on"]:
        try:
            found["expires_on"] = read_day(form.values["expires_on"]).isoformat()
        except ValueError:
            form.errors["expires_on"] = _("请按 2026-12-31 的样子填写日期。")
    return found


def _group(form: DraftForm, group: TypedGroup) -> Group:
    terms, rows = form.terms, []
    for row in group.rows:
        if not row.field:
            continue
        term = terms.get(row.field)
        if term is None or row.operator not in OPERATORS:
            row.error = _("这类事件没有这一项，请重新选择。")
        else:
            try:
                value = value_of(row.value, kind=term.kind, operator=row.operator, codes=term.codes, name=term.label)
            except ValueError as error:
                row.error = str(error)
            else:
                given = {} if row.operator in WITHOUT_VALUE else {"value": value}
                rows.append({"field": row.field, "is": row.operator, **given})
        if row.error:
            form.errors["condition"] = _("触发条件还有没填对的行。")
    return Group(cast("Join", group.join), tuple(rows))
