"""Finding one consultation or survey: for its officers, and for the public."""

import uuid
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.opinions.constants import Phase, State
from zhengtong.systems.opinions.models import Announced, Topic
from zhengtong.systems.opinions.permissions import visible
from zhengtong.systems.opinions.rules.phases import phase_of

Kind = TypeVar("Kind", bound=Announced)
_NOTHING = Q(pk__in=[])
_PUBLIC = (State.PUBLISHED, State.ANSWERED)


def find(kind: type[Kind], actor: Actor, key: uuid.UUID) -> Kind:
    """One of the actor's reach; raises NotFound."""
    row = kind._default_manager.filter(visible(actor), pk=key).first()
    if row is None:
        raise NotFound(_("没有找到这一件，或者它属于别的单位。"))
    return row


def public(tenant: str) -> Q:
    """What the public knows of: signed, or withdrawn after it was signed."""
    return Q(tenant=tenant) & (Q(state__in=_PUBLIC) | Q(state=State.WITHDRAWN, published_at__isnull=False))


def find_public(kind: type[Kind], tenant: str, key: uuid.UUID) -> Kind:
    """One the public may read; raises NotFound."""
    row = kind._default_manager.filter(public(tenant), pk=key).first()
    if row is None:
        raise NotFound(_("没有找到这一件，可能还没有发布。"))
    return row


def phase(row: Announced) -> Phase:
    """Where it stands at this moment."""
    return Phase(phase_of(row.state, row.opens_at, row.closes_at, now()))


def in_phase(name: str) -> Q:
    """Those in a public phase at this moment; all for the empty word, none for one that is no phase."""
    if not name:
        return Q()
    at = now()
    known = {
        Phase.OPEN: Q(state=State.PUBLISHED, opens_at__lte=at, closes_at__gt=at),
        Phase.WAITING: Q(state=State.PUBLISHED, opens_at__gt=at),
        Phase.CLOSED: Q(state=State.PUBLISHED, closes_at__lte=at),
        Phase.ANSWERED: Q(state=State.ANSWERED),
        Phase.WITHDRAWN: Q(state=State.WITHDRAWN),
    }
    return known.get(Phase(name), _NOTHING) if name in Phase.values else _NOTHING


def is_topic(row: Announced) -> bool:
    """A consultation, not a survey."""
    return isinstance(row, Topic)


def words_of(row: Announced) -> dict[str, Any]:
    """What messages call it."""
    what = _("意见征集") if is_topic(row) else _("网上调查")
    return {"what": what, "title": row.title, "number": row.number}
