"""SM2 with SM3 (GB/T 32918.2, GB/T 35276) over the system's libcrypto.

Signatures are DER (SEQUENCE of r and s). The user ID enters every signature; GB/T 35276 §10 names
``1234567812345678`` as the one to use where parties agreed on no other. A key may be used by many threads at
once: each operation has its own contexts, and libcrypto works outside Python's lock.
"""

import ctypes
import weakref
from typing import Final

from zhengtong.kernel.signing.errors import KeyUnusable
from zhengtong.kernel.signing.libcrypto import drain, failure, library, reading, writing

USER_ID: Final = b"1234567812345678"
MAX_SIGNATURE: Final = 80  # bytes; the longest DER of two 256-bit integers has 72

_NOT_PRIVATE = "私钥无法打开：口令不正确，或者文件不是 SM2 私钥。请核对口令和密钥文件。"
_NOT_PUBLIC = "公钥无法识别：它不是 PEM 格式的 SM2 公钥。"


class Key:
    """An SM2 key in libcrypto's memory; freed with the object."""

    def __init__(self, pointer: int) -> None:
        self.pointer = pointer
        self._finalizer = weakref.finalize(self, library().EVP_PKEY_free, pointer)


def generate() -> Key:
    """A fresh key pair from libcrypto's random generator."""
    lib = library()
    context = lib.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
    pointer = ctypes.c_void_p()
    try:
        done = lib.EVP_PKEY_keygen_init(context) == 1 and lib.EVP_PKEY_generate(context, ctypes.byref(pointer)) == 1
        if not done or pointer.value is None:
            raise failure("生成 SM2 密钥")
        return Key(pointer.value)
    finally:
        lib.EVP_PKEY_CTX_free(context)


def load_private(pem: bytes, passphrase: bytes = b"") -> Key:
    """The key in a PEM text, encrypted or not; raises KeyUnusable for a wrong passphrase or another kind of key."""
    lib = library()
    with reading(pem) as bio:
        # An empty string, not NULL: with NULL libcrypto would ask for the passphrase at the terminal.
        pointer = lib.PEM_read_bio_PrivateKey(bio, None, None, passphrase)
    return _checked(pointer, _NOT_PRIVATE)


def load_public(pem: bytes) -> Key:
    """The key in a ``PUBLIC KEY`` PEM; raises KeyUnusable when it is none for SM2."""
    lib = library()
    with reading(pem) as bio:
        pointer = lib.PEM_read_bio_PUBKEY(bio, None, None, b"")
    return _checked(pointer, _NOT_PUBLIC)


def public_pem(key: Key) -> bytes:
    """The public half as ``PUBLIC KEY`` PEM."""
    lib = library()
    with writing() as bio:
        if lib.PEM_write_bio_PUBKEY(bio, key.pointer) != 1:
            raise failure("导出 SM2 公钥")
        return drain(bio)


def sign(key: Key, data: bytes, *, user_id: bytes = USER_ID) -> bytes:
    """The DER signature over ``data``; a fresh one each time."""
    lib = library()
    key_context, digest_context = _contexts(key, user_id)
    try:
        if lib.EVP_DigestSignInit_ex(digest_context, None, b"SM3", None, None, key.pointer, None) != 1:
            raise failure("SM2 签名")
        size = ctypes.c_size_t(MAX_SIGNATURE)
        signature = ctypes.create_string_buffer(MAX_SIGNATURE)
        if lib.EVP_DigestSign(digest_context, signature, ctypes.byref(size), data, len(data)) != 1:
            raise failure("SM2 签名")
        return signature.raw[: size.value]
    finally:
        lib.EVP_MD_CTX_free(digest_context)
        lib.EVP_PKEY_CTX_free(key_context)


def verify(key: Key, data: bytes, signature: bytes, *, user_id: bytes = USER_ID) -> bool:
    """True when ``signature`` (DER) is this key's over ``data``; malformed ones are simply not."""
    lib = library()
    key_context, digest_context = _contexts(key, user_id)
    try:
        if lib.EVP_DigestVerifyInit_ex(digest_context, None, b"SM3", None, None, key.pointer, None) != 1:
            raise failure("SM2 验签")
        verdict: int = lib.EVP_DigestVerify(digest_context, signature, len(signature), data, len(data))
        return verdict == 1
    finally:
        lib.EVP_MD_CTX_free(digest_context)
        lib.EVP_PKEY_CTX_free(key_context)
        lib.ERR_clear_error()


def _contexts(key: Key, user_id: bytes) -> tuple[int, int]:
    lib = library()
    key_context = lib.EVP_PKEY_CTX_new(key.pointer, None)
    # The user ID must stand before the init call; OpenSSL's own default is the empty one.
    if not key_context or lib.EVP_PKEY_CTX_set1_id(key_context, user_id, len(user_id)) != 1:
        lib.EVP_PKEY_CTX_free(key_context)
        raise failure("准备 SM2 运算")
    digest_context = lib.EVP_MD_CTX_new()
    lib.EVP_MD_CTX_set_pkey_ctx(digest_context, key_context)
    return key_context, digest_context


def _checked(pointer: int | None, message: str) -> Key:
    if not pointer:
        raise KeyUnusable(message)
    key = Key(pointer)
    if library().EVP_PKEY_is_a(pointer, b"SM2") != 1:
        raise KeyUnusable(message)
    return key
