"""A verification in the words and shapes of the page."""

import dataclasses
import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.documents import api
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, group4

# Verdict → (state of the badge component, its word)
_BADGES = {
    api.Verdict.GENUINE: ("valid", gettext_lazy("真：签发有效")),
    api.Verdict.NOT_YET_VALID: ("revoked", gettext_lazy("尚未生效")),
    api.Verdict.EXPIRED: ("revoked", gettext_lazy("已过期")),
    api.Verdict.SUPERSEDED: ("revoked", gettext_lazy("已被替换")),
    api.Verdict.WITHDRAWN: ("revoked", gettext_lazy("已撤回")),
    api.Verdict.LOST: ("revoked", gettext_lazy("已挂失")),
    api.Verdict.FOR_TESTS: ("invalid", gettext_lazy("测试文书，不具法律效力")),
    api.Verdict.ALTERED: ("invalid", gettext_lazy("已被改动")),
    api.Verdict.UNKNOWN: ("unknown", gettext_lazy("不是本平台签发")),
    api.Verdict.MISTYPED: ("unknown", gettext_lazy("查验码有误")),
}


@dataclasses.dataclass(frozen=True)
class Shown:
    """What the result page prints: badge, sentence, facts, and what was found of each signature."""

    state: str
    badge: str
    message: str
    facts: list[dict[str, Any]]
    digest: str
    signatures: list[dict[str, Any]]
    signature_message: str
    token_message: str
    by_file: bool
    known: bool
    ledger: list[dict[str, Any]]
    receipt_url: str
    document_id: uuid.UUID | None


def shown(result: api.VerificationResult) -> Shown:
    """The result as the page prints it."""
    state, word = _BADGES[result.verdict]
    ended = result.verdict in (api.Verdict.SUPERSEDED, api.Verdict.WITHDRAWN)
    return Shown(
        state=state,
        badge=result.end_word if ended and result.end_word else str(word),
        message=result.message,
        facts=_facts(result),
        digest=group4(result.sm3),
        signatures=[_signature(one) for one in result.signatures],
        signature_message=result.signature_message,
        token_message=result.token_message,
        by_file=result.same_file is not None,
        known=bool(result.number),
        ledger=_ledger(result),
        receipt_url=reverse("documents:receipt", args=[result.code]) if result.ledger_entry else "",
        document_id=result.document_id,
    )


def _facts(result: api.VerificationResult) -> list[dict[str, Any]]:
    rows = [
        (_("文书名称"), result.title),
        (_("编号"), result.number),
        (_("持有人"), result.holder),
        (_("签发单位"), result.issuer),
        (_("签发日期"), cn_date(result.issued_at)),
        (_("有效期"), _period(result)),
        (_("当前状态"), _standing(result)),
        (_("挂失时间"), cn_datetime(result.lost_at)),
        (_("失效时间"), cn_datetime(result.ended_at)),
        (_("失效原因"), result.ended_ground),
        (_("电子印章"), (_("已加盖") if result.sealed else _("未加盖")) if result.number else ""),
        (_("上传的文件"), _file(result)),
        (_("查验码"), "-".join(group4(result.code).split())),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _standing(result: api.VerificationResult) -> str:
    if not result.number:
        return ""
    if result.ended_at is None:
        return _("已挂失") if result.lost_at else _("没有被撤回或者替换")
    return _("已不再有效")


def _file(result: api.VerificationResult) -> str:
    if not result.same_file:
        return _("与签发的电子原件不一致") if result.same_file is False and result.number else ""
    words = {"format": result.file_format.upper(), "no": result.version_no}
    return _("与签发的电子原件（%(format)s，第 %(no)s 版）完全一致") % words


def _ledger(result: api.VerificationResult) -> list[dict[str, Any]]:
    if result.ledger_entry is None:
        return []
    return [
        {"label": _("账目编号"), "value": str(result.ledger_entry)},
        {"label": _("记账时间"), "value": cn_datetime(result.ledger_at)},
    ]


def _period(result: api.VerificationResult) -> str:
    if not result.number:
        return ""
    if result.valid_until is None:
        return _("长期")
    start = cn_date(result.valid_from or result.issued_at)
    return _("%(start)s至%(end)s") % {"start": start, "end": cn_date(result.valid_until)}


def _signature(one: api.SignatureView) -> dict[str, Any]:
    rows = [
        {"label": _("签章单位"), "value": one.unit},
        {"label": _("签章"), "value": one.signer if one.signer != one.unit else ""},
        {"label": _("签章时间"), "value": cn_datetime(one.signed_at), "note": one.time_source if one.signed_at else ""},
        {"label": _("签章证书"), "value": one.certificate},
        {"label": _("覆盖范围"), "value": one.coverage},
        {"label": _("签章之后"), "value": _("内容被改动") if one.changed_after else _("内容没有改动")},
        {"label": _("证明等级"), "value": one.level},
        {"label": _("签名算法"), "value": one.algorithm},
    ]
    return {
        "state": "valid" if one.valid else "invalid",
        "title": _("有效") if one.valid else _("不能采信"),
        "text": one.sentence,
        "rows": [row for row in rows if row["value"]],
        "checks": one.checks,
    }
