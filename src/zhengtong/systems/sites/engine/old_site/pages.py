"""What every reader of old sites gives: a page, a place that moved, a file that is held for pages, a loss."""

import dataclasses
from typing import Final

#: a web page longer than this is none that a person wrote
MOST_HTML: Final = 5 * 1024 * 1024


class Unreadable(Exception):
    """The source cannot be read (any further); the sentence says why."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OldPage:
    """A page as the old site had it: words as they stood there, ``html`` its text with all its marks.

    ``attachments`` are (address, words). ``gone`` says why it cannot be taken over at all.
    """

    address: str = ""
    title: str = ""
    day: str = ""
    source: str = ""
    author: str = ""
    column: str = ""
    summary: str = ""
    html: str = ""
    attachments: tuple[tuple[str, str], ...] = ()
    gone: str = ""


@dataclasses.dataclass(frozen=True)
class Moved:
    """An old address that led to another one."""

    address: str
    target: str


@dataclasses.dataclass(frozen=True)
class Held:
    """A file that pages may show or offer, and where in the source it lies: number of the archive, byte."""

    address: str
    archive: int
    offset: int


Found = OldPage | Moved | Held
