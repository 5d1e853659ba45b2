"""Who may do what with the ledger beyond reading."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger.constants import WITNESS_ROLES
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted


def witness_manager(actor: Actor) -> uuid.UUID:
    """Who manages witnesses: the security or the audit administrator; raises NotPermitted for everybody else."""
    if actor.person_id is None or not actor.has_role(*WITNESS_ROLES):
        raise NotPermitted(_("只有安全管理员和审计管理员可以登记、核准或停用共签机构。"))
    return actor.person_id
