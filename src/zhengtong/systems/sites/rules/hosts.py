"""Host names a site may answer under: as typed, as kept, as shown (RFC 1123, RFC 5890)."""

import re
from typing import Final

import idna

from zhengtong.systems.sites.rules.addresses import is_host

#: characters of a name as it is kept; DNS carries no more
LONGEST: Final = 253
_FULL_STOPS: Final = str.maketrans("。．｡", "...")
_PORT: Final = re.compile(r".*:[0-9]*")
_ADDRESS: Final = re.compile(r"[0-9a-fx.]*\.[0-9]+|[0-9a-f:]*:[0-9a-f:.]*|\[.*\]")


class UnfitHostError(ValueError):
    """The name cannot be a site's host; the message says why."""


def kept_host(typed: str) -> str:
    """The name as it is kept: small letters, Chinese labels as punycode.

    Raises UnfitHostError with a sentence for what is no host name of its own: an address with scheme, path or port, a
    network address, a single word.

    >>> kept_host("WWW.青禾县.政务")
    'www.xn--5nr179f9iu.xn--zfr164b'
    """
    name = typed.strip().lower().translate(_FULL_STOPS)
    if "://" in name or name.startswith("//"):
        raise UnfitHostError("只写域名，不写 http:// 或 https://。")
    if any(sign in name for sign in "/\\?#@"):
        raise UnfitHostError("只写域名，不写斜线、路径和参数。")
    if _ADDRESS.fullmatch(name):
        raise UnfitHostError("请写域名，不能写 IP 地址。")
    if _PORT.fullmatch(name):
        raise UnfitHostError("域名不带端口号。")
    try:
        host = idna.encode(name, uts46=True, std3_rules=True).decode("ascii").removesuffix(".") if name else ""
    except idna.IDNAError:
        raise UnfitHostError("域名里有不能用的字，或者有一段太长：每段最长 63 个字符，中文按转换后的长度算。") from None
    if len(host) > LONGEST:
        raise UnfitHostError(f"域名不能超过 {LONGEST} 个字符，中文按转换后的长度算。")
    if _ADDRESS.fullmatch(host):
        raise UnfitHostError("请写域名，不能写 IP 地址。")
    if not is_host(host):
        raise UnfitHostError("请写完整的域名，如 www.example.gov.cn 或者 某某县.政务。")
    return host


def shown_host(host: str) -> str:
    """The name as people read it; as it is kept where it cannot be read back.

    >>> shown_host("xn--5nr179f9iu.xn--zfr164b")
    '青禾县.政务'
    """
    try:
        return idna.decode(host) if host else ""
    except idna.IDNAError:
        return host


def could_be_host(name: str) -> bool:
    """Whether a name a request gives is worth looking for among the hosts of sites."""
    return is_host(name) and not _ADDRESS.fullmatch(name)


def refusal(host: str, *, main: frozenset[str], taken_by: str, formerly_of: str) -> str:
    """Why a site may not have this host, empty where it may.

    ``main`` are the hosts the platform itself answers under, ``taken_by`` and ``formerly_of`` the names of the other
    sites that have it or had it.
    """
    if host in main:
        return "这是平台自己的域名，登录和办事都在它上面，不能给一个网站。"
    if taken_by:
        return f"“{taken_by}”正在用这个域名。"
    if formerly_of:
        return f"这是“{formerly_of}”的旧域名，外面的旧链接还指到它。"
    return ""
