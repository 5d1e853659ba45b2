"""Where a page answers: by the code of its site in the path, or by the site's own host name."""

import re
from typing import Final
from urllib.parse import urlsplit

#: the first part of every address by path
PREFIX: Final = "/gov/"
#: the longest address of an old site that is kept
OLD_LONGEST: Final = 2000
_CODE = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
#: a host name as it is kept: labels of letters, digits and hyphens, a dot at least (RFC 1123 §2.1)
HOST: Final = r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$"
_HOST = re.compile(HOST)


def is_code(text: str) -> bool:
    """True for what may name a site in an address: small letters, digits, hyphens inside, forty at most."""
    return bool(_CODE.fullmatch(text))


def is_host(text: str) -> bool:
    """True for a host name without port: labels of letters, digits and hyphens, a dot at least (RFC 1123 §2.1)."""
    return bool(_HOST.fullmatch(text))


def under_host(main: str, host: str) -> str:
    """Scheme, host and port of a site's own host, after those of the platform: a town may be tried out on a port.

    >>> under_host("https://zw.qinghe.gov.cn", "www.qinghe.gov.cn"), under_host("http://127.0.0.1:8000", "a.localhost")
    ('https://www.qinghe.gov.cn', 'http://a.localhost:8000')
    """
    parts = urlsplit(main)
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def home_path(code: str) -> str:
    """The address of a site's home by path."""
    return f"{PREFIX}{code}/"


def page_path(code: str, home_url_path: str, url_path: str) -> str:
    """The address of a page by path: what of ``url_path`` lies below the home, behind the site's code.

    Both paths are those of the page tree and end with a slash; raises ValueError for a page of another site.
    """
    if not url_path.startswith(home_url_path):
        raise ValueError(f"{url_path} does not lie below {home_url_path}")
    return home_path(code) + url_path.removeprefix(home_url_path)
