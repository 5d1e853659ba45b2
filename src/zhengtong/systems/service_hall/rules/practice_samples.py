"""Invented applications to practise on, with the conclusion the law asks for."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class PracticeMaterial(NamedTuple):
    """A material of an invented application: what one sees when one looks at it, and whether it will do."""

    key: str
    name: str
    word: str
    seen: str
    wanting: bool = False


class Sample(NamedTuple):
    """An invented application: ``right`` is the conclusion the law asks for, ``why`` the reason.

    ``told`` are the materials of an earlier one-time notice, as the applicant was told them; ``step`` is whose work it
    is: accept, review or decide; ``opinion_words`` must stand in the opinion.
    """

    key: str
    title: str
    story: str
    facts: tuple[tuple[str, str], ...]
    materials: tuple[PracticeMaterial, ...]
    right: str
    why: str
    told: tuple[str, ...] = ()
    step: str = "accept"
    opinion_words: tuple[str, ...] = ()

    @property
    def wanting(self) -> frozenset[str]:
        """Materials that must be told."""
        return frozenset(material.key for material in self.materials if material.wanting)


#: step → (code, label, key) of its conclusions, as a real task offers them
OUTCOMES: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = {
    "accept": (("accept", "受理", "a"), ("supplement", "一次性告知补正", "s"), ("refuse", "不予受理", "x")),
    "review": (("pass", "审查通过", "a"), ("fail", "审查不通过", "x")),
    "decide": (("approve", "准予许可", "a"), ("reject", "不予许可", "x"), ("return", "退回重新审查", "r")),
}
STEPS: Final = {"accept": "受理", "review": "审查", "decide": "决定"}
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
    Sample(
        "tolerant",
        "缺一份可以容缺的材料",
        "第一次提交，平面图没有交；申请人签了容缺承诺，说十个工作日以内补来。",
        _FACTS,
        (
            PracticeMaterial("lease", "房屋租赁合同", "已提交", "双方都已签字。"),
            PracticeMaterial("plan", "场所布局图", "可容缺后补", "没有提交；办事指南写明可以容缺，已有书面承诺。"),
        ),
        "accept",
        "办事指南写明可以容缺的材料，申请人书面承诺期限内补齐的，应当先予受理，不能再要求补正。",
    ),
    Sample(
        "review_same_plan",
        "审查：图纸和现场不一致",
        "现场核查记录写明：图纸上的安全出口被货架堵死，当场没有改正。",
        (*_FACTS, ("现场核查", "安全出口被货架堵死，未整改")),
        (
            PracticeMaterial("plan", "场所布局图", "已提交", "标了一个安全出口。"),
            PracticeMaterial("record", "现场核查记录", "已提交", "两名核查人员签名，申请人签名确认。"),
        ),
        "fail",
        "实质内容需要核实的，应当指派两名以上工作人员核查（行政许可法 第三十四条第三款）；"
        "核查不符合条件的，审查意见应当如实写明。",
        step="review",
    ),
    Sample(
        "decide_reject",
        "决定：不符合条件",
        "审查不通过：经营场所属于居民楼内不得设立的项目，申请人放弃听证。",
        (*_FACTS, ("审查结论", "不通过：居民楼内不得设立")),
        (PracticeMaterial("opinion", "审查意见", "已提交", "写明了不符合的条款。"),),
        "reject",
        "依法作出不予许可决定的，应当说明理由，并告知复议和诉讼的权利（行政许可法 第三十八条第二款）。",
        step="decide",
        opinion_words=("复议", "诉讼"),
    ),
    Sample(
        "decide_approve",
        "决定：符合条件",
        "审查通过，各部门意见一致，没有异议；承诺期限还有一天。",
        (*_FACTS, ("审查结论", "通过")),
        (PracticeMaterial("opinion", "审查意见", "已提交", "各部门均同意。"),),
        "approve",
        "申请符合法定条件、标准的，应当依法作出准予的书面决定（行政许可法 第三十八条第一款）；"
        "没有新情况不能退回重审，拖过期限。",
        step="decide",
    ),
)
