"""Examining an OFD document that somebody holds in his hands."""

import dataclasses
import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import CertificateRole
from zhengtong.capabilities.trust.models import Certificate, SealUse
from zhengtong.capabilities.trust.registry import OfdReport, OfdStep, Vouching, ofd_signers
from zhengtong.capabilities.trust.selectors import certificates_by_serial, use_of_document
from zhengtong.capabilities.trust.services.digests import sm3
from zhengtong.capabilities.trust.services.keys import NO_LEGAL_EFFECT, is_unlawful, trusted_roots
from zhengtong.capabilities.trust.services.revocation import evidence_of_all
from zhengtong.kernel.clock import now


@dataclasses.dataclass(frozen=True)
class OfdVerification:
    """What was found in an OFD file; the words are those of ``PdfVerification``."""

    valid: bool
    recorded: bool
    development: bool
    message: str
    signatures: tuple[OfdReport, ...]


def verify_ofd(ofd: bytes, *, at: dt.datetime | None = None) -> OfdVerification:
    """核验 OFD 文件上的全部电子印章，逐步报告；也看撤销列表、平台自己的吊销记录和用印记录。

    Raises Invalid when the file is no readable OFD.
    """
    moment = at or now()
    found = ofd_signers.get("ofd")().verify_ofd(ofd, trust_roots=trusted_roots(), at=moment, evidence=evidence_of_all())
    known = certificates_by_serial({one.serial for report in found for one in report.vouching})
    use = use_of_document(sm3(ofd))
    judged = tuple(_judged(report, known, use) for report in found)
    development = any(row.is_development for row in known.values())
    valid = bool(judged) and all(report.valid for report in judged)
    return OfdVerification(
        valid=valid,
        recorded=use is not None,
        development=development,
        message=_message(judged, valid=valid, development=development),
        signatures=judged,
    )


def _judged(report: OfdReport, known: dict[str, Certificate], use: SealUse | None) -> OfdReport:
    report = _with_maker(report, known)
    report = _with_revocation(report, [_own_word(one, known.get(one.serial)) for one in report.vouching], use)
    rows = (known.get(one.serial) for one in report.vouching)
    if any(row is not None and is_unlawful(development=row.is_development) for row in rows):
        # the first step that fails is what people read
        step = OfdStep("lawful", _("证书具有法律效力"), passed=False, note=_("印章") + str(NO_LEGAL_EFFECT))
        return dataclasses.replace(report, steps=(step, *report.steps))
    return report


def _with_maker(report: OfdReport, known: dict[str, Certificate]) -> OfdReport:
    """The report under the register of makers: every other customer of a trusted authority can draw a seal, too."""
    row = known.get(report.maker_serial)
    if not report.maker_serial or (row is not None and row.role == CertificateRole.MAKER):
        return report
    note = _("制章者证书没有在本平台登记为制章证书：印章的名称和图样没有人担保。")
    return _and(report, [OfdStep("maker_registered", _("制章者已登记"), passed=False, note=note)])


def _own_word(one: Vouching, row: Certificate | None) -> Vouching:
    """What the platform's own row adds to the lists: a revocation, which may be newer than the newest of them."""
    if row is None or row.revoked_at is None or (one.revoked_at is not None and one.revoked_at <= row.revoked_at):
        return one
    return dataclasses.replace(one, revoked_at=row.revoked_at, reason=row.revocation_reason)


def _with_revocation(report: OfdReport, vouching: Iterable[Vouching], use: SealUse | None) -> OfdReport:
    """The report with a step for each certificate: a seal counts when a time before the revocation is proven."""
    parts = {one.part: one for one in vouching}
    if not parts:
        return report
    recorded = None if use is None else use.used_at
    stamp = parts.pop("stamp", None)
    steps, proven = [], recorded
    if stamp is not None and report.signed_at is not None:
        holds = rules.stamp_holds(stamped_at=report.signed_at, revoked_at=stamp.revoked_at, reason=stamp.reason)
        backed = holds or (recorded is not None and stamp.revoked_at is not None and recorded < stamp.revoked_at)
        proven = report.signed_at if holds else recorded
        steps.append(_stamp_step(stamp, holds=holds, backed=backed))
    steps += [_step(one, proven, stamped=stamp is not None) for one in parts.values()]
    first = min((one.revoked_at for one in parts.values() if one.revoked_at is not None), default=None)
    if first is not None:
        word = "revoked_later" if proven is not None and proven < first else "revoked"
    else:
        word = "good" if all(one.listed for one in parts.values()) else "unknown"
    return dataclasses.replace(_and(report, steps), revocation=word, revoked_at=first)


def _stamp_step(one: Vouching, *, holds: bool, backed: bool) -> OfdStep:
    label = _("时间戳证书没有被吊销")
    if one.revoked_at is None:
        return _unlisted_step("stamp_revocation", label, one, required=True)
    since = {"day": rules.day_of(one.revoked_at)}
    if holds:
        note = _("时间戳证书后来（%(day)s）停止使用，此前的时间戳仍然有效。") % since
    elif backed:
        note = _("时间戳证书已于%(day)s被吊销；平台的用印记录证明盖章时间。") % since
    else:
        note = _("时间戳证书已于%(day)s被吊销，时间戳不能再证明盖章时间，也没有用印记录证明。") % since
    return OfdStep("stamp_revocation", label, passed=backed, note=note)


def _step(one: Vouching, proven: dt.datetime | None, *, stamped: bool) -> OfdStep:
    signer = one.part == "signer"
    label = _("盖章时签章证书没有被吊销") if signer else _("盖章时制章者证书没有被吊销")
    key = f"{one.part}_revocation"
    if one.revoked_at is None:
        return _unlisted_step(key, label, one, required=stamped)
    passed = proven is not None and proven < one.revoked_at
    note = (
        _("证书后来（%(day)s）被吊销；时间戳或者用印记录证明盖章在吊销之前")
        if passed
        else _("证书已于%(day)s被吊销，且没有时间戳或者用印记录证明盖章在吊销之前。")
    )
    return OfdStep(key, label, passed, note % {"day": rules.day_of(one.revoked_at)})


def _unlisted_step(key: str, label: str, one: Vouching, *, required: bool) -> OfdStep:
    """As for PDF: without a list that reaches up to the stamped time nobody can say that it was not revoked."""
    if one.listed:
        return OfdStep(key, label, passed=True, note=_("已核对撤销列表"))
    note = _("没有签发机构在盖章之后的撤销列表，不能确认“%(name)s”没有被吊销。请安全管理员导入最新的撤销列表。")
    return OfdStep(key, label, passed=not required, note=note % {"name": one.name})


def _and(report: OfdReport, steps: Iterable[OfdStep]) -> OfdReport:
    return dataclasses.replace(report, steps=(*report.steps, *steps))


def _message(reports: tuple[OfdReport, ...], *, valid: bool, development: bool) -> str:
    if not reports:
        return _("这个文件上没有电子印章，不能证明由谁出具。")
    if not valid:
        return next(report.message for report in reports if not report.valid)
    organisations = "、".join(dict.fromkeys(report.organisation for report in reports))
    text = _("电子印章有效：文件由%(org)s盖章，盖章后未被改动。") % {"org": organisations}
    if development:
        text += _("印章使用开发测试证书，仅供演示，不具法律效力。")
    return text
