"""Tables of trust: certificates and their revocation, electronic seals and every use of one, time stamps."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.trust.constants import (
    ApplicationStatus,
    CertificateRole,
    CertificateStatus,
    RevocationReason,
    SealKind,
    SealStatus,
    SignatureLevel,
)
from zhengtong.kernel.inventory import of_official, personal
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
                condition=~Q(status__in=(SealStatus.REVOKED, SealStatus.DESTROYED)),
                name="trust_seal_once",
            ),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="trust_seal_period"),
        ]

    def __str__(self) -> str:
        return self.name


class SealApplication(Row):
    """电子印章申请：一个单位申请一种印章，由申请人以外的安全管理员审批；批准即制章。

    Personal data: keys and names of the officials who applied and decided; kept as long as the seal.
    """

    PERSONAL_DATA = personal(
        of_official("applicant_id", "applicant_name", "applicant_for_id", "decided_by_id", "decided_by_name")
    )

    org_id = models.UUIDField(_("单位标识"))
    org_name = models.CharField(_("单位名称"), max_length=200)
    kind = models.CharField(_("印章种类"), max_length=20, choices=SealKind.choices)
    reason = models.CharField(_("申请理由"), max_length=200)
    applicant_id = models.UUIDField(_("申请人标识"))
    applicant_name = models.CharField(_("申请人"), max_length=80)
    applicant_for_id = models.UUIDField(_("所代的人标识"), null=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=ApplicationStatus.choices, default=ApplicationStatus.WAITING
    )
    decided_by_id = models.UUIDField(_("审批人标识"), null=True)
    decided_by_name = models.CharField(_("审批人"), max_length=80, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decision_reason = models.CharField(_("审批意见"), max_length=200, blank=True)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="+", verbose_name=_("电子印章"))

    class Meta:
        verbose_name = _("电子印章申请")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "org_id", "kind"],
                condition=Q(status=ApplicationStatus.WAITING),
                name="trust_application_once",
            ),
            models.CheckConstraint(
                condition=Q(status=ApplicationStatus.WAITING, decided_by_id__isnull=True)
                | ~Q(status=ApplicationStatus.WAITING) & Q(decided_by_id__isnull=False),
                name="trust_application_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=F("applicant_id")),
                name="trust_application_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org_name} {self.kind}"


class Certificate(Row):
    """数字证书：根证书和签发证书，印章、时间戳服务、状态查询服务、工作人员的签名证书。

    The private key is in the key store under ``key_name``; empty where the platform does not hold it (persons,
    licensed authorities). ``revoked_at`` of a held certificate is since when it is held.
    Personal data: name and key of the official in a person's certificate; kept as long as documents he signed.
    """

    PERSONAL_DATA = personal(of_official("person_id", "name"))

    role = models.CharField(_("用途"), max_length=20, choices=CertificateRole.choices)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="+", verbose_name=_("电子印章"))
    person_id = models.UUIDField(_("人员标识"), null=True)
    issuer = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("签发证书"))
    org_name = models.CharField(_("持有单位"), max_length=200)
    name = models.CharField(_("证书名称"), max_length=240)
    algorithm = models.CharField(_("算法"), max_length=20)
    serial = models.CharField(_("序列号"), max_length=40)
    fingerprint = models.CharField(_("证书指纹"), max_length=64, default="", db_default="")
    key_name = models.CharField(_("密钥名称"), max_length=120, blank=True)
    pem = models.TextField(_("证书内容"))
    not_before = models.DateTimeField(_("生效时间"))
    not_after = models.DateTimeField(_("失效时间"))
    status = models.CharField(
        _("状态"), max_length=20, choices=CertificateStatus.choices, default=CertificateStatus.ACTIVE
    )
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)
    revocation_reason = models.CharField(
        _("吊销原因"), max_length=30, choices=RevocationReason.choices, blank=True, default="", db_default=""
    )
    is_development = models.BooleanField(_("开发测试证书"), default=False)

    class Meta:
        verbose_name = _("数字证书")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "fingerprint"], name="trust_certificate_once"),
            models.UniqueConstraint(
                fields=["tenant", "algorithm", "role"],
                condition=Q(
                    role__in=(CertificateRole.ROOT, CertificateRole.ISSUING),
                    status=CertificateStatus.ACTIVE,
                    is_development=True,
                ),
                name="trust_one_authority",
            ),
            models.UniqueConstraint(
                fields=["tenant", "algorithm"],
                condition=Q(role=CertificateRole.TIMESTAMP, status=CertificateStatus.ACTIVE),
                name="trust_one_timestamp",
            ),
            models.UniqueConstraint(
                fields=["issuer"],
                condition=Q(role=CertificateRole.RESPONDER, status=CertificateStatus.ACTIVE),
                name="trust_one_responder",
            ),
            models.CheckConstraint(
                condition=Q(status__in=(CertificateStatus.REVOKED, CertificateStatus.HELD), revoked_at__isnull=False)
                | Q(status__in=(CertificateStatus.ACTIVE, CertificateStatus.RETIRED), revoked_at__isnull=True),
                name="trust_certificate_revoked",
            ),
        ]
        indexes = [
            models.Index(fields=["seal"], name="trust_certificate_seal"),
            models.Index(fields=["serial"], name="trust_certificate_serial"),
            models.Index(fields=["issuer"], name="trust_certificate_issuer"),
            models.Index(fields=["tenant", "person_id"], name="trust_certificate_person"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.algorithm}"


class PersonCertificateApplication(Row):
    """人员证书申请：工作人员本人（或安全管理员代他）申请，由申请人和持有人以外的安全管理员审批。

    ``pem`` is a request signed by the holder's own key, or a certificate that a licensed authority gave him; the
    platform never sees the private key. Approved without ``certificate``: it will come by file.
    Personal data: keys and names of the official and of who applied and decided; kept as long as the certificate.
    """

    PERSONAL_DATA = personal(
        of_official("person_id", "person_name", "applicant_id", "applicant_name", "decided_by_id", "decided_by_name"),
    )

    person_id = models.UUIDField(_("持有人标识"))
    person_name = models.CharField(_("持有人"), max_length=80)
    org_name = models.CharField(_("单位名称"), max_length=200)
    reason = models.CharField(_("申请理由"), max_length=200)
    pem = models.TextField(_("证书申请文件"))
    algorithm = models.CharField(_("算法"), max_length=20)
    applicant_id = models.UUIDField(_("申请人标识"))
    applicant_name = models.CharField(_("申请人"), max_length=80)
    status = models.CharField(
        _("状态"), max_length=20, choices=ApplicationStatus.choices, default=ApplicationStatus.WAITING
    )
    decided_by_id = models.UUIDField(_("审批人标识"), null=True)
    decided_by_name = models.CharField(_("审批人"), max_length=80, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decision_reason = models.CharField(_("审批意见"), max_length=200, blank=True)
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="+", verbose_name=_("证书"))

    class Meta:
        verbose_name = _("人员证书申请")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person_id"],
                condition=Q(status=ApplicationStatus.WAITING),
                name="trust_person_application_once",
            ),
            models.CheckConstraint(
                condition=Q(status=ApplicationStatus.WAITING, decided_by_id__isnull=True)
                | ~Q(status=ApplicationStatus.WAITING) & Q(decided_by_id__isnull=False),
                name="trust_person_application_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True)
                | ~Q(decided_by_id=F("applicant_id")) & ~Q(decided_by_id=F("person_id")),
                name="trust_person_application_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(certificate__isnull=True) | Q(status=ApplicationStatus.APPROVED),
                name="trust_person_application_certified",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "person_id"], name="trust_person_application")]

    def __str__(self) -> str:
        return f"{self.org_name} {self.person_name}"


class RevocationList(Row):
    """证书撤销列表：一个签发证书在一段时间内已吊销的全部证书，由签发机构签名；只增不改。

    Personal data: none (serial numbers).
    """

    issuer = models.ForeignKey(Certificate, models.PROTECT, related_name="+", verbose_name=_("签发证书"))
    number = models.PositiveBigIntegerField(_("列表编号"))
    this_update = models.DateTimeField(_("签发时间"))
    next_update = models.DateTimeField(_("下次签发时间"))
    der = models.BinaryField(_("列表内容"))

    class Meta:
        verbose_name = _("证书撤销列表")
        constraints = [models.UniqueConstraint(fields=["issuer", "this_update", "number"], name="trust_list_once")]
        indexes = [models.Index(fields=["issuer", "-this_update"], name="trust_list_newest")]


class TimestampRecord(Row):
    """时间戳签发记录：什么时候用哪张证书给哪个摘要加了时间戳；时间戳的序列号就是本记录的标识。

    Personal data: none (digests).
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+", verbose_name=_("时间戳证书"))
    digest_algorithm = models.CharField(_("摘要算法"), max_length=10)
    digest = models.CharField(_("摘要"), max_length=128)
    stamped_at = models.DateTimeField(_("时间戳时间"))

    class Meta:
        verbose_name = _("时间戳签发记录")
        indexes = [models.Index(fields=["digest"], name="trust_timestamp_digest")]


class SealUse(Row):
    """用印记录：谁、为什么、在哪个对象的哪份文件上盖了哪枚章；只增不改。

    Personal data: key and name of the official who sealed; kept as long as the sealed document.
    """

    PERSONAL_DATA = personal(of_official("actor_person_id", "actor_name"))

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


class Preservation(Row):
    """长期保存记录：一次用印的文件现有的证明材料到什么时候够用；续加时间戳后新增一条，最新的一条有效。

    Personal data: none (digests).
    """

    use = models.ForeignKey(SealUse, models.PROTECT, related_name="+", verbose_name=_("用印记录"))
    digest = models.CharField(_("文件 SM3 摘要"), max_length=64)
    level = models.CharField(_("证明等级"), max_length=3, choices=SignatureLevel.choices)
    wanted = models.CharField(_("要求的证明等级"), max_length=3, choices=SignatureLevel.choices)
    renew_at = models.DateTimeField(_("续加时间"), null=True)
    is_current = models.BooleanField(_("最新"), default=True)
    failures = models.PositiveIntegerField(_("失败次数"), default=0)

    class Meta:
        verbose_name = _("长期保存记录")
        constraints = [
            models.UniqueConstraint(fields=["use"], condition=Q(is_current=True), name="trust_preservation_current")
        ]
        indexes = [
            models.Index(fields=["renew_at"], condition=Q(is_current=True), name="trust_preservation_due"),
            models.Index(fields=["digest"], name="trust_preservation_digest"),
        ]
