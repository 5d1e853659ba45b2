"""A page as its checks look at it, and the dictionary they use."""

import dataclasses
import datetime as dt
import html
import re
from collections.abc import Iterator
from typing import Any, Final

from wagtail.models import Page

from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.sites.models import ArticlePage, GovernmentSite, SitePage
from zhengtong.systems.sites.models.files import wordless_pictures
from zhengtong.systems.sites.models.words import WordList
from zhengtong.systems.sites.rules.addresses import PREFIX
from zhengtong.systems.sites.rules.checks import Found, Looked, Part, Words, check, parse_words
from zhengtong.systems.sites.rules.starter_words import STARTER
from zhengtong.systems.sites.selectors.public import published_page, site_by_code

_ENDS: Final = re.compile(r"</(?:p|li|h[1-6]|td)>|<br\s*/?>")
_TAG: Final = re.compile(r"<[^>]+>")
_ALONE: Final = re.compile(r"https?://[^\s<>\"]+")
_ANCHOR: Final = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r'(\w+)="([^"]*)"')
#: keys of a stored block that are no words
_NO_WORDS: Final = frozenset({"id", "type", "layout", "frame", "column", "kind", "address", "image", "file"})


def found_on(page: SitePage, *, at: dt.datetime | None = None) -> list[Found]:
    """What the checks find on a page as it stands in memory, to be published ``at`` a moment, now where it is None."""
    words, _version = dictionary(page.tenant)
    return check(looked_at(page), today=local_date(max(at or now(), now())), dictionary=words)


def dictionary(tenant: str) -> tuple[list[Words], int]:
    """The county's dictionary and its version; 0 for the one a county begins with."""
    text, version = dictionary_text(tenant)
    return parse_words(text)[0], version


def dictionary_text(tenant: str) -> tuple[str, int]:
    """The same as it was typed."""
    newest = WordList.objects.filter(tenant=tenant).order_by("-version").first()
    return (STARTER, 0) if newest is None else (newest.text, newest.version)


def versions(tenant: str, number: int = 20) -> list[WordList]:
    """The versions of the dictionary, the newest first."""
    return list(WordList.objects.filter(tenant=tenant).order_by("-version").defer("text")[:number])


def looked_at(page: SitePage) -> Looked:
    """The words of a page with their places, and which of its links lead nowhere."""
    return dataclasses.replace(words_of(page), broken=tuple(_broken(page.tenant, _markups(page))))


def links_of(page: SitePage) -> list[tuple[str, str, str]]:
    """The links of a page: ``page`` with a key, ``path`` below our prefix, ``out``; and the words of each."""
    found = []
    for markup in _markups(page):
        for said, words in _ANCHOR.findall(markup):
            attributes = dict(_ATTRIBUTE.findall(said))
            shown, address = html.unescape(_TAG.sub("", words)).strip()[:30], html.unescape(attributes.get("href", ""))
            if attributes.get("linktype") == "page":
                found.append(("page", attributes.get("id", ""), shown))
            elif address.startswith(PREFIX):
                path = re.split(r"[?#]", address, maxsplit=1)[0]
                if path.removeprefix(PREFIX).partition("/")[0] not in ("", "-"):
                    found.append(("path", path, shown))
            elif address:
                found.append(("out", address[:500], shown))
    for address, shown in _typed([value for stream in _streams(page) for value in stream]):
        if _ALONE.fullmatch(address):
            found.append(("out", address[:500], shown[:30] or address[:30]))
    return list(dict.fromkeys(found))


def words_of(page: SitePage) -> Looked:
    """The words of a page with their places; nothing is asked of the database."""
    raw = [value for stream in _streams(page) for value in stream]
    parts = [Part(f"第 {no} 段", text) for no, text in enumerate((t for one in raw for t in _texts(one)), start=1)]
    article = page if isinstance(page, ArticlePage) else None
    if article is not None:
        parts = [Part("摘要", article.summary), Part("作者", article.author), *parts]
    return Looked(
        title=page.title,
        parts=tuple(parts),
        source=None if article is None else article.source,
        published_on=None if article is None else article.published_on,
        wordless=wordless_pictures(page),
    )


def _markups(page: SitePage) -> list[str]:
    return [markup for stream in _streams(page) for one in stream for markup in _strings(one)]


def _streams(page: Page) -> Iterator[list[Any]]:
    for field in page._meta.concrete_fields:
        if hasattr(field, "stream_block"):
            yield getattr(page, field.attname).get_prep_value()


def _strings(raw: Any) -> Iterator[str]:
    """The texts of a stored block, markup and all."""
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, list):
        for one in raw:
            yield from _strings(one)
    elif isinstance(raw, dict):
        for key, value in raw.items():
            if key not in _NO_WORDS:
                yield from _strings(value)


def _typed(raw: Any) -> Iterator[tuple[str, str]]:
    """Addresses typed into fields of modules, as of friend links, and the words they stand under."""
    if isinstance(raw, list):
        for one in raw:
            yield from _typed(one)
    elif isinstance(raw, dict):
        if isinstance(raw.get("address"), str):
            yield raw["address"].strip(), str(raw.get("words") or raw.get("title") or "")
        for value in raw.values():
            yield from _typed(value)


def _texts(raw: Any) -> Iterator[str]:
    """The same as people read it, paragraph by paragraph."""
    for markup in _strings(raw):
        for piece in _ENDS.split(markup):
            for line in html.unescape(_TAG.sub("", piece)).splitlines():
                if line.strip():
                    yield line.strip()


def _broken(tenant: str, markups: list[str]) -> Iterator[Part]:
    """Links within the group that lead nowhere; what lies outside is not asked while somebody waits."""
    for markup in markups:
        for said, words in _ANCHOR.findall(markup):
            attributes = dict(_ATTRIBUTE.findall(said))
            shown = html.unescape(_TAG.sub("", words)).strip()[:30]
            if attributes.get("linktype") == "page":
                target = Page.objects.filter(pk=attributes.get("id", "0"), live=True)
                if not attributes.get("id", "").isdecimal() or not target.exists():
                    yield Part("正文", shown)
            elif attributes.get("href", "").startswith(PREFIX) and not _answers(tenant, attributes["href"]):
                yield Part("正文", shown)


def _answers(tenant: str, address: str) -> bool:
    code, _slash, rest = re.split(r"[?#]", address, maxsplit=1)[0].removeprefix(PREFIX).partition("/")
    if not code or code == "-":
        return True
    site: GovernmentSite | None = site_by_code(tenant, code)
    return site is not None and published_page(site, rest) is not None
