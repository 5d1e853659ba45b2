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

from zhengtong.kernel.folders import settle
from zhengtong.kernel.signing import pkcs8, software
from zhengtong.kernel.signing.errors import KeyUnusable
from zhengtong.kernel.signing.provider import key_id_of

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_SUFFIX = ".key"
_PRIVATE = "-----BEGIN ENCRYPTED PRIVATE KEY-----"
_Version = tuple[int, int, int]


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
    a key appears whole or not at all, the first to create a name wins, and a key that another process replaced or
    destroyed signs no more here either: every use looks at the file. ``passphrase`` may hold several lines while it
    is being changed: the first is the present one, the others still open what is not yet changed.
    """

    def __init__(self, directory: Path, passphrase: str, *, rounds: int = pkcs8.PBKDF2_ROUNDS) -> None:
        self.directory = directory
        self._passphrase, *self._former = passphrase.split("\n")
        self._rounds = rounds
        self._opened: dict[str, tuple[_Version | None, software.SoftwareKey]] = {}
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
            version = self._version(name)
            opened = self._opened.get(name)
            if opened is not None and opened[0] == version:
                return opened[1]
            self._opened.pop(name, None)
            # The same key in another file is under another passphrase now, which only the next start may know.
            if opened is None or version is None or self.entry(name).key_id != opened[1].key_id:
                opened = (version, self._open(name))
            self._opened[name] = (version, opened[1])
            return opened[1]

    def load_or_generate(self, name: str, algorithm: str, *, at: dt.datetime) -> software.SoftwareKey:
        """The key of that name, made now (``at`` is its date of creation) when there is none yet."""
        if not self._path(name).exists():
            fresh = software.generate(algorithm)
            if self._write(name, fresh, at, replace=False):
                self._keep(name, fresh)
        key = self.load(name)
        if key.algorithm != algorithm:
            raise KeyUnusable(f"密钥“{name}”的算法是 {key.algorithm}，不是所要求的 {algorithm}。")
        return key

    def rotate(self, name: str, *, at: dt.datetime) -> software.SoftwareKey:
        """A fresh key of the same algorithm under ``name``; the old file is overwritten and gone.

        Whatever the old key signed is verified by its public key, which stands in certificates and checkpoints.
        """
        fresh = software.generate(self.entry(name).algorithm)
        self._write(name, fresh, at, replace=True)
        self._keep(name, fresh)
        return fresh

    def destroy(self, name: str) -> None:
        """Remove a key for ever; nothing happens when there is none. Backups may still hold it under the passphrase."""
        with self._lock:
            self._opened.pop(name, None)
        path = self._path(name)
        if path.exists():
            path.unlink(missing_ok=True)
            settle(self.directory)

    def change_passphrase(self) -> int:
        """Encrypt every key that still is under a former passphrase with the present one; how many there were.

        Each file is replaced whole: after a power cut some keys are under the one, some under the other, and
        another call finishes the rest.
        """
        if not self._former:
            return 0
        changed = 0
        for name in self.names():
            if self._opens(name, self._passphrase):
                continue
            self._write(name, self._open(name), self.entry(name).created_at, replace=True)
            changed += 1
        return changed

    def _keep(self, name: str, key: software.SoftwareKey) -> None:
        """Keep a key that was just written open, unless another process has already replaced it again."""
        with self._lock:
            version = self._version(name)
            if version is not None and self.entry(name).key_id == key.key_id:
                self._opened[name] = (version, key)

    def _version(self, name: str) -> _Version | None:
        """Tells one file of that name from the next: each is written anew and moved into place. None without one."""
        try:
            found = self._path(name).stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _opens(self, name: str, passphrase: str) -> bool:
        head, _, private = self._read(name)
        try:
            software.load(head["algorithm"], private.encode(), passphrase)
        except KeyUnusable:
            return False
        return True

    def _open(self, name: str) -> software.SoftwareKey:
        head, public, private = self._read(name)
        if self._path(name).stat().st_mode & 0o077:
            raise KeyUnusable(f"密钥“{name}”的文件权限过宽，其他用户可以读取，已拒绝使用。请改为 0600 后重试。")
        refused = KeyUnusable("")
        for passphrase in (self._passphrase, *self._former):
            try:
                key = software.load(head["algorithm"], private.encode(), passphrase)
            except KeyUnusable as error:
                refused = error
                continue
            if key.key_id != key_id_of(public):  # the encryption of the file carries no check of its own
                raise KeyUnusable(f"密钥“{name}”的私钥和公钥不是一对，文件被改动过，已拒绝使用。请从备份恢复密钥目录。")
            return key
        raise refused

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

    def _write(self, name: str, key: software.SoftwareKey, at: dt.datetime, *, replace: bool) -> bool:
        """True when this key now bears the name, false when it must not replace another one that does."""
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
            if replace:
                partial.replace(self._path(name))
            else:
                # A hard link never replaces: whoever creates the name first wins, the other uses that key.
                os.link(partial, self._path(name))
        except FileExistsError:
            return False
        finally:
            partial.unlink(missing_ok=True)
        settle(self.directory)  # a certificate in the database must not outlive its key at a power cut
        return True

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise KeyUnusable("密钥名称只能用小写字母、数字、点、横线和下划线。")
        return self.directory / (name + _SUFFIX)
