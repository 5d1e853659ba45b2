"""Limits of passwords, locks and sessions: parameters with defaults FROM MEMORY (M-M), shown as 待核实."""

import dataclasses
import datetime as dt

from zhengtong.capabilities.identity.models import Account
from zhengtong.kernel.clock import now
from zhengtong.kernel.parameters import declare, value

_SOURCE = "GB/T 22239—2019 §8.1.4 身份鉴别的常见取值（待核实）"


@dataclasses.dataclass(frozen=True)
class Limits:
    """The values in force for a tenant today."""

    password_minimum: int
    password_classes: int
    password_history: int
    password_days: int
    lock_after: int
    lock_minutes: int
    idle_minutes: int


_KEYS = {
    "password_minimum": ("identity.password_minimum", 10, "密码最短长度", "个字符"),
    "password_classes": ("identity.password_classes", 3, "密码至少包含的字符种类", "种"),
    "password_history": ("identity.password_history", 5, "不得重复的最近密码", "个"),
    "password_days": ("identity.password_days", 90, "工作人员密码最长使用时间", "天"),
    "lock_after": ("identity.lock_after", 5, "连续失败多少次后锁定账户", "次"),
    "lock_minutes": ("identity.lock_minutes", 30, "账户锁定时间", "分钟"),
    "idle_minutes": ("identity.idle_minutes", 30, "工作人员无操作自动退出", "分钟"),
}

for _key, _default, _label, _unit in _KEYS.values():
    declare(_key, default=_default, label=_label, unit=_unit, source=_SOURCE, confirmed=False)


def limits_of(tenant: str) -> Limits:
    """All limits of a tenant."""
    return Limits(**{name: int(value(key, tenant=tenant)) for name, (key, *_rest) in _KEYS.items()})


def password_is_due(account: Account, limits: Limits) -> bool:
    """True when an official's password is older than allowed."""
    changed = account.password_changed_at
    return changed is None or now() - changed > dt.timedelta(days=limits.password_days)
