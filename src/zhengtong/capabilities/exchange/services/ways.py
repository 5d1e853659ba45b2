"""The way to the upper platform: which one is set up, and asking it something with signatures on both sides."""

import dataclasses
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from zhengtong.capabilities.exchange.engine.packages import (
    Envelope,
    Unreadable,
    canonical,
    read_content,
    read_envelope,
    sm3,
)
from zhengtong.capabilities.exchange.registry import Transport, TransportFailed, transports
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.ids import new_id

_STATES: Final = ("received", "verified", "rejected", "totals")


@dataclasses.dataclass(frozen=True)
class Answer:
    """An answer of the upper platform whose signature holds; ``fields`` is what ``content`` says."""

    content: str
    signature: bytes
    certificate: str
    fields: dict[str, Any]

    @property
    def state(self) -> str:
        """received, verified, rejected or totals."""
        return str(self.fields["state"])


def way_in_use() -> Transport | None:
    """The transport that the settings name, None where nothing is reported."""
    name: str = settings.ZHENGTONG_UPPER_WAY
    return transports.get(name) if name in transports else None


def why_not_reporting() -> str:
    """Why nothing can be reported from here (one sentence), empty when it can."""
    way = way_in_use()
    if way is None:
        return _(
            "没有设置上级平台，不上报；变动都记着，设置以后补报。"
            "请设置 ZHENGTONG_UPPER_URL 和 ZHENGTONG_UPPER_CERTIFICATE。"
        )
    if way.simulated and not settings.ZHENGTONG_DEMO:
        return _("正式运行环境不能向模拟的上级平台上报，没有上报。请设置上级平台的地址和证书。")
    return way.problem()


def signer_of(tenant: str) -> trust.DataSigner:
    """The county's key for what it hands to others; raises DomainError with a sentence where it has no certificate."""
    signer = trust.data_signer(tenant=tenant, organisation=settings.ZHENGTONG_SITE["organiser"])
    if signer is None:
        raise DomainError(
            _(
                "还没有数据交换证书，不能上报。请用 zhengtong trust request --purpose exchange 申请、"
                "zhengtong trust import 导入。"
            )
        )
    return signer


def ask(tenant: str, subject: str, question: dict[str, Any]) -> Answer:
    """Ask the upper platform something, signed; raises TransportFailed, and DomainError without a certificate."""
    signer = signer_of(tenant)
    text = canonical({**question, "sender": tenant, "at": now().isoformat(), "nonce": str(new_id())})
    return hand_over(
        subject, Envelope(content=text.decode(), signature=signer.sign(text), certificate=signer.certificate)
    )


def hand_over(subject: str, envelope: Envelope) -> Answer:
    """Send an envelope; the answer, once its signature and its question are found right. Raises TransportFailed."""
    way = way_in_use()
    if way is None:
        raise TransportFailed(why_not_reporting())
    body = way.call(subject, envelope.body())
    try:
        answer = read_envelope(body)
        fields = read_content(answer.content)
    except Unreadable:
        raise TransportFailed(_("上级平台的应答无法识别。")) from None
    why = trust.why_data_not_trusted(
        data=answer.content.encode(),
        signature=answer.signature,
        certificate=answer.certificate,
        trusted=way.trusted(),
        at=now(),
    )
    if why:
        raise TransportFailed(_("上级平台的应答不能采信：%(why)s") % {"why": why})
    if fields.get("request") != sm3(envelope.content.encode()):
        raise TransportFailed(_("上级平台的应答答的不是这一次请求。"))
    if fields.get("state") not in _STATES:
        raise TransportFailed(_("上级平台的应答不是约定的回执。"))
    return Answer(answer.content, answer.signature, answer.certificate, fields)
