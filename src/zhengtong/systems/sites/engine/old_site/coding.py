"""The letters of old pages: UTF-8, GB18030 or Big5, also where the page says something else."""

import codecs
import re
from typing import Final

_META: Final = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_HEAD: Final = 4096
#: what sites call their letters → what holds all of them
_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "hz": "gb18030", "big5": "big5hkscs"}
_TRIED: Final = ("gb18030", "big5hkscs")
#: among any hundred characters of an official text some twenty are these
_FREQUENT: Final = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和地出道也时年得就那要下以生会自着去之过家学对可里后"
    "工作政府管理发展建设部门单位通知公告关于市县区镇村民社会服务项目进行全面加强組織發展關於縣區這來國個說們為時"
    "會對後業務單門設項進強學習與動員實現開黨應種產經濟"
)
_DOUBTFUL: Final = 0.01


class NotText(ValueError):
    """The bytes are no text in any of the usual letters."""


def decode(content: bytes, said: str = "") -> str:
    """The text; ``said`` is what the server called its letters (a header or a name). Raises NotText."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    try:
        # other letters hardly ever form whole characters of UTF-8
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    tried = [_decoded(content, name) for name in dict.fromkeys((*_declared(content, said), *_TRIED))]
    best = max((one for one in tried if one is not None), key=_likeness, default=None)
    if best is not None and _likeness(best):
        return best
    return _mended(content)


def guess(head: bytes) -> str:
    """The name of the letters of a long file by its beginning, cut anywhere. Raises NotText."""
    for name in ("utf-8-sig", *_TRIED):
        try:
            codecs.getincrementaldecoder(name)().decode(head)
        except UnicodeDecodeError:
            continue
        if name != "gb18030":
            return name
        other = _decoded(head[: len(head) // 2 * 2], "big5hkscs")
        own = head.decode("gb18030", "ignore")
        return "big5hkscs" if other is not None and _likeness(other) > _likeness(own) else name
    raise NotText


def _declared(content: bytes, said: str) -> list[str]:
    named = [found[1] for found in [_HEADER.search(said)] if found] or (
        [said] if re.fullmatch(r"[\w-]{2,20}", said) else []
    )
    inside = _META.search(content[:_HEAD])
    if inside:
        named.append(inside[1].decode("ascii"))
    found = []
    for one in named:
        try:
            info = codecs.lookup(_WIDER.get(one.lower(), one))
        except LookupError:
            continue
        if info._is_text_encoding and info.name not in {"utf-8", "utf-7", "idna", "punycode"}:
            found.append(info.name)
    return found


def _decoded(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        return None


def _likeness(text: str) -> float:
    """The share of frequent characters among all that are not ASCII."""
    signs = [sign for sign in text if sign > "\x7f"]
    return sum(sign in _FREQUENT for sign in signs) / len(signs) if signs else 0.0


def _mended(content: bytes) -> str:
    """The likeliest reading of a text with a few broken bytes; raises NotText where too many are."""
    readings = [content.decode(name, "replace") for name in ("utf-8", *_TRIED)]
    fewest = min(readings, key=lambda text: (text.count("\ufffd"), -_likeness(text)))
    if "\0" in fewest or fewest.count("\ufffd") > max(2, _DOUBTFUL * len(fewest)):
        raise NotText
    return fewest
