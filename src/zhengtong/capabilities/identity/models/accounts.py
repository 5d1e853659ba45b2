"""Accounts: how a person signs in."""

from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import REGISTRATION, SIGN_INS, SignInOutcome
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.inventory import of_citizen, personal
from zhengtong.kernel.models import Row


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their user name, within the county of this installation."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account of that name; another county may have one of the same name."""
        return self.get(tenant=settings.ZHENGTONG_TENANT, username=username)


class Account(AbstractBaseUser, Row):
    """账户：一人一个；口令只存散列，连续失败会锁定，动态口令用过的时间步不再有效。

    Personal data: user name and time of the last sign-in; closed accounts are kept with their person.
    """

    PERSONAL_DATA = personal(of_citizen("username", "person", activity=REGISTRATION))

    username = models.CharField(_("用户名"), max_length=40)
    person = models.OneToOneField(
        "identity.Person", verbose_name=_("人员"), on_delete=models.PROTECT, related_name="account"
    )
    is_active = models.BooleanField(_("启用"), default=True)
    enabled_at = models.DateTimeField(_("最近启用时间"), null=True, blank=True)
    must_change_password = models.BooleanField(_("须修改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    failed_sign_ins = models.PositiveSmallIntegerField(_("连续失败次数"), default=0)
    locked_until = models.DateTimeField(_("锁定至"), null=True, blank=True)
    totp_step = models.BigIntegerField(_("已用动态口令时间步"), default=0)

    objects: ClassVar[AccountManager] = AccountManager()

    #: for screens that come from a library and ask the account, not the actor: what the post of this request allows
    #: there; whoever mounts such screens sets both for the request, and nothing is allowed before
    rights: frozenset[str] = frozenset()
    acting: Actor | None = None
    is_superuser = False

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("账户")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(username__regex=r"^[a-z0-9_.-]+$"), name="identity_account_username"),
            # once in a county: another county's names are not ours to know, nor to be in the way
            models.UniqueConstraint(fields=["tenant", "username"], name="identity_account_username_once"),
        ]

    def __str__(self) -> str:
        return self.username

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether this request's post allows it on a library's screen; nobody is above the posts."""
        return self.is_active and perm in self.rights

    def has_perms(self, perms: Iterable[str], obj: object = None) -> bool:
        """The same for several."""
        return all(self.has_perm(perm, obj) for perm in perms)

    def get_full_name(self) -> str:
        """The person's name."""
        return self.person.name


class FormerPassword(Row):
    """曾用密码：只存散列，最近几次用过的密码不得再用。

    Personal data: password hashes; the oldest beyond the history length are deleted.
    """

    PERSONAL_DATA = personal(of_citizen("password", activity=REGISTRATION))

    account = models.ForeignKey(
        Account, verbose_name=_("账户"), on_delete=models.CASCADE, related_name="former_passwords"
    )
    password = models.CharField(_("密码散列"), max_length=128)

    class Meta:
        verbose_name = _("曾用密码")
        indexes: ClassVar = [models.Index(fields=["account", "-created_at"], name="identity_former_account")]

    def __str__(self) -> str:
        return f"{self.account_id}"


class SignIn(Row):
    """登录记录：时间、结果、网络地址；本人在账户页可以看到。

    Personal data: network address; kept six months at least (网络安全法第二十一条), then deleted.
    """

    PERSONAL_DATA = personal(of_citizen("address", activity=SIGN_INS))

    account = models.ForeignKey(Account, verbose_name=_("账户"), on_delete=models.CASCADE, related_name="sign_ins")
    outcome = models.CharField(_("结果"), max_length=20, choices=SignInOutcome.choices)
    address = models.CharField(_("网络地址"), max_length=45, blank=True, default="")

    class Meta:
        verbose_name = _("登录记录")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=SignInOutcome.values), name="identity_sign_in_words")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="identity_sign_in_account"),
            models.Index(fields=["tenant", "address", "-created_at"], name="identity_sign_in_source"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}:{self.outcome}"
