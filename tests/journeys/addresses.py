"""Every page type of the platform: its named addresses, and how people come to an example of each."""

import html
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import APIResponse, Page

from tests.fitness.addresses import plain_route
from zhengtong.kernel.policy import Policy, policy_of

_SAMPLES = {"uuid": "00000000-0000-4000-8000-000000000001", "int": "1", "str": "x", "slug": "x", "path": "x"}
_PART = re.compile(r"<(?:(\w+):)?\w+>")
_LINK = re.compile(r'="(/[^"\s]*)"')
#: how often one reader looks at pages of a type that is known already, for the links on them
_LOOKS = 2
#: how many examples one reader tries before a type is left to the next
_TRIES = 8


@dataclass(frozen=True)
class Address:
    """One named pattern: ``route`` with its variable parts, who may open it, and the module of its view."""

    name: str
    route: str
    policy: Policy
    module: str = ""

    @property
    def example(self) -> str:
        """An address of this form; where it has variable parts, of nothing that exists."""
        return _PART.sub(lambda part: _SAMPLES[part.group(1) or "str"], self.route)

    @property
    def fixed(self) -> bool:
        """Without a variable part."""
        return not _PART.search(self.route)

    def admits(self, roles: frozenset[str]) -> bool:
        """True for these roles; ``citizen`` is anybody who has signed in."""
        if self.policy.kind == "public":
            return True
        return bool(roles) if self.policy.kind == "signed_in" else bool(roles & self.policy.roles)


def all_addresses() -> dict[str, Address]:
    """Every named pattern of the resolver."""
    return {one.name: one for one in _walk(get_resolver().url_patterns, "/", "")}


def _walk(patterns: Iterable[URLPattern | URLResolver], prefix: str, spaces: str) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + plain_route(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(
                pattern.url_patterns, route, f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            )
            continue
        policy = policy_of(pattern.callback)
        assert policy, route
        yield Address(spaces + (pattern.name or ""), route, policy, getattr(pattern.callback, "__module__", ""))


def name_of(path: str) -> str:
    """The name of the pattern a path belongs to; empty where it belongs to none, such as a style sheet."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


@dataclass
class Search:
    """What is known while readers look for pages: types that were opened, and why others are none."""

    wanted: dict[str, Address]
    opened: dict[str, str] = field(default_factory=dict)
    #: name → what an answer proved it to be
    no_page: dict[str, str] = field(default_factory=dict)
    #: is given every answer that came, of whatever kind
    hears: Callable[[str, APIResponse], None] | None = None

    @property
    def missing(self) -> list[str]:
        """Types nobody has opened yet, in the order of the resolver."""
        return [name for name in self.wanted if name not in self.opened and name not in self.no_page]

    def pages(self, page: Page, base: str, roles: frozenset[str], starts: Iterable[str] = ()) -> Iterator[str]:
        """Addresses of page types that are new, found by following links as this reader; the caller opens each."""
        mine = [one.route for one in self.wanted.values() if one.fixed and one.admits(roles)]
        waiting, seen, looks = deque([*starts, *mine]), set[str](), Counter[str]()
        while waiting:
            path = waiting.popleft().partition("#")[0]
            name = name_of(urlsplit(path).path)
            known = name in self.opened
            if path in seen or name in self.no_page or not self._admits(name, roles):
                continue
            if looks[name] >= (_LOOKS if known else _TRIES):
                continue
            seen.add(path)
            looks[name] += 1
            answer = page.request.get(base + path, max_redirects=0)
            if self.hears:
                self.hears(path, answer)
            kind = kind_of(answer)
            if kind == "page":
                waiting.extend(html.unescape(link) for link in _LINK.findall(answer.text()))
                if not known:
                    self.opened[name] = path
                    yield path
            elif kind:
                self.no_page[name] = kind
            elif answer.status == 302:
                waiting.append(urlsplit(answer.headers["location"])._replace(scheme="", netloc="").geturl())

    def prove(self, page: Page, base: str, roles: frozenset[str]) -> None:
        """Ask once for what nobody came upon: an address that only takes what is sent says so."""
        for name in self.missing:
            if self.wanted[name].admits(roles):
                answer = page.request.get(base + self.wanted[name].example, max_redirects=0)
                if answer.status == 405:
                    self.no_page[name] = kind_of(answer)

    def _admits(self, name: str, roles: frozenset[str]) -> bool:
        return name in self.wanted and self.wanted[name].admits(roles)


def kind_of(answer: APIResponse) -> str:
    """What an answer shows its address to be: a page, or what else; empty where it shows nothing."""
    if answer.status == 405:
        return "takes only what is sent"
    if answer.status != 200:
        return ""
    headers: dict[str, Any] = answer.headers
    if not headers.get("content-type", "").startswith("text/html"):
        return "a file or data"
    return "page" if "<html" in answer.text()[:2000].lower() else "a part of a page"
