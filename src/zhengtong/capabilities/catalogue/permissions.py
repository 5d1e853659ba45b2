"""Who may change the catalogue."""

from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted


def require_publisher(actor: Actor, *, org_code: str) -> None:
    """The platform itself, process administrators, and the leader of the very department."""
    if actor.kind == "system" or actor.has_role(Role.PROCESS_ADMIN):
        return
    if actor.has_role(Role.LEADER) and actor.org_code == org_code:
        return
    raise NotPermitted(_("发布和停用事项由流程管理员或实施部门的负责人办理，您现在的岗位没有这项权限。"))


def may_edit(actor: Actor, *, org_code: str) -> bool:
    """The platform itself, who keeps the county's list, and who draws up items of the very department."""
    if actor.kind == "system" or actor.has_role(Role.ITEM_ADMIN):
        return True
    return actor.has_role(Role.ITEM_EDITOR) and actor.org_code == org_code


def require_editor(actor: Actor, *, org_code: str) -> None:
    """Raises NotPermitted for everybody who may not draw up items of the unit."""
    if not may_edit(actor, org_code=org_code):
        raise NotPermitted(_("事项由实施部门的事项编制人编制，或者由权力清单管理员编制；您现在的岗位没有这项权限。"))
