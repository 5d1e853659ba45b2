"""Server-rendered SVG of a BPMN drawing: Chinese labels, current and finished nodes by class, no script, no style.

Looks come from presentation attributes, so that a strict content security policy holds and a page may still restyle
the classes `zt-bpmn`, `node`, `active`, `done`, `flow`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from zhengtong.capabilities.cases.engine.model import (
    ACTIVITIES,
    BOUNDARIES,
    CATCHES,
    ENDS,
    GATEWAYS,
    STARTS,
    EngineError,
    Kind,
)
from zhengtong.capabilities.cases.engine.parse import Malformed, read_xml
from zhengtong.capabilities.cases.engine.shapes import (
    INK,
    LINE,
    STROKE,
    count_pills,
    icon,
    note_pills,
    outline,
    pill,
    text_block,
)
from zhengtong.capabilities.cases.engine.vocabulary import BPMN, KIND_NAMES, NODE_KINDS

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_WAY = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_MARGIN = 12
_FONTS = "system-ui, 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif"
_STATES = {
    "active": "，正在办理",
    "done": "，已办结",
    "added": "，新增",
    "removed": "，删去",
    "changed": "，有修改",
    "fault": "，有问题",
    "slow": "，较慢",
    "slowest": "，最慢",
}
_EVENTS = STARTS | ENDS | CATCHES | BOUNDARIES

Box = tuple[float, float, float, float]


class Note(NamedTuple):
    """A few words on an element or an arrow; ``tone`` is a key of ``shapes.PILLS``."""

    text: str
    tone: str = ""


@dataclass(slots=True)
class _Shape:
    id: str
    name: str
    kind: Kind
    box: Box
    label: Box | None = None
    classes: list[str] = field(default_factory=list)
    caption: str = ""
    multi: str = ""
    dashed: bool = False
    counts: tuple[int, int] = (0, 0)
    notes: Sequence[Note] = ()


def svg(
    xml: bytes | str,
    *,
    active: Collection[str] = (),
    done: Collection[str] = (),
    labels: Mapping[str, str] | None = None,
    title: str = "",
    marks: Mapping[str, str] | None = None,
    counts: Mapping[str, tuple[int, int]] | None = None,
    notes: Mapping[str, Sequence[Note]] | None = None,
    beside: str = "",
) -> str:
    """Draw; `labels` puts a second line under a node (for example who holds it). Raises EngineError for bad XML.

    `marks` gives nodes and arrows one of added, removed, changed, fault, passed, slow, slowest; `counts` puts numbers
    on a node's corner: what is open there, and how much of it is late. `notes` puts words on the upper and the lower
    edge of a node, or on an arrow. `beside` ends the names inside the drawing, for two of one process on a page.
    """
    marks, counts, notes = marks or {}, counts or {}, notes or {}
    try:
        root = read_xml(xml)
    except Malformed as error:
        raise EngineError(str(error)) from None
    elements = {str(element.get("id")): element for element in root.iter(f"{{{BPMN}}}*") if element.get("id")}
    shapes = [
        shape
        for entry in root.iter(f"{_DI}BPMNShape")
        if (shape := _read_shape(entry, elements, active, done, labels or {}))
    ]
    for shape in shapes:
        shape.classes = [marks[shape.id]] if shape.id in marks else shape.classes
        shape.counts, shape.notes = counts.get(shape.id, (0, 0)), notes.get(shape.id, ())
    edges = [(entry, elements.get(entry.get("bpmnElement", ""))) for entry in root.iter(f"{_DI}BPMNEdge")]
    process = next((element for element in elements.values() if element.tag == f"{{{BPMN}}}process"), None)
    name = title or (process.get("name") if process is not None else "") or "流程图"
    prefix = "".join(c for c in (process.get("id", "") if process is not None else "") if c.isalnum() or c in "-_")
    prefix += beside
    parts = [_frame_part(shape) for shape in shapes if shape.kind is Kind.SUBPROCESS]
    parts += [_edge(entry, element, prefix, marks) for entry, element in edges if element is not None]
    parts += [_node(shape) for shape in shapes if shape.kind is not Kind.SUBPROCESS]
    parts += [_edge_label(entry, element) for entry, element in edges if element is not None]
    parts += [count_pills(shape.box, *shape.counts) for shape in shapes if any(shape.counts)]
    parts += [_edge_notes(entry, notes) for entry, element in edges if element is not None]
    parts += [note_pills(shape.box, shape.notes) for shape in shapes if shape.notes]
    return _page(name, prefix, _description(shapes), _extent(shapes, [entry for entry, _ in edges]), parts)


def _page(name: str, prefix: str, description: str, box: Box, parts: list[str]) -> str:
    x, y, width, height = box
    view = f"{x:g} {y:g} {width:g} {height:g}"
    arrow = (
        f'<marker id="zt-arrow-{prefix}" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse" '
        f'markerWidth="12" markerHeight="12" orient="auto-start-reverse"><path d="M0 1 L9 5 L0 9 z" fill="{LINE}"/>'
        "</marker>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="zt-bpmn" role="img" viewBox="{view}" width="{width:g}" '
        f'height="{height:g}" font-size="13" font-family="{_FONTS}" '
        f'aria-labelledby="zt-title-{prefix} zt-desc-{prefix}">'
        f'<title id="zt-title-{prefix}">{escape(name)}</title><desc id="zt-desc-{prefix}">{escape(description)}</desc>'
        f"<defs>{arrow}</defs>{''.join(parts)}</svg>"
    )


def _description(shapes: list[_Shape]) -> str:
    """What a screen reader says: the tasks, what is done, what is open."""

    def names(wanted: str) -> str:
        chosen = (s.name or s.id for s in shapes if s.kind in ACTIVITIES | _EVENTS and wanted in ("", *s.classes))
        return "、".join(chosen)

    tasks = "、".join(shape.name or shape.id for shape in shapes if shape.kind in ACTIVITIES)
    current = "、".join(
        f"{shape.name or shape.id}（{shape.caption}）" if shape.caption else shape.name or shape.id
        for shape in shapes
        if "active" in shape.classes and shape.kind in ACTIVITIES | _EVENTS
    )
    text = f"流程包含：{tasks}。"
    if names("done"):
        text += f"已经办结：{names('done')}。"
    return text + (f"正在办理：{current}。" if current else "")


def _bounds(element: etree._Element | None) -> Box | None:
    if element is None:
        return None
    bounds = element.find(f"{_DC}Bounds")
    if bounds is None:
        return None
    x, y, width, height = (_number(bounds.get(key)) for key in ("x", "y", "width", "height"))
    return x, y, width, height


def _number(text: str | None) -> float:
    """Coordinates of a drawing; anything else counts as 0 and nothing but a number reaches the page."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if -1e5 < value < 1e5 else 0.0


def _read_shape(
    entry: etree._Element,
    elements: Mapping[str, etree._Element],
    active: Collection[str],
    done: Collection[str],
    labels: Mapping[str, str],
) -> _Shape | None:
    identity = entry.get("bpmnElement", "")
    element = elements.get(identity)
    box = _bounds(entry)
    tag = str(element.tag).rpartition("}")[2] if element is not None else ""
    if element is None or box is None or tag not in NODE_KINDS:
        return None
    classes = ["active"] if identity in active else ["done"] if identity in done else []
    multi = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    shape = _Shape(identity, " ".join(element.get("name", "").split()), _kind(element, tag), box, classes=classes)
    shape.label = _bounds(entry.find(f"{_DI}BPMNLabel"))
    shape.caption = labels.get(identity, "")
    shape.dashed = element.get("cancelActivity") == "false"
    if multi is not None:
        shape.multi = "sequential" if multi.get("isSequential") == "true" else "parallel"
    return shape


def _kind(element: etree._Element, tag: str) -> Kind:
    kind = NODE_KINDS[tag]
    if element.find(f"{{{BPMN}}}messageEventDefinition") is not None:
        message = {Kind.START: Kind.MESSAGE_START, Kind.TIMER: Kind.MESSAGE, Kind.BOUNDARY_TIMER: Kind.BOUNDARY_MESSAGE}
        return message.get(kind, kind)
    if element.find(f"{{{BPMN}}}terminateEventDefinition") is not None:
        return Kind.TERMINATE
    if element.find(f"{{{BPMN}}}errorEventDefinition") is not None:
        return {Kind.END: Kind.ERROR_END, Kind.BOUNDARY_TIMER: Kind.BOUNDARY_ERROR}.get(kind, kind)
    return kind


def _title(shape: _Shape) -> str:
    state = _STATES.get(shape.classes[0] if shape.classes else "", "")
    caption = f"，{shape.caption}" if shape.caption else ""
    if shape.counts[0]:
        caption += f"，在办 {shape.counts[0]} 件" + (f"，其中超期 {shape.counts[1]} 件" if shape.counts[1] else "")
    caption += "".join(f"，{note.text}" for note in shape.notes)
    return f"<title>{escape(f'{KIND_NAMES[shape.kind]}：{shape.name or shape.id}{state}{caption}')}</title>"


def _open_group(shape: _Shape) -> str:
    classes = " ".join(["node", shape.kind.value.replace("_", "-"), *shape.classes])
    return f'<g class="{classes}" data-node="{escape(shape.id, quote=True)}">{_title(shape)}'


def _frame_part(shape: _Shape) -> str:
    x, y, width, _height = shape.box
    state = shape.classes[0] if shape.classes else ""
    name = text_block(shape.name, (x + 10, y + 6, width - 20, 18), anchor="start")
    return _open_group(shape) + outline(shape.kind, shape.box, state, dashed=False) + name + "</g>"


def _node(shape: _Shape) -> str:
    state = shape.classes[0] if shape.classes else ""
    body = outline(shape.kind, shape.box, state, dashed=shape.dashed) + icon(shape.kind, shape.box, shape.multi)
    x, y, width, height = shape.box
    if shape.kind in GATEWAYS | _EVENTS:
        below = (x + width / 2 - 60, y + height + 4, 120.0, 16.0)
        body += text_block(shape.name, shape.label or below, halo=True)
        if shape.caption:
            body += text_block(shape.caption, (below[0], below[1] + 17, 120.0, 14.0), small=True, halo=True)
    elif shape.caption:
        left = 20 if height < 56 else 4
        body += text_block(shape.name, (x + left, y + 6, width - left - 4, height - 26))
        body += text_block(shape.caption, (x + 2, y + height - 20, width - 4, 16), small=True)
    else:
        left = 20 if height < 56 else 6  # a low box keeps its text clear of the icon
        body += text_block(shape.name, (x + left, y + 4, width - left - 6, height - 4))
    return _open_group(shape) + body + "</g>"


def _points(entry: etree._Element) -> list[tuple[float, float]]:
    return [(_number(way.get("x")), _number(way.get("y"))) for way in entry.iter(_WAY)]


def _edge(entry: etree._Element, element: etree._Element, prefix: str, marks: Mapping[str, str]) -> str:
    points = _points(entry)
    if len(points) < 2:
        return ""
    path = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
    arrow = f' marker-end="url(#zt-arrow-{prefix})"' if element.tag == f"{{{BPMN}}}sequenceFlow" else ""
    dash = "" if arrow else ' stroke-dasharray="3 3"'
    identity = element.get("id", "")
    mark = marks.get(identity, "")
    width = 3.0 if mark else 1.5
    return (
        f'<path class="{f"flow {mark}".strip()}" data-flow="{escape(identity, quote=True)}" d="{path}" fill="none" '
        f'stroke="{STROKE.get(mark, LINE)}" stroke-width="{width:g}"{dash}{arrow}/>'
    )


def _edge_label(entry: etree._Element, element: etree._Element) -> str:
    name = " ".join(element.get("name", "").split())
    points = _points(entry)
    if not name or len(points) < 2:
        return ""
    box = _bounds(entry.find(f"{_DI}BPMNLabel"))
    if box is None:
        x, y = _middle(points)
        box = (x - 60, y - 18, 120.0, 16.0)
    return f'<g class="flow-label" fill="{INK}">{text_block(name, box, small=True, halo=True)}</g>'


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the longest stretch of an arrow."""
    (ax, ay), (bx, by) = max(
        pairwise(points), key=lambda pair: abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1])
    )
    return (ax + bx) / 2, (ay + by) / 2


def _edge_notes(entry: etree._Element, notes: Mapping[str, Sequence[Note]]) -> str:
    """Notes on an arrow stand on it: its name, where it has one, stands above."""
    found, points = notes.get(entry.get("bpmnElement", ""), ()), _points(entry)
    if not found or len(points) < 2:
        return ""
    x, y = _middle(points)
    return (
        f'<g class="notes">{"".join(pill(note.text, (x, y + 22 * n), note.tone) for n, note in enumerate(found))}</g>'
    )


def _extent(shapes: list[_Shape], edges: list[etree._Element]) -> Box:
    boxes = [shape.box for shape in shapes] + [shape.label for shape in shapes if shape.label]
    boxes += [(x, y, 0.0, 0.0) for entry in edges for x, y in _points(entry)]
    boxes += [(s.box[0] - 20, s.box[1] - 12, s.box[2] + 40, s.box[3] + 24) for s in shapes if s.notes]
    if not boxes:
        return 0.0, 0.0, 100.0, 40.0
    left, top = min(box[0] for box in boxes) - _MARGIN, min(box[1] for box in boxes) - _MARGIN
    right = max(box[0] + box[2] for box in boxes) + _MARGIN
    bottom = max(box[1] + box[3] for box in boxes) + _MARGIN
    return left, top, right - left, bottom - top
