"""Words of the ledger that other apps may know."""

from typing import Final

AUDIT_ROLE: Final = "audit_admin"  # 审计管理员, GB/T 22239—2019 §8.1.4.2 d: separate from the two other administrators
ENTRY_KIND: Final = "ledger_entry"  # the ledger's own entries as objects
ACT_ERASED: Final = "ledger.payload_erased"
