"""决定页摘要规则：what a leader must know before he signs, in short sentences. Plain functions."""

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Point:
    """One thing to know; ``tone`` is green, yellow or red."""

    text: str
    tone: str


def points(
    *,
    verdicts: Sequence[tuple[str, str]],
    materials: tuple[int, int],
    waits: Sequence[str],
    owed: Sequence[str],
    late_units: Sequence[str],
    returned: int,
) -> list[Point]:
    """What stands for and against a decision.

    ``verdicts`` are (unit, outcome) of the reviews; ``materials`` how many of how many were given; ``waits`` what a
    decision has to wait for; ``owed`` promised materials that have not come; ``returned`` how often a branch was done
    again.
    """
    against = [unit for unit, outcome in verdicts if outcome in ("disagree", "fail")]
    agree = sum(outcome in ("agree", "pass") for _unit, outcome in verdicts)
    found = []
    if verdicts:
        if against:
            found.append(Point(f"{agree} 个部门同意，{len(against)} 个不同意：{'、'.join(against)}", "red"))
        else:
            found.append(Point(f"{agree} 个部门审查，全部同意", "green"))
    given, asked = materials
    found.append(
        Point(f"材料 {given}/{asked} 项已经提交", "green" if given == asked else "yellow")
        if asked
        else Point("没有要求另外提交材料", "green")
    )
    found += [Point(text, "red") for text in waits]
    if owed:
        found.append(Point(f"承诺补交还没有交：{'、'.join(owed)}", "red"))
    if late_units:
        found.append(Point(f"超过时限提出意见：{'、'.join(late_units)}", "yellow"))
    if returned:
        found.append(Point(f"审查退回重办 {returned} 次，以前的意见在联合审查页", "yellow"))
    return found
