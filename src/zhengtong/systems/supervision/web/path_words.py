"""How paths are said and drawn: ways as chains of steps, deviations in words, times on the drawing."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.supervision.rules.times import DAY
from zhengtong.systems.supervision.selectors import paths
from zhengtong.systems.supervision.selectors.path_times import StepFigures

KINDS = {
    "skipped": gettext_lazy("跳过"),
    "early": gettext_lazy("没有办完就往下走"),
    "out_of_order": gettext_lazy("先后颠倒"),
    "repeated": gettext_lazy("图纸没有画的重复"),
    "not_drawn": gettext_lazy("图纸以外的环节"),
    "returned": gettext_lazy("退回重办"),
    "recalled": gettext_lazy("撤回重办"),
    "jumped": gettext_lazy("跳转"),
    "migrated": gettext_lazy("换用流程版本"),
    "reassigned": gettext_lazy("改派"),
    "unfinished": gettext_lazy("没有走到结束"),
}
#: from this share of the slowest step's time on a step is called slow
_SLOW = 0.5
_HOUR, _QUARTER, _MINUTE = 3600, 900, 60
Note = tuple[str, str]


def duration(seconds: float | None) -> str:
    """``1.5 天`` (working days of 24 hours), ``3.2 小时``, ``20 分``, below 15 only that; a dash for nothing known."""
    if seconds is None:
        return "—"
    if seconds < _QUARTER:
        return _("不足 15 分")
    if seconds >= DAY:
        return _("%(n).1f 天") % {"n": seconds / DAY}
    if seconds >= _HOUR:
        return _("%(n).1f 小时") % {"n": seconds / _HOUR}
    return _("%(n)d 分") % {"n": seconds // _MINUTE}


def days(seconds: float | None) -> float | None:
    """The same as a number of working days, for a workbook."""
    return None if seconds is None else round(seconds / DAY, 2)


def fitness(fit: int, whole: int) -> str:
    """``95%（19 ÷ 20）``: the share with its formula."""
    if not whole:
        return "—"
    return _("%(share)d%%（%(fit)d ÷ %(whole)d）") % {"share": fit * 100 // whole, "fit": fit, "whole": whole}


def names_of(drawn: cases.DrawnProcess) -> dict[str, str]:
    """Element → its name."""
    return {one.id: one.name or one.id for one in drawn.elements}


def way(legs: Sequence[Sequence[Any]], names: Mapping[str, str], found: Sequence[Sequence[str]] = ()) -> str:
    """``受理 → 消防＋招牌 → 决定``: steps side by side are joined by a plus sign.

    What a jump led to hangs on no earlier step of the drawing: with the deviations ``found`` it comes after the others.
    """
    jumped = {node for kind, node in found if kind == "jumped"}
    depth: list[int] = []
    late: set[int] = set()
    for place, (node, after, _times) in enumerate(legs):
        depth.append(1 + max((depth[one] for one in after), default=0))
        if late & set(after) or (not after and node in jumped):
            late.add(place)
    before = max((depth[place] for place in range(len(legs)) if place not in late), default=0)
    levels: dict[int, list[str]] = {}
    for place, (node, _after, times) in enumerate(legs):
        label = names.get(node, node)
        level = depth[place] + before if place in late else depth[place]
        levels.setdefault(level, []).append(f"{label}×{times}" if times > 1 else label)
    return " → ".join("＋".join(levels[level]) for level in sorted(levels)) or str(_("还没有环节"))


def deviation(kind: str, node: str, names: Mapping[str, str]) -> str:
    """``跳过“消防审查”``."""
    label = str(KINDS.get(kind, kind))
    return _("%(kind)s“%(step)s”") % {"kind": label, "step": names.get(node, node)} if node else label


def deviations(found: Sequence[Sequence[str]], names: Mapping[str, str]) -> str:
    """All deviations of a way, the same ones counted."""
    counted = Counter(deviation(kind, node, names) for kind, node in found)
    return "；".join(f"{words}×{n}" if n > 1 else words for words, n in counted.items())


def way_cell(row: paths.VariantRow, names: Mapping[str, str]) -> SafeString:
    """A way with what deviates on it, marked by a word and not by colour alone."""
    chain = way(row.legs, names, row.deviations)
    if not row.deviating:
        return format_html("{}", chain)
    told = deviations(row.deviations, names)
    words = '<span><span class="sup-off">{}</span> {}<br><span class="zt-quiet">{}</span></span>'
    return format_html(words, _("偏离"), told, chain)


def fault_rows(faults: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Deviations of one case with when and which unit and post."""
    return [
        {
            "kind": str(KINDS.get(one["kind"], one["kind"])),
            "name": one["name"] or "—",
            "at": dt.datetime.fromisoformat(one["at"]),
            "who": " ".join(part for part in (one["org"], one["post"]) if part) or "—",
        }
        for one in faults
    ]


def faults_cell(faults: Sequence[Mapping[str, str]]) -> SafeString | str:
    """The same in one cell, a line each."""
    if not faults:
        return _("按图纸办理")
    told = format_html_join(SafeString("<br>"), '{} <span class="zt-quiet">{} {}</span>', map(_told, faults))
    return format_html("<span>{}</span>", told)  # one thing for the cell of a stacked table


def faults_text(faults: Sequence[Mapping[str, str]]) -> str:
    """The same for the cell of a workbook."""
    return "\n".join(" ".join(filter(None, _told(one))) for one in faults) or _("按图纸办理")


def _told(fault: Mapping[str, str]) -> tuple[str, str, str]:
    """What, when, which unit and post."""
    return (
        deviation(fault["kind"], fault["name"], {}),
        cn_datetime(dt.datetime.fromisoformat(fault["at"]).astimezone(SHANGHAI)),
        " ".join(part for part in (fault["org"], fault["post"]) if part),
    )


# --- 图 -------------------------------------------------------------------------------------------------------


def _shape(node: str) -> str:
    """What lies inside a called process is shown on the activity that calls it."""
    return node.partition("~")[0]


def slowness(steps: Sequence[StepFigures]) -> dict[str, str]:
    """Step of an office → slowest or slow, by its middle time from arrival to completion; none where all took none."""
    of_units = [one for one in steps if one.official]
    most = max((one.own.total[0] for one in of_units), default=0.0)
    slow = [one for one in of_units if one.own.total[0] >= most * _SLOW] if most else []
    return {one.node: "slowest" if one.own.total[0] == most else "slow" for one in slow}


def bottlenecks(found: paths.ProcessPaths) -> SafeString:
    """The drawing with the figures of its steps and the passages of its arrows."""
    slow = slowness(found.steps)
    backward = paths.backward_of(found.process_id)
    notes: dict[str, list[Note]] = {}
    marks: dict[str, str] = {}
    for one in found.steps:
        tone = slow.get(one.node, "")
        word = {"slowest": _("最慢 "), "slow": _("较慢 ")}.get(tone, "")
        pills = [(f"{word}{duration(one.own.total[0])}", tone), (_("%(n)d 次") % {"n": one.own.count}, "plain")]
        if one.own.late:
            pills.append((_("超期 %(n)d") % {"n": one.own.late}, "fault"))
        if _shape(one.node) not in notes:
            notes[_shape(one.node)] = pills
            marks |= {_shape(one.node): tone} if tone else {}
    for flow, times in found.flows.items():
        back = flow in backward
        notes[flow] = [(f"↻ {times}" if back else str(times), "slow" if back else "")]
    return _drawn(found.process_id, marks, notes, _("%(title)s：各环节用时") % {"title": found.title})


def way_drawn(
    process: cases.DrawnProcess, row: paths.VariantRow, times: Sequence[tuple[str, int, int, bool]] = ()
) -> SafeString:
    """One way on the drawing: what was passed, what deviates, and for a case how long each step took."""
    marks: dict[str, str] = dict.fromkeys(row.flows, "passed")
    notes: dict[str, list[Note]] = {}
    visits: Counter[str] = Counter()
    for node, _after, number in row.legs:
        visits[_shape(node)] += number
        marks[_shape(node)] = "done"
    took: Counter[str] = Counter()
    for node, waited, worked, _late in times:
        took[_shape(node)] += waited + worked
    told: dict[str, list[str]] = {}
    for kind, node in row.deviations:
        told.setdefault(_shape(node), []).append(str(KINDS.get(kind, kind)))
    for node, words in told.items():
        marks[node] = "fault"
        notes.setdefault(node, []).append(("、".join(dict.fromkeys(words)), "fault"))
    for node, number in visits.items():
        parts = [duration(took[node])] if times and node in took else []
        parts += [_("%(n)d 次") % {"n": number}] if number > 1 else []
        if parts:
            notes.setdefault(node, []).append((" ".join(parts), "plain"))
    for flow, number in row.flows.items():
        if number > 1:
            notes.setdefault(flow, []).append((_("%(n)d 次") % {"n": number}, "plain"))
    return _drawn(process.id, marks, notes, _("%(title)s：办理路径") % {"title": process.title})


def _drawn(process_id: Any, marks: Mapping[str, str], notes: Mapping[str, Sequence[Note]], title: str) -> SafeString:
    """SVG of the engine's own, in which every text is escaped."""
    found = {node: [cases.Note(*pill) for pill in pills] for node, pills in notes.items()}
    return SafeString(cases.draw_process(process_id, marks=marks, notes=found, title=title))
