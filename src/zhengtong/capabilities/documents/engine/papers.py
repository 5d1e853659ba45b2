"""One paper from its heading and contents: the door of this package."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhengtong.capabilities.documents.engine import wording
from zhengtong.capabilities.documents.engine.codes import grouped
from zhengtong.capabilities.documents.engine.qr import qr_svg
from zhengtong.capabilities.documents.engine.typesetting import FontChoice, Rendered, render

# Found in the file's description even when its pages no longer open.
KEYWORD = "zhengtong-verify-"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Heading:
    """What every paper carries: title, number, to whom, by whom, when, until when, and how to verify it."""

    title: str
    number: str
    holder: str
    issuer: str
    issued_at: dt.datetime
    code: str
    verify_url: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


def render_paper(
    template: str, *, heading: Heading, content: Mapping[str, Any], fonts: FontChoice | None = None
) -> Rendered:
    """The paper as PDF/A-2b with the seal's place; ``content`` as made by ``contents.content_of``.

    Raises what ``typesetting.render`` raises.
    """
    data = {
        "title": heading.title,
        "number": heading.number,
        "holder": heading.holder,
        "issuer": heading.issuer,
        "issued_on": wording.chinese_date(heading.issued_at),
        "validity": wording.validity(heading.valid_from, heading.valid_until),
        "code": grouped(heading.code),
        "url": heading.verify_url,
        "qr": qr_svg(heading.verify_url),
        "keywords": [KEYWORD + heading.code],
        "content": content,
    }
    return render(template, data, at=heading.issued_at, fonts=fonts)
