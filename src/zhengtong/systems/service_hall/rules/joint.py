"""联合审查规则：what a department said differently in its last round. Plain functions."""

import dataclasses
import difflib
import re
from collections.abc import Sequence

#: a clause with the mark that ends it: people compare clauses, not characters
_CLAUSE = re.compile(r"[^，。；：\n]*[，。；：\n]|[^，。；：\n]+")


@dataclasses.dataclass(frozen=True)
class Said:
    """What was said in one round: by whom, with which conclusion, in which words."""

    who: str
    conclusion: str
    text: str


@dataclasses.dataclass(frozen=True)
class Piece:
    """A part of a text: ``kind`` is kept, added or removed."""

    kind: str
    text: str


def change_words(before: Said, after: Said) -> str:
    """One sentence: what is different from the round before."""
    found = []
    if before.conclusion != after.conclusion:
        found.append(f"结论由“{before.conclusion}”改为“{after.conclusion}”")
    else:
        found.append(f"结论没有变（{after.conclusion}）")
    if before.text != after.text:
        found.append("意见改写" if before.text and after.text else "补充了意见" if after.text else "删去了意见")
    else:
        found.append("意见文字没有变")
    if before.who != after.who:
        found.append(f"经办人由{before.who}改为{after.who}")
    return "，".join(found) + "。"


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The later text with what was taken out and put in, so that a reader sees both; nothing where they are equal."""
    if before == after:
        return ()
    old, new = _CLAUSE.findall(before), _CLAUSE.findall(after)
    found: list[Piece] = []
    for op, low, high, new_low, new_high in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(Piece("kept", "".join(new[new_low:new_high])))
            continue
        if high > low:
            found.append(Piece("removed", "".join(old[low:high])))
        if new_high > new_low:
            found.append(Piece("added", "".join(new[new_low:new_high])))
    return tuple(found)


def summary(states: Sequence[str], late: int) -> str:
    """Where the joint review stands: ``states`` are done, open or cancelled, one a department."""
    asked = [state for state in states if state != "cancelled"]
    given = sum(state == "done" for state in asked)
    if not asked:
        return "还没有部门在审查。"
    said = f"{len(asked)} 个部门审查，{given} 个已提出意见"
    if given < len(asked):
        said += f"，{len(asked) - given} 个还在办理"
    return said + (f"，{late} 个已超过时限。" if late else "，没有超过时限的。")
