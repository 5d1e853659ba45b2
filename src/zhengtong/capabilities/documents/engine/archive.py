"""The package for the archive as files: metadata as XML, a list of digests, one zip. Plain Python.

Element names follow the entities of DA/T 46—2009 (文书类电子文件元数据) in their own Chinese words; the assignment
is ours and to be verified (待核实) with the county's archive before transfer.
"""

import dataclasses
import datetime as dt
import hashlib
import io
import uuid
import zipfile
from collections.abc import Mapping
from typing import Any

from lxml import etree

_MANIFEST, _READ_ME = "manifest.sm3", "README.txt"
_HOW = """归档包核验方法（不需要本平台，也不需要联网）

1. 核对每个文件的 SM3 摘要（OpenSSL 1.1.1 以上）：
     openssl dgst -sm3 version-1.pdf
   与 manifest.sm3 中同名一行的 64 位十六进制数比较，全部相同即未被改动。
   GNU/Linux 上一次核对全部文件：
     while read -r sum name; do [ "$(openssl dgst -sm3 -r "$name" | cut -d' ' -f1)" = "$sum" ] \\
       && echo "正确 $name" || echo "错误 $name"; done < manifest.sm3
2. ledger 目录中是责任认定回执，用平台公布的 verify_ledger_receipt.py 离线核验：
     python3 verify_ledger_receipt.py ledger/文件名.json
3. signature-report.json 是导出时对电子印章和签名的核验结果；PDF 的 RSA 签名可用通用阅读器复核，
   国密签名和 OFD 的电子印章可在平台的查验页复核。
"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Described:
    """What the metadata say of a paper; ``digests`` are SM3 by file name."""

    document_id: uuid.UUID
    kind: str
    title: str
    number: str
    issuer: str
    holder: str
    subject: str
    status: str
    ended: str
    issued_at: dt.datetime
    ended_at: dt.datetime | None
    valid_from: dt.date | None
    valid_until: dt.date | None
    verification_code: str
    sealed: bool
    exported_at: dt.datetime
    digests: Mapping[str, str]
    contents: Mapping[str, Any]


def metadata_xml(said: Described) -> bytes:
    """The metadata of one paper."""
    root = etree.Element("电子文件元数据", 版本="1")
    _put(root, "聚合层次", "件")
    _put(root, "电子文件号", str(said.document_id))
    source = _group(root, "来源")
    _put(source, "立档单位名称", said.issuer)
    described = _group(root, "内容描述")
    for name, value in (
        ("题名", said.title),
        ("文种", said.kind),
        ("文件编号", said.number),
        ("责任者", said.issuer),
        ("持有人", said.holder),
        ("业务标识", said.subject),
        ("签发时间", said.issued_at.isoformat()),
        ("有效期起", _day(said.valid_from)),
        ("有效期止", _day(said.valid_until)),
        ("查验码", said.verification_code),
        ("状态", said.status),
        ("失效时间", said.ended_at.isoformat() if said.ended_at else ""),
        ("失效理由", said.ended),
    ):
        _put(described, name, value)
    body = _group(root, "登记内容")
    _contents(body, said.contents)
    electronic = _group(root, "电子属性")
    for name, digest in said.digests.items():
        file = _group(electronic, "文件")
        file.set("名称", name)
        _put(file, "格式", name.rpartition(".")[2].upper())
        _put(file, "SM3", digest)
    _put(_group(root, "电子签名"), "电子印章", "已加盖" if said.sealed else "未加盖")
    business = _group(root, "业务实体")
    _put(business, "业务行为", "导出归档包")
    _put(business, "行为时间", said.exported_at.isoformat())
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files with the list of their digests and the words how to check it."""
    whole = {**files, _READ_ME: _HOW.encode()}
    lines = [f"{hashlib.new('sm3', content).hexdigest()}  {name}" for name, content in sorted(whole.items())]
    whole[_MANIFEST] = ("\n".join(lines) + "\n").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in sorted(whole.items()):
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            package.writestr(entry, content)
    return out.getvalue()


def _contents(parent: etree._Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            child = _group(parent, "栏目")
            child.set("名称", str(name))
            _contents(child, inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _contents(_group(parent, "项"), inner)
    else:
        parent.text = _clean("" if value is None else str(value))


def _group(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, name)


def _put(parent: etree._Element, name: str, value: str) -> None:
    if value:
        etree.SubElement(parent, name).text = _clean(value)


def _clean(text: str) -> str:
    """Without the control characters that XML does not admit."""
    return "".join(
        c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
