"""The portable archive of a site: names of its parts, one digest over all of them, texts without the site's code."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final

FORMAT: Final = "zhengtong-site/1"
MANIFEST: Final = "manifest.json"
PAGES_IN_A_PART: Final = 200
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = re.compile(r"site\.json|(?:pages|files|addresses)/\d{5}\.jsonl|files/[0-9a-f]{64}")
_STANDS_FOR: Final = "/gov/$site/"


def plain(value: Any) -> bytes:
    """One writing for one value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def lines(values: list[Any]) -> bytes:
    """A value a line."""
    return b"".join(plain(one) + b"\n" for one in values)


def digest_of(parts: Mapping[str, str]) -> str:
    """Of a whole site: over the names and digests of its parts, whatever packed them."""
    said = "".join(f"{digest}  {name}\n" for name, digest in sorted(parts.items()))
    return hashlib.sha256(said.encode()).hexdigest()


def parts_of(manifest: Any) -> dict[str, str]:
    """The parts a manifest names with their digests. Raises ValueError for what is no manifest."""
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ValueError("no manifest of a site")
    parts = manifest.get("parts")
    if not isinstance(parts, dict) or "site.json" not in parts or not isinstance(manifest.get("head"), dict):
        raise ValueError("no parts")
    for name, digest in parts.items():
        if not _PART.fullmatch(name) or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise ValueError(name)
    if manifest.get("digest") != digest_of(parts):
        raise ValueError("digest")
    return dict(parts)


def without_code(text: str, code: str) -> str:
    """A text in which the site's own addresses name no code."""
    return text.replace(f"/gov/{code}/", _STANDS_FOR)


def with_code(text: str, code: str) -> str:
    """The same with the code it has here."""
    return text.replace(_STANDS_FOR, f"/gov/{code}/")
