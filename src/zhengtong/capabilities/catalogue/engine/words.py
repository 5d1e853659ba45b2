"""Words of a list as people type them, made comparable: width, blanks, brackets, Chinese numerals."""

import re
import unicodedata

_BLANKS = re.compile(r"[\s\u200b\u200c\u200d\ufeff\u00ad]+")
_DASHES = re.compile(r"[‐‑‒–—―−﹣－─━ー]+")
_NOT_WORDS = re.compile(r"[^0-9A-Za-z\u3400-\u9fff〇\U00020000-\U0003134f]+")
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3000-\u9fff()])\s+|\s+(?=[\u3000-\u9fff()])")
_LEADING_NUMBER = re.compile(
    r"^(?:[\d]{1,3}\s*[.、．)）](?!\d)|[(（][\d一二三四五六七八九十]{1,3}[)）]|[★☆※*#●▲△■□◆]+)\s*"
)
_KEPT_WIDE = "！，：；？"
_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide) not in _KEPT_WIDE} | {0x3000: " "}
_DIGITS = {
    **dict(zip("零〇一二三四五六七八九", [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖两貳參陸", [1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2, 3, 6], strict=True)),
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SHORT_TENS = {"廿": "二十", "卄": "二十", "卅": "三十", "卌": "四十"}
CHINESE_NUMBER = "零〇一二三四五六七八九十百千两廿卄卅卌壹贰叁肆伍陆柒捌玖拾佰仟貳參陸"


def plain(text: str) -> str:
    """Half-width, one kind of dash, no blank at all: what the parsers read."""
    return _DASHES.sub("-", _BLANKS.sub("", unicodedata.normalize("NFKC", text)))


def tidy(text: str) -> str:
    """The text to show: no line breaks, no blanks between Chinese characters; letters, digits, brackets half-width.

    Chinese punctuation and signs such as Ⅱ and ㎡ stay as they are written.
    """
    wide = text.translate(_HALF_WIDTH).replace("\u200b", "").replace("\ufeff", "")
    return _BETWEEN_CHINESE.sub("", _BLANKS.sub(" ", wide).strip())


def tidy_name(text: str) -> str:
    """A name without the blanks, breaks, numbers and stars an office puts around it."""
    return _LEADING_NUMBER.sub("", tidy(text)).strip(" ,;，；。.、").rstrip("★☆※*#")


def key(text: str) -> str:
    """What two spellings of one name have in common: letters, digits and Chinese characters, nothing else."""
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text)).lower()


def without_brackets(text: str) -> tuple[str, list[str]]:
    """The text outside brackets, and what stands inside them."""
    inside = re.findall(r"[(（\[【〔]([^()（）\[\]【】〔〕]*)[)）\]】〕]", text)
    return re.sub(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]", "", text), inside


def number_of(text: str) -> int | None:
    """A whole number in digits (also 20.0) or in Chinese numerals up to 9999; None for anything else."""
    if re.fullmatch(r"\d{1,9}(\.0+)?", text):
        return int(text.partition(".")[0])
    for short, long in _SHORT_TENS.items():
        text = text.replace(short, long)
    if not text or any(char not in _DIGITS and char not in _TENS for char in text):
        return None
    if all(char in _DIGITS for char in text):
        if len(text) > 1 and not set(text) & {"零", "〇"}:  # 两三 is two or three, not 23
            return None
        return int("".join(str(_DIGITS[char]) for char in text))
    return _counted(text)


def _counted(text: str) -> int | None:
    total, digit, last_unit = 0, None, 10_000
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
            continue
        unit = _TENS[char]
        if unit >= last_unit or digit == 0:
            return None
        total += (1 if digit is None else digit) * unit
        digit, last_unit = None, unit
    return total + (digit or 0)


def chinese_number(value: int) -> str:
    """1–9999 as people write it: 八, 十五, 二十, 一百零五."""
    digits = "零一二三四五六七八九"
    if value < 10:
        return digits[value]
    parts, gap = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        place = value // unit % 10
        if not place:
            gap = gap or bool(parts)
            continue
        parts += ("零" if gap else "") + digits[place] + word
        gap = False
    return parts.removeprefix("一") if parts.startswith("一十") else parts
