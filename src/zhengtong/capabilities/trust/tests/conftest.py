"""A key store of its own for each test, cheap to open."""

import functools
from pathlib import Path

import pytest

from zhengtong.capabilities.trust.services import keys
from zhengtong.kernel.signing import software
from zhengtong.kernel.signing.keystore import KeyStore

_original = software.generate
_once = functools.cache(software.generate)


@pytest.fixture
def cheap_key_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyStore:
    """Few rounds of PBKDF2, and one RSA key for all names: making a fresh one takes longer than a test."""
    store = KeyStore(tmp_path / "keys", "test", rounds=1000)
    monkeypatch.setattr(keys, "_key_store", lambda var, passphrase: store)
    monkeypatch.setattr(software, "generate", _fresh)
    return store


def _fresh(algorithm: str) -> software.SoftwareKey:
    return _once(algorithm) if algorithm == "RSA-3072" else _original(algorithm)
