"""Office files of before 2007 as tests need them: a compound file (MS-CFB) of any streams, with the least inside."""

import itertools
import struct
from collections.abc import Mapping
from typing import Final, NamedTuple

_SECTOR: Final = 512
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
#: shorter streams would lie in a file within the file
_LEAST: Final = 4096


class _Entry(NamedTuple):
    name: str
    kind: int
    content: bytes


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, padded to 4096 bytes; ``/`` stands between a storage and what is in it."""
    entries = [_Entry("Root Entry", 5, b"")]
    children: dict[int, list[int]] = {0: []}
    places: dict[str, int] = {"": 0}
    for path, content in streams.items():
        above = ""
        *folders, name = path.split("/")
        for folder in folders:
            here = f"{above}/{folder}"
            if here not in places:
                places[here] = len(entries)
                children[places[above]].append(len(entries))
                children[len(entries)] = []
                entries.append(_Entry(folder, 1, b""))
            above = here
        children[places[above]].append(len(entries))
        entries.append(_Entry(name, 2, content.ljust(_LEAST, b"\0")))
    return _written(entries, children)


def _written(entries: list[_Entry], children: dict[int, list[int]]) -> bytes:
    right: dict[int, int] = {}
    first: dict[int, int] = {}
    for above, below in children.items():
        # siblings stand in the order of the length of their names, then of the names
        ordered = sorted(below, key=lambda one: (len(entries[one].name), entries[one].name.upper()))
        if ordered:
            first[above] = ordered[0]
        right |= dict(itertools.pairwise(ordered))
    directory = -(-len(entries) // 4)
    sizes = [-(-len(one.content) // _SECTOR) for one in entries]
    fats = -(-(1 + directory + sum(sizes) + 2) // (_SECTOR // 4))
    chain = [_FAT] * fats + [fats + no + 1 for no in range(directory - 1)] + [_END]
    bodies, starts = [], []
    for one, size in zip(entries, sizes, strict=True):
        starts.append(len(chain) if size else _END)
        chain += [len(chain) + no + 1 for no in range(size - 1)] + ([_END] if size else [])
        bodies.append(one.content.ljust(size * _SECTOR, b"\0"))
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, fats, 0, _LEAST, _END, 0, _END, 0, 0,
    )  # fmt: skip
    head = head[:76] + struct.pack("<109I", *range(fats), *[_FREE] * (109 - fats))
    rows = b"".join(_row(one, right.get(no, _NONE), first.get(no, _NONE), starts[no]) for no, one in enumerate(entries))
    table = struct.pack(f"<{fats * _SECTOR // 4}I", *chain, *[_FREE] * (fats * _SECTOR // 4 - len(chain)))
    return head + table + rows.ljust(directory * _SECTOR, b"\0") + b"".join(bodies)


def _row(one: _Entry, right: int, child: int, start: int) -> bytes:
    wide = one.name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        wide, len(wide) + 2, one.kind, 1, _NONE, right, child, b"", 0, 0, 0, start, len(one.content),
    )  # fmt: skip


def doc(**streams: bytes) -> bytes:
    """A text of Word 97, or what is taken for one."""
    return compound({"WordDocument": b"\xec\xa5\xc1\x00" + b"\0" * 40 + "通知正文".encode("utf-16-le")} | streams)


def record(number: int, content: bytes = b"") -> bytes:
    """A record of a workbook."""
    return struct.pack("<HH", number, len(content)) + content


def xls(*records: bytes) -> bytes:
    """A workbook of Excel 97 with these records between its first and its last."""
    return compound({"Workbook": record(0x0809, b"\x00\x06\x05\x00" + b"\0" * 12) + b"".join(records) + record(0x000A)})


def ppt(*records: bytes, user: int = 0xE391C05F) -> bytes:
    """A presentation of PowerPoint 97 with these records in its first container."""
    inside = b"".join(records)
    body = struct.pack("<HHI", 0xF, 0x03E8, len(inside)) + inside
    current = struct.pack("<HHIII", 0, 0x0FF6, 20, 20, user)
    return compound({"PowerPoint Document": body, "Current User": current})
