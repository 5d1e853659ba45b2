"""The system's libcrypto (OpenSSL 3) by ctypes: only the functions that SM2 and PKCS#8 need."""

import ctypes
import ctypes.util
import functools
from collections.abc import Iterator
from contextlib import contextmanager

from zhengtong.kernel.signing.errors import SigningFailed, SigningUnavailable

_P, _INT, _SIZE, _STR, _LONG = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_long
_SIZE_P, _P_P = ctypes.POINTER(ctypes.c_size_t), ctypes.POINTER(ctypes.c_void_p)

# name: (result, arguments)
_FUNCTIONS: dict[str, tuple[object, list[object]]] = {
    "BIO_new": (_P, [_P]),
    "BIO_s_mem": (_P, []),
    "BIO_new_mem_buf": (_P, [_STR, _INT]),
    "BIO_read": (_INT, [_P, _P, _INT]),
    "BIO_ctrl_pending": (_SIZE, [_P]),
    "BIO_free": (_INT, [_P]),
    "ERR_clear_error": (None, []),
    "ERR_peek_last_error": (ctypes.c_ulong, []),
    "ERR_error_string_n": (None, [ctypes.c_ulong, _P, _SIZE]),
    "EVP_PKEY_CTX_new_from_name": (_P, [_P, _STR, _STR]),
    "EVP_PKEY_CTX_new": (_P, [_P, _P]),
    "EVP_PKEY_CTX_set1_id": (_INT, [_P, _STR, _INT]),
    "EVP_PKEY_CTX_free": (None, [_P]),
    "EVP_PKEY_keygen_init": (_INT, [_P]),
    "EVP_PKEY_generate": (_INT, [_P, _P_P]),
    "EVP_PKEY_is_a": (_INT, [_P, _STR]),
    "EVP_PKEY_free": (None, [_P]),
    "EVP_PKEY2PKCS8": (_P, [_P]),
    "EVP_MD_CTX_new": (_P, []),
    "EVP_MD_CTX_set_pkey_ctx": (None, [_P, _P]),
    "EVP_MD_CTX_free": (None, [_P]),
    "EVP_DigestSignInit_ex": (_INT, [_P, _P_P, _STR, _P, _STR, _P, _P]),
    "EVP_DigestSign": (_INT, [_P, _P, _SIZE_P, _STR, _SIZE]),
    "EVP_DigestVerifyInit_ex": (_INT, [_P, _P_P, _STR, _P, _STR, _P, _P]),
    "EVP_DigestVerify": (_INT, [_P, _STR, _SIZE, _STR, _SIZE]),
    "EVP_aes_256_cbc": (_P, []),
    "PEM_read_bio_PrivateKey": (_P, [_P, _P, _P, _STR]),
    "PEM_read_bio_PUBKEY": (_P, [_P, _P, _P, _STR]),
    "PEM_write_bio_PUBKEY": (_INT, [_P, _P]),
    "PEM_write_bio_PKCS8": (_INT, [_P, _P]),
    "PKCS8_encrypt": (_P, [_INT, _P, _STR, _INT, _STR, _INT, _INT, _P]),
    "PKCS8_PRIV_KEY_INFO_free": (None, [_P]),
    "X509_SIG_free": (None, [_P]),
}

# ctypes.util asks ldconfig or a compiler, which a small container may not have.
_USUAL_NAMES = ("libcrypto.so.3", "libcrypto.so", "libcrypto.3.dylib", "libcrypto-3-x64.dll")

_MISSING = (
    "本机没有支持国密 SM2 的 OpenSSL 3（libcrypto），无法进行国密签名和验签。"
    "请由运维人员安装系统软件包 openssl 3.0 以上版本（Debian、Ubuntu、openEuler 均自带），然后重新启动本系统。"
)


@functools.cache
def library() -> ctypes.CDLL:
    """The loaded library with declared functions; raises SigningUnavailable when none offers SM2."""
    for name in dict.fromkeys([ctypes.util.find_library("crypto"), *_USUAL_NAMES]):
        if name is None:
            continue
        try:
            candidate = ctypes.CDLL(name)
            for function, (result, arguments) in _FUNCTIONS.items():
                entry = getattr(candidate, function)
                entry.restype, entry.argtypes = result, arguments
        except (OSError, AttributeError):
            continue
        context = candidate.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
        candidate.ERR_clear_error()
        if context:
            candidate.EVP_PKEY_CTX_free(context)
            return candidate
    raise SigningUnavailable(_MISSING)


def failure(action: str) -> SigningFailed:
    """The error to raise when a step failed for no reason of the caller's; carries OpenSSL's own words."""
    lib = library()
    text = ctypes.create_string_buffer(256)
    lib.ERR_error_string_n(lib.ERR_peek_last_error(), text, len(text))
    lib.ERR_clear_error()
    return SigningFailed(
        f"{action}未能完成。请稍后重试；仍不成功的，请联系运维人员检查密码组件。", detail=text.value.decode()
    )


@contextmanager
def reading(data: bytes) -> Iterator[int]:
    """A memory BIO over ``data``, freed at the end."""
    lib = library()
    bio = lib.BIO_new_mem_buf(data, len(data))
    try:
        yield bio
    finally:
        lib.BIO_free(bio)
        lib.ERR_clear_error()


@contextmanager
def writing() -> Iterator[int]:
    """An empty memory BIO, freed at the end."""
    lib = library()
    bio = lib.BIO_new(lib.BIO_s_mem())
    try:
        yield bio
    finally:
        lib.BIO_free(bio)
        lib.ERR_clear_error()


def drain(bio: int) -> bytes:
    """All bytes written into a memory BIO."""
    lib = library()
    size = lib.BIO_ctrl_pending(bio)
    buffer = ctypes.create_string_buffer(size)
    count: int = lib.BIO_read(bio, buffer, size)
    return buffer.raw[: max(count, 0)]
