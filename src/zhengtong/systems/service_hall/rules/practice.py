"""Invented applications to practise on, and what there is to say about how they were handled; nothing is kept."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from zhengtong.systems.service_hall.rules.applications import notice_problem


class PracticeMaterial(NamedTuple):
    """A material of an invented application: what one sees when one looks at it, and whether it will do."""

    key: str
    name: str
    word: str
    seen: str
    wanting: bool = False


class Sample(NamedTuple):
    """An invented application: ``right`` is the conclusion the law asks for, ``why`` the reason.

    ``told`` are the materials of an earlier one-time notice, as the applicant was told them.
    """

    key: str
    title: str
    story: str
    facts: tuple[tuple[str, str], ...]
    materials: tuple[PracticeMaterial, ...]
    right: str
    why: str
    told: tuple[str, ...] = ()

    @property
    def wanting(self) -> frozenset[str]:
        """Materials that must be told."""
        return frozenset(material.key for material in self.materials if material.wanting)


class Finding(NamedTuple):
    """One sentence about how the sample was handled; ``good`` when it was right."""

    good: bool
    text: str


OUTCOMES: Final = (("accept", "受理", "a"), ("supplement", "一次性告知补正", "s"), ("refuse", "不予受理", "x"))
_WORDS: Final = {code: label for code, label, _key in OUTCOMES}
_FACTS: Final = (
    ("申请人", "甲小店（编造）"),
    ("事项", "小餐饮登记（编造）"),
    ("经营场所", "虚构路 1 号"),
    ("面积", "30 ㎡"),
)
_LAW: Final = "行政许可法 第三十二条"

SAMPLES: Final = (
    Sample(
        "complete",
        "材料齐全的申请",
        "第一次提交，逐份看一看材料。",
        _FACTS,
        (
            PracticeMaterial("lease", "房屋租赁合同", "已提交", "双方都已签字，租期三年，地址和申请表一致。"),
            PracticeMaterial("plan", "场所布局图", "已提交", "标了尺寸、厨房和安全出口，看得清楚。"),
            PracticeMaterial("sign", "招牌效果图", "可容缺后补", "没有提交；办事指南写明可以容缺。"),
        ),
        "accept",
        f"材料齐全、符合法定形式的，应当受理；可以容缺的材料不能成为不受理的理由（{_LAW}第一款第（五）项）。",
    ),
    Sample(
        "two_gaps",
        "缺两样东西的申请",
        "第一次提交，有两份材料有问题，要一次说全。",
        _FACTS,
        (
            PracticeMaterial("lease", "房屋租赁合同", "已提交", "只有承租人签字，出租人一栏是空的。", wanting=True),
            PracticeMaterial("plan", "场所布局图", "未提交", "没有提交，也不属于可以容缺的材料。", wanting=True),
            PracticeMaterial("licence", "营业执照", "数据共享，免提交", "系统已经取得，不能要求申请人再交。"),
        ),
        "supplement",
        f"材料不齐的，应当当场或者五日内一次告知需要补正的全部内容（{_LAW}第一款第（四）项）。",
    ),
    Sample(
        "corrected",
        "补正以后又发现新问题",
        "上次告知补租赁合同的签字，现在已经补齐；这次看图纸，发现没有标尺寸。",
        _FACTS,
        (
            PracticeMaterial("lease", "房屋租赁合同", "新补交", "双方都已签字。"),
            PracticeMaterial("plan", "场所布局图", "已提交", "没有标尺寸；首次告知时没有提出。"),
        ),
        "accept",
        f"按要求提交了全部补正材料的，应当受理；首次没有告知的，不能再要求补正（{_LAW}第一款第（五）项）。",
        told=("lease",),
    ),
    Sample(
        "elsewhere",
        "不归本机关管的申请",
        "申请人想办的是网吧的许可，投到了市场监管窗口。",
        (("申请人", "乙网吧（编造）"), ("申请内容", "互联网上网服务营业场所经营许可"), ("经营场所", "虚构路 2 号")),
        (PracticeMaterial("lease", "房屋租赁合同", "已提交", "双方都已签字。"),),
        "refuse",
        f"不属于本机关职权范围的，应当即时作出不予受理的决定，并告知向有关行政机关申请（{_LAW}第一款第（二）项）。",
    ),
)


def judge(sample: Sample, *, outcome: str, points: Mapping[str, str], opinion: str) -> list[Finding]:
    """What there is to say, by the same rules that a real case is judged by; ``points`` as in a one-time notice."""
    if outcome not in _WORDS:
        return [Finding(good=False, text="还没有选结论。")]
    found = []
    if outcome == "supplement":
        problem = notice_problem(points, [sample.told] if sample.told else [])
        if problem:
            found.append(Finding(good=False, text=problem))
        found += _points(sample, points)
    if outcome == "refuse" and not opinion.strip():
        found.append(Finding(good=False, text="不予受理须向申请人说明理由，意见不能空着。"))
    if outcome == sample.right:
        found.insert(0, Finding(good=True, text=f"结论“{_WORDS[outcome]}”是对的。{sample.why}"))
    else:
        said = f"结论不应该是“{_WORDS[outcome]}”，应该是“{_WORDS[sample.right]}”。{sample.why}"
        found.insert(0, Finding(good=False, text=said))
    return found


def _points(sample: Sample, points: Mapping[str, str]) -> list[Finding]:
    names = {material.key: material.name for material in sample.materials}
    found = [
        Finding(good=False, text=f"“{names[key]}”也要补正，这次没有告知，以后就不能再提了。")
        for key in names
        if key in sample.wanting and key not in points
    ]
    found += [
        Finding(good=False, text=f"“{names[key]}”没有问题，不该要求补正。")
        for key in points
        if key in names and key not in sample.wanting
    ]
    if set(points) == sample.wanting and points:
        found.append(Finding(good=True, text="需要补正的内容一次说全了。"))
    return found
