"""Who may change people, posts and roles: the three administrators, each his part."""

from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted


def may_manage_organisations(actor: Actor) -> bool:
    """Organisations, posts, persons and accounts belong to the system administrator."""
    return actor.kind == "system" or actor.has_role(Role.SYS_ADMIN)


def may_authorise(actor: Actor) -> bool:
    """Roles, appointments, locks and second factors belong to the security administrator."""
    return actor.kind == "system" or actor.has_role(Role.SEC_ADMIN)


def require_system_administrator(actor: Actor) -> None:
    """Raises NotPermitted for everybody else."""
    if not may_manage_organisations(actor):
        raise NotPermitted(_("机构、岗位和账户由系统管理员维护，您没有这项权限。请联系系统管理员办理。"))


def require_security_administrator(actor: Actor) -> None:
    """Raises NotPermitted for everybody else."""
    if not may_authorise(actor):
        raise NotPermitted(_("任职、角色和解锁由安全管理员办理，您没有这项权限。请联系安全管理员办理。"))
