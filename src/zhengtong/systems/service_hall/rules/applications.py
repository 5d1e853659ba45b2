"""办事大厅规则：what is missing, what may be told, numbers, and the one sentence that says where a matter stands."""

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence

from zhengtong.contracts.catalogue import is_online_form

_LIMIT_LABELS = {
    "acceptance": "受理",
    "promised": "承诺",
    "statutory": "法定",
    "supplement": "补正",
    "delivery": "送达",
}
_LIMIT_UNITS = {"WD": "个工作日", "D": "日", "H": "小时", "MIN": "分钟", "MONTH": "个月", "YEAR": "年"}
_YEARS = re.compile(r"^(\d{1,2})年")


def application_number(tenant: str, day: dt.date, sequence: int) -> str:
    """20 digits: division 6, day 8, sequence of the day 6; read aloud in groups of four."""
    return f"{tenant}{day:%Y%m%d}{sequence:06d}"


def material_state(material: Mapping[str, object], *, given: bool, applies: bool = True, purpose: str = "new") -> str:
    """given, online (the form itself), not_needed, shared (国令716 第七条), may_follow (可容缺), if_applies or missing.

    ``applies`` says whether the answers meet the material's condition; a condition that the form cannot decide
    (if_applies) is left to who accepts the application: nobody is kept from handing in by a paper he may not need.
    ``purpose``: a lost licence is replaced and a licence is given up without the item's materials; who changes one
    gives those that have changed.
    """
    if given:
        return "given"
    if is_online_form(material):
        return "online"
    if not applies or purpose in ("replacement", "cancellation"):
        return "not_needed"
    if material["form"] == "数据共享":
        return "shared"
    if purpose == "change":
        return "if_applies"
    if material.get("tolerable"):
        return "may_follow"
    return "if_applies" if material.get("condition") and not material.get("when") else "missing"


def notice_problem(points: Mapping[str, str], earlier: Sequence[Collection[str]]) -> str:
    """Why these points cannot be told, empty when they can.

    应当一次告知需要补正的全部内容（行政许可法 第三十二条第一款第（四）项）：再次告知只能重申前次已告知而未补齐的内容。
    """
    if not points:
        return "请至少选择一项需要补正的材料，并写明原因。"
    unclear = [key for key, reason in points.items() if not reason.strip()]
    if unclear:
        return "每一项需要补正的内容都要写明缺什么或哪里不符合要求。"
    if earlier and not set(points) <= set(earlier[0]):
        return "已经作过一次性告知，不能再提出新的补正内容，只能重申前次告知而未补齐的内容。"
    return ""


_UNPRINTABLE = re.compile(
    "[\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufe00-\\ufe0f\\ue000-\\uf8ff\\U0001f000-\\U0001faff]"
)


def unprintable(text: str) -> str:
    """Emoji, private and invisible characters, each once: no paper can carry them, so no reason may contain them."""
    return "".join(dict.fromkeys(_UNPRINTABLE.findall(text)))


def licence_validity(validity: str, issued_on: dt.date) -> tuple[dt.date, dt.date | None]:
    """From when until when a result is valid; validity in words without years is open."""
    found = _YEARS.match(validity)
    if not found:
        return issued_on, None
    year = issued_on.year + int(found.group(1))
    day = 28 if (issued_on.month, issued_on.day) == (2, 29) else issued_on.day
    return issued_on, dt.date(year, issued_on.month, day) - dt.timedelta(days=1)


def _until(answer_by: dt.date | None, today: dt.date) -> str:
    if answer_by is None:
        return ""
    day = f"{answer_by.month} 月 {answer_by.day} 日"
    if answer_by < today:
        return f"，应在 {day}前答复您，现已超过，电子监察正在督办"
    return f"，最迟 {day}前答复您"


def standing(
    *,
    phases: Sequence[str],
    units: Sequence[str],
    answer_by: dt.date | None,
    today: dt.date,
    status: str,
    outcome: str,
    paused: bool,
) -> str:
    """One plain sentence: where the matter is, who has it, until when; a date that has passed is called passed."""
    until = _until(answer_by, today)
    if status == "closed":
        return {
            "准予": "已经办结：准予。证照可以在本页下载。",
            "不予许可": "已经办结：不予许可。决定书写明了理由和救济途径，可以在本页下载。",
            "不予受理": "没有受理。通知书写明了原因，可以在本页下载。",
            "申请人撤回": "您已撤回这次申请。",
        }.get(outcome, f"已经办结：{outcome}。")
    if status == "supplement":
        until = f"请在 {answer_by.month} 月 {answer_by.day} 日前补交，" if answer_by else ""
        return f"需要您补正材料。{until}补正期间不计入办理时间。"
    if paused:
        return "正在进行法律规定的听证、鉴定等程序，这段时间不计入办理时间，结束后接着计算。"
    if "accept" in phases:
        return f"申请已收到，{'、'.join(units)}正在核对材料{until}。"
    if len(units) > 1:
        return f"您的申请正在 {len(units)} 个部门同时审查{until}。"
    if "decide" in phases:
        return f"审查已经完成，{'、'.join(units)}正在作出决定{until}。"
    if units:
        return f"{'、'.join(units)}正在审查{until}。"
    return "决定已经作出，正在制发证照文书，稍候片刻刷新即可下载。"


def pin_lines(pins: Mapping[str, Mapping[str, object]]) -> tuple[tuple[str, str], ...]:
    """What an application is judged by, as (label, words); nothing for one handed in before this was recorded."""
    if not pins:
        return ()
    item, form, process, template = (pins[key] for key in ("item", "form", "process", "template"))
    return (
        ("办事指南", f"第 {item['version']} 版"),
        ("表单", f"{form['key']} 第 {form['version']} 版"),
        ("流程", f"{process['key']} 第 {process['version']} 版"),
        ("结果文书模板", f"{template['key']}（{str(template['digest'])[:12]}）"),
        (
            "时限",
            "；".join(f"{_LIMIT_LABELS.get(kind, kind)} {_limit(str(text))}" for kind, text in pins["limits"].items()),
        ),
    )


def _limit(text: str) -> str:
    number, _space, unit = text.partition(" ")
    return f"{number} {_LIMIT_UNITS[unit]}" if unit in _LIMIT_UNITS else "未规定"
