"""同义词: words that mean the same, line by line, and the other ways to say what was asked."""

import re
from collections.abc import Sequence
from typing import Final

from zhengtong.capabilities.search.rules.windows import MOST_QUERY_CHARACTERS, fold

_LONGEST, _MOST_IN_GROUP, _MOST_WAYS = 20, 8, 4
_BETWEEN = re.compile(r"[\s=＝,，、;；/]+")

#: what a county begins with: a few neutral words, to be checked and kept by its own people
STARTER: Final = """\
# 初始同义词，待核实：请按本县的叫法核对、增减。每行是一组意思相同的词，用空格隔开。
公积金 住房公积金
低保 最低生活保障
医保 医疗保险
社保 社会保险
营业执照 工商执照
房产证 不动产权证书
身份证 居民身份证
驾照 驾驶证 机动车驾驶证
准生证 生育登记
失业金 失业保险金
低收入家庭 低保边缘家庭
幼升小 小学入学
停水 停止供水
拆迁 征收补偿
"""

Group = tuple[str, ...]


def parse(text: str) -> tuple[list[Group], list[int]]:
    """Groups of words that mean the same, and the numbers of lines that are none."""
    groups, bad = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        words = tuple(dict.fromkeys(word for word in _BETWEEN.split(line) if word))
        right = 2 <= len(words) <= _MOST_IN_GROUP and all(2 <= len(one) <= _LONGEST for one in words)
        if right and all(fold(one).strip() for one in words):
            groups.append(words)
        else:
            bad.append(number)
    return groups, bad


def line_of(words: Sequence[str]) -> str:
    """A group as a line of the list."""
    return " ".join(words)


def other_ways(words: str, groups: Sequence[Group]) -> list[str]:
    """What was asked in other words: each word of a group that stands there replaced by the others, a few at most.

    The longest word of a group that stands there is replaced.
    """
    asked = fold(words[:MOST_QUERY_CHARACTERS])
    found: dict[str, None] = {}
    for group in groups:
        folded = sorted((fold(one).strip() for one in group), key=len, reverse=True)
        said = next((one for one in folded if one and one in asked), "")
        rest = asked.replace(said, " ") if said else ""
        for other in folded if said else ():
            # what holds the word as it is typed is found by it anyway
            if other not in rest and said not in other:
                found[asked.replace(said, other)] = None
    return list(found)[:_MOST_WAYS]
