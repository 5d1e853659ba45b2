"""How the values of processes are said on a page: columns, people, changes."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases.engine.model import Refusal
from zhengtong.capabilities.cases.engine.vocabulary import UNITS
from zhengtong.capabilities.cases.selectors.drafts import Comparison
from zhengtong.capabilities.cases.selectors.processes import limit_label, role_label
from zhengtong.capabilities.identity import api as identity

__all__ = [
    "DRAFT_COLUMNS",
    "VERSION_COLUMNS",
    "comparison",
    "drawn",
    "limit_label",
    "refusals",
    "role_label",
    "sentences",
    "unit_label",
    "unit_names",
]

DRAFT_COLUMNS = (
    {"key": "title", "label": gettext_lazy("流程")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "who", "label": gettext_lazy("最后修改人")},
    {"key": "at", "label": gettext_lazy("修改时间"), "kind": "datetime"},
)
VERSION_COLUMNS = (
    {"key": "title", "label": gettext_lazy("流程")},
    {"key": "version", "label": gettext_lazy("版本")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "cases", "label": gettext_lazy("在办件"), "kind": "number"},
    {"key": "who", "label": gettext_lazy("绘制和批准")},
    {"key": "at", "label": gettext_lazy("启用时间"), "kind": "datetime"},
)
_LINE = re.compile(r"第 \d+ 行(?!附近)")  # of a broken file there is nothing else to go by
_CHANGES = {"added": gettext_lazy("新增"), "removed": gettext_lazy("删去"), "changed": gettext_lazy("修改")}


def drawn(svg: str) -> SafeString:
    """A drawing as the engine made it: SVG of our own in which every text is escaped."""
    return SafeString(svg)


def refusals(found: Collection[Refusal]) -> list[dict[str, str]]:
    """What the compiler refuses, without the line of the file: people look at the drawing."""
    texts = sentences(refusal.message for refusal in found)
    return [{"element_id": one.element_id, "message": text} for one, text in zip(found, texts, strict=True)]


def sentences(texts: Iterable[str]) -> list[str]:
    """Sentences of the compiler without the line of the file."""
    return [_LINE.sub("", text) for text in texts]


def unit_names(tenant: str) -> dict[str, str]:
    """Code → short name of every organisation of the tenant."""
    return {unit.code: unit.short_name or unit.name for unit in identity.organisations(tenant)}


def unit_label(unit: str, item: str, names: Mapping[str, str]) -> str:
    """Who a drawing means by its unit: a word of the drawing, a code, or the entry of a list."""
    if unit == "item":
        return names.get(item, item)
    return UNITS.get(unit) or names.get(unit, unit)


def comparison(found: Comparison) -> dict[str, Any]:
    """Two drawings and the list of what differs, for the template."""
    return {
        "before": drawn(found.before),
        "after": drawn(found.after),
        "before_label": found.before_label,
        "after_label": found.after_label,
        "problem": found.problem,
        "changes": [
            {"kind": change.kind, "label": _CHANGES[change.kind], "text": change.sentence} for change in found.changes
        ],
    }
