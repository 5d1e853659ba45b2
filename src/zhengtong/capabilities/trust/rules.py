"""用印规则：什么印章可以用、叫什么名字、怎样变更状态。"""

import datetime as dt
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from zoneinfo import ZoneInfo

# 状态的去向：注销之后不能恢复，只能销毁私钥（GB/T 39046 印章生命周期：停用、恢复、注销、销毁）。
NEXT_STATUSES: dict[str, frozenset[str]] = {
    "active": frozenset({"suspended", "revoked"}),
    "suspended": frozenset({"active", "revoked"}),
    "revoked": frozenset({"destroyed"}),
    "destroyed": frozenset(),
}

# 先国密后 RSA：最后一个签名覆盖整个文件，通用阅读器能核验 RSA，因此让它覆盖包括国密签名在内的全部内容。
SEAL_ALGORITHMS = ("SM2", "RSA-3072")

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def has_left(units: Collection[str], posts: Collection[str]) -> bool:
    """Whether who holds posts in units with these paths has left the unit that his certificate names.

    ``units`` are the paths of the units with that name today; where there is none, it has been renamed or is no more,
    and who holds any post is not held to have left.
    """
    if not units:
        return not posts
    return not any(path.startswith(unit) for path in posts for unit in units)


def algorithm_words(algorithm: str) -> str:
    """A certificate's algorithm in words an official knows, with its sign for who has to compare it."""
    words = {"SM2": "国密", "RSA-3072": "国际通用", "ECDSA-P256": "国际通用"}
    return f"{words[algorithm]}（{algorithm}）" if algorithm in words else algorithm


def seal_name(org_name: str, kind_label: str) -> str:
    """印章名称：单位名称加印章种类。"""
    return f"{org_name}{kind_label}"


def captions(kind: str, kind_label: str, *, development: bool) -> tuple[str, ...]:
    """印面下方的文字：公章无字，专用章写明用途；开发测试证书的印章一律注明演示。"""
    lines = () if kind == "official" else (kind_label,)
    return (*lines, "演示专用") if development else lines


def why_not_usable(
    *, name: str, status: str, valid_from: dt.datetime, valid_until: dt.datetime, at: dt.datetime
) -> str:
    """不能用印的原因（一句话），可以用印时为空。有效期含起不含止。"""
    if status == "suspended":
        return f"“{name}”已停用，不能盖章。请联系印章管理员恢复后再办理。"
    if status in ("revoked", "destroyed"):
        return f"“{name}”已注销，不能盖章。请使用本单位现行有效的印章。"
    if at < valid_from:
        return f"“{name}”自 {day_of(valid_from)} 起才能使用，现在不能盖章。"
    if at >= valid_until:
        return f"“{name}”的有效期已于 {day_of(valid_until)} 届满，不能盖章。请联系印章管理员换发证书。"
    return ""


def why_certificate_not_usable(
    *, status: str, revoked_at: dt.datetime | None, not_before: dt.datetime, not_after: dt.datetime, at: dt.datetime
) -> str:
    """证书在某一时刻不能使用的原因（一句话），可以使用时为空；换发过的证书不再用于新的签名。"""
    if revoked_at is not None and revoked_at <= at:
        word = "暂停使用" if status == "held" else "吊销"
        return f"这张证书已于 {day_of(revoked_at)} 被{word}，不能使用。请联系安全管理员。"
    if status == "retired":
        return "这张证书已经换发，请使用新的证书。"
    if at < not_before:
        return f"这张证书自 {day_of(not_before)} 起才有效。"
    if at >= not_after:
        return f"这张证书的有效期已于 {day_of(not_after)} 届满，请换发证书。"
    return ""


def days_left_in_words(days: int, *, warned: int) -> str:
    """证书还有多少天到期；多于 ``warned`` 天的不提醒，为空。"""
    if days < 0:
        return "已经到期"
    if days == 0:
        return "今天到期"
    return f"还有 {days} 天" if days <= warned else ""


def level_reached(wanted: str, *, stamped: bool, listed: bool) -> str:
    """实际能够达到的证明等级：没有时间戳只能是基本签名，没有撤销列表不能达到长期保存。"""
    if wanted == "B" or not stamped:
        return "B"
    return wanted if listed else "T"


# RFC 3161 §4 第 1 项：因这些原因停用的时间戳证书，此前的时间戳仍然有效；私钥失密或者没有说明原因的，全部不再可信。
_STAMPS_STAY_GOOD = frozenset({"affiliation_changed", "superseded", "cessation_of_operation"})


def stamp_holds(*, stamped_at: dt.datetime, revoked_at: dt.datetime | None, reason: str) -> bool:
    """时间戳证书吊销之后，这个时间戳还能不能证明时间。"""
    return revoked_at is None or (reason in _STAMPS_STAY_GOOD and stamped_at < revoked_at)


def why_certificate_does_not_fit(
    role: str, *, usages: AbstractSet[str] | None, purposes: AbstractSet[str] | None
) -> str:
    """证书不适合这种用途的原因（一句话），适合时为空；``usages``、``purposes`` 是密钥用法和扩展密钥用法。"""
    if usages is not None and usages.isdisjoint(("digital_signature", "non_repudiation")):
        return "它的密钥用法不包括签名（可能是加密证书），请导入签名证书。"
    if role == "timestamp" and "time_stamping" not in (purposes or ()):
        return "时间戳证书的扩展密钥用法须注明“时间戳”（RFC 3161 §2.3），请联系签发机构。"
    if role != "timestamp" and purposes is not None and "time_stamping" in purposes:
        return "它是时间戳证书，不能用于其他用途。"
    return ""


def may_become(present: str, wanted: str) -> bool:
    """印章状态能否这样变更。"""
    return wanted in NEXT_STATUSES[present]


def day_of(instant: dt.datetime) -> str:
    """某一时刻在当地的日期，例如“2026年11月20日”。"""
    local = instant.astimezone(_SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"
