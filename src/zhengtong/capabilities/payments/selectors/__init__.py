"""Reading orders: by their payer, by the unit that collects, by the matter they belong to."""

from zhengtong.capabilities.payments.selectors.desk import (
    DayTotal,
    OrderFilters,
    differences,
    export_rows,
    item_totals,
    order_for_desk,
    reconciliations,
    refund_for_desk,
    refunds_to_do,
    unit_counts,
    unit_orders,
    unit_totals,
)
from zhengtong.capabilities.payments.selectors.orders import (
    OrderView,
    available_gateways,
    count_to_pay,
    my_orders,
    orders_of,
    own_order,
    own_payment,
    view_of,
)

__all__ = [
    "DayTotal",
    "OrderFilters",
    "OrderView",
    "available_gateways",
    "count_to_pay",
    "differences",
    "export_rows",
    "item_totals",
    "my_orders",
    "order_for_desk",
    "orders_of",
    "own_order",
    "own_payment",
    "reconciliations",
    "refund_for_desk",
    "refunds_to_do",
    "unit_counts",
    "unit_orders",
    "unit_totals",
    "view_of",
]
