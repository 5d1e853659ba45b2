"""Addresses of databases: a server on another machine is reached encrypted, with its certificate checked."""

import urllib.parse
from typing import Final

from zhengtong.entry.runtime.problems import StartProblem

#: they fall back to plain text without a word where the server offers nothing better
_SILENT: Final = frozenset({"allow", "prefer"})
_HERE: Final = frozenset({"", "localhost", "127.0.0.1", "::1"})


def on_this_machine(hosts: str) -> bool:
    """True when every one of the hosts (separated by commas) is a socket folder or the loopback address."""
    return all(host.startswith(("/", "@")) or host in _HERE for host in hosts.split(","))


def checked_address(url: str) -> str:
    """The address with ``sslmode=verify-full`` when it names another machine and says nothing of its own.

    Raises StartProblem for a mode that would fall back to plain text; ``disable`` and ``require`` are a decision of the
    operator, which the health page keeps showing.
    """
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query))
    if not url or on_this_machine(query.get("host") or parts.hostname or ""):
        return url
    if query.setdefault("sslmode", "verify-full") in _SILENT:
        raise StartProblem(
            f"数据库地址里的 sslmode={query['sslmode']} 会在对方不支持加密时悄悄改用明文，所以没有启动。"
            "请改为 sslmode=verify-full，并用 sslrootcert 指明根证书。"
        )
    return parts._replace(query=urllib.parse.urlencode(query)).geturl()
