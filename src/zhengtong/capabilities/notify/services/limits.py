"""The county's limits for sending: pauses, horizons, the quiet hours."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from zhengtong.capabilities.notify.rules import QuietHours
from zhengtong.kernel import parameters

_LOCAL = "本地设定"


def _local(
    key: str, default: Any, label: str, unit: str = "", *, reads: Callable[[Any], object] | None = None
) -> parameters.Parameter:
    """A limit that each county sets for itself; nothing prescribes it."""
    return parameters.declare(
        f"notify.{key}", default=default, label=label, unit=unit, source=_LOCAL, confirmed=False, reads=reads
    )


_HOURS = _local("retry_hours", 48, "通知发送失败后继续重发的时间", "小时")
_PAUSE = _local("longest_pause_minutes", 30, "两次重发之间最长间隔", "分钟")
_SENDS = _local("sms_most_sends", 8, "一条短信最多提交次数", "次")
_REPORT = _local("report_hours", 48, "等待短信送达报告的时间", "小时")
_QUIET = _local("quiet_hours", "22:00-07:00", "不发短信的时段（免打扰，验证码除外）", reads=QuietHours.parse)
_URGENT = _local("urgent_minutes", 15, "验证码等即时短信的重发时间", "分钟")
_PARTS = _local("sms_most_parts", 4, "一条短信最多拆分段数", "段")
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
