"""The inventory of cryptography is what the source does, and nothing in it is weaker than asked for."""

import re
import string
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.backends.db import SessionStore

from tests.fitness.tree import REPOSITORY, is_test, product_modules
from zhengtong.entry.backup.sealing import Key
from zhengtong.entry.runtime.secrets import SECRETS
from zhengtong.kernel.signing import provider, software
from zhengtong.kernel.signing.errors import KeyUnusable

_PAGE = (REPOSITORY / "docs" / "cryptography.md").read_text(encoding="utf-8")
_SHAPES = {
    "SHA-256": r"hashlib\.sha256|hashes\.SHA256\b",
    "SHA-1": r"hashlib\.sha1|hashes\.SHA1\b|\"sha1\"",
    "MD5": r"hashlib\.md5|hashes\.MD5\b",
    "SM3": r"hashlib\.new\(\s*[\"']sm3|hashes\.SM3\b|b\"SM3\"|, \"sm3\"\)",
    "SM4": r"algorithms import SM4|algorithms\.SM4",
    "AES-256": r"EVP_aes_256|algorithms\.AES",
    "GCM": r"modes\.GCM",
    "CTR": r"modes\.CTR",
    "CBC": r"modes\.CBC|_cbc\b",
    "ECB": r"modes\.ECB|_ecb\b",
    "HMAC": r"\bhmac\.new\(|\bsalted_hmac\(|hmac\.HMAC\(|HMAC\(",
    "PBKDF2": r"PBKDF2_ROUNDS: Final",
    "SM2": r"b\"SM2\"",
    "ECDSA": r"ec\.ECDSA\(",
    "RSA PKCS#1 v1.5": r"padding\.PKCS1v15",
    "other digest": r"hashlib\.(?!sha256|sha1|md5|new)\w+|hashes\.(?!SHA256|SM3|Hash\b|HashAlgorithm)[A-Z]\w+",
}
_DRAWN = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| [^|]{10,} \|$", re.MULTILINE)


def _found() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in product_modules():
        if is_test(path) or "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        place = path.relative_to(REPOSITORY / "src" / "zhengtong").as_posix()
        for name, shape in _SHAPES.items():
            if re.search(shape, text):
                found[place].add(name)
    return dict(found)


def test_every_use_of_cryptography_stands_in_the_inventory() -> None:
    written = {place: {word.strip() for word in words.split(",")} for place, words in _DRAWN.findall(_PAGE)}

    assert written == _found()
    assert not {"ECB", "other digest"} & set().union(*written.values())


def test_weak_digests_stand_only_where_a_protocol_fixes_them() -> None:
    weak = {place: names & {"MD5", "SHA-1"} for place, names in _found().items() if names & {"MD5", "SHA-1"}}

    assert weak == {
        "capabilities/notify/engine/cmpp.py": {"MD5"},
        "capabilities/trust/engine/ocsp.py": {"SHA-1"},
    }


def test_every_secret_of_an_installation_stands_in_the_inventory() -> None:
    named = set(re.findall(r"^\| [^|]+ \| `([^`]+)` \|", _PAGE, re.MULTILINE))

    assert {secret.variable for secret in SECRETS} <= named
    assert {
        "ZHENGTONG_BACKUP_KEY",
        "ZHENGTONG_SMTP_PASSWORD",
        "ZHENGTONG_SMS_SECRET",
        "ZHENGTONG_COURIER_SECRET",
    } <= named


def test_passwords_cost_what_is_asked_today() -> None:
    # OWASP Password Storage: Argon2id with 46 MiB and one pass, or 19 MiB and two, at least
    hasher = Argon2PasswordHasher()
    settings_file = (REPOSITORY / "src/zhengtong/entry/settings/security.py").read_text(encoding="utf-8")

    assert 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]' in settings_file
    assert hasher.params().type.name == "ID"
    assert hasher.memory_cost * hasher.time_cost >= 2 * 19 * 1024
    assert settings.PASSWORD_HASHERS  # the tests' own is cheap


def test_keys_made_here_have_at_least_128_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    for secret in SECRETS:
        assert len(secret.make()) * 4 >= 128, secret.variable
    assert len(bytes.fromhex(Key.new().text)) >= 32
    monkeypatch.setattr(SessionStore, "exists", lambda _self, _key: False)
    assert len(SessionStore()._get_new_session_key()) * 5 >= 128  # type: ignore[attr-defined]  # 36 signs each
    keys: dict[str, Any] = {name: software.generate(name) for name in provider.ALGORITHMS}
    rsa_key = serialization.load_pem_public_key(keys["RSA-3072"].public_key_pem().encode())
    curve = serialization.load_pem_public_key(keys["ECDSA-P256"].public_key_pem().encode())
    assert isinstance(rsa_key, rsa.RSAPublicKey)
    assert (rsa_key.key_size, rsa_key.public_numbers().e) == (3072, 65537)
    assert isinstance(curve, ec.EllipticCurvePublicKey)
    assert curve.curve.key_size == 256


@pytest.mark.parametrize("bits", [1024, 2048])
def test_weak_keys_and_digests_are_refused(bits: int, tmp_path: Path) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    pem = weak.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"p")
    )

    with pytest.raises(KeyUnusable):
        software.load("RSA-3072", pem, "p")
    with pytest.raises(KeyUnusable):
        software.generate("RSA-1024")


def test_codes_people_type_use_signs_that_cannot_be_confused() -> None:
    from zhengtong.kernel.ids import ALPHABET, query_code

    assert not set("01IOoil") & set(ALPHABET)
    assert set(query_code(200)) <= set(ALPHABET) <= set(string.ascii_uppercase + string.digits)
