"""Words of trust that other apps may use: kinds and states of seals and certificates, levels, acts."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class SealKind(models.TextChoices):
    """What a seal is for."""

    OFFICIAL = "official", _("公章")
    APPROVAL = "approval", _("行政审批专用章")


class SealStatus(models.TextChoices):
    """Whether a seal may be used."""

    ACTIVE = "active", _("在用")
    SUSPENDED = "suspended", _("停用")
    REVOKED = "revoked", _("注销")
    DESTROYED = "destroyed", _("销毁")


class ApplicationStatus(models.TextChoices):
    """How an application for a seal or for an official's certificate stands."""

    WAITING = "waiting", _("待审批")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")


class CertificateRole(models.TextChoices):
    """What a certificate is for."""

    ROOT = "root", _("根证书")
    ISSUING = "issuing", _("签发证书")
    SEAL = "seal", _("印章证书")
    MAKER = "maker", _("制章证书")
    TOKEN = "token", _("核验码证书")
    EXCHANGE = "exchange", _("数据交换证书")
    TIMESTAMP = "timestamp", _("时间戳证书")
    RESPONDER = "responder", _("状态查询证书")
    PERSON = "person", _("人员证书")


class CertificateStatus(models.TextChoices):
    """Whether a certificate may be used for new signatures; a retired one still proves what it signed."""

    ACTIVE = "active", _("有效")
    HELD = "held", _("暂停使用")
    RETIRED = "retired", _("已换发")
    REVOKED = "revoked", _("已吊销")


class RevocationReason(models.TextChoices):
    """Why a certificate is revoked: words of RFC 5280 §5.3.1."""

    KEY_COMPROMISE = "key_compromise", _("私钥失密")
    CA_COMPROMISE = "ca_compromise", _("签发机构私钥失密")
    AFFILIATION_CHANGED = "affiliation_changed", _("持有人或单位变更")
    SUPERSEDED = "superseded", _("证书已更换")
    CESSATION_OF_OPERATION = "cessation_of_operation", _("停止使用")
    CERTIFICATE_HOLD = "certificate_hold", _("暂停使用")
    PRIVILEGE_WITHDRAWN = "privilege_withdrawn", _("收回权限")


class SignatureLevel(models.TextChoices):
    """How much proof a signed file carries itself (ETSI EN 319 142-1)."""

    B = "B", _("基本签名")
    T = "T", _("带时间戳")
    LT = "LT", _("带时间戳和验证资料")
    LTA = "LTA", _("长期保存")


WAITING_FOR_CERTIFICATES: Final = "等待导入签发机构签发的证书"
"""Why a new seal is stopped where certificates come by file."""

SEAL: Final = "seal"
"""Object kind of seals in the ledger."""

CERTIFICATE: Final = "certificate"
"""Object kind of certificates in the ledger."""

SEAL_APPLICATION: Final = "seal_application"
"""Object kind of applications for seals in the ledger."""

PERSON_APPLICATION: Final = "person_certificate_application"
"""Object kind of applications for officials' certificates in the ledger."""

KEY_STORE: Final = "key_store"
"""Object kind of the platform's keys in the ledger."""

ACT_APPLIED: Final = "trust.seal_applied"
ACT_APPROVED: Final = "trust.seal_approved"
ACT_REFUSED: Final = "trust.seal_refused"
ACT_DESTROYED: Final = "trust.seal_destroyed"
ACT_PERSON_APPLIED: Final = "trust.person_certificate_applied"
ACT_PERSON_APPROVED: Final = "trust.person_certificate_approved"
ACT_PERSON_REFUSED: Final = "trust.person_certificate_refused"
ACT_CERTIFICATE_ISSUED: Final = "trust.certificate_issued"
ACT_CERTIFICATE_IMPORTED: Final = "trust.certificate_imported"
ACT_CERTIFICATE_REVOKED: Final = "trust.certificate_revoked"
ACT_CERTIFICATE_HELD: Final = "trust.certificate_held"
ACT_CERTIFICATE_RELEASED: Final = "trust.certificate_released"
ACT_CERTIFICATE_RETIRED: Final = "trust.certificate_retired"
ACT_LIST_IMPORTED: Final = "trust.revocation_list_imported"
ACT_STAMP_RENEWED: Final = "trust.stamp_renewed"
ACT_KEYS_CHANGED: Final = "trust.keys_changed"

ACT_MADE: Final = "trust.seal_made"
ACT_USED: Final = "trust.seal_used"
ACT_SUSPENDED: Final = "trust.seal_suspended"
ACT_RESUMED: Final = "trust.seal_resumed"
ACT_REVOKED: Final = "trust.seal_revoked"

ACT_LABELS: Final = {
    ACT_MADE: "制作电子印章",
    ACT_USED: "使用电子印章",
    ACT_SUSPENDED: "停用电子印章",
    ACT_RESUMED: "恢复电子印章",
    ACT_REVOKED: "注销电子印章",
    ACT_APPLIED: "申请电子印章",
    ACT_APPROVED: "批准电子印章申请",
    ACT_REFUSED: "不批准电子印章申请",
    ACT_DESTROYED: "销毁电子印章",
    ACT_PERSON_APPLIED: "申请人员证书",
    ACT_PERSON_APPROVED: "批准人员证书申请",
    ACT_PERSON_REFUSED: "不批准人员证书申请",
    ACT_CERTIFICATE_ISSUED: "签发数字证书",
    ACT_CERTIFICATE_IMPORTED: "导入数字证书",
    ACT_CERTIFICATE_REVOKED: "吊销数字证书",
    ACT_CERTIFICATE_HELD: "暂停数字证书",
    ACT_CERTIFICATE_RELEASED: "恢复数字证书",
    ACT_CERTIFICATE_RETIRED: "换发数字证书",
    ACT_LIST_IMPORTED: "导入撤销列表",
    ACT_STAMP_RENEWED: "续加长期保存时间戳",
    ACT_KEYS_CHANGED: "更换密钥",
}

OBJECT_LABELS: Final = {
    SEAL: "电子印章",
    SEAL_APPLICATION: "电子印章申请",
    PERSON_APPLICATION: "人员证书申请",
    CERTIFICATE: "数字证书",
    KEY_STORE: "密钥库",
}
