"""The audit of a whole ledger, entry by entry and checkpoint by checkpoint, from plain values.

An entry that differs from its leaf is named; where no leaf can tell, the first stretch between two checkpoints
whose root does not come out is named. Faults are Chinese sentences for the audit administrator.
"""

import dataclasses
import uuid
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Set
from typing import Final

from zhengtong.capabilities.ledger.engine.checkpoint import Checkpoint
from zhengtong.capabilities.ledger.engine.entry import ClearEntry, commitment_of
from zhengtong.capabilities.ledger.engine.tree import Frontier

MAX_FAULTS: Final = 200  # beyond these only the number is reported
_SHANGHAI: Final = zoneinfo.ZoneInfo("Asia/Shanghai")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One leaf with what is still stored of its entry; ``payload`` is (salt, content)."""

    sequence: int
    hash: bytes
    entry: ClearEntry | None
    payload: tuple[bytes, bytes] | None


class Audit:
    """Feed it all leaves in order, then ask ``finish``.

    ``checkpoints`` come by rising size and are read as needed; ``kept`` are copies from elsewhere, in any order;
    ``signature_holds`` checks one signature; ``erased`` names the entries whose payload was erased by an entry;
    ``stored_node`` gives the stored root of a complete subtree, None where none is kept.
    """

    def __init__(
        self,
        checkpoints: Iterable[Checkpoint],
        *,
        kept: Iterable[Checkpoint] = (),
        signature_holds: Callable[[Checkpoint], bool],
        erased: Set[uuid.UUID] = frozenset(),
        stored_node: Callable[[int, int], bytes | None] = lambda level, index: None,
    ) -> None:
        self.faults: list[str] = []
        self.unlisted = 0
        self.entries = 0
        self.checkpoints = 0
        self.payloads_erased = 0
        self._frontier = Frontier()
        self._waiting: Iterator[Checkpoint] = iter(checkpoints)
        self._next = next(self._waiting, None)
        self._kept = sorted(kept, key=lambda checkpoint: checkpoint.size)
        self._signature_holds = signature_holds
        self._erased = erased
        self._stored_node = stored_node
        self._broken = False
        self._good_size = 0
        self._node_faults: list[str] = []

    def feed(self, line: Line) -> None:
        """Check one leaf and everything that becomes checkable with it."""
        self.entries += 1
        if line.sequence != self._frontier.size and not self._broken:
            self._gap(line.sequence)
        self._check_entry(line)
        for level, index, value in self._frontier.add(line.hash):
            stored = self._stored_node(level, index)
            if stored is not None and stored != value:
                self._node_faults.append(
                    f"第 {(index << level) + 1} 至 {index + 1 << level} 号账目的中间摘要与叶摘要不符："
                    "中间摘要被改动或者缺失。"
                )
        self._check_roots(line.sequence + 1)

    def finish(self, unsealed: Iterable[ClearEntry] = ()) -> list[str]:
        """All faults; ``unsealed`` are entries that should have a leaf by now and have none."""
        size = self._frontier.size
        while self._next is not None:
            if not self._broken:
                self._fault(
                    f"账目只到第 {size} 号，而 {_when(self._next)} 的检查点记载有 {self._next.size} 条："
                    f"末尾至少 {self._next.size - size} 条被删除。"
                )
                self._broken = True
            self._take_checkpoint(self._next)
        for kept in self._kept:
            self._check_kept_signature(kept)
            if kept.size > size:
                self._fault(
                    f"留存的检查点（{_when(kept)}）记载有 {kept.size} 条账目，现在账上只有 {size} 条："
                    f"末尾至少 {kept.size - size} 条被删除。"
                )
        if not self._broken and size > self._good_size:
            self._fault(f"第 {self._good_size + 1} 至 {size} 号账目没有任何检查点覆盖：是绕过定序程序插入的。")
        for entry in unsealed:
            self._fault(f"{_entry_words(entry)}没有叶：它是绕过系统插入的，或者它的叶被删除。")
        if not self._broken:
            for fault in self._node_faults:
                self._fault(fault)
        return self.faults

    def _gap(self, sequence: int) -> None:
        size = self._frontier.size
        missing = f"第 {size + 1} 号" if sequence == size + 1 else f"第 {size + 1} 至 {sequence} 号"
        self._fault(f"{missing}的叶不见了：账目连同叶被删除，此后的树根无法重算。")
        self._broken = True

    def _check_entry(self, line: Line) -> None:
        number = line.sequence + 1
        if line.entry is None:
            self._fault(f"第 {number} 号账目已不存在，只留下叶摘要 {line.hash.hex()[:16]}…：账目被删除。")
            return
        words = f"第 {number} 号账目{_entry_words(line.entry)}"
        if line.entry.leaf_hash() != line.hash:
            self._fault(f"{words}与入账时的叶摘要不符：账目被改动，或者与别的账目对调。")
        if line.payload is None:
            self.payloads_erased += 1
            if line.entry.uuid not in self._erased:
                self._fault(f"{words}的内容不见了，而账上没有抹除它的记录。")
            return
        salt, content = line.payload
        if not _opens(line.entry.commitment, salt, content):
            self._fault(f"{words}的内容与承诺值不符：内容或盐被改动。")

    def _check_roots(self, reached: int) -> None:
        while self._next is not None and self._next.size <= reached:
            checkpoint = self._next
            good = self._broken or (checkpoint.size == reached and checkpoint.root == self._frontier.root())
            if not good:
                self._fault(
                    f"第 {self._good_size + 1} 至 {checkpoint.size} 号账目这一段"
                    f"算出的树根与 {_when(checkpoint)} 的检查点不符："
                    "段内有账目被插入、删除、调换，或者叶摘要、检查点被改动。"
                )
                self._broken = True
            self._take_checkpoint(checkpoint)
            if not self._broken:
                self._good_size = checkpoint.size
        for kept in self._kept:
            if kept.size == reached and (reached != self._frontier.size or kept.root != self._frontier.root()):
                self._fault(
                    f"前 {kept.size} 条账目的树根与留存的检查点（{_when(kept)}）不同：留存之后，这些账目被改写过。"
                )

    def _take_checkpoint(self, checkpoint: Checkpoint) -> None:
        self.checkpoints += 1
        if not self._signature_holds(checkpoint):
            self._fault(f"{_when(checkpoint)} 的检查点（{checkpoint.size} 条）签名无效：检查点被改动或伪造。")
        self._next = next(self._waiting, None)

    def _check_kept_signature(self, kept: Checkpoint) -> None:
        if not self._signature_holds(kept):
            self._fault(f"留存的检查点文件（{_when(kept)}，{kept.size} 条）签名无效：文件被改动，不能作为依据。")

    def _fault(self, sentence: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(sentence)
        else:
            self.unlisted += 1


def _opens(commitment: bytes, salt: bytes, content: bytes) -> bool:
    try:
        return commitment_of(salt, content) == commitment
    except ValueError:
        return False


def _entry_words(entry: ClearEntry) -> str:
    return f"（{entry.uuid}，{entry.act}，{entry.object_kind}:{entry.object_id}）"


def _when(checkpoint: Checkpoint) -> str:
    return checkpoint.at.astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
