"""Who may make forms: the platform itself, who keeps the county's list, and who draws up items of the very unit."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.forms.constants import COUNTY_EDITOR, UNIT_EDITOR
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted


def may_edit(actor: Actor, *, org_id: uuid.UUID | None) -> bool:
    """True when the actor may edit a form of the unit; a form of no unit belongs to the county."""
    if actor.kind == "system" or actor.has_role(COUNTY_EDITOR):
        return True
    return actor.has_role(UNIT_EDITOR) and org_id is not None and actor.org_id == org_id


def require_editor(actor: Actor, *, org_id: uuid.UUID | None) -> None:
    """Raises NotPermitted for everybody else."""
    if not may_edit(actor, org_id=org_id):
        raise NotPermitted(_("表单由本单位的事项编制人编制，或者由权力清单管理员编制；您现在的岗位没有这项权限。"))
