"""The signs of BPMN as SVG fragments: outlines, small icons, wrapped Chinese text."""

import unicodedata
from collections.abc import Sequence
from html import escape

from zhengtong.capabilities.cases.engine.model import ACTIVITIES, BOUNDARIES, CATCHES, ENDS, GATEWAYS, Kind

Box = tuple[float, float, float, float]

INK = "#1f2d3d"
LINE = "#5b6b7c"
_FILL = {
    "": "#ffffff",
    "active": "#e8f1fd",
    "done": "#eef6ee",
    "added": "#eef6ee",
    "removed": "#fdecec",
    "changed": "#fff6d6",
    "fault": "#fdecec",
    "slow": "#fff6d6",
    "slowest": "#fdecec",
    "passed": "#eef6ee",
}
STROKE = {
    "": LINE,
    "active": "#1557b0",
    "done": "#2e7d32",
    "passed": "#2e7d32",
    "added": "#1a7f37",
    "removed": "#c1121f",
    "changed": "#8a6100",
    "fault": "#c1121f",
    "slow": "#8a6100",
    "slowest": "#c1121f",
}
#: tone of a note → its ground and its letters
PILLS = {
    "": ("#ffffff", INK),
    "plain": ("#eef1f5", INK),
    "slow": ("#8a6100", "#ffffff"),
    "slowest": ("#c1121f", "#ffffff"),
    "fault": ("#c1121f", "#ffffff"),
    "good": ("#2e7d32", "#ffffff"),
}
_WIDTH = {"": 1.5, "active": 3.0, "done": 2.0}
_MARKED = 3.0


def text_width(text: str, size: float) -> float:
    """Estimated width in pixels: a Chinese character is a full square, a Latin one a bit more than half."""
    wide = sum(1 for character in text if unicodedata.east_asian_width(character) in "WFA")
    return size * (wide + 0.56 * (len(text) - wide))


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break anywhere (Chinese has no spaces), at most four lines; what is left over ends in an ellipsis."""
    lines = [""]
    for character in text:
        if lines[-1] and text_width(lines[-1] + character, size) > width:
            lines.append("")
        lines[-1] += character
    count = len(lines)
    if count == 2 and text_width(lines[1], size) < width / 2:
        half = (len(text) + 1) // 2
        lines = [text[:half], text[half:]]
    return lines if count <= 4 else [*lines[:3], lines[3][:-1] + "…"]


def text_block(text: str, box: Box, *, anchor: str = "middle", small: bool = False, halo: bool = False) -> str:
    """Text centred in a box; `halo` paints a white border so that lines under it do not disturb."""
    if not text:
        return ""
    size = 12.0 if small else 13.0
    x, y, width, height = box
    lines = wrap(text, size, max(width, 28) + 4)
    step = size + 4
    top = y + (height - step * (len(lines) - 1)) / 2 + size * 0.36
    if halo and height <= 20:
        top = y + size
    at = x if anchor == "start" else x + width / 2
    extra = ' paint-order="stroke" stroke="#ffffff" stroke-width="3" stroke-linejoin="round"' if halo else ""
    rows = "".join(f'<tspan x="{at:g}" y="{top + step * n:g}">{escape(line)}</tspan>' for n, line in enumerate(lines))
    return f'<text fill="{INK}" font-size="{size:g}" text-anchor="{anchor}"{extra}>{rows}</text>'


def outline(kind: Kind, box: Box, state: str, *, dashed: bool) -> str:
    """The border of a node, coloured by state."""
    x, y, width, height = box
    pen = _WIDTH.get(state, _MARKED)
    paint = f'fill="{_FILL[state]}" stroke="{STROKE[state]}" stroke-width="{pen:g}"'
    if dashed or state == "removed":
        paint += ' stroke-dasharray="4 3"'
    cx, cy = x + width / 2, y + height / 2
    if kind is Kind.SUBPROCESS:
        fill = paint.replace(_FILL[state], "#fbfcfe", 1) if state != "done" else paint
        return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="10" {fill}/>'
    if kind in ACTIVITIES:
        return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8" {paint}/>'
    if kind in GATEWAYS:
        return f'<path d="M{cx:g} {y:g} L{x + width:g} {cy:g} L{cx:g} {y + height:g} L{x:g} {cy:g} z" {paint}/>'
    radius = min(width, height) / 2
    if kind in ENDS:
        paint = paint.replace(f'stroke-width="{pen:g}"', 'stroke-width="3.5"')
    ring = f'<circle cx="{cx:g}" cy="{cy:g}" r="{radius:g}" {paint}/>'
    if kind in BOUNDARIES | CATCHES:
        ring += f'<circle cx="{cx:g}" cy="{cy:g}" r="{radius - 3.5:g}" {paint.replace(_FILL[state], "none", 1)}/>'
    return ring


def icon(kind: Kind, box: Box, multi: str) -> str:
    """The small sign that tells kinds apart, and the bars of a multi-instance activity."""
    x, y, width, height = box
    cx, cy = x + width / 2, y + height / 2
    pen = f'fill="none" stroke="{INK}" stroke-width="1.3"'
    signs = {
        Kind.USER: f'<circle cx="{x + 13:g}" cy="{y + 9:g}" r="3.5" {pen}/>'
        f'<path d="M{x + 7:g} {y + 20:g} a6 6 0 0 1 12 0 z" {pen}/>',
        Kind.SERVICE: f'<circle cx="{x + 13:g}" cy="{y + 13:g}" r="4" {pen}/>'
        f'<circle cx="{x + 13:g}" cy="{y + 13:g}" r="6.5" {pen} stroke-dasharray="2.6 2.5"/>',
        Kind.SEND: _envelope(x + 13, y + 12, 7, f'fill="{INK}" stroke="#ffffff"'),
        Kind.RULE: f'<path d="M{x + 6:g} {y + 6:g} h14 v12 h-14 z m0 4 h14 m-9 0 v8" {pen}/>',
        Kind.EXCLUSIVE: f'<path d="M{cx - 7:g} {cy - 7:g} l14 14 m0 -14 l-14 14" {pen.replace("1.3", "2.6")}/>',
        Kind.PARALLEL: f'<path d="M{cx - 10:g} {cy:g} h20 m-10 -10 v20" {pen.replace("1.3", "2.6")}/>',
        Kind.INCLUSIVE: f'<circle cx="{cx:g}" cy="{cy:g}" r="9" {pen.replace("1.3", "2.4")}/>',
        Kind.EVENT_BASED: f'<circle cx="{cx:g}" cy="{cy:g}" r="12" {pen}/>'
        f'<path d="M{cx:g} {cy - 7:g} l7 5 -2.6 8 h-8.8 l-2.6 -8 z" {pen}/>',
        Kind.TERMINATE: f'<circle cx="{cx:g}" cy="{cy:g}" r="{width / 4:g}" fill="{INK}"/>',
    }
    sign = signs.get(kind, "")
    if kind in (Kind.TIMER, Kind.BOUNDARY_TIMER):
        sign = f'<circle cx="{cx:g}" cy="{cy:g}" r="9" {pen}/><path d="M{cx:g} {cy - 6:g} v6 l4 3" {pen}/>'
    elif kind in (Kind.MESSAGE, Kind.BOUNDARY_MESSAGE, Kind.MESSAGE_START):
        sign = _envelope(cx, cy, 8, pen)
    elif kind in (Kind.ERROR_END, Kind.BOUNDARY_ERROR):
        sign = f'<path d="M{cx - 7:g} {cy + 6:g} l4 -11 l5 7 l5 -9 l-4 13 l-5 -8 z" {pen}/>'
    if multi:
        bars = "m5 0 v8 m5 -8 v8" if multi == "parallel" else "h10 m-10 4 h10 m-10 4 h10"
        first = "v8 m0 -8 " if multi == "parallel" else ""
        sign += f'<path class="multi" d="M{cx - 5:g} {y + height - 11:g} {first}{bars}" {pen.replace("1.3", "2")}/>'
    return sign


def _envelope(cx: float, cy: float, half: float, paint: str) -> str:
    tall = half * 0.7
    return (
        f'<path d="M{cx - half:g} {cy - tall:g} h{2 * half:g} v{2 * tall:g} h-{2 * half:g} z '
        f'm0 0 l{half:g} {tall:g} l{half:g} -{tall:g}" {paint}/>'
    )


def count_pills(box: Box, open_count: int, late: int) -> str:
    """Numbers on the upper right corner: what is open, and in red with its word what is late."""
    x, y, width, _height = box
    pills = [(str(open_count), STROKE["active"])] + ([(f"超期 {late}", STROKE["removed"])] if late else [])
    parts, right = [], x + width + 10
    for text, colour in reversed(pills):
        wide = max(22.0, text_width(text, 13) + 12)
        right -= wide
        parts.append(
            f'<rect x="{right:g}" y="{y - 12:g}" width="{wide:g}" height="22" rx="11" fill="{colour}" '
            f'stroke="#ffffff"/>'
            f'<text x="{right + wide / 2:g}" y="{y + 4:g}" fill="#ffffff" font-size="13" font-weight="700" '
            f'text-anchor="middle">{escape(text)}</text>'
        )
        right -= 2
    return f'<g class="counts">{"".join(parts)}</g>'


def pill(text: str, middle: tuple[float, float], tone: str) -> str:
    """A few words in a capsule around a point."""
    x, y = middle
    ground, ink = PILLS[tone]
    wide = text_width(text, 12) + 12
    return (
        f'<rect x="{x - wide / 2:g}" y="{y - 10:g}" width="{wide:g}" height="20" rx="10" fill="{ground}" '
        f'stroke="{LINE if ink == INK else "#ffffff"}"/>'
        f'<text x="{x:g}" y="{y + 4.3:g}" fill="{ink}" font-size="12" text-anchor="middle">{escape(text)}</text>'
    )


def note_pills(box: Box, notes: Sequence[tuple[str, str]]) -> str:
    """Notes on a node: the first on its upper edge, the next on its lower edge and below."""
    x, y, width, height = box
    heights = [y, *(y + height + 22 * n for n in range(len(notes) - 1))]
    parts = [pill(text, (x + width / 2, at), tone) for (text, tone), at in zip(notes, heights, strict=True)]
    return f'<g class="notes">{"".join(parts)}</g>'
