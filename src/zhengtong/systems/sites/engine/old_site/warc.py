"""Web archives (WARC, ISO 28500) as crawlers write them, gigabytes long: one record at a time."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from zhengtong.systems.sites.engine.old_site.addresses import joined
from zhengtong.systems.sites.engine.old_site.coding import NotText, decode
from zhengtong.systems.sites.engine.old_site.holdings import Refused
from zhengtong.systems.sites.engine.old_site.pages import MOST_HTML, Found, Held, Moved, OldPage, Unreadable
from zhengtong.systems.sites.engine.old_site.picking import Picker

ENDINGS: Final = (".warc", ".warc.gz")
#: a place holds the number of the file above these bits and the byte of the record below
_BITS: Final = 44
_FAULTS: Final = (
    ArchiveLoadFailed,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
    UnicodeError,
    AttributeError,
    IndexError,
)
_PLAIN: Final = frozenset({"text/html", "application/xhtml+xml"})
_MOVED: Final = frozenset({"301", "302", "303", "307", "308"})
_MARK, _HEAD, _PIECE = b"WARC/", 1024, 1 << 14
_LONGEST: Final = 2000
#: two ends of lines follow a record that is not packed
_LINE_ENDS: Final = 4
_NO_ARCHIVE: Final = "“%s”不是网页存档（WARC），或者开头就已损坏，没有读取。整个压缩成一个 gz 的，请先解压。"


def archives(path: Path) -> list[Path]:
    """The archives at a path: itself, or those in the folder, in the order of their names."""
    inside = sorted(path.iterdir()) if path.is_dir() else [path]
    return [one for one in inside if one.name.lower().endswith(ENDINGS) and not one.is_symlink()]


def read_warc(paths: list[Path], picker: Picker, *, start: int = 0) -> Iterator[tuple[int, Found]]:
    """Pages, moves and files, each with its place; one that is cut gives what it holds and then says where it ends."""
    for number, path in enumerate(paths):
        offset = start & ((1 << _BITS) - 1) if number == start >> _BITS else 0
        if number < start >> _BITS or offset >= path.stat().st_size > 0:
            continue
        yield from _read(number, path, offset, picker)


def read_held(paths: list[Path], held: Held, most: int) -> bytes:
    """The bytes of a file that was found before. Raises Refused."""
    try:
        with paths[held.archive].open("rb") as source:
            source.seek(held.offset)
            record = next(iter(ArchiveIterator(source)))
            content: bytes = record.content_stream().read(most + 1)
            if len(content) <= most and _is_cut(record):
                raise Refused("存档在这个文件的中间断开。")
    except (*_FAULTS, StopIteration) as error:
        raise Refused("存档里的文件已损坏，读不出来。") from error
    if len(content) > most:
        raise Refused(f"文件超过 {most // (1 << 20)} MB，没有读取。")
    return content


def _read(number: int, path: Path, offset: int, picker: Picker) -> Iterator[tuple[int, Found]]:
    first, end, size = number << _BITS, offset, path.stat().st_size
    if not _begins(path):
        raise Unreadable(_NO_ARCHIVE % path.name)
    try:
        with path.open("rb") as source:
            source.seek(offset)
            records = ArchiveIterator(source)
            for record in records:
                found, cut = _found(record, number, picker), _is_cut(record)
                at = records.get_record_offset()
                last = at + records.get_record_length() >= size - _LINE_ENDS
                # a head that is cut says no length, or the beginning of it
                if cut or (last and not (record.length and _is_whole(path, at))):
                    yield first + at, OldPage(gone=_cut(path, at))
                    return
                length = records.get_record_length()
                if at < end or length <= 0:  # the places of records inside one packed piece are unknown
                    raise Unreadable(_NO_ARCHIVE % path.name)
                end = at + length
                if found is not None:
                    yield first + at, Held(found.address, number, at) if isinstance(found, Held) else found
    except _FAULTS:
        pass  # told below: what was read is shorter than the file
    # the reader takes the middle of a record for the end of the file and says nothing
    if size - end > _LINE_ENDS:
        yield first + end, OldPage(gone=_cut(path, end))


def _begins(path: Path) -> bool:
    """Whether a file begins as an archive does, packed or not."""
    try:
        with path.open("rb") as source:
            head = source.read(_HEAD)
        if head.startswith(b"\x1f\x8b"):
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, len(_MARK))
    except (OSError, zlib.error):
        return False
    return head.startswith(_MARK)


def _is_whole(path: Path, offset: int) -> bool:
    """Whether the last record of a file, where it is packed, is there to its end; its head may be cut as well."""
    with path.open("rb") as source:
        source.seek(offset)
        piece = source.read(_PIECE)
        if not piece.startswith(b"\x1f\x8b"):
            return True
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            while piece and not unpacking.eof:
                unpacking.decompress(piece)
                piece = source.read(_PIECE)
        except zlib.error:
            return False
    return unpacking.eof


def _found(record: Any, number: int, picker: Picker) -> Found | None:
    if record.rec_type not in {"response", "resource"}:
        return None
    address = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    if not address.lower().startswith(("http://", "https://")):
        return None
    heads = record.http_headers
    status = str(heads.get_statuscode()) if heads is not None else "200"
    if status in _MOVED:
        target = joined(address, str(heads.get_header("Location") or "")[:_LONGEST])
        return Moved(address, target) if target else None
    if status != "200":
        return None
    said = str((heads or record.rec_headers).get_header("Content-Type") or "")
    if said.partition(";")[0].strip().lower() not in _PLAIN:
        return Held(address, number, 0)
    content = record.content_stream().read(MOST_HTML + 1)
    if len(content) > MOST_HTML:
        return OldPage(address=address, gone="网页超过 5 MB，没有读取。")
    try:
        return picker.page(address, decode(content, said))
    except NotText:
        return OldPage(address=address, gone="编码无法识别：不是 UTF-8、GB18030 或 Big5 的文字。")


def _is_cut(record: Any) -> bool:
    """True where the file ends before the record does; read to its end before."""
    stream = record.raw_stream
    while stream.read(1 << 16):
        pass
    return bool(getattr(stream, "limit", 0))


def _cut(path: Path, offset: int) -> str:
    return f"存档“{path.name}”在第 {offset} 字节处断开或者损坏，后面的内容读不到；前面的照常导入。"
