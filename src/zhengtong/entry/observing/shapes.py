"""The shape of a statement: its text without anything that may be a value, so that equal ones are counted together."""

import re
from typing import Final

_LISTS: Final = re.compile(r"(%s(?:::\w+(?:\[\])?)?)(?:, ?\1)+")
_ROWS: Final = re.compile(r"(\((?:[^()]|\([^()]*\))*%s[^()]*\))(?:, ?\1)+")
_NUMBERED: Final = re.compile(r"\$\d+")
_QUOTED: Final = re.compile(r"'((?:[^']|'')*)'")
_NUMBER: Final = re.compile(r"(?<![\w.$\"])\d+(?:\.\d+)?(?![\w\"])")
_WORD: Final = re.compile(r"[a-z_.:% ()]{0,40}\Z")
_SAVEPOINT: Final = re.compile(r"(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\b", re.IGNORECASE)
_LONGEST: Final = 4000
_MOST: Final = 5000

_known: dict[str, str] = {}


def shape_of(text: str) -> str:
    """The text with lists shortened and every literal but plain lower-case words taken out."""
    found = _known.get(text)
    if found is None:
        if len(_known) >= _MOST:
            _known.clear()
        found = _known[text] = _shaped(text)
    return found


def _shaped(text: str) -> str:
    savepoint = _SAVEPOINT.match(text)
    if savepoint:
        return savepoint.group(1).upper()
    text = _NUMBERED.sub("%s", " ".join(text.split()))
    text = _QUOTED.sub(lambda found: found.group(0) if _WORD.match(found.group(1)) else "'…'", text)
    text = _NUMBER.sub("%s", text)
    text = _LISTS.sub(r"\1, …", text)
    text = _ROWS.sub(r"\1, …", text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
