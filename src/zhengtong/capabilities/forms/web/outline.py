"""The page of the builder: sections with their questions, what stands open, what is wrong and where."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.rules import composing, editing
from zhengtong.capabilities.forms.rules.declaration import COLUMN_KINDS, KIND_LABELS, LIST_KINDS
from zhengtong.capabilities.forms.rules.faults import declaration_faults

#: kinds in the order somebody looks for them, each with an example
KIND_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("文字", (("text", "店铺名称"), ("textarea", "情况说明"), ("address", "经营场所地址"))),
    ("选择", (("choice", "是或否、三选一"), ("choices", "可以勾几项"), ("division", "县、乡镇、村逐级选"))),
    (
        "数字和日期",
        (
            ("number", "面积、人数"),
            ("amount", "元，附大写"),
            ("date", "计划开业日期"),
            ("period", "从哪天到哪天"),
            ("computed", "合计、天数、周岁"),
        ),
    ),
    (
        "身份和联系",
        (("citizen_number", "核对校验位"), ("uscc", "营业执照上的代码"), ("phone", "11 位"), ("email", "收通知用")),
    ),
    ("多行内容", (("group", "每个家庭成员一组"), ("table", "设备清单"))),
    (
        "材料和确认",
        (
            ("attachment", "照片或 PDF"),
            ("signature", "输入姓名或手写"),
            ("consent", "我承诺……"),
            ("note", "只显示，不用填"),
        ),
    ),
)


@dataclasses.dataclass(frozen=True)
class Entry:
    """A question in the outline; ``columns`` are those of a group."""

    path: str
    label: str
    kind: str
    kind_label: str
    required: bool
    when: str
    formula: str
    faults: tuple[str, ...]
    open: bool
    first: bool
    last: bool
    columns: tuple["Entry", ...] = ()

    @property
    def anchor(self) -> str:
        """Where a link jumps to."""
        return f"q-{self.path.replace('.', '-')}"

    @property
    def takes_columns(self) -> bool:
        """True for a group and a table."""
        return self.kind in LIST_KINDS


@dataclasses.dataclass(frozen=True)
class SectionEntry:
    """A page of the form in the outline."""

    place: int
    title: str
    help: str
    when: str
    faults: tuple[str, ...]
    open: bool
    first: bool
    last: bool
    entries: tuple[Entry, ...]

    @property
    def number(self) -> int:
        """Counted from one."""
        return self.place + 1


@dataclasses.dataclass(frozen=True)
class CheckEntry:
    """A rule over several answers in the outline."""

    place: int
    message: str
    when: str
    at: str
    faults: tuple[str, ...]
    open: bool


@dataclasses.dataclass(frozen=True)
class FaultLink:
    """A fault with the place to mend it."""

    sentence: str
    target: str
    anchor: str


@dataclasses.dataclass(frozen=True)
class Outline:
    """Everything of a form at work."""

    sections: tuple[SectionEntry, ...]
    checks: tuple[CheckEntry, ...]
    faults: tuple[FaultLink, ...]


def outline_of(form: Mapping[str, Any], target: str = "") -> Outline:
    """The form as the page shows it; ``target`` stands open: a path, ``section-0``, ``check-0`` or ``title``."""
    faults = tuple(
        FaultLink(fault.sentence, place, _anchor(place))
        for fault in declaration_faults(form)
        for place in [target_of(form, fault.path)]
    )
    by_target: dict[str, tuple[str, ...]] = {}
    for fault in faults:
        by_target[fault.target] = (*by_target.get(fault.target, ()), fault.sentence)
    sections = form["sections"]
    return Outline(
        tuple(
            SectionEntry(
                place=place,
                title=section.get("title", ""),
                help=section.get("help", ""),
                when=composing.condition_words(form, section.get("when")),
                faults=by_target.get(f"section-{place}", ()),
                open=target == f"section-{place}",
                first=place == 0,
                last=place == len(sections) - 1,
                entries=tuple(_entries(form, section.get("fields", []), "", target, by_target, place)),
            )
            for place, section in enumerate(sections)
        ),
        tuple(
            CheckEntry(
                place=place,
                message=check.get("message", ""),
                when=composing.condition_words(form, check.get("when")),
                at=label_of(form, check.get("field", "")),
                faults=by_target.get(f"check-{place}", ()),
                open=target == f"check-{place}",
            )
            for place, check in enumerate(form.get("checks") or [])
        ),
        faults,
    )


def _entries(
    form: Mapping[str, Any],
    fields: Sequence[Mapping[str, Any]],
    prefix: str,
    target: str,
    faults: Mapping[str, tuple[str, ...]],
    section: int,
) -> Iterator[Entry]:
    alone = not prefix and len(form["sections"]) == 1
    for place, field in enumerate(fields):
        path = f"{prefix}{field['key']}"
        yield Entry(
            path=path,
            label=field.get("label", "") or field.get("text", "")[:30],
            kind=field["kind"],
            kind_label=KIND_LABELS.get(field["kind"], field["kind"]),
            required=field.get("required", True) and field["kind"] not in ("note", "computed"),
            when=composing.condition_words(form, field.get("when")),
            formula=composing.formula_words(form, field.get("formula")),
            faults=faults.get(path, ()),
            open=target == path,
            first=place == 0 and (bool(prefix) or alone or section == 0),
            last=place == len(fields) - 1 and (bool(prefix) or alone or section == len(form["sections"]) - 1),
            columns=tuple(_entries(form, field.get("fields") or [], f"{path}.", target, faults, section)),
        )


def target_of(form: Mapping[str, Any], place: str) -> str:
    """What to open for a place of a fault (``sections.0.fields.2.options``)."""
    parts = place.split(".")
    try:
        if parts[0] == "checks":
            return f"check-{parts[1]}" if len(parts) > 1 else ""
        if parts[0] != "sections" or len(parts) < 2:
            return "title"
        section = form["sections"][int(parts[1])]
        if len(parts) < 4 or parts[2] != "fields":
            return f"section-{parts[1]}"
        field = section["fields"][int(parts[3])]
        if len(parts) > 5 and parts[4] == "fields":
            return f"{field['key']}.{field['fields'][int(parts[5])]['key']}"
        return str(field["key"])
    except (LookupError, ValueError, TypeError):
        return ""


def _anchor(target: str) -> str:
    return target if target.startswith(("section-", "check-")) or target == "title" else f"q-{target.replace('.', '-')}"


def anchor_of(target: str) -> str:
    """The id on the page of what stands open."""
    return _anchor(target) if target else "builder"


def label_of(form: Mapping[str, Any], path: str) -> str:
    """The question a path names, a column with its group."""
    labels = {place: field.get("label", "") for _number, place, field in editing.places(form)}
    group, _dot, column = path.partition(".")
    return f"{labels.get(group, group)}·{labels.get(path, column)}" if column else labels.get(path, path)


def kind_choices(group_kind: str = "") -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Kinds to add, by group: (kind, its name, an example); only those a column may have inside a group or table."""
    allowed = set(KIND_LABELS)
    if group_kind:
        allowed = set(COLUMN_KINDS) if group_kind == "table" else allowed - set(LIST_KINDS)
    found = []
    for title, kinds in KIND_GROUPS:
        own = [(kind, KIND_LABELS[kind], example) for kind, example in kinds if kind in allowed]
        if own:
            found.append((_(title), own))
    return found
