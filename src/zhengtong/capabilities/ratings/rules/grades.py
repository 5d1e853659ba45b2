"""Grades in other people's numbers, phrases to choose, and what a person typed into a short message."""

import re
import unicodedata
from typing import Final

#: best first; the words of ``constants.Grade``
GRADES: Final = ("very_satisfied", "satisfied", "fairly_satisfied", "dissatisfied", "very_dissatisfied")
BAD: Final = frozenset(GRADES[3:])
_WORDS: Final = dict(zip(("非常满意", "满意", "基本满意", "不满意", "非常不满意"), GRADES, strict=True))
_REPLY: Final = re.compile(r"^\s*([1-5])(?!\d)(?:分|号)?[\s,.、:;，。：；！!]*(.*)$", re.DOTALL)
_BAD_WORDS: Final = ("非常不满意", "不满意", "非常满意", "基本满意", "满意")

#: phrases to choose for a grade: key → Chinese words; several may be chosen, none must
GOOD_TAGS: Final = {
    "friendly": "态度热情",
    "quick": "办得快",
    "once": "一次办成",
    "clear": "一次说清",
    "few_papers": "材料精简",
    "easy_online": "网上好办",
}
FAIR_TAGS: Final = {
    "wait": "等候时间较长",
    "many_papers": "材料偏多",
    "unclear": "说明不够清楚",
    "hard_online": "网上不好操作",
    "more_trips": "多跑了一趟",
}
BAD_TAGS: Final = {
    "rude": "态度不好",
    "late": "超过承诺时间",
    "not_told_once": "没有一次告知",
    "extra_papers": "要求指南以外的材料",
    "guide_differs": "指南与实际不一致",
    "many_trips": "来回跑了多次",
    "refused_without_reason": "不说明理由就不给办",
    "extra_fee": "要求指定服务或另外收费",
    "nobody": "窗口没有人",
}
_TAGS: Final = {
    "very_satisfied": GOOD_TAGS,
    "satisfied": GOOD_TAGS,
    "fairly_satisfied": FAIR_TAGS,
    "dissatisfied": BAD_TAGS,
    "very_dissatisfied": BAD_TAGS,
}


def is_bad(grade: str) -> bool:
    """Whether a grade is a 差评: one of the last two."""
    return grade in BAD


def gb_code(grade: str) -> str:
    """The code of GB/T 39046 A.8: 1 非常满意 … 5 非常不满意; ValueError for no grade."""
    return str(GRADES.index(grade) + 1)


def from_gb_code(code: str) -> str:
    """The grade of a code of GB/T 39046; ValueError for anything else."""
    if code not in ("1", "2", "3", "4", "5"):
        raise ValueError(f"no grade has the code {code}")
    return GRADES[int(code) - 1]


def stars(grade: str) -> int:
    """Stars run the other way: 5 for 非常满意, 1 for 非常不满意; ValueError for no grade."""
    return 5 - GRADES.index(grade)


def from_stars(number: int) -> str:
    """The grade of 1 to 5 stars; ValueError for anything else."""
    if not 1 <= number <= 5:
        raise ValueError(f"no grade has {number} stars")
    return GRADES[5 - number]


def tags_of(grade: str) -> dict[str, str]:
    """Phrases that may be chosen with a grade."""
    return _TAGS[grade]


def known_tags(grade: str, chosen: object) -> list[str]:
    """The chosen phrases that belong to the grade, in their order; others are dropped."""
    wanted = {str(key) for key in chosen} if isinstance(chosen, list | tuple | set | frozenset) else set()
    return [key for key in _TAGS[grade] if key in wanted]


def tag_words(keys: object) -> list[str]:
    """The Chinese words of chosen phrases."""
    words = GOOD_TAGS | FAIR_TAGS | BAD_TAGS
    return [words[key] for key in keys if key in words] if isinstance(keys, list | tuple) else []


def grade_of_reply(text: str) -> tuple[str, str] | None:
    """Grade and further words of a reply by short message; None when it names no grade.

    The invitation counts as GB/T 39046 does: 1 非常满意 … 5 非常不满意. Full-width digits and the words themselves
    are understood; a text in which two numbers could be meant (``12``) is not.
    """
    plain = unicodedata.normalize("NFKC", text.replace("\x00", ""))
    found = _REPLY.match(plain)
    if found:
        return from_gb_code(found[1]), found[2].strip()
    said = plain.strip()
    for words in _BAD_WORDS:
        if said.startswith(words):
            return _WORDS[words], said[len(words) :].lstrip(" ,.、，。!！;；").strip()
    return None
