"""Files: of the wrong type, broken, hostile, too large when unpacked, with names that lead elsewhere."""

from collections.abc import Callable, Iterator

from tests.bad_input import files
from tests.bad_input.corpus.case import Case

_WRONG = "不是可接收的类型。请上传 PDF、JPG 或 PNG 文件"
_BROKEN_PDF = "已损坏，打不开。请重新导出 PDF 后上传"
_BROKEN_PICTURE = "已损坏，打不开。请重新拍照或扫描后上传"
_ACTIVE = "另存为普通 PDF，或者改传照片"
#: id → name of the file, its bytes, what is said
_HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("空.pdf", lambda: b"", "空文件"),
    "one-byte": ("一.pdf", lambda: b"x", _WRONG),
    "exe-as-pdf": ("场所证明.pdf", files.program, _WRONG),
    "elf-as-png": ("照片.png", files.elf, _WRONG),
    "shell-script-as-pdf": ("场所证明.pdf", lambda: b"#!/bin/sh\nrm -rf /\n", _WRONG),
    "docm": ("材料.docm", lambda: files.office("word", macro=True), _WRONG),
    "xlsm": ("材料.xlsm", lambda: files.office("xl", macro=True), _WRONG),
    "docx-with-macro-inside": ("材料.docx", lambda: files.office("word", macro=True), _WRONG),
    "docx-template-from-elsewhere": ("材料.docx", lambda: files.office("word", outside=True), _WRONG),
    "docx-named-pdf": ("材料.pdf", lambda: files.office("word"), _WRONG),
    "eicar": ("eicar.pdf", lambda: files.EICAR, _WRONG),
    "eicar-in-zip": ("材料.zip", lambda: files.archive((("e.com", files.EICAR),)), _WRONG),
    "zip-bomb-nested": ("材料.zip", files.nested_bomb, _WRONG),
    "zip-bomb-overlapping": ("材料.zip", files.overlapping_bomb, _WRONG),
    "ofd-path-traversal": ("证照.ofd", lambda: files.ofd(path="../../../etc/passwd"), _WRONG),
    "svg-script": ("招牌.svg", lambda: files.SVG, _WRONG),
    "svg-named-png": ("招牌.png", lambda: files.SVG, _WRONG),
    "html-named-pdf": ("证明.pdf", lambda: files.HTML, _WRONG),
    "xml-external-entity": ("材料.xml", lambda: files.XXE, _WRONG),
    "xml-billion-laughs": ("材料.xml", lambda: files.LAUGHS, _WRONG),
    "gif": ("照片.gif", lambda: files.picture("GIF"), _WRONG),
    "bmp-as-jpg": ("照片.jpg", lambda: files.picture("BMP"), _WRONG),
    "picture-of-3600-million-points": ("大图.png", files.huge_picture, "尺寸过大，没有接收。请重新拍照"),
    "picture-of-one-line": ("长图.png", lambda: files.huge_picture(2_000_000, 1_000), "尺寸过大"),
    "picture-cut-off": ("照片.png", lambda: files.picture("PNG", (300, 300))[:120], _BROKEN_PICTURE),
    "jpeg-head-only": ("照片.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\0" * 50, _BROKEN_PICTURE),
    "pdf-cut-off": ("证明.pdf", lambda: files.pdf()[:60], _BROKEN_PDF),
    "pdf-head-only": ("证明.pdf", lambda: b"%PDF-1.7\n", _BROKEN_PDF),
    "pdf-head-then-program": ("证明.pdf", lambda: b"%PDF-1.7\n" + files.program(), _BROKEN_PDF),
    "pdf-without-pages": ("证明.pdf", lambda: files.pdf("no-pages"), "没有一页内容。请重新导出 PDF 后上传"),
    "pdf-encrypted": ("证明.pdf", lambda: files.pdf("encrypted"), "设有打开密码。请去掉密码后重新上传"),
    "pdf-script-on-opening": ("证明.pdf", lambda: files.pdf("open-script"), _ACTIVE),
    "pdf-named-script": ("证明.pdf", lambda: files.pdf("named-script"), _ACTIVE),
    "pdf-launch": ("证明.pdf", lambda: files.pdf("launch"), _ACTIVE),
    "pdf-launch-by-link": ("证明.pdf", lambda: files.pdf("launch-link"), _ACTIVE),
    "pdf-script-by-link": ("证明.pdf", lambda: files.pdf("script-link"), _ACTIVE),
    "pdf-action-of-page": ("证明.pdf", lambda: files.pdf("page-action"), _ACTIVE),
    "pdf-script-in-form": ("证明.pdf", lambda: files.pdf("form-script"), _ACTIVE),
    "pdf-xfa-form": ("证明.pdf", lambda: files.pdf("xfa"), _ACTIVE),
    "pdf-embedded-program": ("证明.pdf", lambda: files.pdf("embedded"), _ACTIVE),
}
#: where strangers' files come in; every one of them has the same checks
_DOORS = ("material", "answer-file", "complaint-file")
_NAMES = {
    "path": ("../../../../etc/passwd.pdf", "passwd.pdf"),
    "windows-path": ("C:\\Users\\a\\..\\证明.pdf", "证明.pdf"),
    "right-to-left": ("证明\u202efdp.exe", "证明fdp.exe"),
    "300-characters": ("长" * 300 + ".pdf", "长" * 100),
    "quotes-and-script": ('"><script>alert(1)</script>.pdf', "script"),
    "lines": ("证\r\nX-Evil: 1\r\n明.pdf", "证"),
    "emoji": ("👨‍👩‍👧证明.pdf", "证明.pdf"),
}


#: harmless, however odd: must not be refused
_HARMLESS: dict[str, Callable[[], bytes]] = {
    "opens-at-a-page": lambda: files.pdf("open-at-page"),
    "invoice-with-its-xml": lambda: files.pdf("invoice"),
    "link-to-a-web-page": lambda: files.pdf("web-link"),
}


def _hostile() -> Iterator[Case]:
    for door in _DOORS:
        for name, (file_name, make, said) in _HOSTILE.items():
            # a form says which types its own question takes, before anything else is looked at
            words = "请" if door == "answer-file" else said
            yield Case(f"{door}-{name}", door, {"file": (file_name, make)}, words)
    for name, make in _HARMLESS.items():
        yield Case(f"material-pdf-{name}", "material", {"file": ("证明.pdf", make)}, "证明.pdf", status=200, taken=True)
    for name, (file_name, shown) in _NAMES.items():
        yield Case(
            f"material-name-{name}",
            "material",
            {"file": (file_name, files.pdf)},
            shown,
            status=200,
            taken=True,
            never=("<script>alert", "\u202e", "../"),
        )


_BAD_LISTS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("清单.xlsx", lambda: b"", "空"),
    "program": ("清单.xlsx", files.program, "请"),
    "words": ("清单.xlsx", lambda: files.office("word"), "请"),
    "nested-bomb": ("清单.xlsx", files.nested_bomb, "请"),
    "overlapping-bomb": ("清单.xlsx", files.overlapping_bomb, "请"),
    "entities": (
        "清单.xlsx",
        lambda: files.archive((("[Content_Types].xml", files.LAUGHS), ("xl/workbook.xml", files.XXE))),
        "请",
    ),
    "pdf": ("清单.pdf", files.pdf, "请"),
    "csv-nul": ("清单.csv", lambda: "事项名称,\0类型\n许可\0,行政许可\n".encode(), "请"),
    "csv-broken-utf-8": ("清单.csv", lambda: b"\xff\xfe\xfa\x00\x01,\xc3\x28\n", "请"),
    "csv-one-line-of-2-mb": ("清单.csv", lambda: ("长" * 700_000).encode(), "请"),
}

UPLOADS = (
    *_hostile(),
    *(
        Case(f"item-list-{name}", "item-list", {"file": (file_name, make)}, said)
        for name, (file_name, make, said) in _BAD_LISTS.items()
    ),
    *(
        Case(f"check-file-{name}", "check-file", {"file": (file_name, make)}, "", status=0)
        for name, (file_name, make, _said) in _HOSTILE.items()
    ),
    *(
        Case(f"drawing-{name}", "drawing", {"file": ("流程.bpmn", make)}, "请", status=0)
        for name, make in {
            "external-entity": lambda: files.XXE,
            "billion-laughs": lambda: files.LAUGHS,
            "program": files.program,
            "utf-16": lambda: '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"),
            "svg": lambda: files.SVG,
            "deep": lambda: b"<a>" * 20_000 + b"</a>" * 20_000,
        }.items()
    ),
    # readable after all: each becomes a report on its rows
    *(
        Case(f"item-list-{name}", "item-list", {"file": ("清单.csv", make)}, "", status=302, taken=True)
        for name, make in {
            "csv-utf-16": lambda: "事项名称,类型\n许可,行政许可\n".encode("utf-16"),
            "csv-wide": lambda: ("," * 50_000 + "\n").encode(),
            "csv-formulas": lambda: "事项名称,类型\n\"=cmd|'/c calc'!A1\",@SUM(1)\n".encode(),
        }.items()
    ),
    Case("material-no-file", "material", {}, "还没有选择文件。请先选择文件或拍照，再上传"),
    Case(
        "material-two-types-in-one",
        "material",
        {"file": ("证明.pdf", lambda: files.picture() + files.pdf())},
        "场所证明",
        status=200,
        taken=True,
    ),
)
