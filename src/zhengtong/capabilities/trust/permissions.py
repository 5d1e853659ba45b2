"""Who may make, stop and use seals."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.trust.models import Seal
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound, NotPermitted

_MANAGERS = (Role.SEC_ADMIN.value,)
_USERS = (Role.LEADER.value, Role.CLERK.value)


def require_manager(actor: Actor) -> None:
    """Seals are made, stopped and revoked by the security administrator, or by the platform when it is set up."""
    if actor.kind != "system" and not actor.has_role(*_MANAGERS):
        raise NotPermitted(_("只有安全管理员可以制作、停用、恢复或注销电子印章。请联系本单位安全管理员办理。"))


def require_certificate_manager(actor: Actor) -> None:
    """Certificates are issued, imported, held and revoked by the security administrator, or by the platform."""
    if actor.kind != "system" and not actor.has_role(*_MANAGERS):
        raise NotPermitted(_("只有安全管理员可以签发、导入、暂停或吊销数字证书。请联系本单位安全管理员办理。"))


def require_applicant(actor: Actor) -> None:
    """A seal is applied for by an approving leader or clerk for his own unit."""
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*_USERS):
        raise NotPermitted(_("只有本单位的审批负责人或经办人可以申请电子印章。"))
    if actor.delegated_items:
        raise NotPermitted(_("委托您办理的只是部分事项，不包括申请电子印章，请由委托人办理。"))


def require_person_applicant(actor: Actor, *, for_himself: bool) -> uuid.UUID:
    """An official applies for a certificate for himself; the security administrator may do so for another one.

    Not as somebody's delegate: the certificate would bear the unit of whom he stands in for. The applicant's key.
    """
    if actor.kind != "official" or actor.person_id is None or actor.org_id is None:
        raise NotPermitted(_("只有工作人员可以申请人员证书。"))
    if actor.delegation_id is not None:
        raise NotPermitted(_("您现在是代他人办理，证书应当写您自己的单位。请切换到自己的岗位再申请。"))
    if not for_himself and not actor.has_role(*_MANAGERS):
        raise NotPermitted(_("人员证书由本人申请；只有安全管理员可以代他人申请。"))
    return actor.person_id


def require_user(actor: Actor, seal: Seal, *, item_code: str) -> None:
    """A seal is used by its own organisation's approving leader or clerk, or by the platform on their decision.

    A delegate for certain items uses it for these only: a file that belongs to no item is outside his delegation.
    """
    if actor.tenant != seal.tenant:
        raise NotFound(_("没有找到这枚电子印章。"))
    if actor.kind == "system":
        return
    if actor.kind != "official" or actor.org_id != seal.org_id or not actor.has_role(*_USERS):
        raise NotPermitted(
            _("只有%(org)s的审批负责人或经办人可以使用“%(seal)s”，没有盖章。")
            % {"org": seal.org_name, "seal": seal.name}
        )
    if not identity.may_handle_item(actor, item_code):
        raise NotPermitted(
            _("%(name)s委托您办理的事项不包括这一项，不能使用“%(seal)s”，没有盖章。请由本人办理。")
            % {"name": actor.delegated_by, "seal": seal.name}
        )
