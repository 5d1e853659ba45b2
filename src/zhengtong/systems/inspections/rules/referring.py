"""What may be done with a referred card, and what an inspection about it looks at; plain words."""

import dataclasses
from collections.abc import Mapping

_ACTS: Mapping[str, tuple[str, ...]] = {"waiting": ("take", "aside"), "aside": ("second",)}
TITLE_MAX, LOOK_MAX = 80, 500


@dataclasses.dataclass(frozen=True, kw_only=True)
class CardFacts:
    """What is known of a referred card, in Chinese words; ``case_number`` may be empty."""

    number: str
    level: str
    rule: str
    unit: str
    case_number: str
    reason: str


def referral_acts(state: str) -> frozenset[str]:
    """What the office may do: ``second`` only by somebody else than who set it aside."""
    return frozenset(_ACTS.get(state, ()))


def subject_of(card: CardFacts) -> str:
    """The subject of a plan that is made for a referred card; it may be read by everybody one day, so no unit in it."""
    tail = "专项督查"
    return card.rule[: TITLE_MAX - len(tail)] + tail


def basis_of(card: CardFacts) -> str:
    """Why it is inspected."""
    return f"电子监察转督查，监察编号 {card.number}"


def points_of(card: CardFacts) -> list[tuple[str, str, str]]:
    """What to look at: the card itself, why it happened, whether it is put right; (point, look at, evidence)."""
    about = f"{card.level}，{card.rule}"
    if card.case_number:
        about += f"，办件 {card.case_number}"
    return [
        (f"核查亮牌 {card.number} 的事实", f"{about}。{_plain(card.reason)}"[:LOOK_MAX], "办件材料、系统记录"),
        ("发生的原因和责任岗位", "制度有没有，落实了没有，谁负责", "制度文件、谈话记录"),
        ("整改和同类情况", "是不是已经改正，同类办件还有没有同样的问题", "抽看记录、整改材料"),
    ]


def lines(points: list[tuple[str, str, str]]) -> str:
    """Points as a plan's form takes them, one a line."""
    return "\n".join("｜".join(cells) for cells in points)


def _plain(text: str) -> str:
    """Free words as one cell of a line: bars and line ends would part it."""
    return " ".join(text.replace("｜", "，").replace("|", "，").split())
