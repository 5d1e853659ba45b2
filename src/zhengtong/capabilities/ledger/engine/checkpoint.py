"""A checkpoint: how large the ledger was, its root, when; signed, and complete enough to be kept elsewhere."""

import base64
import binascii
import dataclasses
import datetime as dt
import json
import re
from typing import Any, Final

from zhengtong.capabilities.ledger.engine.canonical import canonical
from zhengtong.capabilities.ledger.engine.entry import instant_text

_SPACE: Final = re.compile(r"\s*")
FORMAT: Final = "zhengtong.ledger.checkpoint.v1"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """``size`` leaves have the root ``root``; ``signature`` by ``key_id`` covers all of this but itself."""

    size: int
    root: bytes
    at: dt.datetime
    algorithm: str
    key_id: str
    signature: bytes = b""
    public_key_pem: str = ""

    def signed_bytes(self) -> bytes:
        """The canonical text under the signature."""
        return canonical(
            {
                "algorithm": self.algorithm,
                "at": instant_text(self.at),
                "format": FORMAT,
                "key_id": self.key_id,
                "root": self.root.hex(),
                "size": self.size,
            }
        )

    def to_json(self) -> str:
        """The whole checkpoint as indented JSON, to be printed, kept elsewhere and compared later."""
        fields: dict[str, Any] = json.loads(self.signed_bytes())
        fields["signature"] = base64.b64encode(self.signature).decode("ascii")
        fields["public_key_pem"] = self.public_key_pem
        return json.dumps(fields, ensure_ascii=False, indent=2, sort_keys=True)


def from_json(text: str) -> Checkpoint:
    """A kept checkpoint again; raises ValueError when the text is not one of ours."""
    try:
        return from_fields(json.loads(text))
    except json.JSONDecodeError as error:
        raise ValueError(f"not a checkpoint of the ledger: {error!r}") from None


def from_fields(fields: Any) -> Checkpoint:
    """A checkpoint from its fields, with or without signature; raises ValueError when it is not one of ours."""
    try:
        if fields["format"] != FORMAT:
            raise ValueError(f"the format is {fields['format']!r}")
        at = dt.datetime.fromisoformat(fields["at"])
        if at.tzinfo is None:
            raise ValueError("a time without a zone")
        return Checkpoint(
            size=int(fields["size"]),
            root=bytes.fromhex(fields["root"]),
            at=at,
            algorithm=str(fields["algorithm"]),
            key_id=str(fields["key_id"]),
            signature=base64.b64decode(fields.get("signature", ""), validate=True),
            public_key_pem=str(fields.get("public_key_pem", "")),
        )
    except (KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise ValueError(f"not a checkpoint of the ledger: {error!r}") from None


def all_from_text(text: str) -> list[Checkpoint]:
    """Every checkpoint of a file: one JSON object, or many one after another, each a checkpoint or a witness's record.

    A witness's record holds the checkpoint under ``checkpoint`` (``examples/ledger_witness.py``). Raises ValueError.
    """
    decoder, found = json.JSONDecoder(), []
    place = _after_space(text, 0)
    while place < len(text):
        fields, place = decoder.raw_decode(text, place)
        found.append(from_fields(fields.get("checkpoint", fields) if isinstance(fields, dict) else fields))
        place = _after_space(text, place)
    if not found:
        raise ValueError("no checkpoint in it")
    return found


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
