"""Checkpoints and proofs: what may be handed to a stranger who trusts nobody here."""

import dataclasses
import functools
import uuid
from collections.abc import Iterator

from django.db.models import QuerySet

from zhengtong.capabilities.ledger.engine import tree
from zhengtong.capabilities.ledger.engine.checkpoint import Checkpoint
from zhengtong.capabilities.ledger.models import Checkpoint as CheckpointRow
from zhengtong.capabilities.ledger.models import CheckpointKey
from zhengtong.capabilities.ledger.selectors.entries import place_of
from zhengtong.capabilities.ledger.selectors.tree import StoredTree
from zhengtong.kernel.signing import provider
from zhengtong.kernel.signing.errors import KeyUnusable


@dataclasses.dataclass(frozen=True, kw_only=True)
class InclusionProof:
    """Proof that ``leaf_data`` (the clear fields) is leaf ``index`` of the tree that ``checkpoint`` signs."""

    index: int
    leaf_data: bytes
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    def holds(self) -> bool:
        """True when the path leads to the signed root and the signature is good."""
        leads = tree.verify_inclusion(
            index=self.index,
            size=self.checkpoint.size,
            leaf=tree.leaf_hash(self.leaf_data),
            proof=self.path,
            root=self.checkpoint.root,
        )
        return leads and signature_holds(self.checkpoint)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsistencyProof:
    """Proof that the ledger of ``new`` begins with the ledger of ``old``, unchanged."""

    old: Checkpoint
    new: Checkpoint
    path: tuple[bytes, ...]

    def holds(self) -> bool:
        """True when both roots fit the path and both signatures are good."""
        fits = tree.verify_consistency(
            old=self.old.size, new=self.new.size, old_root=self.old.root, new_root=self.new.root, proof=self.path
        )
        return fits and signature_holds(self.old) and signature_holds(self.new)


def newest_checkpoint() -> Checkpoint | None:
    """The newest signed checkpoint, None while nothing is sealed."""
    row = _rows().last()
    return _plain(row, keys()) if row else None


def checkpoints() -> Iterator[Checkpoint]:
    """All checkpoints by size, with their public keys; an unknown key is left empty."""
    known = keys()
    for row in _rows().iterator(chunk_size=2000):
        yield _plain(row, known)


def checkpoint_of(size: int) -> Checkpoint | None:
    """The stored checkpoint of ``size`` leaves, None when there is none."""
    row = _rows().filter(size=size).first()
    return _plain(row, keys()) if row else None


def inclusion_proof(entry_id: uuid.UUID, *, under: Checkpoint | None = None) -> InclusionProof | None:
    """The proof of an entry under the newest checkpoint, or ``under`` another; None while that does not cover it.

    Raises NotFound, and BrokenLedger when stored hashes are missing.
    """
    place, checkpoint = place_of(entry_id), under or newest_checkpoint()
    if place is None or checkpoint is None or place[1] >= checkpoint.size:
        return None
    entry, index = place
    path = tree.inclusion_proof(index, checkpoint.size, StoredTree())
    return InclusionProof(index=index, leaf_data=entry.clear().leaf_data(), path=tuple(path), checkpoint=checkpoint)


def consistency_proof(old_size: int, new_size: int | None = None) -> ConsistencyProof | None:
    """The proof from the stored checkpoint of ``old_size`` to that of ``new_size``, by default the newest.

    None when there is no such checkpoint or the new one is smaller; raises BrokenLedger when hashes are missing.
    """
    old, new = checkpoint_of(old_size), newest_checkpoint() if new_size is None else checkpoint_of(new_size)
    if old is None or new is None or old.size > new.size:
        return None
    path = tree.consistency_proof(old.size, new.size, StoredTree())
    return ConsistencyProof(old=old, new=new, path=tuple(path))


def signature_holds(checkpoint: Checkpoint) -> bool:
    """True when the checkpoint's signature is good and its key is the one it names."""
    try:
        return _key_id(checkpoint.public_key_pem) == checkpoint.key_id and provider.verify(
            checkpoint.algorithm, checkpoint.public_key_pem, checkpoint.signed_bytes(), checkpoint.signature
        )
    except (KeyUnusable, ValueError):
        return False


def keys() -> dict[str, str]:
    """key id → public key PEM of all keys that ever signed."""
    return dict(CheckpointKey.objects.values_list("key_id", "public_key_pem"))


@functools.lru_cache(maxsize=64)
def _key_id(public_pem: str) -> str:
    return provider.key_id_of(public_pem)


def _rows() -> QuerySet[CheckpointRow]:
    return CheckpointRow.objects.order_by("size")


def _plain(row: CheckpointRow, known: dict[str, str]) -> Checkpoint:
    return Checkpoint(
        size=row.size,
        root=bytes(row.root),
        at=row.at,
        algorithm=row.algorithm,
        key_id=row.key_id,
        signature=bytes(row.signature),
        public_key_pem=known.get(row.key_id, ""),
    )
