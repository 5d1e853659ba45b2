"""Usual phrases: which fit a place, in which order they are offered, and those the platform brings along."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple


class Words(NamedTuple):
    """A phrase: ``use`` is opinion or notice; an empty outcome, item or material means any; ``own`` is personal."""

    text: str
    use: str
    outcome: str = ""
    item_code: str = ""
    material: str = ""
    uses: int = 0
    own: bool = False


_OPINIONS: Final = {
    "accept": ("申请材料齐全，符合法定形式，予以受理。", "申请材料已按要求全部补正，予以受理。"),
    "refuse": (
        "申请事项依法不需要取得行政许可。",
        "申请事项依法不属于本机关职权范围，请向有关行政机关申请。",
    ),
    "supplement": ("补正材料可以在网上提交，也可以送到受理窗口。",),
    "agree": (
        "经审查，符合要求，同意。",
        "经现场核查，符合要求，同意。",
        "不涉及本单位职责事项，无意见。",
    ),
    "disagree": ("经现场核查，不符合要求：", "材料内容与现场情况不一致："),
    "pass": ("经审查，申请符合法定条件、标准，建议准予许可。",),
    "fail": ("经审查，申请不符合法定条件、标准：",),
    "approve": ("申请符合法定条件、标准，准予许可。", "同意各部门审查意见，准予许可。"),
    "reject": ("申请不符合法定条件、标准，不予许可。理由：",),
    "return": ("审查意见不明确，请核实后重新提出意见：", "审查意见与材料不一致，请核实："),
}
_PROBLEMS: Final = (
    "没有提交",
    "字迹或者图像不清楚，请重新扫描或拍照",
    "缺少签字或者盖章",
    "已经超过有效期",
    "与申请表填写的内容不一致",
)
#: what a unit finds until it has phrases of its own
DEFAULTS: Final = (
    *(Words(text, "opinion", outcome) for outcome, texts in _OPINIONS.items() for text in texts),
    *(Words(text, "notice") for text in _PROBLEMS),
)


def fits(phrase: Words, *, use: str, outcome: str = "", item_code: str = "", material: str = "") -> bool:
    """Whether a phrase belongs to a place: each of its own narrowings is met."""
    return (
        phrase.use == use
        and phrase.outcome in ("", outcome)
        and phrase.item_code in ("", item_code)
        and phrase.material in ("", material)
    )


def offered(
    phrases: Iterable[Words], *, use: str, outcome: str = "", item_code: str = "", material: str = "", most: int = 9
) -> list[str]:
    """The words offered at a place: the more exactly meant first, then what is used more often; each text once.

    The platform's own are offered until the unit has one for the same use and outcome.
    """
    found = [one for one in phrases if fits(one, use=use, outcome=outcome, item_code=item_code, material=material)]
    if all(one.own for one in found):
        found += [one for one in DEFAULTS if fits(one, use=use, outcome=outcome)]
    ordered = sorted(found, key=lambda one: (-_exactness(one), -one.uses, not one.own))
    return list(dict.fromkeys(one.text for one in ordered))[:most]


def used_in(texts: Sequence[str], written: Sequence[str]) -> list[str]:
    """Those of the phrases whose words stand in what was written."""
    return [text for text in texts if any(text in one for one in written)]


def _exactness(phrase: Words) -> int:
    return 2 * bool(phrase.material) + bool(phrase.item_code)
