"""Words of papers: dates in Chinese, standard sentences with their source. Each sentence can be replaced by data."""

import datetime as dt
from zoneinfo import ZoneInfo

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def chinese_date(day: dt.date) -> str:
    """2026年3月5日: Arabic digits, full year, no padding (GB/T 9704—2012); an instant counts by Shanghai's day."""
    if isinstance(day, dt.datetime):
        day = day.astimezone(_SHANGHAI).date()
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_time(instant: dt.datetime) -> str:
    """2026年3月5日 14:32 in Shanghai."""
    return f"{chinese_date(instant)} {instant.astimezone(_SHANGHAI):%H:%M}"


def validity(valid_from: dt.date | None, valid_until: dt.date | None) -> str:
    """The period in words: open ends are 长期; both open gives the empty text."""
    if valid_from and valid_until:
        return f"{chinese_date(valid_from)}至{chinese_date(valid_until)}"
    if valid_until:
        return f"至{chinese_date(valid_until)}"
    return f"{chinese_date(valid_from)}起长期有效" if valid_from else ""


def acceptance_opening(*, item: str, received_on: str) -> str:
    """行政许可法 Art 32(5): complete and in the legal form, so it must be accepted."""
    return (
        f"你（单位）于{received_on}提出的“{item}”申请，经审查，申请材料齐全、符合法定形式。"
        "根据《中华人民共和国行政许可法》第三十二条的规定，本机关决定予以受理。"
    )


def supplement_opening(*, item: str, deadline: str) -> str:
    """行政许可法 Art 32(4): all missing points at one time."""
    return (
        f"你（单位）提出的“{item}”申请收悉。经审查，申请材料不齐全或者不符合法定形式。"
        "根据《中华人民共和国行政许可法》第三十二条的规定，现一次告知需要补正的全部内容，"
        f"请最迟于{deadline}补正："
    )


def supplement_note() -> str:
    """What follows after the list: no second list, acceptance when complete."""
    return "以上为需要补正的全部内容。按要求补正全部材料后，本机关将依法予以受理。"


def refusal_opening(*, item: str, case_number: str, accepted_on: str) -> str:
    """行政许可法 Art 38: reasons are stated."""
    return (
        f"你（单位）提出的“{item}”申请（办件编号：{case_number}），本机关已于{accepted_on}受理。"
        "经审查，该申请不符合法定条件、标准，理由如下："
    )


def refusal_decision() -> str:
    """行政许可法 Art 38."""
    return "根据《中华人民共和国行政许可法》第三十八条的规定，本机关决定不予行政许可。"


def refused_acceptance_opening(*, item: str, received_on: str) -> str:
    """行政许可法 Art 32(1), (2)."""
    return (
        f"你（单位）于{received_on}提出的“{item}”申请收悉。经审查，"
        "根据《中华人民共和国行政许可法》第三十二条的规定，本机关决定不予受理，理由如下："
    )


def receipt_opening(*, item: str, received_at: str) -> str:
    """What was received and when; a receipt is not yet an acceptance."""
    return (
        f"你（单位）提出的“{item}”申请及下列材料已于{received_at}收到。本回执只证明收到材料，是否受理以书面通知为准。"
    )


def pause_opening(*, item: str, case_number: str, cause: str) -> str:
    """行政许可法 Art 45: the time a special procedure needs is not counted and is told in writing."""
    return (
        f"你（单位）提出的“{item}”申请（办件编号：{case_number}），依法需要进行{cause}。"
        f"根据《中华人民共和国行政许可法》第四十五条的规定，{cause}所需时间不计算在审批期限内，现将有关事项告知如下："
    )


def pause_note(*, until: str) -> str:
    """What follows: from when the time counts again."""
    if until:
        return f"最迟自{until}的次日起恢复计算审批期限；提前结束的，自恢复之日起继续计算。"
    return "上述事项结束后，自恢复之日起继续计算审批期限。"


def extension_opening(*, item: str, case_number: str, accepted_on: str, days: str) -> str:
    """行政许可法 Art 42: the reason of an extension is told to the applicant."""
    return (
        f"你（单位）提出的“{item}”申请（办件编号：{case_number}），本机关已于{accepted_on}受理。"
        "因故不能在法定期限内作出决定，根据《中华人民共和国行政许可法》第四十二条的规定，"
        f"经批准延长{days}，现将延长期限的理由告知如下："
    )


def payment_opening(*, item: str) -> str:
    """What was paid for."""
    return f"你（单位）办理“{item}”应缴的下列费用已经收讫。"


def refund_opening(*, item: str, order_number: str) -> str:
    """What was paid before and goes back now."""
    return f"你（单位）办理“{item}”缴纳的费用（缴费单号：{order_number}），现将下列款项原路退回。"


def hearing_opening(*, item: str, case_number: str, requested_on: str) -> str:
    """行政许可法 Art 47 and 48: a hearing that was asked for is held, and time and place are told seven days before."""
    return (
        f"关于“{item}”的行政许可申请（办件编号：{case_number}），本机关于{requested_on}收到听证申请。"
        "根据《中华人民共和国行政许可法》第四十七条、第四十八条的规定，本机关决定举行听证，现将有关事项通知如下："
    )


#: what whoever takes part may do (行政许可法 Art 48); a day that does not suit is a matter of the unit
HEARING_NOTES = (
    "认为主持人与该行政许可事项有直接利害关系的，有权申请回避。听证时可以提出证据，并进行申辩和质证。",
    "请携带本通知书和身份证件按时参加；委托他人参加的，请提交授权委托书。不能参加的，请在举行以前告知本机关。",
)
