"""Changes of orders, payments, refunds and reconciliations; one function per change."""
