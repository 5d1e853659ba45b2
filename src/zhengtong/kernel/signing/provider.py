"""What every source of signatures offers, and how anybody checks one.

Software keys implement it (``software``); a certified 密码机 or 签名验签服务器 plugs in the same way.
Formats: SM2 and ECDSA-P256 signatures are DER; RSA-3072 is PKCS#1 v1.5. Digests: SM3 for SM2, SHA-256 otherwise.
"""

import base64
import datetime as dt
import functools
import hashlib
from typing import Final, Literal, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from zhengtong.kernel.signing import sm2
from zhengtong.kernel.signing.errors import KeyUnusable

Algorithm = Literal["SM2", "ECDSA-P256", "RSA-3072"]
ALGORITHMS: Final[tuple[Algorithm, ...]] = ("SM2", "ECDSA-P256", "RSA-3072")
_RSA_BITS: Final = 3072


class SignProvider(Protocol):
    """One private key that signs; where it lives is the provider's own business."""

    @property
    def algorithm(self) -> Algorithm:
        """The algorithm of the key."""

    @property
    def key_id(self) -> str:
        """Fingerprint of the public key: see ``key_id_of``."""

    def sign(self, data: bytes) -> bytes:
        """The signature over ``data`` (hashed inside); safe to call from many threads."""

    def public_key_pem(self) -> str:
        """The public key as ``PUBLIC KEY`` PEM."""


class KeyHolder(Protocol):
    """A place that keeps keys by name: the key store in the state folder, or a 密码机 (GM/T 0018) by its driver.

    Chosen by ``ZHENGTONG_KEY_PROVIDER``, the dotted path of a function without arguments that returns one.
    Names are lower-case letters, digits, dot, dash and underscore, at most 100.
    """

    def load(self, name: str) -> SignProvider:
        """The key of that name; raises KeyUnusable when there is none or it cannot be opened."""

    def load_or_generate(self, name: str, algorithm: str, *, at: dt.datetime) -> SignProvider:
        """The key of that name, made now (``at``) when there is none; raises KeyUnusable for another algorithm."""

    def rotate(self, name: str, *, at: dt.datetime) -> SignProvider:
        """A fresh key of the same algorithm under ``name``; the old one can sign no more. Raises KeyUnusable."""

    def destroy(self, name: str) -> None:
        """Make the key unusable for ever; nothing happens when there is none."""


def verify(algorithm: str, public_pem: str, data: bytes, signature: bytes) -> bool:
    """True when ``signature`` was made over ``data`` with the private half of ``public_pem``.

    False for any changed byte and for malformed signatures; raises KeyUnusable when the public key is
    unreadable or of another algorithm, SigningUnavailable when the machine has no SM2.
    """
    if algorithm == "SM2":
        return sm2.verify(_sm2_public(public_pem), data, signature)
    key = _other_public(public_pem)
    try:
        if algorithm == "ECDSA-P256" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        elif algorithm == "RSA-3072" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            raise KeyUnusable(f"公钥与签名算法不符：这把公钥不能用来核验 {algorithm} 签名。")
    except InvalidSignature:
        return False
    return True


def is_as_strong(algorithm: str, public_pem: str) -> bool:
    """Whether a key that anybody brings is of the curve, or at least of the length, that the algorithm's name says.

    ``verify`` also takes what others sign with shorter keys; raises as ``verify`` does for a key it cannot read.
    """
    if algorithm == "SM2":
        return bool(_sm2_public(public_pem))
    key = _other_public(public_pem)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return algorithm == "ECDSA-P256" and key.curve.name == "secp256r1"
    return algorithm == "RSA-3072" and isinstance(key, rsa.RSAPublicKey) and key.key_size >= _RSA_BITS


def key_id_of(public_pem: str) -> str:
    """Hex of the first 20 bytes of SHA-256 over the public key's DER (as in RFC 7093 §2): 40 characters."""
    lines = [line for line in public_pem.split("\n") if line and not line.startswith("-----")]
    return hashlib.sha256(base64.b64decode("".join(lines))).hexdigest()[:40]


@functools.lru_cache(maxsize=128)
def _sm2_public(public_pem: str) -> sm2.Key:
    return sm2.load_public(public_pem.encode())


@functools.lru_cache(maxsize=128)
def _other_public(public_pem: str) -> object:
    try:
        return serialization.load_pem_public_key(public_pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable("公钥无法识别：它不是 PEM 格式的 ECDSA 或 RSA 公钥。") from error
