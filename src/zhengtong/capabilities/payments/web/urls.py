"""Addresses of payments: the payer's, the gateways', the desk of the unit that collects."""

from django.urls import path

from zhengtong.capabilities.payments.web import desk, gateway, payer, reconciliation, refunds

app_name = "payments"
urlpatterns = [
    path("", payer.mine, name="mine"),
    path("orders/<uuid:order_id>/", payer.order, name="order"),
    path("orders/<uuid:order_id>/pay/", payer.pay, name="pay"),
    path("return/<str:payment_no>/", payer.back, name="return"),
    path("callbacks/<str:gateway>/", gateway.callback, name="callback"),
    path("simulated/<str:token>/", gateway.simulated, name="simulated"),
    path("desk/", desk.orders, name="desk"),
    path("desk/orders/<uuid:order_id>/", desk.order, name="desk-order"),
    path("desk/orders/<uuid:order_id>/refund/", refunds.ask, name="ask-refund"),
    path("desk/orders/<uuid:order_id>/cancel/", desk.cancel, name="cancel"),
    path("desk/refunds/", refunds.waiting, name="refunds"),
    path("desk/refunds/<uuid:refund_id>/", refunds.refund, name="refund"),
    path("desk/refunds/<uuid:refund_id>/decide/", refunds.decide, name="decide-refund"),
    path("desk/refunds/<uuid:refund_id>/handle/", refunds.handle, name="handle-refund"),
    path("desk/reconciliation/", reconciliation.days, name="reconciliation"),
    path("desk/reconciliation/check/", reconciliation.check, name="reconcile"),
    path("desk/reconciliation/<uuid:difference_id>/settle/", reconciliation.settle, name="settle"),
]
