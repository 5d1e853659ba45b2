"""Payments as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class PaymentsConfig(SystemConfig):
    """Fee orders, gateways, receipts, refunds."""

    name = "zhengtong.capabilities.payments"
    label = "payments"
    verbose_name = "缴费"
    aliases = ("网上缴费", "在线缴费", "统一支付平台", "非税收入缴费", "缴费凭据", "退费")
    home_url = "/payments/"

    def ready(self) -> None:
        """Offer the simulated gateway, say who reads papers, show orders on matters, run the loops."""
        from zhengtong.capabilities.documents.registry import subject_policies
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.notify.registry import message_kinds
        from zhengtong.capabilities.payments import api, handlers
        from zhengtong.capabilities.payments.constants import ACT_LABELS, NEWS, OBJECT_LABELS, ORDER_KIND, REFUND_KIND
        from zhengtong.capabilities.payments.permissions import PaymentPapers, RefundPapers
        from zhengtong.capabilities.payments.plugins.messages import MESSAGE_KIND
        from zhengtong.capabilities.payments.plugins.simulated import SimulatedGateway
        from zhengtong.capabilities.payments.registry import gateways
        from zhengtong.capabilities.payments.services import erasing
        from zhengtong.capabilities.payments.web import blocks
        from zhengtong.kernel import erasure
        from zhengtong.kernel.loops import register_loop
        from zhengtong.kernel.pages import applicant_acts, applicant_blocks, desk_blocks, home_blocks

        gateways.register("simulated", SimulatedGateway())
        subject_policies.register(ORDER_KIND, PaymentPapers())
        subject_policies.register(REFUND_KIND, RefundPapers())
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        applicant_acts.register("payments", blocks.pay_act)
        applicant_blocks.register("payments", blocks.applicant_block)
        desk_blocks.register("payments", blocks.desk_block)
        home_blocks.register("payments", blocks.home_block)
        message_kinds.register(NEWS, MESSAGE_KIND)
        erasure.erasers.register("payments", erasing.order_eraser())
        handlers.subscribe_all()
        register_loop("payments_simulated", api.deliver_simulated, interval=1.0)
        register_loop("payments_query", api.query_waiting, interval=5.0)
        register_loop("payments_refunds", api.run_refunds, interval=2.0)
        register_loop("payments_expiry", api.expire_orders, interval=60.0, timed=True)
        register_loop("payments_reconciliation", api.reconcile_due, interval=300.0, timed=True)
