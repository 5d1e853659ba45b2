"""隐去身份: everything that names a protected person is taken out of the words his complaint is handled by.

Known data (name, telephone, citizen number, address, number of his case) are found however they are written: with
spaces or hyphens between the characters, in full-width digits. Besides, every mobile and every citizen number is
masked, and forms of address with the person's surname, for a stranger's number helps to find the person, too.
"""

import re
from collections.abc import Iterable

MASK = "［已隐去］"
_GAP = r"[\s\u3000\-－—·.．、()（）]*"
_SHORTEST = 2
_FULL_WIDTH = {str(digit): chr(0xFF10 + digit) for digit in range(10)}
_DIGIT = r"[0-9０-９]"
_MOBILE = re.compile(rf"(?<![0-9０-９])[1１](?:{_GAP}{_DIGIT}){{10}}(?![0-9０-９])")
_CITIZEN = re.compile(rf"(?<![0-9０-９])(?:{_DIGIT}{_GAP}){{17}}[0-9０-９XxＸｘ](?![0-9０-９])")
_TAIL = re.compile(rf"尾号{_GAP}(?:为|是|:|：)?{_GAP}{_DIGIT}{{3,4}}")
_TITLES = "先生|女士|小姐|老师|师傅|同志|某某|某|姓|老板|大哥|大姐|阿姨|叔"


def redact(text: str, known: Iterable[str], *, surnames: Iterable[str] = ()) -> str:
    """The text without the ``known`` words, numbers of persons, and ``surnames`` in forms of address."""
    found = text
    for word in sorted({word.strip() for word in known}, key=len, reverse=True):
        if len(word) >= _SHORTEST:
            found = _pattern(word).sub(MASK, found)
    for pattern in (_CITIZEN, _MOBILE, _TAIL):
        found = pattern.sub(MASK, found)
    for surname in sorted(surnames, key=len, reverse=True):
        found = re.sub(rf"{re.escape(surname)}{_GAP}(?:{_TITLES})|(?:老|小|姓){re.escape(surname)}", MASK, found)
    return found


def names_person(text: str, known: Iterable[str], *, surnames: Iterable[str] = ()) -> bool:
    """Whether the text still tells something that ``redact`` takes out."""
    return redact(text, known, surnames=surnames) != text


def known_words(*, name: str, phone: str, citizen_number: str, address: str, others: Iterable[str] = ()) -> list[str]:
    """What is known of a person, as words to look for; a telephone also by its last eight digits, a name by its end."""
    words = [name, phone, citizen_number, address, *others]
    words += [name[len(surname) :] for surname in surnames_of(name)]
    if len(phone) >= 8:
        words.append(phone[-8:])
    return [word for word in words if len(word.strip()) >= _SHORTEST]


def surnames_of(name: str) -> tuple[str, ...]:
    """The first character of a Chinese name, and the first two of one that may begin with a double surname (欧阳)."""
    if not name or not "\u4e00" <= name[0] <= "\u9fff":
        return ()
    return (name[0], name[:2]) if len(name) in (3, 4) else (name[0],)


def _pattern(word: str) -> re.Pattern[str]:
    parts = (_either(sign) for sign in word if not sign.isspace())
    return re.compile(_GAP.join(parts), re.IGNORECASE)


def _either(sign: str) -> str:
    wide = _FULL_WIDTH.get(sign)
    return f"[{sign}{wide}]" if wide else re.escape(sign)
