"""要带什么: how each paper gets to the counter; and what the answers to the published conditions say."""

from collections.abc import Mapping, Sequence
from typing import Any

from zhengtong.contracts.catalogue import is_online_form

#: ways a paper gets there, in the order of the checklist
WAYS = ("none", "original", "copy", "fill")
ANSWERS = ("yes", "no", "unsure")


def way_of(material: Mapping[str, Any]) -> str:
    """none (the offices share it), fill (a form that is filled in there), original or copy."""
    if material["form"] == "数据共享":
        return "none"
    if is_online_form(material) or material.get("blank_file"):
        return "fill"
    return "copy" if material["form"] == "复印件" else "original"


def sorted_answers(conditions: Sequence[str], answers: Mapping[int, str]) -> dict[str, list[str]]:
    """The conditions by what was answered, those without an answer under ``open``."""
    found: dict[str, list[str]] = {answer: [] for answer in (*ANSWERS, "open")}
    for number, condition in enumerate(conditions):
        answer = answers.get(number, "")
        found[answer if answer in ANSWERS else "open"].append(condition)
    return found
