"""Applications that let people sign in through this platform."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import SESSIONS, RelyingPartyState
from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.kernel.models import Row


class RelyingParty(Row):
    """接入应用：由系统管理员登记、安全管理员批准后，人员可以用本平台账户登录该应用。

    Personal data: who registered and approved it (officials); kept as evidence as long as the ledger.
    """

    PERSONAL_DATA = personal(of_official("requested_by", "decided_by"))

    name = models.CharField(_("应用名称"), max_length=100)
    client_id = models.CharField(_("应用标识"), max_length=40, unique=True)
    organisation = models.ForeignKey(
        "identity.Organisation", verbose_name=_("建设单位"), on_delete=models.PROTECT, related_name="+"
    )
    redirect_uris = ArrayField(models.CharField(max_length=300), verbose_name=_("登录返回地址"))
    leaving_uris = ArrayField(
        models.CharField(max_length=300), verbose_name=_("退出返回地址"), default=list, blank=True, db_default=[]
    )
    scopes = ArrayField(models.CharField(max_length=20), verbose_name=_("可取得的信息"))
    confidential = models.BooleanField(_("能保存密钥"), default=True)
    refreshes = models.BooleanField(_("可以续期"), default=False, db_default=False)
    purpose = models.CharField(_("用途"), max_length=300)
    state = models.CharField(
        _("状态"), max_length=10, choices=RelyingPartyState.choices, default=RelyingPartyState.PENDING
    )
    requested_by = models.ForeignKey(
        "identity.Person", verbose_name=_("登记人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        "identity.Person", verbose_name=_("审批人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("接入应用")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RelyingPartyState.values), name="identity_party_words"),
            models.CheckConstraint(
                condition=Q(state=RelyingPartyState.PENDING) | Q(decided_at__isnull=False),
                name="identity_party_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="identity_party_two_persons",
            ),
            models.CheckConstraint(condition=Q(redirect_uris__len__gt=0), name="identity_party_redirects"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="identity_party_state")]

    def __str__(self) -> str:
        return self.name


class PartySubject(Row):
    """应用内标识：一个账户在一个接入应用里的不透明标识，各应用互不相同，不能对号。

    Personal data: that an account signed on to an application, when last, and what the person agreed it may learn;
    kept as long as the account.
    """

    PERSONAL_DATA = personal(of_citizen("account", "subject", activity=SESSIONS))

    party = models.ForeignKey(
        RelyingParty, verbose_name=_("接入应用"), on_delete=models.CASCADE, related_name="subjects"
    )
    account = models.ForeignKey(
        "identity.Account", verbose_name=_("账户"), on_delete=models.CASCADE, related_name="party_subjects"
    )
    subject = models.CharField(_("标识"), max_length=43)
    choice = models.CharField(_("登录时的身份"), max_length=60, blank=True, default="")
    last_used_at = models.DateTimeField(_("最近登录"))
    agreed_scopes = ArrayField(
        models.CharField(max_length=20), verbose_name=_("同意提供的信息"), default=list, blank=True, db_default=[]
    )
    agreed_at = models.DateTimeField(_("同意时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("应用内标识")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "account"], name="identity_party_subject_once"),
            models.UniqueConstraint(fields=["party", "subject"], name="identity_party_subject_unique"),
        ]
        indexes: ClassVar = [models.Index(fields=["account"], name="identity_party_subject_account")]

    def __str__(self) -> str:
        return self.subject


class SignOn(Row):
    """应用登录：一次登录接入应用，连到本平台的一个登录；续期凭证属于它，本平台的登录结束或凭证被重复使用即作废。

    Personal data: that an account signed on to an application in which session; deleted thirty days after its end.
    """

    PERSONAL_DATA = personal(of_citizen("account", activity=SESSIONS))

    party = models.ForeignKey(
        RelyingParty, verbose_name=_("接入应用"), on_delete=models.CASCADE, related_name="sign_ons"
    )
    account = models.ForeignKey(
        "identity.Account", verbose_name=_("账户"), on_delete=models.CASCADE, related_name="sign_ons"
    )
    session_id = models.BigIntegerField(_("本平台登录"))
    expires_at = models.DateTimeField(_("有效期至"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("应用登录")
        indexes: ClassVar = [
            models.Index(fields=["session_id"], name="identity_sign_on_session"),
            models.Index(fields=["expires_at"], name="identity_sign_on_age"),
        ]

    def __str__(self) -> str:
        return f"{self.party_id}:{self.account_id}"
