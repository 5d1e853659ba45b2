"""Office files that may come in: what a zip of XML really is, whether it holds programs, how large it grows.

Only the XML formats are read (DOCX, XLSX, PPTX, OFD); those of before 2007 come with old sites (``old_office_files``).
"""

import io
import re
import stat
import zipfile
from typing import Final

from django.utils.translation import gettext as _
from lxml import etree

from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.scanning import refuse_infected
from zhengtong.kernel.transactions import refuse_inside
from zhengtong.kernel.uploads import MAX_BYTES, CheckedUpload, checked_upload, clean_name

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
DOCX: Final = f"{_OFFICE}wordprocessingml.document"
OFD: Final = "application/ofd"
#: content type → the part that makes it one, its ending
_KINDS: Final = {
    DOCX: ("word/document.xml", ".docx"),
    f"{_OFFICE}spreadsheetml.sheet": ("xl/workbook.xml", ".xlsx"),
    f"{_OFFICE}presentationml.presentation": ("ppt/presentation.xml", ".pptx"),
    OFD: ("OFD.xml", ".ofd"),
}
ENDINGS: Final = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    **{kind: ending for kind, (_part, ending) in _KINDS.items()},
}
_ZIP: Final = b"PK\x03\x04"
#: how files of the old formats begin, and new ones with a password
OLE: Final = b"\xd0\xcf\x11\xe0"
_MOST_PARTS: Final = 2_000
_MOST_BYTES: Final = 200 * 1024 * 1024
_RATIO: Final = 200
_SMALL: Final = 1024 * 1024
_PIECE: Final = 64 * 1024
_ENCRYPTED: Final = 0x1
#: programs, controls and files carried along (ECMA-376 part 1 §15; MS-OFFMACRO)
_PROGRAMS: Final = re.compile(
    r"vbaproject|vbadata|/activex/|/embeddings/|/macrosheets/|oleobject|\.(bin|exe|dll|js|vbs)$"
)
#: what a reader follows only by a click
_BY_CLICK: Final = "/hyperlink"


def checked_attachment(name: str, content: bytes) -> CheckedUpload:
    """A file that may be offered to the public for download: what ``checked_upload`` takes, and office files.

    Raises Invalid with a sentence for the person who sent it; RuntimeError inside a transaction.
    """
    if not content.startswith((_ZIP, OLE)):
        return checked_upload(name, content)
    refuse_inside("a file is checked")
    shown = clean_name(name) or _("附件")
    if len(content) > MAX_BYTES:
        raise Invalid(_("附件“%(name)s”超过 50 MB。请压缩后重新上传。") % {"name": shown}, field="file")
    if content.startswith(OLE):
        raise Invalid(
            _("附件“%(name)s”是旧版或加密的办公文件，没有接收。请去掉密码，另存为 docx、xlsx、pptx 或者 PDF 后上传。")
            % {"name": shown},
            field="file",
        )
    kind = _kind(shown, parts(shown, content))
    refuse_infected(shown, content)
    return CheckedUpload(name=clean_name(name), content=content, content_type=kind)


def parts(shown: str, content: bytes) -> dict[str, bytes]:
    """The parts of an office file, unpacked under limits; raises Invalid for what is too large, broken or active."""
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_PARTS:
                raise _too_large(shown)
            if any(member.flag_bits & _ENCRYPTED for member in members):
                raise Invalid(_("附件“%(name)s”设有打开密码。请去掉密码后重新上传。") % {"name": shown}, field="file")
            total = 0
            for member in members:
                if member.is_dir():
                    continue
                if _is_outside(member) or member.filename in found:
                    raise broken(shown)
                found[member.filename] = _unpacked(shown, archive, member, _MOST_BYTES - total)
                total += len(found[member.filename])
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise broken(shown) from error
    _refuse_active(shown, found)
    return found


def tree(shown: str, part: bytes) -> etree._Element:
    """The XML of a part, without entities and without network; raises Invalid for what is none."""
    try:
        # an entity could name a file of this machine
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root: etree._Element = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken(shown) from error
    if root.getroottree().docinfo.doctype:
        raise broken(shown)
    return root


def _kind(shown: str, found: dict[str, bytes]) -> str:
    for kind, (part, _ending) in _KINDS.items():
        if part in found:
            return kind
    raise Invalid(
        _("附件“%(name)s”不是可接收的类型。请上传 PDF、OFD、docx、xlsx、pptx 或者 JPG、PNG 图片。") % {"name": shown},
        field="file",
    )


def _unpacked(shown: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """The bytes of a part, counted while they are read: what its head says may be a lie."""
    pieces, size = [], 0
    with archive.open(member) as source:
        while piece := source.read(_PIECE):
            size += len(piece)
            if size > room or (size > _SMALL and size > _RATIO * max(1, member.compress_size)):
                raise _too_large(shown)
            pieces.append(piece)
    return b"".join(pieces)


def _is_outside(member: zipfile.ZipInfo) -> bool:
    name = member.filename.replace("\\", "/")
    return name.startswith("/") or ".." in name.split("/") or stat.S_ISLNK(member.external_attr >> 16)


def _refuse_active(shown: str, found: dict[str, bytes]) -> None:
    kinds = found.get("[Content_Types].xml", b"").lower()
    if b"macroenabled" in kinds or b"vbaproject" in kinds or any(_PROGRAMS.search(f"/{one}".lower()) for one in found):
        raise Invalid(
            _("附件“%(name)s”里有宏、控件或者夹带的文件，没有接收。请另存为不含宏的文件或者 PDF 后上传。")
            % {"name": shown},
            field="file",
        )
    for name, part in found.items():
        if name.endswith(".rels") and any(_is_fetched(one) for one in tree(shown, part)):
            raise Invalid(
                _("附件“%(name)s”打开时会到别处取内容，没有接收。请断开外部链接，或者另存为 PDF 后上传。")
                % {"name": shown},
                field="file",
            )


def _is_fetched(relation: etree._Element) -> bool:
    """True for what is loaded from elsewhere when the file is opened."""
    outside = str(relation.get("TargetMode", "")).lower() == "external"
    return outside and not str(relation.get("Type", "")).endswith(_BY_CLICK)


def _too_large(shown: str) -> Invalid:
    return Invalid(
        _("附件“%(name)s”解开后过大，没有接收。请拆分，或者另存为 PDF 后上传。") % {"name": shown}, field="file"
    )


def broken(shown: str) -> Invalid:
    """The refusal of a file nobody can open."""
    return Invalid(_("附件“%(name)s”已损坏，打不开。请重新保存后上传。") % {"name": shown}, field="file")
