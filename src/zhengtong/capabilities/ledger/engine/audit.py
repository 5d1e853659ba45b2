"""The audit of a whole ledger, entry by entry and checkpoint by checkpoint, from plain values.

An entry that differs from its leaf is named; where no leaf can tell, the first stretch between two checkpoints
whose root does not come out is named. Faults are Chinese sentences for the audit administrator.

A sieve hashes what the database wrote as the leaf's text and lets through what is proven sound; only what it holds
back is judged field by field.
"""

import bisect
import collections
import dataclasses
import hashlib
import zoneinfo
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

from zhengtong.capabilities.ledger.engine.checkpoint import Checkpoint
from zhengtong.capabilities.ledger.engine.entry import LEAF_FIELDS, SALT_BYTES, leaf_data_of
from zhengtong.capabilities.ledger.engine.tree import Frontier

_sha256: Final = hashlib.sha256
MAX_FAULTS: Final = 200  # beyond these only the number is reported
NODES_EVERY: Final = 8  # levels of which ``stored_nodes`` is asked
_SHANGHAI: Final = zoneinfo.ZoneInfo("Asia/Shanghai")

Row: TypeAlias = Sequence[Any]
"""One leaf for the sieve: sequence, leaf hash, the leaf's text as the database writes it from the clear fields without
escaping anything (None where a field is missing that must not be), commitment, salt, content; None for what is gone."""
Clear: TypeAlias = Sequence[bytes | None]
"""The clear fields of an entry as UTF-8 text in the order of ``LEAF_FIELDS``; all None where the entry is gone."""
Line: TypeAlias = Sequence[Any]
"""One leaf and what is still stored of its entry: sequence, leaf hash, salt, content, whether an entry says that the
payload was erased, then the fields of Clear. Salt and content are None where there is no payload."""
Names: TypeAlias = Sequence[tuple[int, int]]

_CLEAR: Final = 5  # where the clear fields begin in a line
_UUID, _ACT, _KIND, _OBJECT, _COMMITMENT = (
    LEAF_FIELDS.index(name) for name in ("uuid", "act", "object_kind", "object_id", "commitment")
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A checkpoint that somebody else vouches for: kept elsewhere, or co-signed.

    ``words`` say which it is; ``trouble`` says in a sentence why it cannot count, empty when it can.
    """

    size: int
    root: bytes
    words: str
    trouble: str = ""


class _Sized(Protocol):
    @property
    def size(self) -> int: ...


_Item = TypeVar("_Item", bound=_Sized)


class _Ahead(Generic[_Item]):
    """Items by rising size; those up to a given size can be read before they are needed."""

    def __init__(self, items: Iterable[_Item]) -> None:
        self._items = iter(items)
        self._read: collections.deque[_Item] = collections.deque()
        self.read(0)

    def read(self, size: int) -> None:
        """Read on until an item lies beyond ``size``."""
        while not self._read or self._read[-1].size <= size:
            item = next(self._items, None)
            if item is None:
                return
            self._read.append(item)

    @property
    def first(self) -> _Item | None:
        """The item that comes next, None when there are no more."""
        return self._read[0] if self._read else None

    def drop(self) -> None:
        """Done with the first."""
        self._read.popleft()
        self.read(0)


class Audit:
    """For each stretch of leaves ``expect`` it, ``feed`` it, ``judge`` what was held back; then ask ``finish``.

    ``checkpoints`` and ``kept`` come by rising size and are read ahead; ``signature_holds`` checks one signature;
    ``stored_nodes`` gives the stored roots of complete subtrees (every eighth level) by (level, index).
    """

    def __init__(
        self,
        checkpoints: Iterable[Checkpoint],
        *,
        kept: Iterable[Kept] = (),
        signature_holds: Callable[[Checkpoint], bool],
        stored_nodes: Callable[[Names], Mapping[tuple[int, int], bytes]],
    ) -> None:
        self.faults: list[str] = []
        self.unlisted = 0
        self.entries = 0
        self.checkpoints = 0
        self.payloads_erased = 0
        self.kept = 0
        self._frontier = Frontier()
        self._due = _Ahead(checkpoints)
        self._due_kept = _Ahead(kept)
        self._signature_holds = signature_holds
        self._stored_nodes = stored_nodes
        self._broken = False
        self._good_size = 0
        self._node_faults: list[str] = []
        self._completed: dict[tuple[int, int], bytes] = {}

    def expect(self, size: int) -> None:
        """Read what the leaves before ``size`` will be compared with: until the next call ``feed`` asks for nothing."""
        self._check_nodes()
        self._due.read(size)
        self._due_kept.read(size)

    def feed(self, rows: Sequence[Row]) -> list[int]:
        """Grow the tree by leaves that follow on those fed before and check every root that becomes checkable.

        Returns the sequences of the leaves whose entries are to be judged.
        """
        self.entries += len(rows)
        sequences = [row[0] for row in rows]
        hashes = [row[1] or b"" for row in rows]
        start = 0
        while start < len(rows):
            stop = max(start + 1, bisect.bisect_left(sequences, self._boundary(), start))
            self._grow(sequences[start:stop], hashes[start:stop])
            self._check_roots(sequences[stop - 1] + 1)
            start = stop
        return [] if _all_sound(rows) else [row[0] for row in rows if not _all_sound([row])]

    def judge(self, lines: Iterable[Line]) -> None:
        """Say of entries that were held back what is wrong with them, if anything."""
        for line in lines:
            self._judge(line)

    def _boundary(self) -> int:
        """The next size at which a root is to be compared."""
        sizes = [item.size for item in (self._due.first, self._due_kept.first) if item is not None]
        return min(sizes, default=2**63)

    def _grow(self, sequences: Sequence[int], hashes: Sequence[bytes]) -> None:
        size = self._frontier.size
        if not self._broken and (sequences[0] != size or sequences[-1] - size != len(sequences) - 1):
            expected, sequence = next(pair for pair in enumerate(sequences, size) if pair[0] != pair[1])
            self._gap(expected, sequence)
        nodes = self._frontier.extend(hashes, every=NODES_EVERY)
        self._completed.update(((level, index), value) for level, index, value in nodes)

    def _check_nodes(self) -> None:
        completed, self._completed = self._completed, {}
        stored = self._stored_nodes(list(completed)) if completed else {}
        for (level, index), value in completed.items():
            if stored.get((level, index)) != value:
                self._node_faults.append(
                    f"第 {(index << level) + 1} 至 {index + 1 << level} 号账目的中间摘要与叶摘要不符："
                    "中间摘要被改动或者缺失。"
                )

    def finish(self, unsealed: Iterable[Clear] = ()) -> list[str]:
        """All faults; ``unsealed`` are entries that should have a leaf by now and have none."""
        self._check_nodes()
        size = self._frontier.size
        while (due := self._due.first) is not None:
            if not self._broken:
                self._fault(
                    f"账目只到第 {size} 号，而 {when(due)} 的检查点记载有 {due.size} 条："
                    f"末尾至少 {due.size - size} 条被删除。"
                )
                self._broken = True
            self._take_checkpoint(due)
        while (kept := self._due_kept.first) is not None:
            self._take_kept(kept)
            if not kept.trouble and kept.size > size:
                self._fault(
                    f"{kept.words}记载有 {kept.size} 条账目，现在账上只有 {size} 条："
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

    def _gap(self, expected: int, sequence: int) -> None:
        missing = f"第 {expected + 1} 号" if sequence == expected + 1 else f"第 {expected + 1} 至 {sequence} 号"
        self._fault(f"{missing}的叶不见了：账目连同叶被删除，此后的树根无法重算。")
        self._broken = True

    def _judge(self, line: Line) -> None:
        """Say what is wrong with one entry, if anything: an erased payload may be as it should."""
        sequence, leaf, salt, content, erasure_recorded = line[:_CLEAR]
        clear, number = line[_CLEAR:], sequence + 1
        if clear[_UUID] is None:
            self._fault(f"第 {number} 号账目已不存在，只留下叶摘要 {(leaf or b'').hex()[:16]}…：账目被删除。")
            return
        words = f"第 {number} 号账目{_entry_words(clear)}"
        if _leaf_hash(clear) != leaf:
            self._fault(f"{words}与入账时的叶摘要不符：账目被改动，或者与别的账目对调。")
        if salt is None:
            self.payloads_erased += 1
            if not erasure_recorded:
                self._fault(f"{words}的内容不见了，而账上没有抹除它的记录。")
        elif not _opens(salt, content, clear[_COMMITMENT]):
            self._fault(f"{words}的内容与承诺值不符：内容或盐被改动。")

    def _check_roots(self, reached: int) -> None:
        while (checkpoint := self._due.first) is not None and checkpoint.size <= reached:
            good = self._broken or (checkpoint.size == reached and checkpoint.root == self._frontier.root())
            if not good:
                self._fault(
                    f"第 {self._good_size + 1} 至 {checkpoint.size} 号账目这一段"
                    f"算出的树根与 {when(checkpoint)} 的检查点不符："
                    "段内有账目被插入、删除、调换，或者叶摘要、检查点被改动。"
                )
                self._broken = True
            self._take_checkpoint(checkpoint)
            if not self._broken:
                self._good_size = checkpoint.size
        while (kept := self._due_kept.first) is not None and kept.size <= reached:
            self._take_kept(kept)
            if not kept.trouble and (reached, kept.size, kept.root) != (
                self._frontier.size,
                self._frontier.size,
                self._frontier.root(),
            ):
                self._fault(f"前 {kept.size} 条账目的树根与{kept.words}不同：此后这些账目被改写过。")

    def _take_checkpoint(self, checkpoint: Checkpoint) -> None:
        self.checkpoints += 1
        if not self._signature_holds(checkpoint):
            self._fault(f"{when(checkpoint)} 的检查点（{checkpoint.size} 条）签名无效：检查点被改动或伪造。")
        self._due.drop()

    def _take_kept(self, kept: Kept) -> None:
        self.kept += 1
        if kept.trouble:
            self._fault(kept.trouble)
        self._due_kept.drop()

    def _fault(self, sentence: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(sentence)
        else:
            self.unlisted += 1


def _all_sound(rows: Sequence[Row]) -> bool:
    """True when every entry is its leaf's and every payload its commitment's; False proves nothing.

    A text without a backslash that has the leaf's hash is the leaf's own: then nothing in the leaf was escaped, no
    value of it holds a quotation mark, the words between two values occur once, and the fields are the leaf's.
    """
    _sequences, hashes, texts, commitments, salts, contents = zip(*rows, strict=True)
    try:
        return (
            tuple([_sha256(b"\x00" + text).digest() for text in texts]) == hashes
            and tuple([_sha256(salt + content).digest() for salt, content in zip(salts, contents, strict=True)])
            == commitments
            and set(map(len, salts)) == {SALT_BYTES}
            and b"\\" not in b"".join(texts)
        )
    except TypeError:  # nothing where something must be
        return False


def _opens(salt: bytes, content: bytes, commitment: bytes | None) -> bool:
    return _sha256(salt + content).hexdigest().encode() == commitment and len(salt) == SALT_BYTES


def _leaf_hash(clear: Clear) -> bytes:
    try:
        return _sha256(b"\x00" + leaf_data_of(clear)).digest()
    except TypeError:  # nothing where something must be
        return b""


def when(checkpoint: Checkpoint) -> str:
    """The time of a checkpoint as the county reads it."""
    return checkpoint.at.astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def _entry_words(clear: Clear) -> str:
    key, act, kind, number = (_text(clear[place]) for place in (_UUID, _ACT, _KIND, _OBJECT))
    return f"（{key}，{act}，{kind}:{number}）"


def _text(value: bytes | None) -> str:
    return (value or b"").decode()
