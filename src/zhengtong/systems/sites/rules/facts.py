"""What a site says of itself in head and foot, and whether it can be so (政府网站发展指引, 国办发〔2017〕47号)."""

import re
from typing import Final

#: ten digits of a local government (division and sequence), or ``bm`` and eight of a ministry
_IDENTITY: Final = re.compile(r"[0-9]{10}|bm[0-9]{8}")
_PHONE: Final = re.compile(r"[0-9\s()（）+\-—转、，,]{3,60}")
#: field → most characters; the name and the look are needed, the others may stay empty until they are given
LENGTHS: Final = {
    "name": 100,
    "theme": 8,
    "identity_code": 10,
    "icp": 60,
    "police_filing": 60,
    "phone": 60,
    "address": 120,
}


def faults(words: dict[str, str], themes: tuple[str, ...]) -> dict[str, str]:
    """What is wrong, a sentence for each field.

    >>> faults({"name": "青禾县民政局", "theme": "blue", "identity_code": "130"}, ("blue",))
    {'identity_code': '政府网站标识码是 10 位数字，或者 bm 加 8 位数字。'}
    """
    found = {}
    for field, most in LENGTHS.items():
        if len(words.get(field, "")) > most:
            found[field] = f"不能超过 {most} 个字符。"
    if len(words.get("name", "")) < 2:
        found["name"] = "请写网站名称，两个字以上。"
    if words.get("theme") not in themes:
        found["theme"] = "请选择一个主题。"
    if words.get("identity_code") and not _IDENTITY.fullmatch(words["identity_code"]):
        found["identity_code"] = "政府网站标识码是 10 位数字，或者 bm 加 8 位数字。"
    if words.get("phone") and not _PHONE.fullmatch(words["phone"]):
        found["phone"] = "请写电话号码，可以有区号和分机。"
    return found
