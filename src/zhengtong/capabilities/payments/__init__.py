"""缴费: fee orders, payments through gateways, receipts, refunds, reconciliation."""
