"""Keys kept by the program itself: for development, tests and places without a 密码机."""

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from zhengtong.kernel.signing import pkcs8, sm2
from zhengtong.kernel.signing.errors import KeyUnusable
from zhengtong.kernel.signing.provider import ALGORITHMS, Algorithm, key_id_of

_Secret = sm2.Key | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_RSA_BITS = 3072


class SoftwareKey:
    """A SignProvider whose private key lies in this process's memory.

    The key object is kept: parsing an RSA key anew checks its primes and costs several signatures' time.
    """

    def __init__(self, algorithm: Algorithm, secret: _Secret) -> None:
        self.algorithm: Algorithm = algorithm
        self._secret = secret
        self._public_pem = _public_pem(secret)
        self.key_id = key_id_of(self._public_pem)

    def public_key_pem(self) -> str:
        """The public key as ``PUBLIC KEY`` PEM."""
        return self._public_pem

    def sign(self, data: bytes) -> bytes:
        """DER (SM2, ECDSA) or PKCS#1 v1.5 (RSA) signature over ``data``."""
        secret = self._secret
        if isinstance(secret, sm2.Key):
            return sm2.sign(secret, data)
        if isinstance(secret, ec.EllipticCurvePrivateKey):
            return secret.sign(data, ec.ECDSA(hashes.SHA256()))
        return secret.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def encrypted_pem(self, passphrase: str, *, rounds: int = pkcs8.PBKDF2_ROUNDS) -> bytes:
        """The private key as ``ENCRYPTED PRIVATE KEY`` PEM; ``rounds`` of PBKDF2."""
        secret, phrase = self._secret, passphrase.encode()
        if isinstance(secret, sm2.Key):
            return pkcs8.encrypt_pointer(secret.pointer, phrase, rounds=rounds)
        plain = secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return pkcs8.encrypt_pem(plain, phrase, rounds=rounds)


def generate(algorithm: str) -> SoftwareKey:
    """A fresh key; raises KeyUnusable for an algorithm that is not one of ``ALGORITHMS``."""
    known = _known(algorithm)
    if known == "SM2":
        return SoftwareKey(known, sm2.generate())
    if known == "ECDSA-P256":
        return SoftwareKey(known, ec.generate_private_key(ec.SECP256R1()))
    return SoftwareKey(known, rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS))


def load(algorithm: str, pem: bytes, passphrase: str) -> SoftwareKey:
    """The key in an encrypted PKCS#8 PEM; raises KeyUnusable for a wrong passphrase or another algorithm."""
    known = _known(algorithm)
    if known == "SM2":
        return SoftwareKey(known, sm2.load_private(pem, passphrase.encode()))
    try:
        secret = serialization.load_pem_private_key(pem, passphrase.encode())
    except (ValueError, TypeError) as error:
        raise KeyUnusable("私钥无法打开：口令不正确，或者文件已损坏。请核对口令和密钥文件。") from error
    wanted = ec.EllipticCurvePrivateKey if known == "ECDSA-P256" else rsa.RSAPrivateKey
    if not isinstance(secret, wanted) or not _fits(secret):
        raise KeyUnusable(f"密钥文件里不是 {algorithm} 私钥，不能使用。请核对密钥文件。")
    return SoftwareKey(known, secret)


def _fits(secret: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bool:
    if isinstance(secret, ec.EllipticCurvePrivateKey):
        return secret.curve.name == "secp256r1"
    return secret.key_size >= _RSA_BITS


def _known(algorithm: str) -> Algorithm:
    if algorithm not in ALGORITHMS:
        raise KeyUnusable(f"不支持签名算法“{algorithm}”，可用的有：{'、'.join(ALGORITHMS)}。")
    return algorithm


def _public_pem(secret: _Secret) -> str:
    if isinstance(secret, sm2.Key):
        return sm2.public_pem(secret).decode()
    public = secret.public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
