"""Accepting and storing a password."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.hashers import check_password
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.models import Account, FormerPassword
from zhengtong.capabilities.identity.rules import PasswordProblem, password_problem
from zhengtong.capabilities.identity.selectors import second_factor_enrolled
from zhengtong.capabilities.identity.services.limits import Limits, limits_of, password_strength
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid


def refuse_weak_password(password: str, *, tenant: str, personal: Sequence[str] = (), field: str = "password") -> None:
    """Raises Invalid with a sentence when the password is too weak."""
    limits = limits_of(tenant)
    strength, weak_words = password_strength(tenant)
    problem = password_problem(
        password,
        minimum=limits.password_minimum,
        classes=limits.password_classes,
        personal=personal,
        weak_words=weak_words,
        strength=strength,
    )
    if problem is not None:
        raise Invalid(_sentence(problem, limits), field=field)


def personal_words(account: Account) -> tuple[str, ...]:
    """What others know of an account's owner: user name, telephone, citizen number and the birth date inside it."""
    person = account.person
    number = person.citizen_number
    return tuple(filter(None, (account.username, person.phone, number, number[-8:], number[6:14], number[8:14])))


def refuse_former_password(account: Account, password: str, *, field: str = "password") -> None:
    """Raises Invalid when the password is the present one or one of the last few."""
    history = limits_of(account.tenant).password_history
    hashes = [account.password] if account.password else []
    hashes += (
        FormerPassword.objects.filter(account=account)
        .order_by("-created_at", "-id")
        .values_list("password", flat=True)[:history]
    )
    if any(check_password(password, stored) for stored in hashes):
        raise Invalid(_("新密码与最近 %(n)d 次用过的密码相同。请换一个没有用过的密码。") % {"n": history}, field=field)


def store_password(account: Account, password: str, *, must_change: bool) -> None:
    """Set the password (the account must be saved afterwards) and remember the old hash."""
    if account.password:
        FormerPassword.objects.create(tenant=account.tenant, account=account, password=account.password)
        keep = limits_of(account.tenant).password_history
        former = FormerPassword.objects.filter(account=account).order_by("-created_at", "-id")
        FormerPassword.objects.filter(pk__in=list(former.values_list("pk", flat=True)[keep:])).delete()
    account.set_password(password)
    account.password_changed_at = now()
    account.must_change_password = must_change


def handed_out_too_long_ago(account: Account) -> bool:
    """True for a password an administrator has handed out and the owner has not replaced in time.

    The accounts of a new installation are excepted: nobody could give them another one, and their second factor was
    handed out together with the password.
    """
    if not account.must_change_password or account.password_changed_at is None:
        return False
    hours = limits_of(account.tenant).first_password_hours
    if now() - account.password_changed_at <= dt.timedelta(hours=hours):
        return False
    return not second_factor_enrolled(account) or FormerPassword.objects.filter(account=account).exists()


def _sentence(problem: PasswordProblem, limits: Limits) -> str:
    if problem is PasswordProblem.SHORT:
        return _("密码太短。请至少使用 %(n)d 个字符。") % {"n": limits.password_minimum}
    if problem is PasswordProblem.CLASSES:
        return _("密码太简单。小写字母、大写字母、数字、其他符号，请至少使用其中 %(n)d 种。") % {
            "n": limits.password_classes
        }
    if problem is PasswordProblem.PERSONAL:
        return _("密码里不能包含您的用户名、手机号、生日或身份证号。请换一个别人猜不到的密码。")
    return _(
        "这个密码与泄露的密码清单、常用词、日期或键盘顺序太接近，很容易被猜到。"
        "请换一个，例如把几个不相干的词用符号连起来。"
    )
