"""The door of payments: orders, payments, refunds, reconciliation; for the hall, and later for deposits."""

from zhengtong.capabilities.payments.models import FeeOrder
from zhengtong.capabilities.payments.permissions import may_raise
from zhengtong.capabilities.payments.rules import LineDraft, fen_of, gross, quantity_of, yuan
from zhengtong.capabilities.payments.selectors import (
    DayTotal,
    OrderFilters,
    OrderView,
    available_gateways,
    count_to_pay,
    differences,
    export_rows,
    item_totals,
    my_orders,
    order_for_desk,
    orders_of,
    own_order,
    own_payment,
    reconciliations,
    refund_for_desk,
    refunds_to_do,
    unit_counts,
    unit_orders,
    unit_totals,
)
from zhengtong.capabilities.payments.services.orders import (
    Payee,
    cancel_open_orders,
    cancel_order,
    expire_orders,
    raise_order,
)
from zhengtong.capabilities.payments.services.papers import gateway_label, issue_receipt, issue_refund_notice
from zhengtong.capabilities.payments.services.paying import query_waiting, settle, start_payment, take_callback
from zhengtong.capabilities.payments.services.reconciling import reconcile, reconcile_due, settle_difference
from zhengtong.capabilities.payments.services.refunds import (
    ask_refund,
    confirm_proposal,
    decide_refund,
    drop_refund,
    propose_refunds,
    retry_refund,
    run_refunds,
)
from zhengtong.capabilities.payments.services.simulated import charge_of as simulated_charge
from zhengtong.capabilities.payments.services.simulated import deliver_callbacks as deliver_simulated
from zhengtong.capabilities.payments.services.simulated import is_allowed as simulation_allowed
from zhengtong.capabilities.payments.services.simulated import key as simulation_key
from zhengtong.capabilities.payments.services.simulated import open_charge as open_simulated_charge
from zhengtong.capabilities.payments.services.simulated import pay as pay_simulated
from zhengtong.capabilities.payments.services.simulated import refund as simulated_refund

__all__ = [
    "DayTotal",
    "FeeOrder",
    "LineDraft",
    "OrderFilters",
    "OrderView",
    "Payee",
    "ask_refund",
    "available_gateways",
    "cancel_open_orders",
    "cancel_order",
    "confirm_proposal",
    "count_to_pay",
    "decide_refund",
    "deliver_simulated",
    "differences",
    "drop_refund",
    "expire_orders",
    "export_rows",
    "fen_of",
    "gateway_label",
    "gross",
    "issue_receipt",
    "issue_refund_notice",
    "item_totals",
    "may_raise",
    "my_orders",
    "open_simulated_charge",
    "order_for_desk",
    "orders_of",
    "own_order",
    "own_payment",
    "pay_simulated",
    "propose_refunds",
    "quantity_of",
    "query_waiting",
    "raise_order",
    "reconcile",
    "reconcile_due",
    "reconciliations",
    "refund_for_desk",
    "refunds_to_do",
    "retry_refund",
    "run_refunds",
    "settle",
    "settle_difference",
    "simulated_charge",
    "simulated_refund",
    "simulation_allowed",
    "simulation_key",
    "start_payment",
    "take_callback",
    "unit_counts",
    "unit_orders",
    "unit_totals",
    "yuan",
]
