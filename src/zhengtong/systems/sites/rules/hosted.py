"""Between the two ways to say where something is: by path on the main host, and by a site's own host.

Everything inside is made and asked for by path; what leaves under a site's host passes here.
"""

import re
from typing import Final

from zhengtong.systems.sites.rules.addresses import home_path

#: what answers alike under every host, for pages load it or a form of theirs needs it under the host they stand on
SHARED: Final = re.compile(
    r"/static/.*|/gov/-/(?:banners|colours|pictures|documents|seen)/.*|/search/suggest/|/large-print/|/traditional/"
)
#: first parts of addresses a column of a site with a host of its own cannot have
RESERVED: Final = frozenset({"static", "gov", "large-print", "traditional"})
_TAG: Final = re.compile(r"<[a-zA-Z][^<>]*>")
_ADDRESS: Final = re.compile(
    r"""(\s(?:href|src|action|formaction|poster|data-[a-z-]+|hx-get|hx-post)=")(/(?!/)[^"\s]*)(?=")"""
)
_PICTURES: Final = re.compile(r'(\ssrcset=")([^"]*)(?=")')
_OF_A_SET: Final = re.compile(r"(^|,\s*)(/(?!/)[^\s,]+)")


def is_shared(path: str) -> bool:
    """Whether a path answers under every host as it does on the main one.

    >>> is_shared("/gov/-/seen/g22/5"), is_shared("/gov/-/work-reports/"), is_shared("/accounts/login/")
    (True, False, False)
    """
    return bool(SHARED.fullmatch(path))


def below(code: str, path: str) -> str:
    """What of a path lies below a site's own, with its slash; empty for a path that is not the site's.

    >>> below("g22", "/gov/g22/news/"), below("g22", "/gov/g08/")
    ('/news/', '')
    """
    home = home_path(code)
    return "/" + path[len(home) :].lstrip("/\\") if path.startswith(home) else ""


def translated(address: str, *, code: str, main: str) -> str:
    """A local address as it must be written under the host of the site: short, shared, or in full on the main host.

    >>> [translated(one, code="g22", main="https://m") for one in ("/gov/g22/news/", "/static/a.css", "/", "#top")]
    ['/news/', '/static/a.css', 'https://m/', '#top']
    """
    if not address.startswith("/") or address.startswith("//"):
        return address
    short = below(code, address)
    if short:
        return short
    return address if is_shared(re.split("[?#]", address, maxsplit=1)[0]) else main + address


def translated_page(text: str, *, code: str, main: str) -> str:
    """A page made by path as it is sent under the host of its site: the addresses in its tags, and nothing else."""

    def written(address: str) -> str:
        return translated(address, code=code, main=main)

    def in_tag(tag: re.Match[str]) -> str:
        found = _ADDRESS.sub(lambda one: one[1] + written(one[2]), tag[0])
        return _PICTURES.sub(lambda one: one[1] + _OF_A_SET.sub(lambda each: each[1] + written(each[2]), one[2]), found)

    return _TAG.sub(in_tag, text)
