"""Old addresses: one form for each, so that an address is found again however a browser writes it."""

import hashlib
import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

LONGEST: Final = 2000
#: endings of what is offered for download, and of what is shown
DOCUMENTS: Final = frozenset(
    (
        "pdf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "ofd",
        "wps",
        "et",
        "dps",
        "rtf",
        "txt",
        "csv",
        "zip",
        "rar",
        "7z",
    )
)
PICTURES: Final = frozenset(("jpg", "jpeg", "png", "gif", "bmp", "webp", "svg", "tif", "tiff", "ico"))
#: what programs of old sites add for themselves
_OWN: Final = re.compile(r"^(?:utm_\w+|spm|from|jsessionid|phpsessid|aspsessionid\w*|sid|_t|timestamp)$", re.IGNORECASE)
_INDEX: Final = re.compile(r"/(?:index|default)\.(?:html?|shtml|aspx?|jsp|php)$", re.IGNORECASE)
_SESSION: Final = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_SAFE: Final = "/:@!$&'()*+,;=~-._"


def canonical(address: str) -> str:
    """Path and query in one form: marks of sessions gone, parameters in order; empty for what has no path.

    ``/a``, ``/a/`` and ``/a/index.html`` are one; letters keep their case, for some servers tell them apart.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.scheme and parts.scheme.lower() not in {"http", "https"}:
        return ""
    path = quote(unquote_to_bytes(_SESSION.sub("", parts.path)), safe=_SAFE)
    path = re.sub(r"/{2,}", "/", f"/{path}")
    pairs = sorted(
        quote(unquote_to_bytes(pair.replace("+", " ")), safe="=:@!$'()*,;~-._/")
        for pair in parts.query.split("&")
        if pair and not _OWN.match(pair.partition("=")[0])
    )
    if not pairs:
        path = _INDEX.sub("/", path)
    path = path.rstrip("/") or "/"
    found = f"{path}?{'&'.join(pairs)}" if pairs else path
    return found if len(found) <= LONGEST else ""


def key_of(address: str) -> str:
    """Under which an address is kept; empty for what is none."""
    one = canonical(address)
    return hashlib.sha256(one.encode()).hexdigest() if one else ""


def host_of(address: str) -> str:
    """The host an address names, in small letters, without port; empty where it names none."""
    try:
        return (urlsplit(address.strip()).hostname or "").lower()
    except ValueError:
        return ""


def joined(base: str, link: str) -> str:
    """Where a link of a page leads; empty for what is no address of the web (``javascript:``, ``data:``)."""
    link = re.sub(r"[\x00-\x20\u3000]+", "", link)
    try:
        found = urljoin(base or "http://-/", link)
        parts = urlsplit(found)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            return ""
    except ValueError:
        return ""
    return found[:LONGEST]


def ending(address: str) -> str:
    """The ending of the file an address names, in small letters; empty without one."""
    try:
        name = urlsplit(address).path.rpartition("/")[2]
    except ValueError:
        return ""
    _stem, dot, last = name.rpartition(".")
    return last.lower() if dot and len(last) <= 5 else ""
