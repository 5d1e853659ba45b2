"""Tables of trust: certificates, electronic seals, every use of a seal."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus, SealKind, SealStatus
from zhengtong.kernel.models import Row


class Seal(Row):
    """电子印章：一个单位的一种印章，同一时间只有一枚未注销。

    Personal data: none (it names an organisation).
    """

    org_id = models.UUIDField(_("单位标识"))
    org_name = models.CharField(_("单位名称"), max_length=200)
    name = models.CharField(_("印章名称"), max_length=240)
    kind = models.CharField(_("印章种类"), max_length=20, choices=SealKind.choices)
    status = models.CharField(_("状态"), max_length=20, choices=SealStatus.choices, default=SealStatus.ACTIVE)
    status_reason = models.CharField(_("状态说明"), max_length=200, blank=True)
    diameter_mm = models.DecimalField(_("印面直径（毫米）"), max_digits=5, decimal_places=2)
    picture_pdf = models.BinaryField(_("印模矢量图"))
    picture_png = models.BinaryField(_("印模图片"))
    valid_from = models.DateTimeField(_("启用时间"))
    valid_until = models.DateTimeField(_("失效时间"))

    class Meta:
        verbose_name = _("电子印章")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "org_id", "kind"],
                condition=~Q(status=SealStatus.REVOKED),
                name="trust_seal_once",
            ),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="trust_seal_period"),
        ]

    def __str__(self) -> str:
        return self.name


class Certificate(Row):
    """数字证书：根证书，或者一枚印章在一种算法下的签名证书；私钥在密钥库中，名称为 ``key_name``。

    Personal data: none (it names an organisation).
    """

    role = models.CharField(_("用途"), max_length=20, choices=CertificateRole.choices)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="+", verbose_name=_("电子印章"))
    issuer = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("签发证书"))
    org_name = models.CharField(_("持有单位"), max_length=200)
    name = models.CharField(_("证书名称"), max_length=240)
    algorithm = models.CharField(_("算法"), max_length=20)
    serial = models.CharField(_("序列号"), max_length=40)
    key_name = models.CharField(_("密钥名称"), max_length=120, blank=True)
    pem = models.TextField(_("证书内容"))
    not_before = models.DateTimeField(_("生效时间"))
    not_after = models.DateTimeField(_("失效时间"))
    status = models.CharField(
        _("状态"), max_length=20, choices=CertificateStatus.choices, default=CertificateStatus.ACTIVE
    )
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)
    is_development = models.BooleanField(_("开发测试证书"), default=False)

    class Meta:
        verbose_name = _("数字证书")
        constraints = [
            models.UniqueConstraint(fields=["serial"], name="trust_certificate_serial"),
            models.UniqueConstraint(
                fields=["tenant", "algorithm", "is_development"],
                condition=Q(role=CertificateRole.ROOT, status=CertificateStatus.ACTIVE),
                name="trust_one_root",
            ),
            models.CheckConstraint(
                condition=Q(status=CertificateStatus.REVOKED, revoked_at__isnull=False)
                | Q(status=CertificateStatus.ACTIVE, revoked_at__isnull=True),
                name="trust_certificate_revoked",
            ),
        ]
        indexes = [models.Index(fields=["seal"], name="trust_certificate_seal")]

    def __str__(self) -> str:
        return f"{self.name} {self.algorithm}"


class SealUse(Row):
    """用印记录：谁、为什么、在哪个对象的哪份文件上盖了哪枚章；只增不改。

    Personal data: key and name of the official who sealed; kept as long as the sealed document.
    """

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="+", verbose_name=_("电子印章"))
    object_kind = models.CharField(_("对象类型"), max_length=40)
    object_id = models.CharField(_("对象标识"), max_length=64)
    reason = models.CharField(_("用印事由"), max_length=200)
    actor_person_id = models.UUIDField(_("用印人标识"), null=True)
    actor_name = models.CharField(_("用印人"), max_length=80)
    used_at = models.DateTimeField(_("用印时间"))
    digest_before = models.CharField(_("盖章前文件 SM3 摘要"), max_length=64)
    digest_after = models.CharField(_("盖章后文件 SM3 摘要"), max_length=64)
    signatures = models.JSONField(_("签名"), default=list)

    class Meta:
        verbose_name = _("用印记录")
        indexes = [
            models.Index(fields=["digest_after"], name="trust_use_digest"),
            models.Index(fields=["seal", "used_at"], name="trust_use_seal"),
            models.Index(fields=["tenant", "object_kind", "object_id"], name="trust_use_object"),
        ]
