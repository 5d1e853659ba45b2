"""Title, day, source, column and text of an old page, found by the rules of its site."""

import dataclasses
import re
from typing import Any, Final
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml import html as parser
from lxml.cssselect import CSSSelector

from zhengtong.systems.sites.engine.old_site.html_text import parse
from zhengtong.systems.sites.engine.old_site.pages import OldPage
from zhengtong.systems.sites.engine.old_site.selector_rules import SelectorRules

#: what Chinese sites call their text, tried in this order where the rules name nothing
_BODIES: Final = (
    "#UCAP-CONTENT, #zoom, #Zoom, .TRS_Editor, .TRS_UEDITOR, #js_content, .article-content, .article_content, "
    ".content-article, .pages_content, .news_content, .entry-content, article, #content, .content"
)
#: the marks of the guide for government sites (国办发〔2017〕47号 附件) → ours
_METAS: Final = {
    "title": ("articletitle", "title"),
    "day": ("pubdate", "publishdate", "article:published_time"),
    "source": ("contentsource", "source"),
    "author": ("author",),
    "column": ("columnname", "catalogs"),
}
_LABEL: Final = re.compile(r"^\s*(?:信息|文章|稿件)?(?:来源|作者|发布(?:日期|时间)|日期|时间|责任编辑|编辑)\s*[:：]\s*")
_NEXT: Final = re.compile(r"\s(?:发布(?:日期|时间)|日期|时间|作者|来源|浏览|点击|阅读|字体|【)\S*[:：]?")
_TITLE_TAIL: Final = re.compile(r"\s*[-_|—–]+\s*[^-_|—–]{2,40}$")


class Picker:
    """The rules of a site, ready to be used on its pages."""

    def __init__(self, rules: SelectorRules) -> None:
        self.rules = rules
        self._found = {
            field.name: _selector(getattr(rules, field.name))
            for field in dataclasses.fields(rules)
            if field.name in {"title", "day", "source", "author", "column", "body", "drop"}
        }
        self._bodies = [_selector(one) for one in _BODIES.split(",")]

    def page(self, address: str, text: str) -> OldPage:
        """A page of the old site; one that is none says why."""
        if self.rules.only and not any(urlsplit(address).path.startswith(one) for one in self.rules.only):
            return OldPage(address=address, gone="不在规则所定的网址范围内。")
        try:
            root = parse(text)
        except ValueError:
            return OldPage(address=address, gone="网页过长或者嵌套过深，没有读取。")
        if root is None:
            return OldPage(address=address, gone="网页是空的。")
        metas = _metas(root)
        title = self._words(root, "title") or metas["title"] or _heading(root)
        body = self._body(root)
        picked = {name: self._words(root, name) or metas[name] for name in ("day", "source", "author", "column")}
        base = next((one.get("href") for one in root.iter("base") if one.get("href")), address)
        page = OldPage(
            address=address,
            title=title,
            day=picked["day"] or _day_line(root),
            source=_unlabelled(picked["source"]),
            author=_unlabelled(picked["author"]),
            column=picked["column"],
        )
        if body is None:
            return dataclasses.replace(page, gone="没有找到正文：可能是首页、列表页，或者规则不合。")
        markup = parser.tostring(body, encoding="unicode", with_tail=False)
        return dataclasses.replace(page, html=f'<base href="{_quoted(base)}">{markup}' if base != address else markup)

    def _body(self, root: Any) -> Any:
        tried = [self._found["body"]] if self._found["body"] is not None else self._bodies
        for selector in tried:
            for found in [] if selector is None else selector(root)[:1]:
                for gone in [] if self._found["drop"] is None else self._found["drop"](found):
                    if gone is not found and gone.getparent() is not None:
                        gone.drop_tree()
                return found
        return None

    def _words(self, root: Any, name: str) -> str:
        selector = self._found[name]
        for found in [] if selector is None else selector(root):
            words = found.get("content") if found.tag == "meta" else found.text_content()
            if words and words.strip():
                return " ".join(words.split())[:500]
        return ""


def wrong_selector(text: str) -> bool:
    """True for what is no CSS selector."""
    try:
        _selector(text)
    except ValueError:
        return True
    return False


def _selector(text: str) -> CSSSelector | None:
    """Ready to be used; None for an empty one, ValueError for what is none."""
    if not text.strip():
        return None
    try:
        return CSSSelector(text.strip(), translator="html")
    except SelectorError as error:
        raise ValueError(f"{text!r} is no selector") from error


def _metas(root: Any) -> dict[str, str]:
    said: dict[str, str] = {}
    for one in root.iter("meta"):
        name = (one.get("name") or one.get("property") or "").strip().lower()
        said.setdefault(name, " ".join((one.get("content") or "").split())[:500])
    return {ours: next((said[name] for name in theirs if said.get(name)), "") for ours, theirs in _METAS.items()}


def _heading(root: Any) -> str:
    for tag in ("h1", "title"):
        for one in root.iter(tag):
            words = " ".join(one.text_content().split())
            if words:
                return _TITLE_TAIL.sub("", words) if tag == "title" else words
    return ""


def _day_line(root: Any) -> str:
    """The words after 发布时间 or 日期, where no rule says where they stand."""
    found = re.search(r"(?:发布|发文|更新|公开)?(?:日期|时间)\s*[:：]\s*(.{6,24})", root.text_content())
    return found[1] if found else ""


def _unlabelled(words: str) -> str:
    return _NEXT.split(_LABEL.sub("", words), maxsplit=1)[0].strip()


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")
