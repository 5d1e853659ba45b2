"""The frame of the ledger's own desk: title, person, pages beside."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger.constants import AUDIT_ROLE
from zhengtong.kernel.actors import Actor


def desk(actor: Actor, page: str) -> dict[str, Any]:
    """Context of a desk page; ``page`` is the name of the address that stands marked."""
    links = [("ledger:witnesses", _("共签机构")), ("ledger:public", _("账本公示"))]
    if actor.has_role(AUDIT_ROLE):
        links = [("ledger:entries", _("账目")), *links, ("ledger:checkpoint", _("下载最新检查点"))]
    return {
        "desk_title": _("责任认定"),
        "desk_user": {"unit": actor.org_name, "post": actor.post_name, "name": actor.name},
        "desk_nav": [{"label": label, "url": reverse(name), "active": name == page} for name, label in links],
    }
