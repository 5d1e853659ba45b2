"""Packages with their rows and receipts; whether a package still is what was signed."""

import dataclasses
import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.exchange.constants import PackageState
from zhengtong.capabilities.exchange.engine.packages import read_manifest, sm3
from zhengtong.capabilities.exchange.models import ReportPackage
from zhengtong.capabilities.exchange.permissions import may_see_all
from zhengtong.capabilities.exchange.registry import data_sets
from zhengtong.capabilities.trust import api as trust
from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound


@dataclasses.dataclass(frozen=True)
class Check:
    """One thing that was looked at: ``good``, and in words what was found."""

    label: str
    good: bool
    text: str


def packages(*, actor: Actor, dataset: str = "", state: str = "") -> "QuerySet[ReportPackage]":
    """The county's packages, newest first; none for who may not see them."""
    if not may_see_all(actor):
        return ReportPackage.objects.none()
    rows = ReportPackage.objects.filter(tenant=actor.tenant)
    if dataset in data_sets:
        rows = rows.filter(dataset=dataset)
    if state in PackageState.values:
        rows = rows.filter(state=state)
    return rows.defer("manifest", "certificate", "signature").order_by("-created_at", "-sequence")


def package_of(*, actor: Actor, package_id: uuid.UUID) -> ReportPackage:
    """One package; raises NotFound."""
    row = ReportPackage.objects.filter(tenant=actor.tenant, pk=package_id).first() if may_see_all(actor) else None
    if row is None:
        raise NotFound(_("没有找到这个上报包。"))
    return row


def checks_of(package: ReportPackage) -> list[Check]:
    """Content, chain, signature and certificate of a package, looked at anew."""
    manifest = read_manifest(package.manifest)
    try:
        _row, content = storage.read(tenant=package.tenant, file_id=package.file_id)
        whole = sm3(content) == manifest.digest
    except NotFound:
        whole = False
    why = trust.why_data_not_trusted(
        data=package.manifest.encode(),
        signature=bytes(package.signature),
        certificate=package.certificate,
        trusted=[package.certificate],
        at=package.created_at,
    )
    return [
        Check(
            _("内容"),
            whole,
            _("与清单中的 SM3 摘要一致") if whole else _("与清单中的摘要不符，或者文件已损坏，请从备份恢复"),
        ),
        _chain(package),
        Check(
            _("签名"),
            not why,
            why or _("由“%(org)s”签署（SM2），签署后没有改动") % {"org": package.signed_by},
        ),
        _certificate(package),
    ]


def download_parts(package: ReportPackage) -> dict[str, bytes]:
    """File name → content: everything needed to check the package elsewhere."""
    _row, content = storage.read(tenant=package.tenant, file_id=package.file_id)
    parts = {
        "manifest.json": package.manifest.encode(),
        "manifest.sig": bytes(package.signature),
        "certificate.pem": package.certificate.encode(),
        "rows.jsonl": content,
    }
    for number, receipt in enumerate(package.receipts.order_by("created_at"), start=1):
        parts[f"receipt-{number}-{receipt.kind}.json"] = receipt.content.encode()
        parts[f"receipt-{number}-{receipt.kind}.sig"] = bytes(receipt.signature)
        parts[f"receipt-{number}-{receipt.kind}.pem"] = receipt.certificate.encode()
    return parts


def _chain(package: ReportPackage) -> Check:
    if package.sequence == 1:
        return Check(_("序号"), True, _("第一包"))
    before: Any = ReportPackage.objects.filter(
        tenant=package.tenant, dataset=package.dataset, sequence=package.sequence - 1
    ).values_list("digest", flat=True)
    linked = before.first() == package.previous
    words = _("接在第 %(n)d 包之后，序号没有跳过") if linked else _("与第 %(n)d 包不衔接")
    return Check(_("序号"), linked, words % {"n": package.sequence - 1})


def _certificate(package: ReportPackage) -> Check:
    """Whether the certificate is one of the county's for this purpose, and was not revoked."""
    known = [
        row
        for row in trust.certificates(tenant=package.tenant)
        if row.role == CertificateRole.EXCHANGE and row.serial == package.serial and row.pem == package.certificate
    ]
    if not known:
        return Check(_("证书"), False, _("不是本县登记的数据交换证书"))
    revoked = known[0].revoked_at
    if known[0].status == CertificateStatus.REVOKED and revoked is not None and revoked <= package.created_at:
        return Check(_("证书"), False, _("签名时证书已被吊销"))
    words = _("本县的数据交换证书，序列号 %(serial)s") % {"serial": package.serial}
    if known[0].is_development:
        words += _("（开发测试证书，仅供演示，不具法律效力）")
    return Check(_("证书"), True, words)
