"""Reading deliveries: the applicant's own, those a counter has in hand, places to pick up."""

import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.prepared import prepared
from zhengtong.systems.service_hall.constants import DeliveryState, DeliveryWay, SittingState
from zhengtong.systems.service_hall.models import Application, Delivery, DeliveryEvent, Sitting
from zhengtong.systems.service_hall.permissions import COUNTER_ROLES
from zhengtong.systems.service_hall.rules import channel_of_level
from zhengtong.systems.service_hall.selectors.applications import own_application

_IN_HAND = (DeliveryState.TO_PREPARE, DeliveryState.ON_WAY, DeliveryState.AT_PLACE, DeliveryState.POSTED)
_IN_HAND_OR_BACK = (*_IN_HAND, DeliveryState.RETURNED)


def application_of_chooser(*, actor: Actor, application_id: uuid.UUID) -> Application:
    """The application whose delivery the actor may choose: his own, or one he took in at his counter; NotFound."""
    if actor.kind != "official":
        return own_application(actor=actor, application_id=application_id)
    mine = Q(official_id=actor.person_id, org_id=actor.org_id)
    taken = Sitting.objects.filter(mine, tenant=actor.tenant, state=SittingState.DONE)
    row = Application.objects.filter(tenant=actor.tenant, pk=application_id, pk__in=taken.values("application_id"))
    found = row.first() if actor.has_role(*COUNTER_ROLES) else None
    if found is None:
        raise NotFound(_("没有找到这个申请。领取方式由申请人选择，或者由收件的窗口代为登记。"))
    return found


def delivery_of(row: Application) -> Delivery | None:
    """The delivery of an application, None where the applicant has chosen nothing."""
    return next(iter(_deliveries(key=row.id)), None)


@prepared
def _deliveries(*, key: uuid.UUID) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(application_id=key)


def delivery_events(delivery: Delivery) -> list[DeliveryEvent]:
    """What has happened to it, the oldest first."""
    return list(delivery.events.order_by("at", "created_at"))


def pick_up_places(tenant: str) -> list[identity.OrganisationInfo]:
    """Town governments, at whose service centres a licence can be collected."""
    units = identity.organisations(tenant)
    return [unit for unit in units if channel_of_level(unit.level) == "township" and unit.kind == "乡镇人民政府"]


def deliveries_in_hand(*, actor: Actor, page: object = 1) -> Page[Delivery]:
    """What the actor's counter has to hand over, to post, to give out or to follow, the oldest first."""
    rows = _visible(actor).filter(state__in=_IN_HAND_OR_BACK).select_related("application")
    return page_of(rows.order_by("moved_at"), page, size=30)


def delivery_for_official(*, actor: Actor, delivery_id: uuid.UUID) -> Delivery:
    """A delivery the actor's counter has to do with; NotFound for any other."""
    row = _visible(actor).filter(pk=delivery_id).select_related("application").first()
    if row is None:
        raise NotFound(_("没有找到这份证照的送达，或者它不由您的窗口办理。"))
    return row


def _visible(actor: Actor) -> "QuerySet[Delivery]":
    """A unit's own; a county window all units' in its reach; a town those collected there, nothing else."""
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*COUNTER_ROLES):
        return Delivery.objects.none()
    here = Q(place_org_id=actor.org_id, way=DeliveryWay.TOWNSHIP) & ~Q(state=DeliveryState.TO_PREPARE)
    unit = identity.organisation(actor.tenant, actor.org_code)
    reach = Q(pk__in=[])
    if channel_of_level(unit.level) == "counter":
        reach = identity.org_scope_filter(
            actor, Role.COUNTER, Role.CLERK, org="application__org_id", item="application__item_code"
        )
    elif actor.delegated_items:
        here &= Q(application__item_code__in=sorted(actor.delegated_items))
    return Delivery.objects.filter(here | reach, tenant=actor.tenant)
