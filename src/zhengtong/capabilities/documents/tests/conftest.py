"""Sealing in these tests costs no fresh RSA keys."""

import pytest

from zhengtong.capabilities.trust.tests.conftest import cheap_key_store
from zhengtong.kernel.signing.keystore import KeyStore

__all__ = ["cheap_key_store"]


@pytest.fixture(autouse=True)
def _cheap(cheap_key_store: KeyStore) -> None:
    """For every test of papers."""
