"""一件事：the materials, limits and units of several items as one; nothing a member asks for is lost."""

import dataclasses
import re
import zlib
from collections.abc import Iterable, Sequence

from zhengtong.capabilities.catalogue.rules.drafts import ItemDraft, JointUnit, Material
from zhengtong.capabilities.catalogue.rules.limits import is_limit, words_of

_FORMS = ("数据共享", "复印件", "原件")  # the strictest last
_SOURCES = ("other", "office", "applicant")
_HOURS = {"H": 1, "D": 24, "WD": 34, "MONTH": 720, "YEAR": 8760}  # only to find the longer of two, never a date
_JOIN = "；"
_UNSEEN = re.compile(r"[\s　（）()《》“”\"]+")
_JOINT_LIMIT = 45 * _HOURS["WD"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class BundlePart:
    """A member: its code, the unit that carries it out, and what its version in force says."""

    code: str
    name: str
    org_code: str
    org_name: str
    draft: ItemDraft


@dataclasses.dataclass(frozen=True, kw_only=True)
class Merged:
    """What a bundle may say of itself; the limits are those of the slowest member, for all work at the same time."""

    materials: tuple[Material, ...]
    statutory_limit: str
    promised_limit: str
    joint_units: tuple[JointUnit, ...]
    conditions: tuple[str, ...]
    themes: tuple[str, ...]
    notes: tuple[str, ...]


def merge_members(parts: Sequence[BundlePart], *, lead_org_code: str = "") -> Merged:
    """The proposal for a bundle of these items, whatever their order; the lead unit is no joint unit of its own."""
    ordered = sorted(parts, key=lambda part: part.code)
    drafts = [part.draft for part in ordered]
    promised = _longest(draft.promised_limit for draft in drafts)
    return Merged(
        materials=merged_materials(
            dataclasses.replace(material, members=(part.code,)) for part in ordered for material in part.draft.materials
        ),
        statutory_limit=_longest(draft.statutory_limit for draft in drafts),
        promised_limit=promised,
        joint_units=_joint_units(ordered, lead_org_code),
        conditions=_distinct(text for draft in drafts for text in draft.conditions),
        themes=tuple(sorted({theme for draft in drafts for theme in draft.themes})),
        notes=_notes(ordered, promised),
    )


def merged_materials(materials: Iterable[Material]) -> tuple[Material, ...]:
    """Equal papers as one, in the order of their first appearance; ``members`` of all of them are kept."""
    found: dict[str, Material] = {}
    for material in materials:
        key = same_paper(material)
        known = found.get(key)
        found[key] = _both(known, material) if known else _alone(material, key)
    return tuple(found.values())


def same_paper(material: Material) -> str:
    """Under which key two materials are the same paper: name without spaces and brackets, and who issues it."""
    text = f"{_UNSEEN.sub('', material.name)}|{_UNSEEN.sub('', material.issuer)}"
    return f"b{zlib.crc32(text.encode()):08x}"


def _alone(material: Material, key: str) -> Material:
    return dataclasses.replace(
        material,
        key=key,
        members=tuple(sorted(material.members)),
        note=_joined(material.note),
        accept_standard=_joined(material.accept_standard),
        example=_joined(material.example),
        condition=_joined(material.condition),
        within=material.within if material.tolerable else "",
        when=None,  # it speaks of the member's form, and the bundle has its own
    )


def _both(one: Material, other: Material) -> Material:
    """One paper that satisfies both: the stricter form, the more copies; it may follow only where both let it."""
    tolerable = one.tolerable and other.tolerable
    return Material(
        key=one.key,
        name=min(one.name, other.name, key=lambda text: (len(text), text)),
        form=max(one.form, other.form, key=_strictness),
        tolerable=tolerable,
        copies=max(one.copies, other.copies),
        note=_joined(one.note, other.note),
        accept_standard=_joined(one.accept_standard, other.accept_standard),
        example=_joined(one.example, other.example),
        source=max(one.source, other.source, key=lambda word: (_SOURCES.index(word), word) if word else (-1, word)),
        issuer=min(one.issuer, other.issuer, key=lambda text: (len(text), text)),
        within=min(one.within, other.within, key=_order) if tolerable else "",
        condition=_joined(one.condition, other.condition) if one.condition and other.condition else "",
        members=tuple(sorted({*one.members, *other.members})),
        blank_file=_first(one.blank_file, other.blank_file),
        sample_file=_first(one.sample_file, other.sample_file),
    )


def _strictness(form: str) -> tuple[int, str]:
    return (_FORMS.index(form) if form in _FORMS else len(_FORMS), form)


def _joined(*texts: str) -> str:
    """Each sentence once, whatever the order."""
    return _JOIN.join(sorted({part for text in texts for part in text.split(_JOIN) if part}))


def _first(*texts: str) -> str:
    return min((text for text in texts if text), default="")


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _order(limit: str) -> tuple[float, str]:
    """A limit by its length; what is no limit, or none, is longest of all."""
    if not is_limit(limit) or limit == "NONE":
        return (float("inf"), limit)
    amount, unit = limit.split(" ")
    return (int(amount) * _HOURS[unit], limit)


def _longest(limits: Iterable[str]) -> str:
    set_ones = [limit for limit in limits if is_limit(limit) and limit != "NONE"]
    return max(set_ones, key=_order, default="NONE")


def _joint_units(parts: Sequence[BundlePart], lead_org_code: str) -> tuple[JointUnit, ...]:
    """The units of the members and those they ask, each once with the longest time it is given."""
    own = (
        JointUnit(name=part.org_name, limit=part.draft.promised_limit or "NONE", org_code=part.org_code)
        for part in parts
    )
    asked = (unit for part in parts for unit in part.draft.joint_units)
    found: dict[str, JointUnit] = {}
    for unit in (*own, *asked):
        key = unit.org_code or unit.name
        known = found.get(key)
        found[key] = dataclasses.replace(unit, limit=_longest((known.limit, unit.limit))) if known else unit
    return tuple(found[key] for key in sorted(found) if key != lead_org_code)


def _notes(parts: Sequence[BundlePart], promised: str) -> tuple[str, ...]:
    notes = [f"“{part.name}”没有规定承诺时限，没有计入。" for part in parts if part.draft.promised_limit == "NONE"]
    if promised != "NONE" and _order(promised)[0] > _JOINT_LIMIT:
        notes.append(
            f"各成员事项同时办理仍需 {words_of(promised)}；统一办理、联合办理一般不超过 45 个工作日"
            "（行政许可法 第四十二条第二款），请核对。"
        )
    return tuple(notes)
