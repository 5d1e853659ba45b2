"""The county's limits for sending: pauses, horizons, the quiet hours."""

import dataclasses
import datetime as dt

from zhengtong.capabilities.notify.rules import QuietHours
from zhengtong.kernel import parameters

_LOCAL = "本地设定"
_HOURS = parameters.declare(
    "notify.retry_hours",
    default=48,
    label="通知发送失败后继续重发的时间",
    unit="小时",
    source=_LOCAL,
    confirmed=False,
)
_PAUSE = parameters.declare(
    "notify.longest_pause_minutes",
    default=30,
    label="两次重发之间最长间隔",
    unit="分钟",
    source=_LOCAL,
    confirmed=False,
)
_SENDS = parameters.declare(
    "notify.sms_most_sends", default=8, label="一条短信最多提交次数", unit="次", source=_LOCAL, confirmed=False
)
_REPORT = parameters.declare(
    "notify.report_hours",
    default=48,
    label="等待短信送达报告的时间",
    unit="小时",
    source=_LOCAL,
    confirmed=False,
)
_QUIET = parameters.declare(
    "notify.quiet_hours",
    default="22:00-07:00",
    label="不发短信的时段（免打扰，验证码除外）",
    unit="",
    source=_LOCAL,
    confirmed=False,
)
_URGENT = parameters.declare(
    "notify.urgent_minutes",
    default=15,
    label="验证码等即时短信的重发时间",
    unit="分钟",
    source=_LOCAL,
    confirmed=False,
)
_PARTS = parameters.declare(
    "notify.sms_most_parts", default=4, label="一条短信最多拆分段数", unit="段", source=_LOCAL, confirmed=False
)
_ALL = (_HOURS, _PAUSE, _SENDS, _REPORT, _QUIET, _URGENT, _PARTS)


@dataclasses.dataclass(frozen=True)
class Limits:
    """The values in force."""

    horizon: dt.timedelta
    longest_pause: dt.timedelta
    most_sends: int
    report_wait: dt.timedelta
    quiet: QuietHours
    urgent: dt.timedelta
    most_parts: int


def limits_of(tenant: str) -> Limits:
    """The limits of a county today, with one query."""
    found = parameters.values(*(one.key for one in _ALL), tenant=tenant)
    return Limits(
        horizon=dt.timedelta(hours=found[_HOURS.key]),
        longest_pause=dt.timedelta(minutes=found[_PAUSE.key]),
        most_sends=found[_SENDS.key],
        report_wait=dt.timedelta(hours=found[_REPORT.key]),
        quiet=QuietHours.parse(found[_QUIET.key]),
        urgent=dt.timedelta(minutes=found[_URGENT.key]),
        most_parts=max(1, found[_PARTS.key]),
    )
