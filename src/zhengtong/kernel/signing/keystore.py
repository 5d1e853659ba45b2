"""A directory of encrypted private keys: one file per name, readable by its owner only.

A file holds ``algorithm:`` and ``created_at:`` lines, the public key, and the encrypted private key (both PEM).
"""

import dataclasses
import datetime as dt
import os
import re
import secrets
import threading
from pathlib import Path

from zhengtong.kernel.signing import pkcs8, software
from zhengtong.kernel.signing.errors import KeyUnusable
from zhengtong.kernel.signing.provider import key_id_of

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_SUFFIX = ".key"
_PRIVATE = "-----BEGIN ENCRYPTED PRIVATE KEY-----"


@dataclasses.dataclass(frozen=True)
class KeyEntry:
    """What may be known of a key without its passphrase."""

    name: str
    algorithm: str
    key_id: str
    public_pem: str
    created_at: dt.datetime


class KeyStore:
    """Keys under ``directory`` (mode 0700, files 0600), all under one passphrase; opened keys stay in memory.

    Names are lower-case letters, digits, dot, dash and underscore. Several processes may share a directory:
    a key appears whole or not at all, and the first to create a name wins.
    """

    def __init__(self, directory: Path, passphrase: str, *, rounds: int = pkcs8.PBKDF2_ROUNDS) -> None:
        self.directory = directory
        self._passphrase = passphrase
        self._rounds = rounds
        self._opened: dict[str, software.SoftwareKey] = {}
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """Names of all keys, sorted."""
        return sorted(path.name.removesuffix(_SUFFIX) for path in self.directory.glob(f"*{_SUFFIX}"))

    def entry(self, name: str) -> KeyEntry:
        """What is written about a key; raises KeyUnusable when there is none of that name."""
        head, public = self._read(name)[:2]
        return KeyEntry(
            name=name,
            algorithm=head["algorithm"],
            key_id=key_id_of(public),
            public_pem=public,
            created_at=dt.datetime.fromisoformat(head["created_at"]),
        )

    def load(self, name: str) -> software.SoftwareKey:
        """The opened key; raises KeyUnusable when missing, readable by others, or under another passphrase."""
        with self._lock:
            if name not in self._opened:
                self._opened[name] = self._open(name)
            return self._opened[name]

    def load_or_generate(self, name: str, algorithm: str, *, at: dt.datetime) -> software.SoftwareKey:
        """The key of that name, made now (``at`` is its date of creation) when there is none yet."""
        if not self._path(name).exists():
            fresh = software.generate(algorithm)
            if self._save(name, fresh, at):
                with self._lock:
                    self._opened[name] = fresh
        key = self.load(name)
        if key.algorithm != algorithm:
            raise KeyUnusable(f"密钥“{name}”的算法是 {key.algorithm}，不是所要求的 {algorithm}。")
        return key

    def _open(self, name: str) -> software.SoftwareKey:
        head, _, private = self._read(name)
        if self._path(name).stat().st_mode & 0o077:
            raise KeyUnusable(f"密钥“{name}”的文件权限过宽，其他用户可以读取，已拒绝使用。请改为 0600 后重试。")
        return software.load(head["algorithm"], private.encode(), self._passphrase)

    def _read(self, name: str) -> tuple[dict[str, str], str, str]:
        try:
            text = self._path(name).read_text(encoding="ascii")
        except FileNotFoundError:
            message = f"密钥库中没有名为“{name}”的密钥。请检查密钥目录是否已随备份恢复。"
            raise KeyUnusable(message) from None
        opening, marker, private = text.partition(_PRIVATE)
        lines, dashes, public = opening.partition("-----BEGIN")
        head = dict(line.split(": ", 1) for line in lines.splitlines() if ": " in line)
        if not marker or not dashes or not {"algorithm", "created_at"} <= head.keys():
            raise KeyUnusable(f"密钥“{name}”的文件已损坏。请从备份恢复密钥目录。")
        return head, dashes + public, marker + private

    def _save(self, name: str, key: software.SoftwareKey, at: dt.datetime) -> bool:
        """True when this key now bears the name, false when another process was first."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        body = f"algorithm: {key.algorithm}\ncreated_at: {at.isoformat()}\n{key.public_key_pem()}".encode()
        body += key.encrypted_pem(self._passphrase, rounds=self._rounds)
        partial = self.directory / f"{name}.{secrets.token_hex(6)}.partial"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            # A hard link never replaces: whoever creates the name first wins, the other uses that key.
            os.link(partial, self._path(name))
        except FileExistsError:
            return False
        finally:
            partial.unlink()
        return True

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise KeyUnusable("密钥名称只能用小写字母、数字、点、横线和下划线。")
        return self.directory / (name + _SUFFIX)
