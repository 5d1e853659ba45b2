"""Secrets of an installation: made at the first start, kept in ``var/secrets``, overridden by the environment."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from zhengtong.entry.runtime.problems import StartProblem


@dataclass(frozen=True)
class Secret:
    """One secret: its environment variable, its file, how it is made, and whether data is lost with it."""

    variable: str
    file_name: str
    label: str
    make: Callable[[], str]
    irreplaceable: bool


SECRETS = (
    Secret("ZHENGTONG_SECRET_KEY", "secret_key", "会话签名密钥", lambda: secrets.token_urlsafe(64), False),
    Secret("ZHENGTONG_FIELD_KEY", "field_key", "个人信息字段加密密钥", lambda: secrets.token_hex(32), True),
    Secret(
        "ZHENGTONG_KEYSTORE_PASSPHRASE",
        "keystore_passphrase",
        "签名密钥库口令",
        lambda: secrets.token_urlsafe(32),
        True,
    ),
)


def load(folder: Path, *, data_exists: bool, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """All secrets as environment variables; what is missing is made and written with mode 0600.

    ``data_exists``: there is already data in the database. Then an encryption secret is never made anew, because
    everything encrypted with the lost one would be unreadable without anybody noticing: raises StartProblem.
    """
    values: dict[str, str] = {}
    for secret in SECRETS:
        given = environ.get(secret.variable)
        values[secret.variable] = given or _read_or_make(folder / secret.file_name, secret, data_exists=data_exists)
    return values


def _read_or_make(path: Path, secret: Secret, *, data_exists: bool) -> str:
    try:
        value = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        value = ""
    if value:
        return value
    if data_exists and secret.irreplaceable:
        raise StartProblem(
            f"找不到{secret.label}（{path}），而数据库里已有用它加密的数据，重新生成会使这些数据无法读取，所以没有启动。"
            f"请从备份恢复该文件，或设置环境变量 {secret.variable}。"
        )
    value = secret.make()
    write_durably(path, value)
    return value


def write_durably(path: Path, value: str) -> None:
    """Write durably and only for the owner: complete file or none, also after a power cut."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
