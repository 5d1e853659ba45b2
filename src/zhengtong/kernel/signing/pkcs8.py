"""Private keys at rest: PKCS#8 encrypted with PBES2 (PBKDF2-HMAC-SHA256, AES-256-CBC).

Done by libcrypto for all kinds of keys, because ``cryptography`` knows no SM2 and fixes 2048 rounds for others.
"""

from typing import Final

from zhengtong.kernel.signing.errors import KeyUnusable
from zhengtong.kernel.signing.libcrypto import drain, failure, library, reading, writing

# OWASP's recommendation of 2023 for PBKDF2 with HMAC-SHA256.
PBKDF2_ROUNDS: Final = 600_000


def encrypt_pem(plain: bytes, passphrase: bytes, *, rounds: int = PBKDF2_ROUNDS) -> bytes:
    """The ``ENCRYPTED PRIVATE KEY`` PEM of an open private-key PEM of any kind."""
    lib = library()
    with reading(plain) as bio:
        pointer = lib.PEM_read_bio_PrivateKey(bio, None, None, b"")
    if not pointer:
        raise KeyUnusable("私钥无法识别：它不是未加密的 PEM 格式。")
    try:
        return encrypt_pointer(pointer, passphrase, rounds=rounds)
    finally:
        lib.EVP_PKEY_free(pointer)


def encrypt_pointer(pointer: int, passphrase: bytes, *, rounds: int = PBKDF2_ROUNDS) -> bytes:
    """The ``ENCRYPTED PRIVATE KEY`` PEM of a key in libcrypto's memory; the passphrase must not be empty."""
    if not passphrase or b"\0" in passphrase:
        raise KeyUnusable("保存私钥必须设置口令，口令中不能有空字符。")
    lib = library()
    info = lib.EVP_PKEY2PKCS8(pointer)
    if not info:
        raise failure("导出私钥")
    sealed = lib.PKCS8_encrypt(-1, lib.EVP_aes_256_cbc(), passphrase, len(passphrase), None, 0, rounds, info)
    lib.PKCS8_PRIV_KEY_INFO_free(info)
    if not sealed:
        raise failure("加密私钥")
    try:
        with writing() as bio:
            if lib.PEM_write_bio_PKCS8(bio, sealed) != 1:
                raise failure("导出私钥")
            return drain(bio)
    finally:
        lib.X509_SIG_free(sealed)
