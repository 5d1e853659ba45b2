"""An OFD package taken apart and put together again: a zip of XML and data, read with suspicion."""

import io
import posixpath
import zipfile
from typing import Final

from lxml import etree

from zhengtong.kernel.errors import Invalid

NAMESPACE: Final = "http://www.ofdspec.org/2016"
ENTRY: Final = "OFD.xml"

_MOST_PARTS = 2000
_MOST_BYTES = 64 * 1024 * 1024
_CHUNK = 256 * 1024
_NO_OFD = "这个文件不是可以识别的 OFD 文件，或者内容已损坏，无法核验。请上传从本平台下载的原始文件。"
_TOO_LARGE = "OFD 文件解开以后过大，没有核验。请确认选对了文件。"


class OfdPackage:
    """The parts of a package by name, without a leading slash; changing ``parts`` changes what ``packed`` gives."""

    def __init__(self, data: bytes) -> None:
        self.parts = _unpacked(data)
        if ENTRY not in self.parts:
            raise Invalid(_NO_OFD)
        self._document = self.xml(ENTRY)
        if self._document.tag != f"{{{NAMESPACE}}}OFD":
            raise Invalid(_NO_OFD)

    def xml(self, name: str) -> etree._Element:
        """A part as XML, without entities and network; raises Invalid."""
        try:
            return etree.fromstring(self.parts[name], _parser())
        except (KeyError, etree.XMLSyntaxError) as error:
            raise Invalid(_NO_OFD) from error

    def put_xml(self, name: str, root: etree._Element) -> None:
        """Write a part."""
        self.parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    def text(self, name: str, path: str) -> str:
        """The text of the first element at ``path`` (names parted by slashes, all of OFD), empty when there is none."""
        found = self.xml(name).find(_path(path))
        return "" if found is None or found.text is None else found.text.strip()

    def packed(self) -> bytes:
        """The zip, OFD.xml first; equal parts give equal bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name in sorted(self.parts, key=lambda part: part != ENTRY):
                entry = zipfile.ZipInfo(name)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                package.writestr(entry, self.parts[name])
        return out.getvalue()


def element(name: str) -> str:
    """The qualified name of an element of OFD."""
    return f"{{{NAMESPACE}}}{name}"


def _path(path: str) -> str:
    return "/".join(element(name) for name in path.split("/"))


def find(root: etree._Element, path: str) -> etree._Element | None:
    """The first element at ``path`` below ``root``."""
    return root.find(_path(path))


def find_all(root: etree._Element, path: str) -> list[etree._Element]:
    """All elements at ``path`` below ``root``."""
    return root.findall(_path(path))


def located(location: str, *, seen_from: str) -> str:
    """The part that an ST_Loc names: absolute with a slash in front, else relative to the part it stands in."""
    base = "" if location.startswith("/") else posixpath.dirname(seen_from)
    return posixpath.normpath(posixpath.join("/", base, location)).lstrip("/")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _unpacked(data: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = _MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            if len(entries) > _MOST_PARTS:
                raise Invalid(_TOO_LARGE)
            for entry in entries:
                name = entry.filename.replace("\\", "/").lstrip("/")
                # two parts of one name: a verifier and a reader might look at different ones
                if name in parts or posixpath.normpath(name) != name or name.startswith(".."):
                    raise Invalid(_NO_OFD)
                parts[name] = _read(package, entry, left)
                left -= len(parts[name])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Invalid(_NO_OFD) from error
    return parts


def _read(package: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """The bytes of an entry, counted while they come: what the zip says of sizes may be a lie."""
    body = bytearray()
    with package.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            body += chunk
            if len(body) > left:
                raise Invalid(_TOO_LARGE)
    return bytes(body)
