"""What higher apps give to the ledger: Chinese words for acts and objects, and the key that signs checkpoints."""

from collections.abc import Callable
from typing import Final

from zhengtong.capabilities.ledger import constants
from zhengtong.kernel.registry import Registry
from zhengtong.kernel.signing.provider import SignProvider

act_labels: Registry[str] = Registry("act_labels")
"""act → Chinese words (``case.accepted`` → 受理); registered by the app whose act it is, in ``apps.ready()``."""

object_labels: Registry[str] = Registry("object_labels")
"""object kind → Chinese words (``case`` → 办件)."""

SIGNER: Final = "checkpoint"
checkpoint_signer: Registry[Callable[[], SignProvider]] = Registry("checkpoint_signer")
"""Under ``SIGNER``: a function that returns the signing key of checkpoints; without one a software key is made."""

act_labels.register(constants.ACT_ERASED, "抹除账目内容")
act_labels.register(constants.ACT_WITNESS_REGISTERED, "登记共签机构")
act_labels.register(constants.ACT_WITNESS_APPROVED, "核准共签机构")
act_labels.register(constants.ACT_WITNESS_END_ASKED, "提出停用共签机构")
act_labels.register(constants.ACT_WITNESS_ENDED, "停用共签机构")
object_labels.register(constants.ENTRY_KIND, "账目")
object_labels.register(constants.WITNESS_KIND, "共签机构")


def act_label(act: str) -> str:
    """The Chinese words of an act, or the act's own code where nobody registered any."""
    return act_labels.get(act) if act in act_labels else act


def object_label(kind: str) -> str:
    """The Chinese words of an object kind, or the kind itself."""
    return object_labels.get(kind) if kind in object_labels else kind
