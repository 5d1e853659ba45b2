"""What disclosure does when others tell of something: a fee was paid, a page of the sites came or went."""

import uuid

from zhengtong.contracts.payments import OrderPaid
from zhengtong.contracts.sites import PagePublished, PageWithdrawn
from zhengtong.kernel.outbox import subscribe
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.constants import OBJECT_KIND


def on_paid(event: OrderPaid) -> None:
    """The limit to answer runs again; orders of other matters are not ours."""
    if event.subject.kind == OBJECT_KIND:
        api.take_payment(tenant=event.tenant, request_id=uuid.UUID(event.subject.id), order_id=event.order_id)


def subscribe_all() -> None:
    """Listen; called in ``apps.ready()``."""
    subscribe(OrderPaid.NAME, on_paid, key="disclosure.paid")
    subscribe(PagePublished.NAME, api.see_page, key="disclosure.page_published")
    subscribe(PageWithdrawn.NAME, api.see_page, key="disclosure.page_withdrawn")
