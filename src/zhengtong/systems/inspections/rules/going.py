"""What may be done with a plan, a visit, a rectification, by state; plain words of the app's constants."""

from collections.abc import Iterable, Mapping

_PLAN: Mapping[str, tuple[str, ...]] = {
    "draft": ("change", "submit"),
    "submitted": ("approve", "return"),
    "approved": ("draw", "return"),
    "drawn": ("finish",),
}
_INSPECTOR: Mapping[str, tuple[str, ...]] = {
    "planned": ("start", "recuse"),
    "going": ("record", "sign"),
    "done": ("notice",),
    "review": ("review",),
}
_OFFICE: Mapping[str, tuple[str, ...]] = {
    "planned": ("recuse", "cancel"),
    "done": ("notice",),
    "review": ("review",),
}


def plan_acts(state: str) -> frozenset[str]:
    """What the office may do with a plan."""
    return frozenset(_PLAN.get(state, ()))


def visit_acts(state: str, *, inspects: bool, office: bool, unit: bool, signed: bool, known: bool) -> frozenset[str]:
    """What one may do with a visit: as inspector, as office, as the unit (``known``: it has signed for the notice)."""
    found: set[str] = set()
    if inspects:
        found.update(_INSPECTOR.get(state, ()))
    if office:
        found.update(_OFFICE.get(state, ()))
    if unit and state == "rectify":
        found.add("report" if known else "acknowledge")
    if signed:
        found.discard("sign")
    return frozenset(found)


def verdict_of(verdicts: Iterable[str], *, turn: int, most: int) -> str:
    """What becomes of the whole: again while one has to go on, referred where one was, else passed.

    Raises ValueError where the turns are used up and something would still go on.
    """
    found = set(verdicts)
    if "again" in found:
        if turn >= most:
            raise ValueError("no further turn")
        return "again"
    return "referred" if "referred" in found else "passed"


def lines_of(text: str, columns: int) -> list[tuple[str, ...]]:
    """Lines pasted from a table or typed: cells by tabulator, ｜ or |; each line filled up to ``columns`` cells."""
    found = []
    for line in text.replace("\x00", "").splitlines():
        cells = [cell.strip() for cell in line.replace("｜", "\t").replace("|", "\t").split("\t")]
        if any(cells):
            found.append(tuple((cells + [""] * columns)[:columns]))
    return found
