"""What is to become of an old page: read, cleaned and judged, without writing anything."""

import collections
import dataclasses
import datetime as dt
import hashlib
import html
import json
import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.sites.constants import TITLE_OLD_MAX
from zhengtong.systems.sites.engine.old_site.addresses import DOCUMENTS, canonical, ending, host_of, joined, key_of
from zhengtong.systems.sites.engine.old_site.days import day_in
from zhengtong.systems.sites.engine.old_site.html_text import CleanText, clean
from zhengtong.systems.sites.engine.old_site.pages import OldPage
from zhengtong.systems.sites.engine.old_site.selector_rules import SelectorRules, rules_of
from zhengtong.systems.sites.models import ColumnPage, GovernmentSite, Migration
from zhengtong.systems.sites.rules import checks
from zhengtong.systems.sites.rules.migrating import TAKEN, day_fault, slug_of
from zhengtong.systems.sites.selectors.checking import dictionary

_ANCHOR: Final = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_TAG: Final = re.compile(r"<[^<>]*>")
#: words of a link that name no file: 附件, 附件1, 点击下载, 查看
_NO_TITLE: Final = re.compile(
    r"(?:点击|点此|请)?(?:下载|查看|浏览|打开)?(?:附件|文件|原文)?[0-9一二三四五六七八九十]*(?:下载|查看)?[：:。.]?"
)
_SOURCE_MAX, _AUTHOR_MAX, _SUMMARY_MAX, _SHOWN = 100, 40, 200, 3
#: kinds of findings for which a page waits as a draft: what it says may not come before the public
_HOLDS: Final = frozenset({"citizen_number", "card_number", "secret", "forbidden"})
#: what the cleaner drops → how the report says it
DROPPED_WORDS: Final = {
    "scripts": "脚本",
    "styles": "样式",
    "frames": "嵌入的网页或音视频",
    "forms": "表单",
    "drawings": "矢量图形",
    "trackers": "统计和跟踪代码",
    "hidden": "隐藏的内容",
    "inline_pictures": "写在网页里的图片",
    "wide_tables": "超过 20 列的表格（改为文字）",
}
#: what is dropped without loss to a reader
_NO_LOSS: Final = frozenset({"scripts", "styles", "trackers", "hidden"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Judged:
    """An old page as it would stand here; ``refusal`` says why it cannot, ``holds`` what keeps it from the public."""

    address: str
    key: str
    title: str
    refusal: str = ""
    holds: tuple[str, ...] = ()
    day: dt.date | None = None
    source: str = ""
    author: str = ""
    summary: str = ""
    column: str = ""
    slug: str = ""
    text: CleanText = dataclasses.field(default_factory=lambda: CleanText((), (), {}))
    attachments: tuple[tuple[str, str], ...] = ()
    losses: tuple[str, ...] = ()
    digest: str = ""
    host: str = ""

    @property
    def pictures(self) -> list[str]:
        """Addresses of the pictures the text shows."""
        return [value[0] for kind, value in self.text.parts if kind == "picture"]

    @property
    def documents(self) -> list[str]:
        """Addresses of the files the text links to and offers."""
        linked = [one for one in self.text.links if ending(one) in DOCUMENTS]
        return list(dict.fromkeys([*linked, *(address for address, _words in self.attachments)]))

    @property
    def titles(self) -> dict[str, str]:
        """What the page calls the files it links to or offers; nothing for a link that only says “下载” or the like."""
        found: dict[str, str] = {}
        for kind, value in self.text.parts:
            for address, words in _ANCHOR.findall(value) if kind == "text" else ():
                said = " ".join(html.unescape(_TAG.sub("", words)).split())
                if len(said) > 1 and not _NO_TITLE.fullmatch(said):
                    found.setdefault(html.unescape(address), said)
        return {**found, **{address: words for address, words in self.attachments if words}}


class Judge:
    """Judges the pages of one migration by its rules, its site's columns and the county's dictionary."""

    def __init__(self, migration: Migration) -> None:
        self.rules: SelectorRules = rules_of(migration.rules)
        self.hosts = frozenset(self.rules.host.lower().split())
        self._site = migration.site
        self._today = local_date(now())
        self._words = dictionary(migration.tenant)[0]
        self.columns = columns_of(migration.site)

    def judge(self, page: OldPage) -> Judged:
        """What becomes of a page."""
        title = " ".join(page.title.split())
        key = _key(page)
        said = Judged(address=_said_address(page), key=key, title=title[:TITLE_OLD_MAX])
        day = day_in(page.day, self.rules.patterns)
        fault = page.gone or self._fault(page, title, day)
        if fault or day is None:
            return dataclasses.replace(said, refusal=fault)
        text = self._cleaned(page)
        if isinstance(text, str):
            return dataclasses.replace(said, refusal=text)
        base = page.address if "://" in page.address else f"http://{self.rules.host or '-'}/"
        attachments = tuple((joined(base, one), words) for one, words in page.attachments if joined(base, one))
        if not text.parts and not attachments:
            return dataclasses.replace(said, refusal="正文是空的。")
        path = urlsplit(page.address).path if "://" in page.address else ""
        column = self.rules.column_for(page.column, path)
        if column not in self.columns:
            return dataclasses.replace(said, refusal=_no_column(page.column, column))
        judged = dataclasses.replace(
            said,
            day=day,
            source=(" ".join(page.source.split()) or self._site.org_name)[:_SOURCE_MAX],
            author=" ".join(page.author.split())[:_AUTHOR_MAX],
            summary=" ".join(page.summary.split())[:_SUMMARY_MAX],
            column=column,
            slug=slug_of(day, key),
            text=text,
            attachments=attachments,
            host=host_of(page.address),
            losses=tuple(_losses(title, text, canonical(page.address))),
        )
        return dataclasses.replace(judged, holds=tuple(self._holds(judged)), digest=_digest(judged))

    def _fault(self, page: OldPage, title: str, day: dt.date | None) -> str:
        host = host_of(page.address)
        if self.hosts and host not in self.hosts | {"", "-"}:
            return f"是别的网站（{host}）的网页。"
        if not title:
            return "没有标题。"
        return day_fault(day, page.day, self._today)

    def _cleaned(self, page: OldPage) -> CleanText | str:
        base = page.address if "://" in page.address else f"http://{self.rules.host or '-'}/"
        try:
            return clean(page.html, base)
        except ValueError:
            return "正文过长或者嵌套过深，没有读取。"

    def _holds(self, judged: Judged) -> list[str]:
        parts = tuple(checks.Part("正文", words) for words in judged.text.words)
        looked = checks.Looked(title=judged.title, parts=(checks.Part("作者", judged.author), *parts))
        found = checks.check(looked, today=self._today, dictionary=self._words)
        return list(dict.fromkeys(one.message for one in found if one.blocks and one.kind in _HOLDS))


def columns_of(site: GovernmentSite) -> dict[str, ColumnPage]:
    """The columns of a site by their slugs and by their paths below its home."""
    found: dict[str, ColumnPage] = {}
    for column in ColumnPage.objects.filter(site=site, live=True).select_related("site").order_by("path"):
        found.setdefault(column.slug, column)
        found[column.url_path.removeprefix(site.home.url_path).strip("/")] = column
    return found


def counted(judged: Sequence[Judged]) -> collections.Counter[str]:
    """How many pictures and files pages name, and what of them was dropped."""
    found: collections.Counter[str] = collections.Counter()
    for one in judged:
        found["pictures"] += len(one.pictures)
        found["documents"] += len(one.documents)
        found.update({f"dropped_{kind}": number for kind, number in one.text.dropped.items()})
    return found


def _key(page: OldPage) -> str:
    """Under which a page is found again: its address; without one, the number or else title and day."""
    if "://" in page.address:
        return key_of(page.address)
    said = page.address or f"{page.title}\n{page.day}"
    return hashlib.sha256(f"record:{said}".encode()).hexdigest() if said.strip() else ""


def _said_address(page: OldPage) -> str:
    return (canonical(page.address) if "://" in page.address else page.address)[:2000]


def _no_column(word: str, column: str) -> str:
    if column:
        return f"本网站没有栏目“{column}”。"
    return f"旧栏目“{word[:40]}”没有对应的新栏目。" if word else "没有说明放进哪个栏目。"


def _losses(title: str, text: CleanText, address: str) -> list[str]:
    found = [f"标题超过 {TITLE_OLD_MAX} 字，截短了。"] if len(title) > TITLE_OLD_MAX else []
    found += [f"{DROPPED_WORDS[one]} {n} 处" for one, n in sorted(text.dropped.items()) if one not in _NO_LOSS]
    if address.startswith(TAKEN):
        found.append("旧网址由静态文件占用，不能跳转。")
    return found


def _digest(judged: Judged) -> str:
    """Of all that would be written: the same for the same content, whenever it is read."""
    said: list[Any] = [
        judged.title,
        str(judged.day),
        judged.source,
        judged.author,
        judged.summary,
        judged.column,
        judged.text.parts,
        judged.attachments,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
