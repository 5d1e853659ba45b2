"""What protects accounts: counted failures, resets of the second factor, certificates, recovered passwords."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import EVIDENCE, ONE_TIME_CODES, REGISTRATION, SIGN_IN_GUARDS, GuardKind
from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.kernel.models import Row


class SignInGuard(Row):
    """登录限制：一个来源地址或一个输入的账号在一段时间内失败了多少次，锁定到何时；不论账号是否存在都计数。

    Personal data: network address, keyed digest of the name typed; rows idle for a day are deleted.
    """

    PERSONAL_DATA = personal(of_citizen("key", activity=SIGN_IN_GUARDS))

    kind = models.CharField(_("对象"), max_length=10, choices=GuardKind.choices)
    key = models.CharField(_("地址或账号摘要"), max_length=64)
    failures = models.PositiveIntegerField(_("失败次数"), default=0)
    counted_from = models.DateTimeField(_("计数起点"))
    locked_until = models.DateTimeField(_("锁定至"), null=True, blank=True)

    class Meta:
        verbose_name = _("登录限制")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "kind", "key"], name="identity_guard_once"),
            models.CheckConstraint(condition=Q(kind__in=GuardKind.values), name="identity_guard_words"),
        ]
        indexes: ClassVar = [models.Index(fields=["counted_from"], name="identity_guard_age")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class FactorReset(Row):
    """第二因素重置：一人申请、另一人确认；确认后旧的动态口令和通行密钥作废，凭一次性开通码重新绑定。

    Personal data: who asked, who confirmed, for whose account; kept as evidence as long as the ledger.
    """

    PERSONAL_DATA = personal(
        of_citizen("account", "reason", activity=EVIDENCE),
        of_official("requested_by", "confirmed_by"),
    )

    account = models.ForeignKey(
        "identity.Account", verbose_name=_("账户"), on_delete=models.PROTECT, related_name="factor_resets"
    )
    reason = models.CharField(_("理由"), max_length=300)
    requested_by = models.ForeignKey(
        "identity.Person", verbose_name=_("申请人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        "identity.Person", verbose_name=_("确认人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    code = models.CharField(_("开通码散列"), max_length=128, blank=True, default="")
    expires_at = models.DateTimeField(_("有效期至"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("第二因素重置")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("requested_by")),
                name="identity_factor_reset_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(code="") | Q(confirmed_at__isnull=False, expires_at__isnull=False),
                name="identity_factor_reset_confirmed",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(closed_at__isnull=True), name="identity_factor_reset_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}"


class AccountCertificate(Row):
    """登录证书：绑定到账户的数字证书，可以代替密码和动态口令登录。

    Personal data: the certificate's subject; kept as long as the account, ended ones as evidence.
    """

    PERSONAL_DATA = personal(of_citizen("subject", "serial", "fingerprint", activity=REGISTRATION))

    account = models.ForeignKey(
        "identity.Account", verbose_name=_("账户"), on_delete=models.PROTECT, related_name="certificates"
    )
    fingerprint = models.CharField(_("证书指纹"), max_length=64)
    serial = models.CharField(_("序列号"), max_length=64)
    subject = models.CharField(_("主体"), max_length=300)
    issuer = models.CharField(_("颁发者"), max_length=300)
    ended_at = models.DateTimeField(_("解除时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("登录证书")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "fingerprint"], condition=Q(ended_at__isnull=True), name="identity_certificate_once"
            ),
            models.CheckConstraint(
                condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="identity_certificate_fingerprint"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account"], name="identity_certificate_account")]

    def __str__(self) -> str:
        return self.fingerprint


class OneTimeCode(Row):
    """A code that was sent to somebody: kept as a hash, good once, for a short while and a few tries."""

    code = models.CharField(_("验证码散列"), max_length=128)
    expires_at = models.DateTimeField(_("有效期至"))
    wrong_codes = models.PositiveSmallIntegerField(_("输错次数"), default=0)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        abstract = True


class PasswordRecovery(OneTimeCode):
    """找回密码：一次申请一行，验证码发到已登记的联系方式，只在提出申请的浏览器里有效，十几分钟，输错几次作废。

    Personal data: for whose account, from which network address; the code only as a hash; deleted after thirty days.
    """

    PERSONAL_DATA = personal(of_citizen("account", "source", activity=ONE_TIME_CODES))

    account = models.ForeignKey(
        "identity.Account", verbose_name=_("账户"), on_delete=models.CASCADE, related_name="password_recoveries"
    )
    source = models.CharField(_("网络地址"), max_length=45, blank=True, default="", db_default="")
    known_source = models.BooleanField(_("近期登录过的地址"), default=False, db_default=False)

    class Meta:
        verbose_name = _("找回密码")
        indexes: ClassVar = [models.Index(fields=["account", "-created_at"], name="identity_recovery_account")]

    def __str__(self) -> str:
        return f"{self.account_id}"


class ConfirmationCode(OneTimeCode):
    """本人确认：发到本人手机的验证码，只对一件事的一份内容有效（``digest``），由本人告诉窗口或者自己填写。

    Personal data: for whom, about what; the code only as a hash; deleted after thirty days.
    """

    PERSONAL_DATA = personal(of_citizen("person", "about", activity=ONE_TIME_CODES))

    person = models.ForeignKey("identity.Person", verbose_name=_("本人"), on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(_("用途"), max_length=40)
    about = models.CharField(_("对象"), max_length=64)
    digest = models.CharField(_("内容摘要"), max_length=64)

    class Meta:
        verbose_name = _("本人确认")
        indexes: ClassVar = [
            models.Index(fields=["person", "purpose", "-created_at"], name="identity_confirmation_person")
        ]

    def __str__(self) -> str:
        return f"{self.purpose}:{self.about}"
