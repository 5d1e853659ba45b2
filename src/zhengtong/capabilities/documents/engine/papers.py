"""One paper from its heading and contents: the door of this package."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhengtong.capabilities.documents.engine import wording
from zhengtong.capabilities.documents.engine.codes import grouped
from zhengtong.capabilities.documents.engine.typesetting import FontChoice, Rendered, render
from zhengtong.kernel.qr import qr_svg

# Found in the file's description even when its pages no longer open.
KEYWORD = "zhengtong-verify-"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Heading:
    """What every paper carries: title, number, to whom, by whom, when, until when, and how to verify it.

    ``token`` is the offline token, printed as a second QR code where the template has a place for it. A ``draft``
    shows itself as one on every page and has neither codes nor the room of a seal filled.
    """

    title: str
    number: str
    holder: str
    issuer: str
    issued_at: dt.datetime
    code: str
    verify_url: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    token: str = ""
    draft: bool = False


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
        # a quarter may be covered or worn: papers are folded, stamped and copied
        "qr": "" if heading.draft else qr_svg(heading.verify_url, level="Q", border=2),
        # ten times as long: a seventh must do, else the modules get too small for a phone
        "token_qr": qr_svg(heading.token, border=2) if heading.token else "",
        "draft": heading.draft,
        "keywords": [] if heading.draft else [KEYWORD + heading.code],
        "content": content,
    }
    return render(template, data, at=heading.issued_at, fonts=fonts)
