"""What people type: numbers with wrong check digits, days that do not exist, signs no keyboard has."""

from collections.abc import Iterator
from typing import Any

from tests.bad_input.corpus.case import Case

_SCRIPT = '"><script>alert(1)</script>'
_NUMBER_FORM = "公民身份号码应为 18 位"
_NUMBER_WRONG = "公民身份号码有误，可能抄错了一位。请对照身份证核对"
_NUMBER_DAY = "第 7 至 14 位不是有效的出生日期。请对照身份证核对"
_NAME = "请填写与身份证一致的姓名"
_PHONE = "请填写 11 位手机号"
#: registration: field → id → value → sentence
_REGISTER: dict[str, dict[str, tuple[str, str]]] = {
    "citizen_number": {
        "check-digit": ("980723199003070015", _NUMBER_WRONG),
        "two-digits-swapped": ("980723199003700014", _NUMBER_WRONG),
        "17-digits": ("98072319900307001", _NUMBER_FORM),
        "19-digits": ("9807231990030700140", "请"),
        "letters": ("98072319900307A014", _NUMBER_FORM),
        "x-in-the-middle": ("98072319900X070014", _NUMBER_FORM),
        "no-such-day": ("980723199002300012", "请"),
        "not-born-yet": ("980723299003070017", "请"),
        "script": (_SCRIPT, _NUMBER_FORM),
        "emoji": ("9807231990030700👍", _NUMBER_FORM),
        "superscript": ("98072319900307001²", _NUMBER_FORM),
        "thai-digits": ("๙๘๐๗๒๓๑๙๙๐๐๓๐๗๐๐๑๔", _NUMBER_FORM),
        "sql": ("' or 1=1 --", _NUMBER_FORM),
    },
    "phone": {
        "10-digits": ("1380000000", _PHONE),
        "12-digits": ("138000000011", _PHONE),
        "no-such-prefix": ("10000000001", _PHONE),
        "letters": ("1380000000a", _PHONE),
        "thai-digits": ("๑๓๘๐๐๐๐๐๐๐๑", _PHONE),
        "negative": ("-13800000001", _PHONE),
    },
    "name": {
        "digits": ("张3", _NAME),
        "script": (_SCRIPT, _NAME),
        "sql": ("张'; drop table x;--", _NAME),
        "emoji": ("张👍", _NAME),
        "right-to-left": ("张\u202e一", _NAME),
        "invisible": ("张\u200b一", _NAME),
        "only-spaces": (" \u3000 ", "请填写姓名"),
        "10000-characters": ("长" * 10_000, "请"),
        "brackets": ("{{ 7*7 }}", _NAME),
    },
    "password": {
        "short": ("Ab1!", "请"),
        "common": ("Password123", "请"),
        "one-class": ("aaaaaaaaaaaaaaaa", "请"),
        "the-phone": ("13800000099Aa", "请"),
    },
    "consent": {"missing": ("", "请先阅读并同意个人信息处理告知书")},
}


def _registering() -> Iterator[Case]:
    for field, cases in _REGISTER.items():
        for name, (value, said) in cases.items():
            keeps = () if field in ("password", "consent") else (value,)
            yield Case(f"register-{field}-{name}", "register", {field: value}, said, keeps=keeps, never=(_SCRIPT,))
    yield Case(
        "register-full-width-digits",
        "register",
        {"citizen_number": "９８０７２３１９９００３０７０９１Ｘ", "phone": "１３８００００００９９"},
        "请",
    )
    yield Case(
        "register-nothing", "register", dict.fromkeys(("name", "citizen_number", "phone", "password"), ""), "请填写姓名"
    )
    yield Case(
        "register-password-twice-differently", "register", {"password_again": "x"}, "两次输入的密码不一致。请重新输入"
    )


_SIGN_IN = {
    "unknown": {"login": "nobody", "password": "x"},
    "sql": {"login": "' or 1=1 --", "password": "' or 1=1 --"},
    "script": {"login": '"><script>alert(1)</sc', "password": "x"},
    "nul": {"login": "cle\0rk", "password": "x\0"},
    "rare-characters": {"login": "𠮷👨‍👩‍👧", "password": "𠮷"},
    "password-of-10000-characters": {"login": "clerk", "password": "长" * 10_000},
    "right-to-left": {"login": "\u202eclerk", "password": "x"},
    "full-width": {"login": "１３８０００００００１", "password": "wrong"},
}
_DAYS = {
    "no-such-day": "2026-02-31",
    "no-such-month": "2026-13-01",
    "year-0": "0000-01-01",
    "year-10000": "10000-01-01",
    "lunar": "丙午年腊月初八",
    "chinese-numerals": "二〇二六年十二月一日",
    "words": "明天",
    "american": "12/31/2026",
    "negative": "-2026-01-01",
    "minus-zero": "2026-00-00",
    "script": _SCRIPT,
}
_COMPLAINT: dict[str, tuple[dict[str, Any], str]] = {
    "no-title": ({"title": ""}, "请"),
    "title-one-character": ({"title": "一"}, "请用 2 到"),
    "title-only-invisible": ({"title": "\u200b\u200b\u200b"}, "请用 2 到"),
    "content-too-short": ({"content": "短"}, "请写明内容"),
    "content-100000": ({"content": "长" * 100_000}, "请"),
    "day-tomorrow": ({"happened_on": "2026-11-10"}, "发生日期不能晚于今天"),
    "day-9999": ({"happened_on": "9999-12-31"}, "日期看不懂，请写成 2026-11-22 的样子，年份在 1900 到 2199 之间"),
    "phone-words": ({"phone": "不方便写"}, "联系电话写得不对。请写手机号或者座机号"),
    "phone-long": ({"phone": "1" * 29}, "联系电话写得不对"),
    "protection-unknown": ({"protection": "nothing"}, "请"),
    "kind-unknown": ({"kind": "drop"}, "请"),
    "signed-without-name": ({"name": "", "phone": ""}, "请写姓名。不愿意写的，请选“匿名”"),
    "post-of-somebody-else": ({"post": "00000000-0000-4000-8000-000000000001", "kind": ""}, "请"),
}
_ANSWERS: dict[str, tuple[dict[str, str], str]] = {
    "uscc-check-digit": ({"for_unit": "yes", "uscc": "91341300MA2ABCDEX9"}, "请"),
    "uscc-letter-i": ({"for_unit": "yes", "uscc": "9134I300MA2ABCDEX8"}, "请"),
    "citizen-number": ({"citizen_number": "980723199003070015"}, "请"),
    "phone": ({"phone": "12345"}, "请"),
    "email": ({"email": "a@"}, "请"),
    "email-lines": ({"email": "a@b.cn\r\nBcc: x@y.cn"}, "请"),
    "division-unknown": ({"place": "999999999999"}, "请"),
    "choice-unknown": ({"for_unit": "perhaps"}, "请"),
    "address-10000": ({"address": "长" * 10_000}, "请"),
}
_NUMBERS = (
    "-1",
    "1e309",
    "NaN",
    "Infinity",
    "-0",
    "0x10",
    "1.5.2",
    "９９９９９９９９９９９９",
    "9" * 400,
    "1/2",
    "一百",
    "²",
)


def _filling() -> Iterator[Case]:
    for name, (changes, said) in _ANSWERS.items():
        keeps = tuple(text[:60] for text in changes.values() if text not in ("yes", "perhaps") and "\n" not in text)
        place = not {"place", "for_unit"} & set(changes)
        yield Case(f"form-{name}", "form-1", changes, said, keeps=keeps if place else ())
    for name, day in _DAYS.items():
        yield Case(f"form-day-{name}", "form-2", {"first_day": day}, "请", keeps=(day,) if day != _SCRIPT else ())
        yield Case(
            f"complaint-day-{name}", "complaint", {"happened_on": day}, "日期看不懂，请写成 2026-11-22 的样子",
            keeps=(day,) if day != _SCRIPT else (),
        )  # fmt: skip
    for number in _NUMBERS:
        for field in ("visitors", "ticket"):
            yield Case(
                f"form-{field}-{number[:14]}", "form-2", {field: number}, "" if number == "-0" else "请", status=422
            )


TYPED = (
    *_registering(),
    *(
        Case(
            f"sign-in-{name}",
            "sign-in",
            given,
            "请",
            status=200,
            never=("<script>alert",),
            leaves=("identity_account", "identity_signin", "ledger_entry", "ledger_payload"),  # failures are counted
        )
        for name, given in _SIGN_IN.items()
    ),
    *(
        Case(f"complaint-{name}", "complaint", given, said, keeps=("反映窗口",) if "title" not in given else ())
        for name, (given, said) in _COMPLAINT.items()
    ),
    *_filling(),
    Case("task-no-outcome", "task", {"opinion": "写了很久的意见"}, "请选择办理结论", keeps=("写了很久的意见",)),
    Case(
        "task-unknown-outcome",
        "task",
        {"outcome": "destroy", "opinion": "写了很久的意见"},
        "请选择办理结论",
        keeps=("写了很久的意见",),
    ),
    Case(
        "task-opinion-10000",
        "task",
        {"outcome": "refuse", "opinion": "长" * 10_000},
        "最多 2000 个字",
        keeps=("长" * 2001,),
    ),
    Case("task-point-of-nothing", "task", {"outcome": "supplement", "point": ["nothing"]}, "请"),
    Case("task-refusal-without-reason", "task", {"outcome": "refuse", "opinion": " \u3000"}, "请填写理由"),
    Case(
        "task-reason-of-spaces",
        "task",
        {"outcome": "supplement", "point": ["premises"], "reason-premises": "\u3000"},
        "请",
    ),
    Case(
        "task-reason-10000",
        "task",
        {"outcome": "supplement", "point": ["premises"], "reason-premises": "长" * 10_000},
        "请写得简短一些",
    ),
    Case("pause-no-ground", "pause", {"note": "等专家评审"}, "请选择法律规定的停止计时事由", keeps=("等专家评审",)),
    Case(
        "pause-negative",
        "pause",
        {"reason_code": "expert_review", "note": "等专家评审", "cap": "-5"},
        "请",
        keeps=("等专家评审",),
    ),
    Case(
        "pause-huge",
        "pause",
        {"reason_code": "expert_review", "note": "等专家评审", "cap": "9" * 30},
        "请",
        keeps=("等专家评审",),
    ),
    Case(
        "pause-nan",
        "pause",
        {"reason_code": "expert_review", "note": "等专家评审", "cap": "NaN"},
        "请",
        keeps=("等专家评审",),
    ),
)
