"""The sentences of the checks, one table for Python and for the browser (``static/forms/messages.json``)."""

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path

_TABLE = Path(__file__).parents[1] / "static" / "forms" / "messages.json"
_PLACE = re.compile(r"\{([a-z]+)\}")


@functools.cache
def messages() -> Mapping[str, str]:
    """The whole table, for a page to hand to ``engine.js``."""
    table: dict[str, str] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table


def sentence(key: str, **words: object) -> str:
    """A sentence with its places filled in; what is filled in is not looked into again."""
    return _PLACE.sub(lambda place: str(words.get(place.group(1), "")), messages()[key])
