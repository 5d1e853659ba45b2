"""An office's list judged against the county: its units, its items, what was learnt of the sender."""

import dataclasses
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zhengtong.capabilities.catalogue import engine, rules
from zhengtong.capabilities.catalogue.constants import OPEN, ItemKind, LineOutcome, MemoryKind, VersionStatus
from zhengtong.capabilities.catalogue.engine import Content, Directory, Judgement, Line
from zhengtong.capabilities.catalogue.models import ItemVersion, ListMemory
from zhengtong.capabilities.catalogue.rules import ItemDraft, JointUnit, Material, SpecialStep
from zhengtong.capabilities.catalogue.selectors.contents import draft_of
from zhengtong.capabilities.catalogue.selectors.units import UnitDirectory
from zhengtong.capabilities.identity import api as identity

_TOWN = "乡镇人民政府"
_TYPE_TO_COME = "10"  # a draft needs a type; the remark says that it was not given
_TEXTS = ("result_document", "validity", "quantity", "window", "address", "hours", "phone", "complaint")
_LISTS = ("conditions", "flow", "themes")
_RANK = {VersionStatus.DRAFT: 0, VersionStatus.REVIEW: 0, VersionStatus.SCHEDULED: 1, VersionStatus.PUBLISHED: 2}


@dataclasses.dataclass(frozen=True)
class Choices:
    """What somebody put right: columns by heading, heading rows and types by sheet, departments by written name."""

    columns: Mapping[str, str] = dataclasses.field(default_factory=dict)
    departments: Mapping[str, str] = dataclasses.field(default_factory=dict)
    heading_rows: Mapping[str, int] = dataclasses.field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    types: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Choices":
        """From the JSON of a list's row."""
        known = {field.name: stored[field.name] for field in dataclasses.fields(cls) if field.name in stored}
        return cls(**known | {"ignored": tuple(known.get("ignored", ()))})

    def as_json(self) -> dict[str, Any]:
        """For a list's row."""
        return dataclasses.asdict(self) | {"ignored": list(self.ignored)}


@dataclasses.dataclass(frozen=True)
class Planned:
    """What an accepted line will do: the draft to enter, the item it belongs to (None: a new one), and the outcome."""

    line: Line
    draft: ItemDraft
    item_id: uuid.UUID | None
    outcome: LineOutcome
    remarks: tuple[str, ...]


def remembered(tenant: str, sender: str) -> Choices:
    """What was put right in earlier lists of a sender."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in MemoryKind.values}
    for row in ListMemory.objects.filter(tenant=tenant, sender=sender_key(sender)):
        found[row.kind][row.written] = row.meaning
    return Choices(columns=found[MemoryKind.COLUMN], departments=found[MemoryKind.DEPARTMENT])


def sender_key(sender: str) -> str:
    """By what a sender is known again."""
    return engine.key(sender)[:100]


def import_directory(tenant: str, chosen: Mapping[str, str]) -> Directory:
    """The units of a tenant, the abolished ones with their heirs; ``chosen`` are codes by written name."""
    units = identity.organisations(tenant, abolished=True)
    active = {unit.id for unit in identity.organisations(tenant)}
    codes = {unit.id: unit.code for unit in units}
    return Directory(
        [
            engine.Unit(
                code=unit.code,
                name=unit.name,
                short_name=unit.short_name,
                aliases=unit.aliases,
                parent_code=codes.get(unit.parent_id, "") if unit.parent_id else "",
                active=unit.id in active,
                heir="" if unit.id in active else _heir(tenant, unit.id),
                uscc=unit.uscc,
                major=unit.level == "县级" or unit.kind == _TOWN,
            )
            for unit in units
        ],
        chosen,
    )


def judge_file(
    *,
    tenant: str,
    content: bytes,
    name: str,
    choices: Choices,
    own_unit: str = "",
    progress: Callable[[int], None] | None = None,
) -> tuple[Judgement, Directory]:
    """A file read and judged; raises ``engine.Unreadable``. ``own_unit`` holds the lines of all other units."""
    directory = import_directory(tenant, choices.departments)
    options = engine.Options(
        longer=rules.surely_longer,
        columns=choices.columns,
        heading_rows=choices.heading_rows,
        ignored=frozenset(choices.ignored),
        types=choices.types,
        progress=progress,
    )
    judgement = engine.judge(engine.read_book(content, name), directory, options)
    if own_unit:
        _hold_foreign(judgement.lines, own_unit)
    return judgement, directory


def plan(tenant: str, judgement: Judgement, directory: Directory) -> list[Planned]:
    """What the accepted lines will do to the county's list, in their order."""
    known = _Known(tenant)
    units = UnitDirectory(tenant)
    return [_planned(line, known, units, directory) for line in judgement.lines if line.verdict == "accepted"]


class _Known:
    """The county's items by code and by unit and name, each with its version at work."""

    def __init__(self, tenant: str) -> None:
        rows = ItemVersion.objects.filter(tenant=tenant, status__in=_RANK).select_related("item", "item__parent")
        self._by_code: dict[str, ItemVersion] = {}
        self._by_name: dict[tuple[str, str], ItemVersion] = {}
        for row in sorted(rows, key=lambda row: _RANK[VersionStatus(row.status)]):
            if row.item.code:
                self._by_code.setdefault(row.item.code, row)
            self._by_name.setdefault((row.item.org_code, engine.item_key(row.name)), row)

    def find(self, content: Content) -> ItemVersion | None:
        """The item a line means: by its code, else by unit and name."""
        if content.code and content.code in self._by_code:
            return self._by_code[content.code]
        found = self._by_name.get((content.unit_code, engine.item_key(content.name)))
        if found is not None and content.code and found.item.code and found.item.code != content.code:
            return None
        return found


def _planned(line: Line, known: _Known, units: UnitDirectory, directory: Directory) -> Planned:
    row = known.find(line.content)
    base = draft_of(row) if row is not None else None
    draft = draft_from(line.content, base, units, directory)
    remarks = tuple(problem.message for problem in line.problems if problem.severity == "warn")
    if row is None or base is None:
        return Planned(line, draft, None, LineOutcome.ADDED, remarks)
    if draft == base:
        return Planned(line, draft, row.item_id, LineOutcome.UNCHANGED, remarks)
    under_review = row.status == VersionStatus.REVIEW and row.status in OPEN
    return Planned(line, draft, row.item_id, LineOutcome.REFUSED if under_review else LineOutcome.UPDATED, remarks)


def draft_from(content: Content, base: ItemDraft | None, units: UnitDirectory, directory: Directory) -> ItemDraft:
    """What a line says as a draft; what its table has no column for, or its cells leave empty, stays as it was."""
    values: dict[str, Any] = {
        "legal_basis": content.legal_basis,
        "statutory_limit": content.statutory.text if content.statutory else "",
        "promised_limit": content.promised.text if content.promised else "",
    }
    if base is None or engine.item_key(base.name) != engine.item_key(content.name):
        values["name"] = content.name
    if content.power_type:
        values["power_type"] = content.power_type
    for element in ("applicant_type", "handling_kind", "online_depth", "fee"):
        if base is None or (element in content.stated and getattr(content, element)):
            values[element] = getattr(content, element)
    for element in _TEXTS:
        if content.texts.get(element):
            values[element] = content.texts[element]
    for element in _LISTS:
        if content.texts.get(element):
            values[element] = tuple(content.texts[element].split("\n"))
    values |= _parts(content, base, units, directory)
    if base is None:
        return _new_draft(content, values)
    values = {name: _kept(getattr(base, name), value) for name, value in values.items()}
    changed = {name for name, value in values.items() if getattr(base, name) != value}
    kept = tuple(name for name in base.confirmed if name not in changed)
    return dataclasses.replace(base, **values, confirmed=kept)


def _kept(former: Any, value: Any) -> Any:
    """The former words where the new ones differ only in blanks, brackets and marks."""
    if isinstance(value, str) and isinstance(former, str):
        return former if engine.key(former) == engine.key(value) else value
    if isinstance(value, tuple) and all(isinstance(each, str) for each in value):
        return former if [engine.key(each) for each in former] == [engine.key(each) for each in value] else value
    return value


def _new_draft(content: Content, values: dict[str, Any]) -> ItemDraft:
    first = next(iter(values.get("result_document", "").split("、")), "")
    return ItemDraft(
        code=content.code,
        department=content.match.unit.name if content.match and content.match.unit else "",
        kind=ItemKind.BUNDLE if "一件事" in content.name else ItemKind.SINGLE,
        result_title=first[:100],
        **{"power_type": _TYPE_TO_COME} | values,
    )


def _parts(content: Content, base: ItemDraft | None, units: UnitDirectory, directory: Directory) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if content.materials:
        found["materials"] = _materials(content, base)
    if content.steps:
        known = {engine.key(step.name): step for step in base.special_steps} if base else {}
        found["special_steps"] = tuple(_step(step, known.get(engine.key(step.name))) for step in content.steps)
    if content.joint:
        found["joint_units"] = tuple(_joint(entry.name, entry.limit, units, directory) for entry in content.joint)
    return found


def _step(entry: engine.StepEntry, former: SpecialStep | None) -> SpecialStep:
    """A step as the list has it; its lengths stay where the list, as usual, says nothing of them."""
    return SpecialStep(
        name=entry.name,
        stops_clock=entry.stops_clock,
        longest=entry.longest or (former.longest if former else ""),
        length=entry.length or (former.length if former else ""),
    )


def _materials(content: Content, base: ItemDraft | None) -> tuple[Material, ...]:
    known = {engine.key(material.name): material for material in base.materials} if base else {}
    used = {material.key for material in known.values()}
    free = (f"m{number:02d}" for number in range(1, 1000) if f"m{number:02d}" not in used)
    found = []
    for entry in content.materials:
        former = known.get(engine.key(entry.name))
        if former is None:
            found.append(
                Material(
                    key=next(free), name=entry.name, form=entry.form, tolerable=entry.tolerable, copies=entry.copies
                )
            )
        else:
            form = entry.form if entry.certain else former.form
            tolerable = entry.tolerable if entry.certain else former.tolerable
            found.append(dataclasses.replace(former, form=form, tolerable=tolerable))
    return tuple(found)


def _joint(name: str, limit: str, units: UnitDirectory, directory: Directory) -> JointUnit:
    match = directory.find(name)
    return units.joined(JointUnit(name=match.unit.name if match.unit else name, limit=limit))


def _hold_foreign(lines: Iterable[Line], own_unit: str) -> None:
    for line in lines:
        if line.verdict == "accepted" and line.content.unit_code != own_unit:
            place = engine.Place(line.sheet, line.row)
            line.problems.append(engine.problem("not_your_unit", "department", place, detail=line.department))
            line.verdict = "held"


def _heir(tenant: str, org_id: uuid.UUID) -> str:
    heir = identity.heir_of(tenant, org_id)
    return heir.code if heir else ""
