"""The guide of an item of the demonstration, from its own line and general words; what is general says so (待核实)."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from zhengtong.capabilities.catalogue import api as catalogue

_LEVEL_AT, _TOWN = 18, "5"  # the 19th character of a code says who exercises the power
_WORDS = ("accept_standard", "example", "note", "source", "issuer")


def guide_of(row: Mapping[str, str], texts: Mapping[str, Any], towns: Sequence[str]) -> dict[str, Any]:
    """What every guide must say, in the fields of a draft; powers exercised unasked have no procedure to apply in.

    ``texts`` is ``data/guides.json``, ``towns`` carry out what towns exercise. A material that may follow (可容缺)
    may do so until the promised day.
    """
    if row["handling_kind"] == "其他":
        return {}
    route = "instant" if row["handling_kind"] == "即办件" else "joint" if row["joint_departments"] else "standard"
    words = _words(row, texts)
    found = {
        "quantity": texts["quantity"],
        "conditions": [text.format(**words) for text in texts["conditions"]],
        "flow": [text.format(**words) for text in texts["flow"][route]],
        "responsibilities": [text.format(**words) for text in texts["responsibilities"]],
        "accountability": texts["accountability"],
        "materials": [dataclasses.asdict(material) for material in _materials(row, texts, words)],
    }
    if row["item_code"][_LEVEL_AT] == _TOWN:
        found |= {"exercise_level": _TOWN, "executors": list(towns)}
    if row["online_depth"].startswith("IV"):
        found["visits"] = 0
    return found


def _words(row: Mapping[str, str], texts: Mapping[str, Any]) -> dict[str, str]:
    units = [unit.partition("(")[0] for unit in row["joint_departments"].split(";") if unit]
    return {
        "item": row["name"],
        "applicant": "自然人或者法人" if row["applicant_type"] == "both" else row["applicant_type"],
        "who": texts["who"][row["applicant_type"]],
        "department": row["department"].partition("(")[0],
        "basis": row["legal_basis"].replace(";", "、"),
        "joint": "、".join(units),
    }


def _materials(
    row: Mapping[str, str], texts: Mapping[str, Any], words: Mapping[str, str]
) -> list[catalogue.MaterialDraft]:
    kinds = texts["materials"]
    form = kinds[0]
    found = [
        _explained(material, _kind(material, texts), row["promised_limit"], words)
        for material in catalogue.materials_in(row["materials"])
    ]
    if not any(re.search(form["match"], material.name) for material in found):
        online = {key: text.format(**words) for key, text in texts["online_form"].items()}
        blank = catalogue.MaterialDraft(key="application_form", form="原件", copies=0, **online)
        found.insert(0, _explained(blank, form, "", words))
    return found


def _kind(material: catalogue.MaterialDraft, texts: Mapping[str, Any]) -> Mapping[str, str]:
    """The words for papers of a kind, found by the name; for others, and for shared data, those of the form."""
    of_form: Mapping[str, str] = texts["forms"][material.form]
    if material.form == "数据共享":
        return of_form
    return next((kind for kind in texts["materials"] if re.search(kind["match"], material.name)), of_form)


def _explained(
    material: catalogue.MaterialDraft, kind: Mapping[str, str], promised: str, words: Mapping[str, str]
) -> catalogue.MaterialDraft:
    said: dict[str, Any] = {key: kind[key].format(**words) for key in _WORDS if key in kind}
    return dataclasses.replace(material, **said, within=promised if material.tolerable else "")
