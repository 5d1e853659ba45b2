"""Limits of passwords, locks and sessions: parameters with defaults FROM MEMORY (M-M), shown as 待核实."""

import dataclasses
import datetime as dt

from zhengtong.capabilities.identity.models import Account
from zhengtong.kernel.clock import now
from zhengtong.kernel.parameters import declare, value, values

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
    source_lock_after: int
    source_lock_minutes: int
    idle_minutes: int
    idle_minutes_citizen: int
    session_hours: int
    fresh_factor_minutes: int
    recovery_minutes: int
    confirmation_minutes: int
    enrolment_hours: int
    first_password_hours: int
    merge_undo_days: int


_KEYS = {
    "password_minimum": ("identity.password_minimum", 10, "密码最短长度", "个字符"),
    "password_classes": ("identity.password_classes", 3, "密码至少包含的字符种类", "种"),
    "password_history": ("identity.password_history", 5, "不得重复的最近密码", "个"),
    "password_days": ("identity.password_days", 90, "工作人员密码最长使用时间", "天"),
    "lock_after": ("identity.lock_after", 5, "连续失败多少次后锁定账户", "次"),
    "lock_minutes": ("identity.lock_minutes", 30, "账户锁定时间", "分钟"),
    # a whole office signs in through one address, so an address may fail far more often than an account
    "source_lock_after": ("identity.source_lock_after", 100, "同一来源地址在锁定时间内失败多少次后锁定该地址", "次"),
    "source_lock_minutes": ("identity.source_lock_minutes", 15, "来源地址锁定时间（也是计数时间）", "分钟"),
    "idle_minutes": ("identity.idle_minutes", 30, "工作人员无操作自动退出", "分钟"),
    "idle_minutes_citizen": ("identity.idle_minutes_citizen", 60, "群众无操作自动退出", "分钟"),
    "session_hours": ("identity.session_hours", 12, "一次登录最长有效时间", "小时"),
    "fresh_factor_minutes": ("identity.fresh_factor_minutes", 15, "敏感操作要求多久以内验证过第二因素", "分钟"),
    "recovery_minutes": ("identity.recovery_minutes", 10, "找回密码的验证码有效时间", "分钟"),
    "confirmation_minutes": ("identity.confirmation_minutes", 5, "本人确认的短信验证码有效时间", "分钟"),
    "enrolment_hours": ("identity.enrolment_hours", 24, "第二因素开通码有效时间", "小时"),
    "first_password_hours": ("identity.first_password_hours", 72, "管理员发放的初始密码有效时间", "小时"),
    "merge_undo_days": ("identity.merge_undo_days", 30, "合并账户后多少天内可以撤销", "天"),
}

for _key, _default, _label, _unit in _KEYS.values():
    declare(_key, default=_default, label=_label, unit=_unit, source=_SOURCE, confirmed=False)

_STRENGTH = declare(
    "identity.password_strength",
    default=9.5,
    label="猜中密码至少需要的次数",
    unit="10 的次方",
    source="本平台取值：约 30 亿次（待核实）",
    confirmed=False,
).key
_WEAK_WORDS = declare(
    "identity.weak_words",
    default=(
        "zhengfu zhengwu zhengtong woaini huawei admin administrator root test user manager system guanliyuan mima"
        " qinghe dangwei xianzhang shuji renmin zhongguo"
    ),
    label="密码里当作常用词的本地词语（空格分隔）",
    unit="",
    source="本平台取值，请各县补充本地地名、单位简称的拼音（待核实）",
    confirmed=False,
).key


def limits_of(tenant: str) -> Limits:
    """All limits of a tenant, with one query."""
    found = values(*(key for key, *_rest in _KEYS.values()), tenant=tenant)
    return Limits(**{name: int(found[key]) for name, (key, *_rest) in _KEYS.items()})


def password_strength(tenant: str) -> tuple[float, tuple[str, ...]]:
    """The power of ten of the guesses a password must withstand, and the words attackers of this county try first."""
    found = values(_STRENGTH, _WEAK_WORDS, tenant=tenant)
    return float(found[_STRENGTH]), tuple(str(found[_WEAK_WORDS]).split())


def fresh_factor_minutes(tenant: str) -> int:
    """For how long a second factor counts as given just now."""
    return int(value("identity.fresh_factor_minutes", tenant=tenant))


def password_is_due(account: Account, limits: Limits) -> bool:
    """True when an official's password is older than allowed."""
    changed = account.password_changed_at
    return changed is None or now() - changed > dt.timedelta(days=limits.password_days)
