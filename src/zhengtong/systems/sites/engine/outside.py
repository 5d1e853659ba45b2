"""Whether an address outside answers: one careful question, never to a machine that is not public.

Articles are written by many hands, and what a server asks on their behalf could reach what only the server reaches. So
every address a name stands for must be public; the connection goes to the address that was looked at, and no redirect
is followed: an answer that leads elsewhere is an answer.
"""

import dataclasses
import enum
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

_PORTS: Final = {"http": 80, "https": 443}
_AGENT: Final = "Zhengtong-link-check/1"
_NOT_THERE: Final = frozenset({404, 410})
_SERVER_FAULT: Final = 500
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
#: what a URL may hold unchanged, RFC 3986; everything else is written as its bytes
_SAFE: Final = "/%:=&?~#+!$,;'@()*[]-._"

#: host, port → the addresses it stands for
Resolver = Callable[[str, int], Sequence[str]]


class Reply(enum.StrEnum):
    """What came of asking: it opens, a server says that the page is not there, nobody speaks, we may not ask."""

    WAITING = enum.auto()
    ANSWERS = enum.auto()
    MISSING = enum.auto()
    SILENT = enum.auto()
    UNASKED = enum.auto()


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came of a question: its kind, and in a few words what was wrong."""

    reply: Reply
    words: str = ""


def is_public(address: str) -> bool:
    """True for an address of the open internet: none of a machine, an office, a link, a group of receivers.

    >>> is_public("8.8.8.8"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1"), is_public("169.254.169.254")
    (True, False, False, False)
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


def addresses_of(host: str, port: int) -> list[str]:
    """What a name stands for; raises OSError where nobody knows it."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def host_of(url: str) -> str:
    """The host an address names; empty where it names none that could be asked."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in _PORTS and parts.port in {None, *_PORTS.values()} else ""
    except ValueError:
        return ""


def asked(url: str, *, timeout: float, resolve: Resolver = addresses_of) -> Answer:
    """Ask once; ``timeout`` in seconds counts for each step of the connection. Raises nothing."""
    host = host_of(url)
    parts = urlsplit(url) if host else None
    if parts is None or parts.username is not None:
        return Answer(Reply.UNASKED, "不是可以打开的公共网址")
    port = parts.port or _PORTS[parts.scheme]
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError):
        return Answer(Reply.SILENT, "找不到这个域名")
    if not found or not all(is_public(one) for one in found):
        return Answer(Reply.UNASKED, "地址不在公共网络上")
    try:
        status = _status(parts, found[0], port, timeout)
    except ssl.SSLError:
        # there is somebody, with a certificate or a protocol that a browser may take otherwise
        return Answer(Reply.ANSWERS)
    except TimeoutError:
        return Answer(Reply.SILENT, "等了很久没有回答")
    except (OSError, http.client.HTTPException, UnicodeError, ValueError):
        return Answer(Reply.SILENT, "连接不上")
    if status in _NOT_THERE or status >= _SERVER_FAULT:
        return Answer(Reply.MISSING, f"回答 {status}")
    return Answer(Reply.ANSWERS)


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked at, whatever the name stands for by now."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address, self._secure = address, secure

    def connect(self) -> None:
        """Connect to the address; the certificate must be that of the name."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        if not self._secure:
            self.sock = plain
            return
        try:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _status(parts: SplitResult, address: str, port: int, timeout: float) -> int:
    secure = parts.scheme == "https"
    connection = _Pinned(parts.hostname or "", port, address, secure=secure, timeout=timeout)
    path = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    try:
        # some servers know no HEAD; the body of the answer is never read
        connection.request(
            "GET", path, headers={"User-Agent": _AGENT, "Accept": "text/html,*/*", "Connection": "close"}
        )
        return connection.getresponse().status
    finally:
        connection.close()
