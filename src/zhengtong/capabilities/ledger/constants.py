"""Words of the ledger that other apps may know."""

from typing import Final

from zhengtong.kernel import parameters
from zhengtong.kernel.inventory import BACKUP_COPY, Activity, Basis

AUDIT_ROLE: Final = "audit_admin"  # 审计管理员, GB/T 22239—2019 §8.1.4.2 d: separate from the two other administrators
ENTRY_KIND: Final = "ledger_entry"  # the ledger's own entries as objects
ACT_ERASED: Final = "ledger.payload_erased"
ACT_WITNESS_REGISTERED: Final = "ledger.witness_registered"
ACT_WITNESS_APPROVED: Final = "ledger.witness_approved"
ACT_WITNESS_END_ASKED: Final = "ledger.witness_end_asked"
ACT_WITNESS_ENDED: Final = "ledger.witness_ended"
WITNESS_KIND: Final = "ledger_witness"
# a co-signing body guards against who runs the machine: the system administrator has no say in it
WITNESS_ROLES: Final = ("sec_admin", "audit_admin")
COSIGN_LIMIT: Final = parameters.declare(
    "ledger.cosign_limit_hours",
    default=6,
    label="检查点最迟多久须有第二机构共签",
    unit="小时",
    source="账本共签设计（本平台默认值，由本县与共签机构商定）",
    confirmed=False,
).key

#: what the ledger holds data for
RECORD: Final = Activity(
    purpose="认定责任：谁在什么时候对什么做了什么",
    basis=Basis.DUTY,
    kept="账目长期保存；内容随所属的对象抹除，承诺值保留",
    copies=(BACKUP_COPY,),
)
SURNAME: Final = Activity(
    purpose="认定责任：谁在什么时候对什么做了什么",
    basis=Basis.DUTY,
    kept="长期保存",
    stays="只有代号和姓氏；账目只能追加，抹除了内容也不影响核验",
    copies=(BACKUP_COPY,),
)
