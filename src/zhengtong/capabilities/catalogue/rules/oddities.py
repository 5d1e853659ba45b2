"""可以发布、但要说明理由的情形：real, yet looking wrong; the author answers each before review."""

import dataclasses
import zlib
from collections.abc import Iterator

from zhengtong.capabilities.catalogue.rules.drafts import ItemDraft
from zhengtong.capabilities.catalogue.rules.limits import is_limit, surely_longer, words_of

#: 不计入期限的环节（行政许可法 第四十五条）
STOPPING_STEPS = ("听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "评审")
_NO_FEE = ("", "-", "无", "否", "不收费", "免费")
#: 一般决定期限；统一办理、联合办理、集中办理的期限（行政许可法 第四十二条）
_USUAL_LIMIT, _JOINT_LIMIT = "20 WD", "45 WD"
_LICENCE, _INSTANT, _WINDOW, _FULL = "01", "1", "I", "IV"
_TOWN_LEVELS = ("5", "6")


@dataclasses.dataclass(frozen=True)
class Oddity:
    """One remark; ``key`` names it with its wording, so that an answer holds only as long as the remark stays."""

    key: str
    field: str
    sentence: str


def oddities(draft: ItemDraft) -> tuple[Oddity, ...]:
    """What must be answered with a reason before a draft is sent to review, in the order of the form."""
    found = (*_limits(draft), *_online(draft), *_materials(draft), *_steps(draft), *_money(draft), *_place(draft))
    return tuple(Oddity(f"{field}-{zlib.crc32(text.encode()):08x}", field, text) for field, text in found)


def _limits(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    if not (is_limit(draft.promised_limit) and is_limit(draft.statutory_limit)):
        return
    if draft.handling_kind == _INSTANT and surely_longer(draft.promised_limit, "1 WD"):
        yield "promised_limit", f"即办件应当场或者当日办结，承诺时限却是 {words_of(draft.promised_limit)}。"
    usual, case = (_JOINT_LIMIT, "联合办理的期限") if draft.joint_units else (_USUAL_LIMIT, "的期限一般")
    if draft.power_type == _LICENCE and surely_longer(draft.statutory_limit, usual):
        yield (
            "statutory_limit",
            (
                f"行政许可法 第四十二条规定{case}为 {words_of(usual)}，"
                f"法定时限写的是 {words_of(draft.statutory_limit)}。"
                "法律、法规另有规定的，请写明依据。"
            ),
        )
    for unit in draft.joint_units:
        if is_limit(unit.limit) and surely_longer(unit.limit, draft.promised_limit):
            yield (
                "joint_units",
                f"联办单位“{unit.name}”的时限（{words_of(unit.limit)}）比承诺时限（{words_of(draft.promised_limit)}）长。",
            )


def _online(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    if draft.online_depth == _FULL and draft.visits:
        yield "visits", f"全程网办的事项不需要到现场，却写了到现场 {draft.visits} 次。"
    if draft.online_depth == _WINDOW and draft.visits == 0:
        yield "visits", "只能到窗口办理的事项，写了到现场 0 次。"
    if draft.online_depth == _FULL and draft.visits is None and draft.kind != "main":
        yield "visits", "全程网办的事项没有写到现场次数，应为 0 次。"


def _materials(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    for material in draft.materials:
        if material.tolerable and material.form == "数据共享":
            yield "materials", f"“{material.name}”由系统核验，不用提交，却写了可容缺。"
        if material.tolerable and _not_comparable(material.within, draft.promised_limit):
            yield (
                "materials",
                (
                    f"“{material.name}”的补交时限（{words_of(material.within)}）与承诺时限"
                    f"（{words_of(draft.promised_limit)}）单位不同，请确认不超过承诺时限。"
                ),
            )
        if material.source == "office" and material.form != "数据共享":
            yield (
                "materials",
                f"“{material.name}”由政府部门核发；能够共享取得的，不得要求申请人提交（国务院令第 716 号 第七条）。",
            )
    names = [material.name for material in draft.materials]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield "materials", f"有 {names.count(name)} 份材料都叫“{name}”。"


def _steps(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    for step in draft.special_steps:
        if step.stops_clock and draft.power_type == _LICENCE and not any(word in step.name for word in STOPPING_STEPS):
            yield (
                "special_steps",
                f"“{step.name}”停止计时，但不在行政许可法 第四十五条列举的环节（{'、'.join(STOPPING_STEPS)}）之内。",
            )
        if step.stops_clock and not step.longest and not step.length:
            yield "special_steps", f"“{step.name}”停止计时，没有写所需时间；行政许可法 第四十五条要求书面告知申请人。"


def _money(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    if draft.fee.strip() not in _NO_FEE and not draft.fees:
        yield "fee", f"写了收费“{draft.fee}”，却没有列出收费标准和依据。"
    if draft.fee.strip() in _NO_FEE[1:] and draft.fees:
        yield "fee", f"写了“{draft.fee}”，却列出了收费标准。"
    for fee in draft.fees:
        if fee.reduction and not fee.reduction_basis:
            yield "fees", f"“{fee.name}”有减免，没有写减免依据。"


def _place(draft: ItemDraft) -> Iterator[tuple[str, str]]:
    if draft.exercise_level in _TOWN_LEVELS and not draft.executors and draft.kind != "main":
        yield "executors", "由镇、村行使的事项，没有写明由哪些单位实施。"
    if draft.kind == "main" and draft.code and not draft.code.endswith("00Y"):
        yield "code", "主项的基本编码一般以“00Y”结尾。"
    if draft.kind == "single" and draft.code.endswith("00Y"):
        yield "kind", "基本编码以“00Y”结尾的是主项，请核对事项形态。"


def _not_comparable(one: str, other: str) -> bool:
    if not (is_limit(one) and is_limit(other)) or "NONE" in (one, other):
        return False
    return one.split(" ")[1] != other.split(" ")[1]
