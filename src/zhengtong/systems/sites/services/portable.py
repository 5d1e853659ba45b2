"""Values of pages with what they name told apart from keys of this database: ``page:3``, ``picture:7``, ``document:0``.

One walk both ways: out of the database to the numbers of an archive, and from the archive to the keys of another.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from wagtail import blocks
from wagtail.coreutils import resolve_model_string
from wagtail.models import Page

from zhengtong.systems.sites.models import SiteDocument, SitePicture

PAGE, PICTURE, DOCUMENT = "page", "picture", "document"
_TAG: Final = re.compile(r"<(a|embed)\b[^>]*>")
_ID: Final = re.compile(r'\bid="([^"]{1,40})"')
_MARKS: Final = (('linktype="page"', PAGE), ('linktype="document"', DOCUMENT), ('embedtype="image"', PICTURE))

#: (kind, key or name) → name or key; None for what is not there
Turn = Callable[[str, Any], Any]


def turned(block: Any, value: Any, turn: Turn, words: Callable[[str], str]) -> Any:
    """A stored value with every name turned and every text through ``words``; identifiers of blocks are left out."""
    if isinstance(block, blocks.StreamBlock):
        return [
            {"type": one["type"], "value": turned(block.child_blocks[one["type"]], one.get("value"), turn, words)}
            for one in value or []
            if isinstance(one, dict) and one.get("type") in block.child_blocks
        ]
    if isinstance(block, blocks.ListBlock):
        items = [one["value"] if _is_item(one) else one for one in value or []]
        return [{"type": "item", "value": turned(block.child_block, one, turn, words)} for one in items]
    if isinstance(block, blocks.StructBlock):
        held = value if isinstance(value, dict) else {}
        return {
            name: turned(child, held[name], turn, words) for name, child in block.child_blocks.items() if name in held
        }
    if isinstance(block, blocks.ChooserBlock):
        kind = _kind(block.target_model)
        return turn(kind, value) if kind and value is not None else value
    if isinstance(value, str):
        said = words(value)
        return (
            _TAG.sub(lambda found: _retold(found[0], turn), said) if isinstance(block, blocks.RichTextBlock) else said
        )
    return value


def _is_item(one: Any) -> bool:
    return isinstance(one, dict) and one.get("type") == "item" and "value" in one


def _kind(named: Any) -> str:
    model = resolve_model_string(named)
    if issubclass(model, Page):
        return PAGE
    return {SitePicture: PICTURE, SiteDocument: DOCUMENT}.get(model, "")


def _retold(tag: str, turn: Turn) -> str:
    """A link or picture in a text; one to what is not there keeps its place and names nothing."""
    for mark, kind in _MARKS:
        found = _ID.search(tag)
        if mark in tag and found is not None:
            name = turn(kind, found[1])
            return tag.replace(found[0], f'id="{"" if name is None else name}"')
    return tag
