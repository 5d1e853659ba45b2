"""Words of trust that other apps may use: kinds and states of seals and certificates, acts."""

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


class CertificateRole(models.TextChoices):
    """What a certificate is for."""

    ROOT = "root", _("根证书")
    SEAL = "seal", _("印章证书")


class CertificateStatus(models.TextChoices):
    """Whether a certificate may be used for new signatures."""

    ACTIVE = "active", _("有效")
    REVOKED = "revoked", _("已吊销")


SEAL: Final = "seal"
"""Object kind of seals in the ledger."""

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
}
