"""What an emergency banner may say, and for how long: plain arithmetic."""

import datetime as dt
from typing import Final

LONGEST: Final = dt.timedelta(days=30)
_WORDS: Final = (4, 120)


def problem(words: str, starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime) -> str:
    """Why it cannot stand; empty when it can."""
    if not _WORDS[0] <= len(words) <= _WORDS[1]:
        return f"请写明内容，{_WORDS[0]} 到 {_WORDS[1]} 个字。"
    if ends_at <= starts_at:
        return "结束时间要晚于开始时间。"
    if ends_at <= now:
        return "结束时间已经过去。"
    if ends_at - starts_at > LONGEST:
        return f"一条紧急提示最长 {LONGEST.days} 天，更久的请写成文章。"
    return ""
