"""Who may see and move orders: their payer, the unit that collects, the officials of the matter."""

from django.db.models import Q

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.payments.constants import OrderState
from zhengtong.capabilities.payments.models import FeeOrder, Refund
from zhengtong.capabilities.payments.registry import fee_subjects
from zhengtong.kernel.actors import Actor, ObjectRef

#: officials who handle a unit's money here
HANDLERS = (Role.CLERK, Role.REVIEWER, Role.LEADER)
_ASKERS = (Role.CLERK.value, Role.LEADER.value)


def own(actor: Actor) -> Q:
    """Orders the person has to pay, for himself, his ward, or the legal person he speaks for; as with applications."""
    here = Q(tenant=actor.tenant)
    if actor.person_id is None:
        return Q(pk__in=[])
    if actor.kind == "legal_agent" and actor.legal_person_id is not None:
        of_legal_person = here & Q(payer_legal_id=actor.legal_person_id)
        if actor.delegated_items:
            of_legal_person &= Q(item_code__in=actor.delegated_items)
        confirmed = identity.legal_person_of(actor).verified
        return of_legal_person if confirmed else of_legal_person & Q(payer_person_id=actor.person_id)
    if actor.kind != "citizen":
        return Q(pk__in=[])
    mine = here & Q(
        payer_person_id__in=identity.same_person(actor.tenant, actor.person_id), payer_legal_id__isnull=True
    )
    return mine & (Q(payer_ward_id__isnull=True) if actor.ward_id is None else Q(payer_ward_id=actor.ward_id))


def of_unit(actor: Actor) -> Q:
    """Orders of the unit the official handles matters in; none for everybody else."""
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*HANDLERS):
        return Q(pk__in=[])
    unit = Q(tenant=actor.tenant, payee_org_id=actor.org_id)
    return unit & Q(item_code__in=actor.delegated_items) if actor.delegated_items else unit


def is_own(actor: Actor, order: FeeOrder) -> bool:
    """True for the payer."""
    return FeeOrder.objects.filter(own(actor), pk=order.pk).exists()


def collects(actor: Actor, order: FeeOrder) -> bool:
    """True for an official of the unit that collects it."""
    return (
        actor.kind == "official"
        and actor.tenant == order.tenant
        and actor.org_id == order.payee_org_id
        and actor.has_role(*HANDLERS)
        and identity.may_handle_item(actor, order.item_code)
    )


def takes_part(actor: Actor, order: FeeOrder) -> bool:
    """True for an official of the matter that is paid for."""
    ref = ObjectRef(kind=order.subject_kind, id=order.subject_id)
    return (
        actor.kind == "official"
        and actor.tenant == order.tenant
        and ref.kind in fee_subjects
        and fee_subjects.get(ref.kind).may_read(actor, ref)
    )


def may_raise(actor: Actor, ref: ObjectRef) -> bool:
    """The platform, and whom the matter's system admits."""
    if actor.kind == "system":
        return True
    return actor.kind == "official" and ref.kind in fee_subjects and fee_subjects.get(ref.kind).may_raise(actor, ref)


def may_cancel(actor: Actor, order: FeeOrder) -> bool:
    """Who may make it out, and who collects it."""
    ref = ObjectRef(kind=order.subject_kind, id=order.subject_id)
    return may_raise(actor, ref) or (collects(actor, order) and actor.has_role(*_ASKERS))


def may_ask_refund(actor: Actor, order: FeeOrder) -> bool:
    """Clerks and leaders of the unit that collects."""
    return collects(actor, order) and actor.has_role(*_ASKERS)


def may_decide_refund(actor: Actor, refund: Refund) -> bool:
    """A leader of the unit that collects: not who asked for it, nor his deputy, nor whom he stood in for."""
    second = identity.is_second_person(actor, refund.asked_by_id, refund.asked_for_id)
    return second and collects(actor, refund.order) and actor.has_role(Role.LEADER.value)


def visible_differences(actor: Actor) -> Q:
    """Differences of the actor's unit, and of money that belongs to no order."""
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*HANDLERS):
        return Q(pk__in=[])
    return Q(payee_org_id=actor.org_id) | Q(payee_org_id__isnull=True)


class PaymentPapers:
    """Papers of an order: read by its payer, the unit that collects, and the officials of the matter."""

    def may_issue(self, actor: Actor, subject_ref: ObjectRef, *, kind: str, issuing_org_id: object) -> bool:
        """Nobody beyond the platform and the issuing unit."""
        return False

    def may_read(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """As the order."""
        order = self.order_of(actor.tenant, subject_ref.id)
        return order is not None and (is_own(actor, order) or collects(actor, order) or takes_part(actor, order))

    def is_holder(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """The payer."""
        order = self.order_of(actor.tenant, subject_ref.id)
        return order is not None and is_own(actor, order)

    def order_of(self, tenant: str, key: str) -> FeeOrder | None:
        """The order itself."""
        return FeeOrder.objects.filter(tenant=tenant, pk=key).exclude(state=OrderState.OPEN).first()


class RefundPapers(PaymentPapers):
    """Papers of a refund: the same readers as the order's."""

    def order_of(self, tenant: str, key: str) -> FeeOrder | None:
        """The order that was paid."""
        refund = Refund.objects.select_related("order").filter(tenant=tenant, pk=key).first()
        return refund.order if refund else None
