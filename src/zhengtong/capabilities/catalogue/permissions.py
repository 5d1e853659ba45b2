"""Who may change the catalogue."""

from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted


def require_publisher(actor: Actor) -> None:
    """Only the platform publishes without a review, when a county's list is set up; people send drafts to review."""
    if actor.kind != "system":
        raise NotPermitted(_("事项经部门审核、合法性审核和审定以后才能发布，请编制草稿后送审。"))


def require_keeper(actor: Actor, *, org_code: str) -> None:
    """The platform itself, who keeps the county's list, and the leader of the very department."""
    if actor.kind == "system" or actor.has_role(Role.ITEM_ADMIN):
        return
    if actor.has_role(Role.LEADER) and actor.org_code == org_code:
        return
    raise NotPermitted(_("停用事项由权力清单管理员或者实施部门的负责人办理，您现在的岗位没有这项权限。"))


def require_list_keeper(actor: Actor) -> None:
    """Only who keeps the county's list."""
    if actor.kind != "official" or not actor.has_role(Role.ITEM_ADMIN):
        raise NotPermitted(_("这项工作由权力清单管理员办理，您现在的岗位没有这项权限。"))


def may_read_drafts(actor: Actor, *, org_code: str) -> bool:
    """Those who draw up, judge and keep items; editors and leaders only those of their own unit."""
    if actor.kind == "system" or actor.has_role(Role.ITEM_ADMIN, Role.LEGAL_REVIEWER, Role.PROCESS_ADMIN):
        return True
    return actor.has_role(Role.ITEM_EDITOR, Role.LEADER) and actor.org_code == org_code


def may_edit(actor: Actor, *, org_code: str) -> bool:
    """The platform itself, who keeps the county's list, and who draws up items of the very department."""
    if actor.kind == "system" or actor.has_role(Role.ITEM_ADMIN):
        return True
    return actor.has_role(Role.ITEM_EDITOR) and actor.org_code == org_code


def require_editor(actor: Actor, *, org_code: str) -> None:
    """Raises NotPermitted for everybody who may not draw up items of the unit."""
    if not may_edit(actor, org_code=org_code):
        raise NotPermitted(_("事项由实施部门的事项编制人编制，或者由权力清单管理员编制；您现在的岗位没有这项权限。"))


def importing_unit(actor: Actor) -> str:
    """The code of the unit whose items the actor may import; empty for the whole county. Raises NotPermitted."""
    if actor.kind == "system" or actor.has_role(Role.ITEM_ADMIN):
        return ""
    if actor.has_role(Role.ITEM_EDITOR) and actor.org_code:
        return actor.org_code
    raise NotPermitted(_("事项表由事项编制人（本单位）或权力清单管理员（全县）导入，您现在的岗位没有这项权限。"))
