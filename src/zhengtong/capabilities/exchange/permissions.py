"""Who may see how the county reports, and who may change anything about it."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.exchange.constants import HANDLERS, OPERATORS, WATCHERS
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted


def may_operate(actor: Actor) -> bool:
    """Builds packages, sends them again, downloads them, compares."""
    return actor.kind == "system" or (actor.kind == "official" and actor.has_role(*OPERATORS))


def may_see_all(actor: Actor) -> bool:
    """Sees every data set of the county."""
    return may_operate(actor) or (actor.kind == "official" and actor.has_role(*WATCHERS))


def require_operator(actor: Actor) -> None:
    """Raises NotPermitted for everybody else."""
    if not may_operate(actor):
        raise NotPermitted(_("只有应用操作员可以打包、重发、下载上报包和对账。"))


def visible_rows(actor: Actor) -> Q:
    """Rows on the work list: all for operators and watchers, those of the own unit for who handles them."""
    if may_see_all(actor):
        return Q(tenant=actor.tenant)
    if actor.kind == "official" and actor.org_id is not None and actor.has_role(*HANDLERS):
        return Q(tenant=actor.tenant, org_id=actor.org_id)
    return Q(pk__in=[])


def may_resend_row(actor: Actor, org_id: uuid.UUID | None) -> bool:
    """Operators, and officials of the unit that answers for the row."""
    if may_operate(actor):
        return True
    own = actor.kind == "official" and actor.org_id is not None and actor.org_id == org_id
    return own and actor.has_role(*HANDLERS)
