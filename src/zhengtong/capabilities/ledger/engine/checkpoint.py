"""A checkpoint: how large the ledger was, its root, when; signed, and complete enough to be kept elsewhere."""

import base64
import binascii
import dataclasses
import datetime as dt
import json
from typing import Any, Final

from zhengtong.capabilities.ledger.engine.canonical import canonical
from zhengtong.capabilities.ledger.engine.entry import instant_text

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
        fields = json.loads(text)
        if fields["format"] != FORMAT:
            raise ValueError(f"the format is {fields['format']!r}")
        return Checkpoint(
            size=int(fields["size"]),
            root=bytes.fromhex(fields["root"]),
            at=dt.datetime.fromisoformat(fields["at"]),
            algorithm=str(fields["algorithm"]),
            key_id=str(fields["key_id"]),
            signature=base64.b64decode(fields["signature"], validate=True),
            public_key_pem=str(fields["public_key_pem"]),
        )
    except (KeyError, TypeError, AttributeError, binascii.Error, json.JSONDecodeError) as error:
        raise ValueError(f"not a checkpoint of the ledger: {error!r}") from None
