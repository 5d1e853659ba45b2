"""Tables of payments."""

from zhengtong.capabilities.payments.models.gateway import (
    GatewayCallback,
    Reconciliation,
    ReconciliationDifference,
    SimulatedCharge,
    SimulatedRefund,
)
from zhengtong.capabilities.payments.models.orders import (
    FeeLine,
    FeeOrder,
    Payment,
    PaymentCounter,
    Refund,
    RefundLine,
)

__all__ = [
    "FeeLine",
    "FeeOrder",
    "GatewayCallback",
    "Payment",
    "PaymentCounter",
    "Reconciliation",
    "ReconciliationDifference",
    "Refund",
    "RefundLine",
    "SimulatedCharge",
    "SimulatedRefund",
]
