"""承诺规则：容缺受理和告知承诺. What is promised, until when, and in which words. Plain data and functions."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

TOLERANCE, COMMITMENT = "tolerance", "commitment"
_CONSEQUENCE = (
    "补交的材料真实有效，符合办事指南的受理标准。逾期没有补交或者补交的材料不符合要求的，"
    "同意依法终止办理，由此产生的后果自行承担；未履行承诺的情况将被记录，在信用修复以前不再适用容缺受理。"
)


@dataclasses.dataclass(frozen=True)
class Owed:
    """A material that may follow: ``limit`` in words, ``due_on`` once the time runs, ``given`` when it came."""

    key: str
    name: str
    form: str
    limit: str
    due_on: dt.date | None = None
    given: bool = False


def statement(owed: Sequence[Owed], org: str) -> str:
    """What the applicant promises for a tolerant acceptance: materials, form, limit, consequence."""
    lines = [f"{no}. {one.name}（{one.form}），受理之日起 {one.limit}内补交" for no, one in enumerate(owed, 1)]
    return "\n".join(
        [
            f"本人（本单位）申请的主要材料已经齐全，下列次要材料暂缺，申请{org}先行受理，并承诺按期补交：",
            *lines,
            _CONSEQUENCE,
        ]
    )


def standing(owed: Sequence[Owed], today: dt.date) -> str:
    """kept when all has come, late when a day has passed without it, else running."""
    waiting = [one for one in owed if not one.given]
    if not waiting:
        return "kept"
    return "late" if any(one.due_on is not None and one.due_on < today for one in waiting) else "running"


def next_due(owed: Sequence[Owed]) -> dt.date | None:
    """The first day until which something is still owed."""
    return min((one.due_on for one in owed if not one.given and one.due_on is not None), default=None)


def refusal(*, missing: Sequence[str], broken: Sequence[str], accepted: bool) -> str:
    """Why a tolerant acceptance is not offered; empty where it is.

    失信记录修复以前不适用容缺受理（地方规定，如西安、阜新）；告知承诺同样（国办发〔2020〕42号）。
    """
    if not missing:
        return "没有缺少可以容缺的材料，不需要承诺。"
    if broken:
        return f"以前作出的承诺没有履行（{'、'.join(broken)}），信用修复以前不适用容缺受理，请交齐材料后办理。"
    return "已经受理，不再办理容缺承诺；缺少的材料请按通知补交。" if accepted else ""


def commitment_refusal(*, offered: bool, broken: Sequence[str], handed_in: bool) -> str:
    """Why somebody cannot choose 告知承诺; empty where he can."""
    if not offered:
        return "这个事项没有实行告知承诺，请按一般程序办理。"
    if broken:
        return f"以前作出的承诺没有履行（{'、'.join(broken)}），信用修复以前不适用告知承诺，请按一般程序办理。"
    return "申请已经提交，办理方式不能再改。" if handed_in else ""
