"""A co-signature: a second body's signature over a checkpoint that it has seen and found consistent."""

import base64
import binascii
import dataclasses
import datetime as dt
import json
from typing import Any, Final

from zhengtong.capabilities.ledger.engine.canonical import canonical
from zhengtong.capabilities.ledger.engine.checkpoint import Checkpoint, from_fields
from zhengtong.capabilities.ledger.engine.entry import instant_text

FORMAT: Final = "zhengtong.ledger.cosignature.v1"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """``signature`` by the witness's key ``key_id`` covers the checkpoint's own fields and the time of signing."""

    checkpoint: Checkpoint
    at: dt.datetime
    algorithm: str
    key_id: str
    signature: bytes

    def statement(self) -> bytes:
        """The canonical text under the witness's signature."""
        return canonical(
            {
                "algorithm": self.algorithm,
                "at": instant_text(self.at),
                "checkpoint": json.loads(self.checkpoint.signed_bytes()),
                "format": FORMAT,
                "key_id": self.key_id,
            }
        )

    def to_json(self, public_key_pem: str) -> dict[str, Any]:
        """The co-signature as a JSON object that a stranger can check."""
        fields: dict[str, Any] = json.loads(self.statement())
        signature = base64.b64encode(self.signature).decode("ascii")
        return fields | {"signature": signature, "public_key_pem": public_key_pem}


def from_json(text: str) -> Cosignature:
    """A co-signature as a witness sends it; raises ValueError when the text is none."""
    try:
        fields = json.loads(text)
        return from_statement(fields, base64.b64decode(fields["signature"], validate=True))
    except (KeyError, TypeError, AttributeError, RecursionError, binascii.Error, json.JSONDecodeError) as error:
        raise ValueError(f"not a co-signature: {error!r}") from None


def from_statement(fields: dict[str, Any], signature: bytes) -> Cosignature:
    """A co-signature from the fields it states; raises ValueError, KeyError or TypeError when they are not whole."""
    if fields["format"] != FORMAT:
        raise ValueError(f"the format is {fields['format']!r}")
    at = dt.datetime.fromisoformat(fields["at"])
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return Cosignature(
        checkpoint=from_fields(fields["checkpoint"]),
        at=at,
        algorithm=str(fields["algorithm"]),
        key_id=str(fields["key_id"]),
        signature=signature,
    )
