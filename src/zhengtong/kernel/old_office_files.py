"""Office files in the binary formats of before 2007 (.doc, .xls, .ppt, and WPS's own): only what old sites offer.

Nobody uploads them: an editor saves them anew. What a former site offered its readers stays what it was, if it holds no
program, no object carried along, no password and fetches nothing (MS-CFB, MS-DOC, MS-XLS, MS-PPT).
"""

import io
import struct
from collections.abc import Iterator
from typing import Final

import olefile
from django.utils.translation import gettext as _

from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.office_files import OLE, broken, checked_attachment
from zhengtong.kernel.scanning import refuse_infected
from zhengtong.kernel.transactions import refuse_inside
from zhengtong.kernel.uploads import MAX_BYTES, CheckedUpload, clean_name

_WORD, _SHEET, _SLIDES = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
OLD_ENDINGS: Final = {_WORD: ".doc", _SHEET: ".xls", _SLIDES: ".ppt"}
#: the stream that makes it one → content type
_KINDS: Final = {
    "worddocument": _WORD,
    "workbook": _SHEET,
    "book": _SHEET,
    "powerpoint document": _SLIDES,
}
#: storages and streams of programs, of files carried along, and of what is encrypted as a whole
_ACTIVE: Final = frozenset(
    {"macros", "_vba_project", "_vba_project_cur", "vba", "\x01ole10native", "package", "objectpool"}
)
_LOCKED: Final = frozenset({"encryptioninfo", "encryptedpackage", "encryptedsummary"})
_CARRIED: Final = "mbd"  # Excel's storages of embedded objects: MBD and a number
_MOST_ENTRIES: Final = 2_000
#: fields of Word that fetch or run when the file is opened, as plain and as wide characters
_FETCHING: Final = tuple(
    form for word in ("DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE") for form in (word.encode(), word.encode("utf-16-le"))
)
_WORD_ENCRYPTED: Final = 0x0100
_FILEPASS, _BOUNDSHEET, _SHEET_MACRO, _SUPBOOK = 0x002F, 0x0085, 1, 0x01AE
_OWN_BOOK: Final = (b"\x01\x04", b"\x01\x3a")
_SLIDES_CARRIED: Final = frozenset({0x03FF, 0x1011})
_SLIDES_ENCRYPTED: Final = 0xF3D1C4DF
_CONTAINER: Final = 0xF


def checked_old_attachment(name: str, content: bytes) -> CheckedUpload:
    """A file that a former site offered: what ``checked_attachment`` takes, and harmless files of the old formats.

    Raises Invalid with a sentence; RuntimeError inside a transaction.
    """
    if not content.startswith(OLE):
        return checked_attachment(name, content)
    refuse_inside("a file is checked")
    shown = clean_name(name) or _("附件")
    if len(content) > MAX_BYTES:
        raise Invalid(_("附件“%(name)s”超过 50 MB。请压缩后重新上传。") % {"name": shown}, field="file")
    kind = _examined(shown, content)
    refuse_infected(shown, content)
    return CheckedUpload(name=clean_name(name), content=content, content_type=kind)


def _examined(shown: str, content: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT) as file:
            entries = [[part.lower() for part in path] for path in file.listdir(streams=True, storages=False)]
            if not entries or len(entries) > _MOST_ENTRIES:
                raise broken(shown)
            parts = {part for path in entries for part in path}
            if parts & _LOCKED:
                raise _locked(shown)
            if parts & _ACTIVE or any(part.startswith(_CARRIED) for path in entries for part in path[:-1]):
                raise _active(shown)
            named = {path[0] for path in entries if len(path) == 1}
            kind = next((kind for stream, kind in _KINDS.items() if stream in named), "")
            if not kind:
                raise Invalid(_("附件“%(name)s”不是可接收的类型。") % {"name": shown}, field="file")
            stream = next(stream for stream in _KINDS if stream in named)
            body = file.openstream([stream]).read()
            user = file.openstream(["current user"]).read() if "current user" in named else b""
    except (OSError, ValueError, IndexError, struct.error, RecursionError, MemoryError) as error:
        raise broken(shown) from error
    {_WORD: _examine_word, _SHEET: _examine_sheet}.get(kind, _examine_slides)(shown, body)
    if kind == _SLIDES and _SLIDES_ENCRYPTED.to_bytes(4, "little") in user[:16]:
        raise _locked(shown)
    return kind


def _examine_word(shown: str, body: bytes) -> None:
    """The head of a text, MS-DOC 2.5.2, and the fields in it."""
    if len(body) < 12:
        raise broken(shown)
    if struct.unpack_from("<H", body, 10)[0] & _WORD_ENCRYPTED:
        raise _locked(shown)
    if any(word in body for word in _FETCHING):
        raise _fetching(shown)


def _examine_sheet(shown: str, body: bytes) -> None:
    """The records of a workbook, MS-XLS 2.1.4: number, length, content."""
    at = 0
    while at + 4 <= len(body):
        record, length = struct.unpack_from("<HH", body, at)
        content = body[at + 4 : at + 4 + length]
        if record == _FILEPASS:
            raise _locked(shown)
        if record == _BOUNDSHEET and len(content) > 5 and content[5] == _SHEET_MACRO:
            raise _active(shown)
        if record == _SUPBOOK and content[2:4] not in _OWN_BOOK:
            raise _fetching(shown)
        at += 4 + length


def _examine_slides(shown: str, body: bytes) -> None:
    """The records of a presentation, MS-PPT 2.3.1; some hold others."""
    if any(kind in _SLIDES_CARRIED for kind in _records(body)):
        raise _active(shown)


def _records(body: bytes) -> Iterator[int]:
    at = 0
    while at + 8 <= len(body):
        head, kind, length = struct.unpack_from("<HHI", body, at)
        yield kind
        # what lies inside a container comes next; anything else is passed over
        at += 8 if head & _CONTAINER == _CONTAINER else 8 + length


def _active(shown: str) -> Invalid:
    return Invalid(_("附件“%(name)s”里有宏、控件或者夹带的文件，没有接收。") % {"name": shown}, field="file")


def _locked(shown: str) -> Invalid:
    return Invalid(_("附件“%(name)s”设有打开密码，没有接收。") % {"name": shown}, field="file")


def _fetching(shown: str) -> Invalid:
    return Invalid(_("附件“%(name)s”打开时会到别处取内容，没有接收。") % {"name": shown}, field="file")
