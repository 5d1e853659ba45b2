"""The key that signs the ledger's checkpoints where the county wants another algorithm than the ledger's own."""

from django.conf import settings

from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.kernel.clock import now
from zhengtong.kernel.signing.provider import SignProvider


def wanted_algorithm() -> str:
    """``ZHENGTONG_CHECKPOINT_ALGORITHM``; empty leaves the ledger with its own ECDSA key, which anybody can check."""
    return getattr(settings, "ZHENGTONG_CHECKPOINT_ALGORITHM", "")


def checkpoint_key() -> SignProvider:
    """The key, made on first use."""
    algorithm = wanted_algorithm()
    return key_store().load_or_generate(f"ledger-checkpoint-{algorithm.lower()}", algorithm, at=now())
