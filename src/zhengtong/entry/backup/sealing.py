"""How a part of a back-up is sealed: SM4 in counter mode, then HMAC-SM3 over it; any OpenSSL 3 opens it by hand.

A sealed file is 16 bytes of counter, the ciphertext, 32 bytes of HMAC over both. The two keys come from the back-up
key by HKDF-SM3. What is opened is used only after its HMAC was found right.
"""

import hmac
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhengtong.entry.backup.problems import BackupProblem

COUNTER_BYTES: Final = 16
SEAL_BYTES: Final = 32
OVERHEAD: Final = COUNTER_BYTES + SEAL_BYTES
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class Key:
    """The back-up key, 32 bytes as 64 hex digits, and what is derived from it."""

    text: str

    @classmethod
    def new(cls) -> "Key":
        """A fresh one."""
        return cls(secrets.token_hex(32))

    @classmethod
    def read(cls, text: str) -> "Key":
        """From what a person typed or a file holds (spaces and hyphens do not count); raises BackupProblem."""
        found = "".join(text.split()).replace("-", "").lower()
        if len(found) != 64 or any(sign not in "0123456789abcdef" for sign in found):
            raise BackupProblem("备份密钥应当是 64 位十六进制数字，请核对有没有抄漏。")
        return cls(found)

    @property
    def number(self) -> str:
        """Eight digits that tell one key from another and nothing about it."""
        return self._derived("number", 4).hex()

    @property
    def cipher_key(self) -> bytes:
        """16 bytes for SM4."""
        return self._derived("sm4", 16)

    @property
    def seal_key(self) -> bytes:
        """32 bytes for HMAC-SM3."""
        return self._derived("hmac", 32)

    def name_of(self, digest: str) -> str:
        """Under which name a file of this digest lies in the store: it tells a stranger nothing of the content."""
        found = HMAC(self._derived("names", 32), hashes.SM3())
        found.update(digest.encode("ascii"))
        return found.finalize().hex()

    def seal_of(self, text: bytes) -> str:
        """HMAC-SM3 of a short text, in hex."""
        found = HMAC(self.seal_key, hashes.SM3())
        found.update(text)
        return found.finalize().hex()

    def _derived(self, purpose: str, length: int) -> bytes:
        info = f"zhengtong-backup-{purpose}".encode("ascii")
        return HKDF(hashes.SM3(), length=length, salt=None, info=info).derive(bytes.fromhex(self.text))


def seal(key: Key, content: Iterable[bytes], path: Path) -> int:
    """Write ``content`` sealed to ``path``; returns the bytes of the plain text."""
    counter = secrets.token_bytes(COUNTER_BYTES)
    cipher = Cipher(algorithms.SM4(key.cipher_key), modes.CTR(counter)).encryptor()
    mac = HMAC(key.seal_key, hashes.SM3())
    mac.update(counter)
    size = 0
    with path.open("wb") as out:
        out.write(counter)
        for piece in content:
            size += len(piece)
            hidden = cipher.update(piece)
            mac.update(hidden)
            out.write(hidden)
        out.write(mac.finalize())
    return size


def opened(key: Key, path: Path) -> Iterator[bytes]:
    """The plain text in pieces; raises BackupProblem **after the last piece** when the seal is not right.

    So nothing of it may be used before the iteration ended without a problem.
    """
    left = path.stat().st_size - OVERHEAD
    if left < 0:
        raise BackupProblem(f"备份文件 {path.name} 不完整。")
    mac = HMAC(key.seal_key, hashes.SM3())
    with path.open("rb") as file:
        counter = file.read(COUNTER_BYTES)
        mac.update(counter)
        cipher = Cipher(algorithms.SM4(key.cipher_key), modes.CTR(counter)).decryptor()
        while left:
            hidden = file.read(min(_CHUNK, left))
            if not hidden:
                raise BackupProblem(f"备份文件 {path.name} 不完整。")
            left -= len(hidden)
            mac.update(hidden)
            yield cipher.update(hidden)
        if not hmac.compare_digest(mac.finalize(), file.read(SEAL_BYTES)):
            raise BackupProblem(f"备份文件 {path.name} 已经损坏，或者不是用这个密钥加密的。")


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file's content in pieces."""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece
