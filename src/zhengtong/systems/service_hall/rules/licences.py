"""证照规则：where a licence stands, which acts are open on it and why others are not, what a measure needs."""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum

_ENDING_SOON = 60  # days within which the end of a licence is told beside it


class Act(StrEnum):
    """What may be done about a licence: the first six by its holder, the others by the unit that issued it."""

    RENEW = "renewal"
    CHANGE = "change"
    REPORT_LOSS = "report_loss"
    LIFT_LOSS = "lift_loss"
    REPLACE = "replacement"
    CANCEL = "cancellation"
    REVOKE = "revoke"
    CANCEL_EX_OFFICIO = "cancel"
    LIFT = "lift"
    CORRECT = "correct"


HOLDER_ACTS = (Act.RENEW, Act.CHANGE, Act.REPORT_LOSS, Act.LIFT_LOSS, Act.REPLACE, Act.CANCEL)
AUTHORITY_ACTS = (Act.REVOKE, Act.CANCEL_EX_OFFICIO, Act.LIFT, Act.CORRECT)
NOT_BY_THE_PROPOSER = "提出的人不能自己决定，他当时所代的人和代他办理的人也不能，请由本单位另一位负责人决定。"
_APPLIED_FOR = (Act.RENEW, Act.CHANGE, Act.REPLACE, Act.CANCEL)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Facts:
    """A licence as the rules see it.

    ``end_word`` is the word of its end, empty while in force; ``pending`` names the application about it that is
    under way, ``measure`` the act of the authority that waits for its decision; ``offered``: the item takes
    applications.
    """

    end_word: str = ""
    ended_on: dt.date | None = None
    lost_on: dt.date | None = None
    valid_until: dt.date | None = None
    pending: str = ""
    measure: str = ""
    offered: bool = True

    def expired(self, today: dt.date) -> bool:
        """True after the last day of its period."""
        return self.valid_until is not None and today > self.valid_until


def state_of(facts: Facts, today: dt.date) -> tuple[str, str]:
    """(state, plain words): ended, lost, expired, ending or valid."""
    if facts.end_word:
        return "ended", f"{facts.end_word}（{_day(facts.ended_on)}）"
    if facts.lost_on is not None:
        return "lost", f"已挂失（{_day(facts.lost_on)}）"
    if facts.valid_until is None:
        return "valid", "有效，长期"
    if facts.expired(today):
        return "expired", f"已过期（有效期至{_day(facts.valid_until)}）"
    left = (facts.valid_until - today).days
    if left <= _ENDING_SOON:
        return "ending", f"有效，将于{_day(facts.valid_until)}到期，还有 {left} 天"
    return "valid", f"有效，至{_day(facts.valid_until)}"


def barred(act: Act, facts: Facts, today: dt.date) -> str:
    """Why an act is not open on a licence, and what to do instead; empty when it is open."""
    if facts.end_word:
        return f"这份证照{facts.end_word}（{_day(facts.ended_on)}），不能再办理。"
    if act in AUTHORITY_ACTS:
        return _barred_to_authority(act, facts, today)
    if act is Act.LIFT_LOSS:
        if facts.lost_on is None:
            return "这份证照没有挂失。"
        return f"正在办理{facts.pending}，先撤回申请才能解除挂失。" if facts.pending else ""
    if act is Act.REPORT_LOSS:
        if facts.lost_on is not None:
            return f"已在{_day(facts.lost_on)}挂失。"
        return "已经过期，不需要挂失。" if facts.expired(today) else ""
    return _barred_to_apply(act, facts, today)


def _barred_to_authority(act: Act, facts: Facts, today: dt.date) -> str:
    if facts.measure:
        return f"已经提出{facts.measure}，等待负责人决定。"
    if act is Act.CORRECT and facts.expired(today):
        return "已经过期，不再更正；确有错误的，在延续或者重新申请时登记正确的内容。"
    return ""


def _barred_to_apply(act: Act, facts: Facts, today: dt.date) -> str:
    if facts.pending:
        return f"正在办理{facts.pending}，办结以后才能提出新的申请。"
    if not facts.offered:
        return "办理这份证照的事项现在不接受网上申请，请到签发单位的窗口办理。"
    if act is Act.CANCEL:
        return ""
    if facts.expired(today):
        return "已经过期，不能延续、变更和补发，需要的请重新申请。"
    if act is Act.REPLACE:
        return ""
    if facts.lost_on is not None:
        return "已经挂失，请先补办新证，或者找到以后解除挂失。"
    if act is Act.RENEW and facts.valid_until is None:
        return "长期有效，不需要延续。"
    return ""


# --- the authority's measures -----------------------------------------------------------------------------------------

#: grounds of each measure, by key: words and basis
GROUNDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    Act.REVOKE: {
        "abuse": ("行政机关工作人员滥用职权、玩忽职守作出准予行政许可决定", "行政许可法 第六十九条第一款第（一）项"),
        "beyond": ("超越法定职权作出准予行政许可决定", "行政许可法 第六十九条第一款第（二）项"),
        "procedure": ("违反法定程序作出准予行政许可决定", "行政许可法 第六十九条第一款第（三）项"),
        "unqualified": (
            "对不具备申请资格或者不符合法定条件的申请人准予行政许可",
            "行政许可法 第六十九条第一款第（四）项",
        ),
        "other": ("依法可以撤销行政许可的其他情形", "行政许可法 第六十九条第一款第（五）项"),
        "fraud": ("被许可人以欺骗、贿赂等不正当手段取得行政许可", "行政许可法 第六十九条第二款"),
    },
    Act.CANCEL_EX_OFFICIO: {
        "expired": ("行政许可有效期届满未延续", "行政许可法 第七十条第（一）项"),
        "incapable": (
            "赋予公民特定资格的行政许可，该公民死亡或者丧失行为能力",
            "行政许可法 第七十条第（二）项",
        ),
        "dissolved": ("法人或者其他组织依法终止", "行政许可法 第七十条第（三）项"),
        "withdrawn": ("行政许可依法被撤销、撤回，或者行政许可证件依法被吊销", "行政许可法 第七十条第（四）项"),
        "force_majeure": ("因不可抗力导致行政许可事项无法实施", "行政许可法 第七十条第（五）项"),
        "other": ("法律、法规规定的应当注销行政许可的其他情形", "行政许可法 第七十条第（六）项"),
    },
    Act.LIFT: {"penalty": ("行政处罚决定吊销许可证件", "行政许可法 第七十条第（四）项")},
    Act.CORRECT: {"mistake": ("证照登记的内容有误", "行政机关发现或者持有人提出的登记错误")},
}


def measure_problems(
    act: Act,
    *,
    ground: str,
    reason: str,
    relief: str,
    document_no: str,
    corrected: Mapping[str, str],
    facts: Facts,
    today: dt.date,
) -> dict[str, str]:
    """What a proposed measure lacks, a sentence per field; empty when it may be put to the leader."""
    found = {}
    if ground not in GROUNDS[act]:
        found["ground"] = "请选择依据的情形。"
    if not reason.strip():
        found["reason"] = "请写明查明的事实和理由。"
    if act is Act.REVOKE and ground != "fraud" and not relief.strip():
        found["relief"] = (
            "不是因为欺骗、贿赂而撤销的，要写明怎样处理被许可人受到损害的合法权益（行政许可法 第六十九条第四款）。"
        )
    if act is Act.LIFT and not document_no.strip():
        found["document_no"] = "请填写行政处罚决定书的文号。"
    if act is Act.CANCEL_EX_OFFICIO and ground == "expired" and not facts.expired(today):
        found["ground"] = "这份证照还在有效期内，不能以“有效期届满未延续”注销。"
    if act is Act.CORRECT and not corrected:
        found["corrected"] = "请至少更正一项登记内容。"
    return found


def decision_barred(act: Act, *, hear_until: dt.date | None, stated: bool, second: bool, today: dt.date) -> str:
    """Why a measure cannot be decided now by this leader; empty when it can.

    A ``second`` person decides; before a revocation the holder has been told and could state his case.
    """
    if not second:
        return NOT_BY_THE_PROPOSER
    if act is Act.REVOKE and not stated and hear_until is not None and today <= hear_until:
        return f"持有人可以在{_day(hear_until)}前陈述、申辩，在他陈述以前或者期限届满以前不能决定撤销。"
    return ""


def reminder_due(days_left: int, stages: tuple[int, ...]) -> int | None:
    """The stage of reminding that a licence with so many days left has reached; None before the first.

    Stages are days before the end; the nearest one that was reached counts, so that a long pause of the platform
    brings one reminder, not three. After the last day the stage is -1.
    """
    if days_left < 0:
        return -1
    return min((stage for stage in stages if days_left <= stage), default=None)


# --- licences as materials ------------------------------------------------------------------------------------------

_ADDITIONS = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]|复印件|原件|电子版|扫描件|副本|正本|\s|[《》“”\"]")


def plain_name(name: str) -> str:
    """The name of a paper without what says in which form it is handed in: 《营业执照》（复印件） → 营业执照."""
    return _ADDITIONS.sub("", name)


def is_paper_for(material: str, title: str, aliases: Mapping[str, list[str]]) -> bool:
    """Whether a licence of this title is what a material asks for.

    The plain names agree, or one of the ``aliases`` of the title is the material's name.
    """
    wanted, held = plain_name(material), plain_name(title)
    if not wanted or not held:
        return False
    return held == wanted or wanted in {plain_name(other) for other in aliases.get(held, [])}


def _day(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
