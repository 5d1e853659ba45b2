"""The written form of what travels: canonical JSON, rows as lines, manifest, signed envelope.

Everything is text that both sides digest byte by byte (SM3), so nothing is ever written out a second time.
"""

import base64
import binascii
import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

PROTOCOL: Final = 1
FIRST: Final = "0" * 64  # what the first package of a data set names as the one before it


class Unreadable(Exception):
    """What came is no envelope, manifest or line of this protocol."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a package: its place from 1, key, operation (I or U) and values by element."""

    number: int
    key: str
    operation: str
    values: Mapping[str, str | int]

    @property
    def digest(self) -> str:
        """SM3 over the values alone: the same row has the same digest in any package."""
        return sm3(canonical(self.values))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a package says of itself; ``previous`` is the digest of the manifest before it, ``digest`` of the rows."""

    sender: str
    sender_name: str
    dataset: str
    version: str
    sequence: int
    previous: str
    since: str
    until: str
    rows: int
    digest: str
    built_at: str
    basis: str

    def text(self) -> str:
        """The canonical text that is signed."""
        return canonical({"protocol": PROTOCOL, **dataclasses.asdict(self)}).decode()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Envelope:
    """A signed text; ``rows`` goes beside a manifest, which holds its digest."""

    content: str
    signature: bytes
    certificate: str
    rows: str = ""

    def body(self) -> bytes:
        """What travels."""
        parts = {
            "content": self.content,
            "signature": base64.b64encode(self.signature).decode(),
            "certificate": self.certificate,
        }
        return canonical({**parts, "rows": self.rows} if self.rows else parts)


def canonical(value: object) -> bytes:
    """JSON with sorted keys, without spaces, UTF-8: one text for one value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sm3(data: bytes) -> str:
    """SM3 in hex."""
    return hashlib.new("sm3", data).hexdigest()


def rows_text(lines: Iterable[Line]) -> str:
    """The rows of a package, one canonical JSON object a line."""
    return "".join(
        canonical({"n": line.number, "key": line.key, "op": line.operation, "row": line.values}).decode() + "\n"
        for line in lines
    )


def read_rows(text: str) -> list[Line]:
    """The lines of a package's rows; raises Unreadable."""
    return [_line(part) for part in text.split("\n")[:-1]] if text.endswith("\n") or not text else _broken()


def read_manifest(text: str) -> Manifest:
    """The manifest in a text; raises Unreadable."""
    found = read_content(text)
    if found.pop("protocol", None) != PROTOCOL:
        raise Unreadable("another protocol")
    fields = {field.name: field.type for field in dataclasses.fields(Manifest)}
    if set(found) != set(fields) or any(type(found[name]) is not kind for name, kind in fields.items()):
        raise Unreadable("not the fields of a manifest")
    return Manifest(**found)


def read_content(text: str) -> dict[str, Any]:
    """The object in a signed text; raises Unreadable."""
    try:
        found = json.loads(text)
    except ValueError:
        raise Unreadable("not JSON") from None
    if not isinstance(found, dict):
        raise Unreadable("not an object")
    return found


def read_envelope(body: bytes) -> Envelope:
    """The envelope in a body; raises Unreadable. Whether the signature holds is another question."""
    try:
        found = read_content(body.decode())
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    content, signature, certificate = (found.get(name) for name in ("content", "signature", "certificate"))
    rows = found.get("rows", "")
    if not all(isinstance(one, str) for one in (content, signature, certificate, rows)):
        raise Unreadable("not an envelope")
    try:
        return Envelope(
            content=str(content),
            signature=base64.b64decode(str(signature), validate=True),
            certificate=str(certificate),
            rows=str(rows),
        )
    except binascii.Error:
        raise Unreadable("the signature is not base64") from None


def day_digest(lines: Iterable[tuple[int, int, str, str, str]]) -> str:
    """SM3 over what a day's packages hold: (sequence, line, key, digest of the row, verdict), in that order."""
    text = "".join(
        f"{sequence} {number} {key} {digest} {verdict}\n" for sequence, number, key, digest, verdict in lines
    )
    return sm3(text.encode())


def _line(text: str) -> Line:
    found = read_content(text)
    number, key, operation, values = (found.get(name) for name in ("n", "key", "op", "row"))
    if type(number) is not int or not isinstance(key, str) or operation not in ("I", "U"):
        raise Unreadable("not a row")
    if not isinstance(values, dict) or any(type(one) not in (str, int) for one in values.values()):
        raise Unreadable("not the values of a row")
    return Line(number=number, key=key, operation=str(operation), values=values)


def _broken() -> list[Line]:
    raise Unreadable("the last line is cut off")
