"""The parts of an item on its pages: which form and rows each has, and how what was typed goes into the draft."""

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import ItemKind
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.capabilities.catalogue.selectors import UnitDirectory, content_of
from zhengtong.capabilities.catalogue.web import authoring_forms as typed_forms
from zhengtong.capabilities.catalogue.web.authoring_rows import KINDS, RowKind, Rows, rearranged

_KEY = re.compile(r"m([0-9]+)")
_OF_CONTENT = {"joint_units": "joint_departments"}
_RARE = ("executors", "special_steps", "fees", "joint_units")  # most items have none: no blank row is offered unasked
_OF_HEADER = ("code", "kind", "parent_code", "power_type", "department", "featured")


@dataclasses.dataclass(frozen=True)
class Part:
    """A part: its form, its kinds of rows, and the fields of the draft that are typed here."""

    key: str
    title: str | Promise
    lead: str | Promise
    form: type[typed_forms.PartForm]
    rows: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields of ``ItemDraft`` this part can change."""
        names = [name for name in self.form.base_fields if name != "replaced"]
        return (*names, *(name for name in self.rows if name != "tolerance"), *self.more)


PARTS: tuple[Part, ...] = (
    Part("basic", _("基本信息"), _("这是什么事、归谁办、给谁办。"), typed_forms.BasicForm),
    Part(
        "basis",
        _("依据与权限"),
        _("凭什么办、由哪一级办、符合什么条件能办。"),
        typed_forms.BasisForm,
        rows=("executors",),
    ),
    Part(
        "limits",
        _("时限与特别环节"),
        _("多久办成。法定时限照法律原文，承诺时限由本单位公开承诺。"),
        typed_forms.LimitsForm,
        rows=("special_steps",),
    ),
    Part(
        "materials",
        _("申请材料"),
        _("要交哪些材料。清单以外的，窗口不得要求提交。"),
        typed_forms.MaterialsForm,
        rows=("materials",),
    ),
    Part("fees", _("收费"), _("收多少、凭什么收、谁可以少交。"), typed_forms.FeesForm, rows=("fees",)),
    Part(
        "commitment",
        _("告知承诺与容缺"),
        _("哪些材料可以先承诺、后补交。"),
        typed_forms.CommitmentForm,
        rows=("tolerance",),
        more=("commitment", "materials"),
    ),
    Part("form", _("表单"), _("群众在网上填的表。"), typed_forms.FormForm, more=("form_version",)),
    Part(
        "process",
        _("流程与联办单位"),
        _("申请到了以后经过哪些环节、哪些单位。"),
        typed_forms.ProcessForm,
        rows=("joint_units",),
        more=("process_version",),
    ),
    Part("service", _("办理信息"), _("办成拿到什么，到哪里办，找谁问。"), typed_forms.ServiceForm),
    Part("faq", _("常见问题"), _("群众常问的，先答在前面。"), typed_forms.EmptyForm, rows=("faq",)),
    Part("duties", _("责任事项"), _("谁负什么责任，什么情形要追责。"), typed_forms.DutiesForm),
)
BY_KEY: Mapping[str, Part] = {part.key: part for part in PARTS}


@dataclasses.dataclass
class Typed:
    """A part as it is shown or was sent."""

    part: Part
    form: typed_forms.PartForm
    rows: tuple[Rows, ...]

    def is_valid(self) -> bool:
        """Whether everything could be read."""
        return not [ok for ok in (self.form.is_valid(), *[rows.is_valid() for rows in self.rows]) if not ok]


def shown(part: Part, draft: ItemDraft, registers: Mapping[str, Any], *, add: str = "") -> Typed:
    """The part with what the draft says; ``add`` names the kind of row that gets a blank one."""
    form = part.form(initial=_initial(part, draft), registers=_registers(part, draft, registers), auto_id="id_%s")
    if part.key == "commitment" and not draft.materials:
        del form.fields["replaced"]
    rows = []
    for name in part.rows:
        kind = KINDS[name]
        parts = draft.materials if name == "tolerance" else getattr(draft, name)
        wanted = name == add or not (parts or kind.fixed or name in _RARE)
        blank = _blank(kind, draft) if wanted else None
        rows.append(_offered(Rows.of_parts(kind, parts, blank=blank), draft, registers))
    return Typed(part, form, tuple(rows))


def posted(part: Part, draft: ItemDraft, registers: Mapping[str, Any], data: Any) -> Typed:
    """The part as it was sent."""
    form = part.form(data, registers=_registers(part, draft, registers), auto_id="id_%s")
    return Typed(part, form, tuple(_offered(Rows.posted(KINDS[name], data), draft, registers) for name in part.rows))


def with_typed(draft: ItemDraft, typed: Typed, units: UnitDirectory, *, act: str = "", place: int = -1) -> ItemDraft:
    """The draft with what could be read of a part; rows of a kind are taken as a whole or not at all.

    ``act`` is ``kind:remove``, ``kind:up`` or ``kind:down`` for the row at ``place``.
    """
    typed.is_valid()
    changes = typed.form.changes(draft)
    if typed.part.key == "commitment":
        changes["commitment"] = _commitment(typed.form.cleaned_data)
    if typed.part.key == "form" and changes.get("form_key", draft.form_key) != draft.form_key:
        changes["form_version"] = None
    if typed.part.key == "process" and changes.get("process_key", draft.process_key) != draft.process_key:
        changes["process_version"] = None
    for rows in typed.rows:
        if not rows.is_valid():
            continue
        name, values = rows.kind.attribute, rows.values()
        kind, _colon, what = act.partition(":")
        if kind == name:
            kept = [form for form in rows.forms if form.filled]
            index = next((n for n, form in enumerate(kept) if form.prefix == f"{name}-{place}"), -1)
            values = rearranged(values, what, index)
        changes |= _parts(draft, name, values, units)
    return dataclasses.replace(draft, **changes)


def fingerprint(part: Part, draft: ItemDraft) -> str:
    """What tells whether a part was changed elsewhere since the page was made."""
    content = content_of(draft)
    values = [
        content["header"][name] if name in _OF_HEADER else content.get(_OF_CONTENT.get(name, name))
        for name in (*part.fields, "confirmed")
    ]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()[:16]


def next_key(draft: ItemDraft) -> str:
    """A key no material of the draft has had: numbers only go up."""
    numbers = [int(found[1]) for each in draft.materials if (found := _KEY.fullmatch(each.key))]
    return f"m{max(numbers, default=0) + 1:02d}"


def is_bundle(draft: ItemDraft) -> bool:
    """Whether it is one matter in life (一件事)."""
    return draft.kind == ItemKind.BUNDLE


def _initial(part: Part, draft: ItemDraft) -> dict[str, Any]:
    values = part.form.values_of(draft)
    if part.key == "commitment" and draft.commitment:
        stated = dataclasses.asdict(draft.commitment)
        values |= {**stated, "replaced": list(draft.commitment.materials)}
    return values


def _registers(part: Part, draft: ItemDraft, registers: Mapping[str, Any]) -> dict[str, Any]:
    """Choices of the registers; a value of the draft that no register knows stays as a choice of its own."""
    found: dict[str, Any] = {}
    for name, choices in registers.items():
        value = getattr(draft, name, "")
        known = any(key == value for key, _label in choices)
        found[name] = choices if known or not isinstance(value, str) else [*choices, (value, value)]
    if part.key == "commitment":
        found["replaced"] = [(each.key, each.name) for each in draft.materials]
    return found


def _offered(rows: Rows, draft: ItemDraft, registers: Mapping[str, Any]) -> Rows:
    """Rows that choose a unit get the units, and the name that no register knows; tolerances the material's name."""
    names = {each.key: each.name for each in draft.materials}
    if rows.kind.attribute in ("joint_units", "executors"):
        for form in rows.forms:
            value = form["name"].value() or ""
            choices = registers.get("units", [])
            known = any(key == value for key, _label in choices)
            form.fields["name"].choices = choices if known else [*choices, (value, value)]  # type: ignore[attr-defined]  # a ChoiceField
    if rows.kind.attribute == "fees":
        for form in rows.forms:
            for name, register in (("payee", "payees"), ("quantity_from", "quantities")):
                value, choices = form[name].value() or "", registers.get(register, [("", "")])
                known = any(key == value for key, _label in choices)
                form.fields[name].choices = choices if known else [*choices, (value, value)]  # type: ignore[attr-defined]  # a ChoiceField
    if rows.kind.attribute == "tolerance":
        for form in rows.forms:
            form.named = names.get(str(form["key"].value() or ""), "")
    return rows


def _blank(kind: RowKind, draft: ItemDraft) -> dict[str, Any]:
    if kind.attribute == "materials":
        return {"key": next_key(draft), "copies": 1, "form": "原件", "source": "applicant"}
    return {}


def _commitment(values: Mapping[str, Any]) -> rules.Commitment | None:
    texts = {name: values.get(name, "") for name in ("told", "statement", "consequences", "check_within")}
    replaced = tuple(values.get("replaced", ()))
    return rules.Commitment(**texts, materials=replaced) if any(texts.values()) or replaced else None


def _parts(draft: ItemDraft, name: str, values: list[dict[str, Any]], units: UnitDirectory) -> dict[str, Any]:
    if name == "tolerance":
        by_key = {each["key"]: each for each in values}
        return {
            "materials": tuple(
                dataclasses.replace(each, tolerable=by_key[each.key]["tolerable"], within=by_key[each.key]["within"])
                if each.key in by_key
                else each
                for each in draft.materials
            )
        }
    if name == "materials":
        return {"materials": _materials(draft, values)}
    if name == "executors":
        return {"executors": tuple(dict.fromkeys(each["name"] for each in values))}
    if name == "joint_units":
        return {"joint_units": tuple(units.joined(rules.JointUnit(**each)) for each in values)}
    return {name: tuple(KINDS[name].part(**each) for each in values)}


def _materials(draft: ItemDraft, values: list[dict[str, Any]]) -> tuple[rules.Material, ...]:
    """Materials as typed; what other pages hold of them (files, tolerance, members) stays with the key."""
    known = {each.key: each for each in draft.materials}
    found: list[rules.Material] = []
    for each in values:
        key = each["key"] if each["key"] and all(each["key"] != one.key for one in found) else ""
        key = key or next_key(dataclasses.replace(draft, materials=(*draft.materials, *found)))
        stated = {**each, "key": key, "copies": each["copies"] or 0}
        found.append(dataclasses.replace(known.get(key) or rules.Material(key=key, name="", form=""), **stated))
    return tuple(found)
