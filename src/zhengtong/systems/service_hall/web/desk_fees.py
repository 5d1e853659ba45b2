"""Orders to pay are made out on a page of their own, prefilled from the fees of the item and its members."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.payments import api as payments
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.pages import Matter
from zhengtong.kernel.policy import requires
from zhengtong.kernel.ui.formats import money
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.selectors.fees import ProposedFee, fee_ref, proposed_fees
from zhengtong.systems.service_hall.services.fees import ChosenFee, raise_fees
from zhengtong.systems.service_hall.web import desk_pages
from zhengtong.systems.service_hall.web.pages import actor_of

_MOST = 300


@dataclasses.dataclass
class FeeRow:
    """A fee on the page with what was typed beside it and what is wrong with that."""

    fee: ProposedFee
    use: bool
    unit: str
    quantity: str
    reduction: str
    basis: str
    errors: dict[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    def fresh(cls, fee: ProposedFee) -> "FeeRow":
        """As the item and the answers say."""
        unit = f"{payments.yuan(fee.unit_fen)}" if fee.unit_fen is not None else ""
        quantity = f"{fee.quantity:f}" if fee.quantity is not None else ""
        return cls(
            fee,
            not fee.ordered and not fee.raised and fee.quantity is not None,
            unit,
            quantity,
            "",
            fee.reduction_basis,
        )

    @classmethod
    def posted(cls, fee: ProposedFee, data: Mapping[str, Any]) -> "FeeRow":
        """As it was sent; the price that the item lays down is not typed."""
        own = cls.fresh(fee)

        def text(name: str) -> str:
            return str(data.get(f"{name}-{fee.key}", "")).replace("\x00", "").strip()[:_MOST]

        unit = own.unit if fee.unit_fen is not None else text("unit")
        return cls(fee, f"use-{fee.key}" in data, unit, text("quantity"), text("reduction"), text("basis"))

    def chosen(self) -> ChosenFee | None:
        """What it comes to; None when something cannot be read, which ``errors`` then say."""
        unit, quantity = payments.fen_of(self.unit), payments.quantity_of(self.quantity)
        reduction = payments.fen_of(self.reduction) if self.reduction else 0
        if unit is None:
            self.errors["unit"] = _("请填写单价，例如 12.50。")
        if quantity is None:
            self.errors["quantity"] = _("请填写数量，最多三位小数。")
        if reduction is None:
            self.errors["reduction"] = _("减免金额看不懂，请写成数字，例如 12.50；没有减免的空着。")
        elif reduction and not self.basis:
            self.errors["basis"] = _("有减免的，请写明减免依据。")
        elif unit is not None and quantity is not None and reduction > payments.gross(unit, quantity):
            self.errors["reduction"] = _("减免不能超过应收金额。")
        if self.errors or unit is None or quantity is None or reduction is None:
            return None
        return ChosenFee(unit_fen=unit, quantity=quantity, reduction_fen=reduction, reduction_basis=self.basis)


@requires(Role.CLERK, Role.REVIEWER)
@require_http_methods(["GET", "POST"])
@never_cache
def fees(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The fees of an application; a POST makes out the orders, one for each unit that collects."""
    actor = actor_of(request)
    row = api.application_for_official(actor=actor, application_id=application_id)
    if not payments.may_raise(actor, fee_ref(row)):
        raise NotPermitted(_("缴费单由主办单位的经办人在办理期间或者准予以后开具。"))
    found = proposed_fees(row)
    if request.method == "POST":
        rows = [FeeRow.posted(fee, request.POST) for fee in found]
        used = [each for each in rows if each.use]
        typed = {each.fee.key: each.chosen() for each in used}
        chosen = {key: value for key, value in typed.items() if value is not None}
        key = _key(request.POST.get("command_key", ""))
        error = "" if len(chosen) == len(used) else _("有项目填写不完整，没有开具。填写的内容都还在。")
        if not error:
            try:
                made = raise_fees(actor=actor, application_id=row.id, chosen=chosen, command_key=key)
            except (Invalid, Conflict) as refusal:
                error = refusal.message
            else:
                messages.success(request, _said(made))
                return redirect(desk_pages.case_url(row.case_id) if row.case_id else "service_hall:desk")
    else:
        rows, key, error = [FeeRow.fresh(fee) for fee in found], uuid.uuid4().hex, ""
    context = desk_pages.frame(request, actor) | {
        "row": row,
        "fees": rows,
        "units": len({each.fee.payee_id for each in rows}),
        "command_key": key,
        "error": error,
        "case_url": desk_pages.case_url(row.case_id) if row.case_id else "",
    }
    return render(request, "service_hall/fees/raise.html", context, status=422 if error else 200)


def fees_block(request: HttpRequest, matter: Matter) -> str | None:
    """What is still to be ordered of an application, for who may make the orders out."""
    if matter.ref.kind != OBJECT_KIND:
        return None
    view: api.ApplicationView = matter.detail
    waiting = [fee for fee in proposed_fees(view.row, view.item) if not fee.ordered]
    if not waiting or not payments.may_raise(actor_of(request), matter.ref):
        return None
    return render_to_string("service_hall/fees/block.html", {"fees": waiting, "row": view.row}, request=request)


def _said(made: list[payments.FeeOrder]) -> str:
    orders = "、".join(f"{one.payee_org_name} {money(payments.yuan(one.total_fen))}" for one in made)
    return _("已经开具缴费单：%(orders)s。已通知申请人在网上缴费。") % {"orders": orders}


def _key(text: str) -> str:
    try:
        return uuid.UUID(text).hex
    except ValueError:
        return uuid.uuid4().hex
