"""The facts rules may name: how each is called, what for, and how it is worked out."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from zhengtong.contracts import catalogue
from zhengtong.systems.supervision.registry import Fact, Moment, Window, register_fact
from zhengtong.systems.supervision.rules import conformance, facts
from zhengtong.systems.supervision.selectors.drawn import path_so_far

_STEPS: Final = frozenset({facts.STEP_DONE})
_RATINGS: Final = frozenset({facts.RATED})
_DAY: Final = dt.timedelta(days=1)


def _of_path(moment: Moment, figure: Callable[[conformance.Replay], int]) -> int | None:
    """A figure of the path up to an event; None where the log does not know the process of the case."""
    found = path_so_far(moment.history)
    return None if found is None else figure(found)


OF_THE_EVENT: Final = (
    Fact(
        key="on_hour",
        label="发生在几点",
        unit="时",
        how="事件发生的小时（0—23，北京时间）",
        needs_case=False,
        compute=facts.hour,
    ),
    Fact(
        key="on_workday",
        label="发生在工作日",
        kind="bool",
        how="按工作日历，含调休",
        needs_case=False,
        compute=facts.on_workday,
    ),
    Fact(
        key="days_recorded_late",
        label="补录天数",
        unit="天",
        how="事件里写的日期到录入系统的天数",
        events=frozenset({facts.HEARING}),
        needs_case=False,
        compute=facts.days_recorded_late,
    ),
    Fact(
        key="yuan_beyond_list",
        label="收费超出清单",
        unit="元",
        how="缴费单各项超出权力清单公布的收费标准的金额相加；清单没有写明金额的不比较",
        events=frozenset({facts.ORDER_RAISED}),
        needs_case=False,
        compute=facts.yuan_beyond_list,
    ),
    Fact(
        key="step_seconds",
        label="环节用时",
        unit="秒",
        how="环节到达至办结的秒数",
        events=_STEPS,
        needs_case=False,
        compute=facts.step_seconds,
    ),
)
OF_THE_CASE: Final = (
    Fact(
        key="seconds_since_submission",
        label="提交以来",
        unit="秒",
        how="申请提交至本事件的秒数",
        compute=facts.seconds_since_submission,
    ),
    Fact(
        key="seconds_since_acceptance",
        label="受理以来",
        unit="秒",
        how="受理至本事件的秒数",
        compute=facts.seconds_since_acceptance,
    ),
    Fact(
        key="workdays_unanswered",
        label="提交后没有答复的工作日",
        unit="个工作日",
        how="提交以来没有受理、告知或者不予受理的工作日数",
        compute=facts.workdays_unanswered,
    ),
    Fact(key="notices", label="补正告知次数", unit="次", how="到本事件为止的一次性告知次数", compute=facts.notices),
    Fact(
        key="limit_used",
        label="承诺时限已用",
        unit="%",
        how="受理至本事件的时间占承诺时限的比例",
        compute=facts.limit_used,
    ),
    Fact(
        key="workdays_left",
        label="距承诺截止",
        unit="个工作日",
        how="到承诺截止日还有几个工作日，最后一天为 0，超期为负",
        compute=facts.workdays_left,
    ),
    Fact(key="pauses", label="停止计时次数", unit="次", how="到本事件为止停止计时的次数", compute=facts.pauses),
    Fact(
        key="paused_days",
        label="停止计时天数",
        unit="天",
        how="到本事件为止停止计时的自然日",
        compute=facts.paused_days,
    ),
    Fact(key="extensions", label="延长期限次数", unit="次", how="到本事件为止准予延长的次数", compute=facts.extensions),
    Fact(
        key="interventions",
        label="流程干预次数",
        unit="次",
        how="到本事件为止离开图纸路线的次数",
        compute=facts.interventions,
    ),
    Fact(key="urgings", label="催办督办次数", unit="次", how="到本事件为止催办、督办的次数", compute=facts.urgings),
    Fact(key="steps_done", label="已办环节数", unit="个", how="工作人员已经办结的环节数", compute=facts.steps_done),
    Fact(
        key="posts_of_person",
        label="同一人办理的岗位数",
        unit="个",
        how="本环节的办理人在这个办件里用过几个岗位",
        events=_STEPS,
        compute=facts.posts_of_person,
    ),
    Fact(
        key="decides_own_work",
        label="自己决定自己受理或审查的办件",
        kind="bool",
        how="作出决定的人在同一办件里换了岗位办理过受理或者审查",
        events=_STEPS,
        compute=facts.decides_own_work,
    ),
    Fact(
        key="submitted_online",
        label="申请是网上提交的",
        kind="bool",
        how="申请是申请人在网上提交的，不是窗口代录的",
        compute=facts.submitted_online,
    ),
    Fact(
        key="decided_before",
        label="此前已经作出决定",
        kind="bool",
        how="本事件以前已有准予的决定或者已经办结",
        compute=facts.decided_before,
    ),
    Fact(
        key="card_explained",
        label="责任单位说明次数",
        unit="次",
        how="这张牌到本事件为止说明、申诉的次数",
        events=frozenset({facts.CARD_MOVED}),
        compute=facts.card_explained,
    ),
    Fact(
        key="rating_days_unanswered",
        label="差评没有处理的天数",
        unit="天",
        how="差评要求处理以来没有联系或者整改的天数",
        compute=facts.rating_days_unanswered,
    ),
)
OF_THE_PATH: Final = (
    Fact(
        key="path_deviations",
        label="偏离图纸的处数",
        unit="处",
        how="到本事件为止所走的路与流程图对不上的处数，含退回、跳转、改派、换版等留有记录的干预",
        compute=lambda moment: _of_path(moment, lambda found: len(found.deviations)),
    ),
    Fact(
        key="path_unexplained",
        label="没有手续的偏离处数",
        unit="处",
        how="其中没有退回、跳转等手续可以说明的：跳过、提前、颠倒、重复、图纸以外的环节、没有走到结束",
        compute=lambda moment: _of_path(
            moment, lambda found: sum(one.kind in conformance.UNEXPLAINED for one in found.deviations)
        ),
    ),
    Fact(
        key="loops",
        label="重复办理的环节数",
        unit="个",
        how="到本事件为止再次办理的环节数，图纸上画的回路和退回重办都算",
        compute=lambda moment: _of_path(moment, lambda found: found.loops),
    ),
)
COUNTED: Final = (
    Fact(
        key="same_text_by_person",
        label="同一人写同样意见的次数",
        unit="次",
        how="同一人近 30 天（或规则的统计天数）写下同样意见的办件数，只比对摘要",
        events=_STEPS,
        window=Window(names=(facts.STEP_DONE,), same=("person_id", "text_digest"), span=30 * _DAY, of="cases"),
    ),
    Fact(
        key="acts_of_person_in_10_minutes",
        label="同一人 10 分钟内办理的环节数",
        unit="个",
        how="同一人 10 分钟内办结的环节数",
        events=_STEPS,
        window=Window(names=(facts.STEP_DONE,), same=("person_id",), span=dt.timedelta(minutes=10), adjustable=False),
    ),
    Fact(
        key="same_applicant_and_item",
        label="同一申请人申请同一事项的件数",
        unit="件",
        how="同一申请人近 10 天（或规则的统计天数）申请同一事项的件数，只比对代号",
        events=frozenset({facts.SUBMITTED}),
        window=Window(names=(facts.SUBMITTED,), same=("applicant", "item_code"), span=10 * _DAY),
    ),
    Fact(
        key="ratings_on_device_in_30_minutes",
        label="同一评价器 30 分钟内的评价数",
        unit="件",
        how="同一台评价器 30 分钟内收到的评价数",
        events=_RATINGS,
        window=Window(names=(facts.RATED,), same=("device_id",), span=dt.timedelta(minutes=30), adjustable=False),
    ),
    Fact(
        key="tickets_for_item_in_a_day",
        label="同一事项一天内窗口办结的排队号",
        unit="个",
        how="评价前 24 小时内，大厅窗口为这个事项办结的排队号数；有的，评价可能出自到场的办事人",
        events=_RATINGS,
        window=Window(names=(facts.TICKET,), same=("item_code",), span=_DAY, adjustable=False),
    ),
    Fact(
        key="own_device_share",
        label="本单位设备评价占比",
        unit="%",
        how="该单位近 30 天（或规则的统计天数）的评价中来自本单位评价器的比例，不足 5 件不计算",
        events=_RATINGS,
        window=Window(names=(facts.RATED,), same=("org_id",), span=30 * _DAY, only=(("own_device", True),), share=True),
    ),
    Fact(
        key="item_on_list",
        label="事项在权力清单上",
        kind="bool",
        how="事项最近一次是公布还是取消；没有记录的不判断",
        window=Window(
            names=(catalogue.ItemPublished.NAME, catalogue.ItemRetired.NAME),
            same=("item_code",),
            span=None,
            latest=catalogue.ItemPublished.NAME,
        ),
    ),
)
FACTS: Final = (*OF_THE_EVENT, *OF_THE_CASE, *OF_THE_PATH, *COUNTED)


def register() -> None:
    """Let rules name these facts."""
    for fact in FACTS:
        register_fact(fact)
