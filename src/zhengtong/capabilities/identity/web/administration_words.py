"""Words the administrators' pages share."""

from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import Scope
from zhengtong.capabilities.identity.models import Account
from zhengtong.kernel.clock import now


def account_state(account: Account | None) -> str:
    """In use, locked, closed, or none."""
    if account is None:
        return _("没有账户")
    if not account.is_active:
        return _("已停用")
    if account.locked_until is not None and account.locked_until > now():
        return _("已锁定")
    return _("正常")


def reach_words(scope: str) -> str:
    """The Chinese words of a scope."""
    return str(Scope(scope).label)
