"""What the signatures and seals in a file say, in words for people and as plain values for the archive."""

import dataclasses
import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.errors import Invalid

_LEVELS = {
    "B": "基本签名（没有时间戳）",
    "T": "带可信时间戳",
    "LT": "带可信时间戳和证书状态资料",
    "LTA": "长期保存（带归档时间戳）",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckView:
    """One thing that was checked."""

    label: str
    passed: bool
    note: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignatureView:
    """One signature or seal found in a file: who, when, valid at that time or not and why, what it covers.

    ``time_source`` says who vouches for the time; ``sentence`` says it all in one.
    """

    signer: str
    unit: str
    algorithm: str
    signed_at: dt.datetime | None
    time_source: str
    valid: bool
    trusted: bool
    changed_after: bool
    coverage: str
    level: str
    certificate: str
    sentence: str
    checks: tuple[CheckView, ...] = ()


@dataclasses.dataclass(frozen=True)
class FoundSignatures:
    """All signatures of a file and a sentence about them together."""

    views: tuple[SignatureView, ...]
    message: str


def signatures_in(content: bytes, *, is_ofd: bool) -> FoundSignatures:
    """The signatures of a PDF or OFD file; a damaged file has none and a sentence that says so."""
    try:
        return _in_ofd(content) if is_ofd else _in_pdf(content)
    except Invalid:
        return FoundSignatures((), _("文件已损坏，无法检查电子印章。"))


def signature_report(content: bytes) -> list[dict[str, Any]]:
    """The same as plain values, for the archive package."""
    found = signatures_in(content, is_ofd=content[:4] == b"PK\x03\x04")
    return [
        {
            **dataclasses.asdict(view),
            "signed_at": view.signed_at.isoformat() if view.signed_at else "",
            "checks": [dataclasses.asdict(check) for check in view.checks],
        }
        for view in found.views
    ]


def _in_pdf(content: bytes) -> FoundSignatures:
    found = trust.verify_pdf(content)
    stamped = [stamp.signed_at for stamp in found.stamps if stamp.valid and stamp.signed_at is not None]
    message = found.message
    if stamped:
        newest = max(stamped).astimezone(SHANGHAI)
        message += _("归档时间戳证明整个文件在%(at)s已经存在。") % {"at": f"{newest:%Y-%m-%d %H:%M}"}
    return FoundSignatures(tuple(_of_pdf(report) for report in found.signatures), message)


def _of_pdf(report: trust.SignatureReport) -> SignatureView:
    return SignatureView(
        signer=report.signer,
        unit=report.organisation or report.signer,
        algorithm=report.algorithm,
        signed_at=report.signed_at,
        time_source=_time_source(stamped=report.stamped),
        valid=report.valid,
        trusted=report.chain_ok,
        changed_after=report.modified_after or not report.intact,
        coverage=_("整个文件") if report.coverage_whole else _("签署时的全部内容（其后追加了其他签名或者验证资料）"),
        level=_LEVELS.get(report.level, report.level),
        certificate=_status_of(report, trusted=report.chain_ok),
        sentence=report.message,
    )


def _status_of(report: trust.SignatureReport | trust.OfdReport, *, trusted: bool) -> str:
    words = {
        "good": _("签署时有效，没有被吊销"),
        "revoked": _("签署时已被吊销"),
        "revoked_later": _("签署时有效，之后被吊销"),
    }
    if report.revocation in words and (trusted or report.revocation == "revoked"):
        return words[report.revocation]
    return _("签署时在有效期内，可信") if trusted else _("不可信，或者签署时不在有效期内")


def _in_ofd(content: bytes) -> FoundSignatures:
    found = trust.verify_ofd(content)
    return FoundSignatures(tuple(_of_ofd(report) for report in found.signatures), found.message)


def _of_ofd(report: trust.OfdReport) -> SignatureView:
    passed = {step.key: step.passed for step in report.steps}
    trusted = passed.get("lawful", True) and passed.get("signer_chain", False) and passed.get("maker_chain", False)
    intact = all(passed.get(key, False) for key in ("parts", "data_hash", "signature"))
    return SignatureView(
        signer=report.seal_name or report.signer,
        unit=report.organisation,
        algorithm=report.algorithm,
        signed_at=report.signed_at,
        time_source=_time_source(stamped=report.stamped),
        valid=report.valid,
        trusted=trusted,
        changed_after=not intact,
        coverage=_("整个文件") if passed.get("coverage") else _("文件的一部分"),
        level=_("电子印章（GB/T 38540）"),
        certificate=_status_of(report, trusted=trusted),
        sentence=report.message,
        checks=tuple(CheckView(label=step.label, passed=step.passed, note=step.note) for step in report.steps),
    )


def _time_source(*, stamped: bool) -> str:
    return _("可信时间戳") if stamped else _("签章单位自报的时间")
