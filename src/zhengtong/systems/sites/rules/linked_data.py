"""What a page says about itself to programs: structured data in the words of schema.org, and moments of feeds."""

import datetime as dt
import json
import re
from collections.abc import Sequence
from typing import Any, Final

from zhengtong.kernel.calendar import SHANGHAI

#: what would end the element of a page the data stands in
_ESCAPES: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
#: what XML 1.0 cannot hold (§2.2)
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def organisation(name: str, url: str, *, phone: str = "", address: str = "", logo: str = "") -> dict[str, Any]:
    """The unit a site belongs to."""
    said = {"@type": "GovernmentOrganization", "name": name, "url": url, "telephone": phone, "address": address}
    said["logo"] = logo
    return {key: text for key, text in said.items() if text}


def way(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The way from the home to a page: (title, full address) of each step."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": title, "item": address}
            for number, (title, address) in enumerate(steps, 1)
        ],
    }


def article(*, title: str, url: str, day: dt.date, changed: dt.datetime | None, **said: Any) -> dict[str, Any]:
    """An article; ``said`` are further words of schema.org, empty ones are left out."""
    found = {
        "@type": "NewsArticle",
        "headline": title,
        "url": url,
        "mainEntityOfPage": url,
        "datePublished": day.isoformat(),
        "dateModified": changed.astimezone(SHANGHAI).isoformat(timespec="seconds") if changed else "",
        "inLanguage": "zh-CN",
        **said,
    }
    return {key: value for key, value in found.items() if value}


def script_text(graph: Sequence[dict[str, Any]]) -> str:
    """The data as text that cannot end the element it stands in, whatever people wrote."""
    text = json.dumps({"@context": "https://schema.org", "@graph": list(graph)}, ensure_ascii=False)
    return text.translate(_ESCAPES)


def moment_of(day: dt.date, shown: dt.datetime | None) -> dt.datetime:
    """When an article of that day came before the public; midnight where it is dated otherwise than it was shown."""
    if shown is not None and shown.astimezone(SHANGHAI).date() == day:
        return shown
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def printable(text: str) -> str:
    """The text without the characters XML has no way to write."""
    return _UNPRINTABLE.sub("", text)
