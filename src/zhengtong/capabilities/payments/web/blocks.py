"""What stands on the pages of a matter: orders to pay for its applicant, their state for the officials."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from zhengtong.capabilities.payments import api, permissions
from zhengtong.capabilities.payments.web import pages
from zhengtong.kernel.pages import Matter
from zhengtong.kernel.policy import actor_of


def pay_act(request: HttpRequest, matter: Matter) -> str | None:
    """The way to what is to be paid; nothing where nothing is."""
    found = [view.row for view in api.orders_of(tenant=actor_of(request).tenant, subject=matter.ref) if view.payable]
    if not found:
        return None
    lines = [pages.order_line(row, reverse("payments:order", args=[row.pk])) for row in found]
    return render_to_string("payments/parts/pay_act.html", {"lines": lines}, request=request)


def applicant_block(request: HttpRequest, matter: Matter) -> str | None:
    """All orders of the matter with their states and receipts."""
    views = api.orders_of(tenant=actor_of(request).tenant, subject=matter.ref)
    if not views:
        return None
    lines = [
        pages.order_line(view.row, reverse("payments:order", args=[view.row.pk])) | {"papers": pages.papers(view)}
        for view in views
    ]
    return render_to_string("payments/parts/applicant_block.html", {"lines": lines}, request=request)


def desk_block(request: HttpRequest, matter: Matter) -> str | None:
    """The orders of the matter for the officials who take part, with the way to refunds."""
    views = api.orders_of(tenant=actor_of(request).tenant, subject=matter.ref)
    if not views:
        return None
    lines = [pages.order_line(view.row, reverse("payments:desk-order", args=[view.row.pk])) for view in views]
    collects = any(view.row.payee_org_id == actor_of(request).org_id for view in views)
    return render_to_string("payments/parts/desk_block.html", {"lines": lines, "collects": collects}, request=request)


def home_block(request: HttpRequest) -> str | None:
    """What the reader has to pay, or what his unit collects and which refunds wait; nothing where nothing is."""
    actor = actor_of(request)
    if not actor.signed_in:
        return None
    context: dict[str, int] = {}
    if actor.has_role(*permissions.HANDLERS):
        collected, waiting = api.unit_counts(actor=actor)
        context = {"collected": collected, "waiting": waiting}
    elif actor.kind in ("citizen", "legal_agent"):
        context = {"to_pay": api.count_to_pay(actor=actor)}
    if not any(context.values()):
        return None
    return render_to_string("payments/parts/home_block.html", context, request=request)
