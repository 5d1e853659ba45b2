"""Everything an official's session can ask for that might tell who wrote a complaint: addresses, acts, what is said."""

import io
import uuid
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from django.urls import NoReverseMatch, reverse
from openpyxl import load_workbook

from zhengtong.systems.complaints.web import urls

#: other pages an official's session reaches; those with a query are asked for words of the complaint
ELSEWHERE = (
    "/search/?q=",
    "/messages/",
    "/services/desk/",
    "/supervision/mine/",
    "/ratings/desk/",
    "/api/v1/search?q=",
    "/complaints/desk/?number=",
)
QUEUES = ("todo", "late", "waiting", "done")
#: acts that answer with a page, sent with words that no handler may be told anything for
ACTS = ("identity", "draft", "ask_time", "assign", "answer")
TYPED = {"purpose": "想知道是谁写的", "text": "想知道是谁写的"}


def addresses(key: uuid.UUID | str, *words: str) -> Iterator[str]:
    """Every address of the app with a GET, all queues, and pages elsewhere asked for each of the ``words``."""
    for pattern in urls.urlpatterns:
        for args in ([], [key], [key, 1], [key, "identity"], ["satisfy"]):
            try:
                yield reverse(f"complaints:{pattern.name}", args=args)
            except NoReverseMatch:
                continue
    for queue in QUEUES:
        yield f"{reverse('complaints:desk')}?queue={queue}"
    for start in ELSEWHERE:
        yield from [start + word for word in ("", *words)] if "=" in start else [start]


def acts(key: uuid.UUID | str) -> Iterator[str]:
    """Addresses that take an act."""
    return (reverse("complaints:act", args=[key, act]) for act in ACTS)


def told(heads: Mapping[str, str], content: bytes) -> str:
    """Everything an answer tells: its text or the cells of its workbook, and its headers."""
    said = unquote(" ".join(f"{name}: {value}" for name, value in heads.items()))
    if "spreadsheet" in said:
        book = load_workbook(io.BytesIO(content))
        cells = [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line]
        return " ".join([said, *book.sheetnames, *cells])
    return said + content.decode(errors="replace")
