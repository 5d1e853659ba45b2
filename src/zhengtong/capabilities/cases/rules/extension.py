"""延长审批期限：by how much, by whom, and until when it may be granted (行政许可法 第四十二条)."""

import datetime as dt

from zhengtong.capabilities.cases.rules.statute import EXTENSION_RULES, ExtensionRule
from zhengtong.capabilities.cases.rules.terms import Limit


def rule_for(*, joint: bool) -> ExtensionRule:
    """The rule of a case: of joint handling by several departments, or of a single agency."""
    return EXTENSION_RULES["joint" if joint else "single"]


def extension_problem(
    rule: ExtensionRule, days: int, *, statutory: Limit, due_at: dt.datetime | None, granted: bool, now: dt.datetime
) -> str:
    """Why an extension may not be asked for or granted now, as a sentence; empty when it may.

    ``due_at`` is the end of the statutory limit (None while the clock stands still), ``granted`` whether the case
    has been extended before.
    """
    most = rule.extra.amount or 0
    if not statutory.is_set or statutory.unit.is_clock_time or statutory.amount == 0:
        return "这个办件没有可以延长的法定办结时限（即办或者按小时计算的时限不能延长）。"
    if granted:
        return f"法定时限只能延长一次，这个办件已经延长过（{rule.legal_basis}）。"
    if not 1 <= days <= most:
        return f"{rule.label}的，最多延长 {most} 个工作日，请填写 1 至 {most}（{rule.legal_basis}）。"
    if due_at is not None and now >= due_at:
        return "法定办结时限已经届满，不能再延长：延长须在时限届满前批准。"
    return ""
