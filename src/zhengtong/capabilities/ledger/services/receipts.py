"""Receipts for strangers: the entry's clear text, a signed promise at once, the proof when it exists."""

import base64
import json
import uuid
from typing import Any, Final

from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger.engine.canonical import canonical
from zhengtong.capabilities.ledger.engine.entry import instant_text
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.ledger.selectors.proofs import inclusion_proof
from zhengtong.capabilities.ledger.selectors.witnesses import cosignatures_of, cosigned_checkpoint
from zhengtong.capabilities.ledger.services.signer import signer
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound

RECEIPT_FORMAT: Final = "zhengtong.ledger.receipt.v1"
PROMISE_FORMAT: Final = "zhengtong.ledger.promise.v1"
WITHIN_SECONDS: Final = 60  # what is promised; the sequencer usually needs one or two


def receipt_text(*, tenant: str, entry_id: uuid.UUID) -> str:
    """The receipt of an entry as JSON that verifies offline (``examples/verify_ledger_receipt.py``).

    It holds the clear text, never the payload: whose entry may be shown to whom is the caller's policy. Raises
    NotFound, and BrokenLedger when stored hashes are missing.
    """
    entry = Entry.objects.filter(tenant=tenant, uuid=entry_id).first()
    if entry is None:
        raise NotFound(_("账上没有这条账目，不能出具回执。请核对账目编号。"))
    clear, proof = entry.clear(), inclusion_proof(entry_id)
    if proof is not None:
        # a checkpoint that a second body has co-signed proves more than the newest
        cosigned = cosigned_checkpoint(proof.index)
        proof = inclusion_proof(entry_id, under=cosigned) if cosigned else proof
    receipt: dict[str, Any] = {
        "format": RECEIPT_FORMAT,
        "leaf_data": clear.leaf_data().decode(),
        "promise": _promise(clear.leaf_hash()),
        "proof": None,
    }
    if proof is not None:
        receipt["proof"] = {
            "index": proof.index,
            "path": [step.hex() for step in proof.path],
            "checkpoint": json.loads(proof.checkpoint.to_json()),
            "cosignatures": cosignatures_of(proof.checkpoint.size),
        }
    return json.dumps(receipt, ensure_ascii=False, indent=2)


def _promise(leaf: bytes) -> dict[str, Any]:
    key = signer()
    promise: dict[str, Any] = {
        "algorithm": key.algorithm,
        "at": instant_text(now()),
        "format": PROMISE_FORMAT,
        "key_id": key.key_id,
        "leaf_hash": leaf.hex(),
        "within_seconds": WITHIN_SECONDS,
    }
    signature = base64.b64encode(key.sign(canonical(promise))).decode("ascii")
    return promise | {"signature": signature, "public_key_pem": key.public_key_pem()}
