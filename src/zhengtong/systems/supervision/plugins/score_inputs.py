"""Figures that scores and targets take from the log: ratings, complaints, use of the online and the window service."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from zhengtong.capabilities.cases import api as cases
from zhengtong.contracts import complaints, identity, ratings, service_centre, service_hall
from zhengtong.kernel.calendar import start_of_day
from zhengtong.kernel.clock import local_date
from zhengtong.systems.supervision.models import WatchedEvent
from zhengtong.systems.supervision.registry import InputRow, ScoreInput, register_score_input

_GOOD = {"very_satisfied": "非常满意", "satisfied": "满意", "fairly_satisfied": "基本满意"}
_GRADES = _GOOD | {"dissatisfied": "不满意", "very_dissatisfied": "非常不满意"}
_FINDINGS = {"founded": "属实", "partly": "部分属实", "unfounded": "不属实", "unclear": "无法查实"}


def _events(tenant: str, name: str, since: dt.datetime, until: dt.datetime) -> Iterable[WatchedEvent]:
    rows = WatchedEvent.objects.filter(tenant=tenant, name=name, occurred_at__gte=since, occurred_at__lt=until)
    return rows.filter(org_id__isnull=False).order_by("position").iterator(chunk_size=2000)


def _row(event: WatchedEvent, words: str, *, counted: bool) -> InputRow:
    if event.org_id is None:
        raise ValueError("a row of a score needs its unit")
    return InputRow(
        org_id=event.org_id,
        org_name=event.org_name,
        at=event.occurred_at,
        words=words,
        counted=counted,
        number=event.number,
        item_code=event.item_code,
        case_id=event.case_id,
    )


def _given(tenant: str, since: dt.datetime, until: dt.datetime) -> Iterable[tuple[WatchedEvent, str]]:
    """First ratings with their grade; what a second person judged as not to be counted is left out (好差评规则)."""
    judged = WatchedEvent.objects.filter(tenant=tenant, name=ratings.BadRatingJudged.NAME).exclude(fields__verdict="")
    excluded = {str(found.get("rating_id", "")) for found in judged.values_list("fields", flat=True)} - {""}
    for event in _events(tenant, ratings.RatingGiven.NAME, since, until):
        if event.fields.get("turn") == "first" and str(event.fields.get("rating_id", "-")) not in excluded:
            yield event, str(event.fields.get("grade", ""))


def satisfaction(tenant: str, since: dt.datetime, until: dt.datetime) -> Sequence[InputRow]:
    """满意率 = 非常满意、满意、基本满意 ÷ 评价."""
    return [
        _row(event, _GRADES.get(grade, grade), counted=grade in _GOOD) for event, grade in _given(tenant, since, until)
    ]


def bad_ratings(tenant: str, since: dt.datetime, until: dt.datetime) -> Sequence[InputRow]:
    """差评: ratings of the last two grades."""
    found = _given(tenant, since, until)
    return [_row(event, _GRADES.get(grade, grade), counted=True) for event, grade in found if grade not in _GOOD]


def online(tenant: str, since: dt.datetime, until: dt.datetime) -> Sequence[InputRow]:
    """网办率 = applications handed in online ÷ all."""
    rows = _events(tenant, service_hall.ApplicationSubmitted.NAME, since, until)
    found = [(event, bool(event.fields.get("online"))) for event in rows]
    return [_row(event, "网上申请" if counted else "窗口申请", counted=counted) for event, counted in found]


def founded(tenant: str, since: dt.datetime, until: dt.datetime) -> Sequence[InputRow]:
    """投诉属实率: closed complaints about a unit; who wrote in confidence leads to no unit, so these are not in it."""
    found = []
    for event in _events(tenant, complaints.ComplaintClosed.NAME, since, until):
        accused: Any = event.fields.get("accused_org_id")
        finding = str(event.fields.get("finding", ""))
        if accused and event.fields.get("kind") in ("complaint", "report") and finding:
            row = _row(event, _FINDINGS.get(finding, finding), counted=finding in ("founded", "partly"))
            name = str(event.fields.get("accused_org_name", ""))
            found.append(_of(row, accused, name))
    return found


def _of(row: InputRow, org_id: Any, name: str) -> InputRow:
    return dataclasses.replace(row, org_id=uuid.UUID(str(org_id)), org_name=name or row.org_name)


def overdue(tenant: str, since: dt.datetime, until: dt.datetime) -> Sequence[InputRow]:
    """投诉超期: limits of complaints that passed with the unit that handles them."""
    rows = _events(tenant, complaints.ComplaintDue.NAME, since, until)
    return [_row(event, "超过期限", counted=True) for event in rows if event.fields.get("level") == "red"]


def tickets(tenant: str, since: dt.datetime, until: dt.datetime) -> Sequence[InputRow]:
    """窗口办理: queue tickets that a window of the unit served."""
    rows = _events(tenant, service_centre.TicketFinished.NAME, since, until)
    return [_row(event, "窗口办结", counted=True) for event in rows]


def posts_used(tenant: str, since: dt.datetime, until: dt.datetime) -> Sequence[InputRow]:
    """岗位登录率 = posts of which somebody signed in ÷ posts held, over the working days; counts, no person."""
    calendar = cases.calendar_of(tenant)
    first, last = local_date(since), local_date(until - dt.timedelta(microseconds=1))
    rows = WatchedEvent.objects.filter(
        tenant=tenant,
        name=identity.PostsUsed.NAME,
        fields__day__gte=first.isoformat(),
        fields__day__lte=last.isoformat(),
        org_id__isnull=False,
    )
    found = []
    for event in rows.order_by("position").iterator(chunk_size=2000):
        day = dt.date.fromisoformat(str(event.fields["day"]))
        if not calendar.is_workday(day):
            continue
        posts, used = int(event.fields["posts"]), int(event.fields["used"])
        for number in range(posts):
            row = _row(event, "有人登录的岗位" if number < used else "没有登录的岗位", counted=number < used)
            found.append(dataclasses.replace(row, at=start_of_day(day)))
    return found


def training(tenant: str, since: dt.datetime, until: dt.datetime) -> Sequence[InputRow]:
    """培训: exercises that a post of the unit did without a mistake for the first time; names nobody."""
    rows = _events(tenant, service_hall.TrainingFinished.NAME, since, until)
    return [_row(event, f"{event.fields['post_name']}完成练习", counted=True) for event in rows]


INPUTS = (
    ScoreInput(
        key="satisfaction",
        label="满意率",
        unit="%",
        how="非常满意、满意、基本满意的评价 ÷ 全部首次评价；认定不计入的差评除外",
        share=True,
        read=satisfaction,
    ),
    ScoreInput(key="bad_ratings", label="差评", unit="个", how="不满意、非常不满意的首次评价", read=bad_ratings),
    ScoreInput(key="online", label="网办率", unit="%", how="网上提交的申请 ÷ 全部申请", share=True, read=online),
    ScoreInput(
        key="complaints_founded",
        label="属实的投诉",
        unit="件",
        rate="投诉属实率",
        how="办结的署名投诉、举报中认定属实或者部分属实的；保密和匿名的不计到单位",
        read=founded,
    ),
    ScoreInput(
        key="complaints_overdue", label="超期的投诉", unit="件", how="由本单位办理、超过期限的投诉", read=overdue
    ),
    ScoreInput(
        key="posts_used",
        label="岗位登录率",
        unit="%",
        how="工作日有人登录的岗位 ÷ 在任的岗位；岗位太少的单位不统计，不记姓名",
        share=True,
        later=True,
        read=posts_used,
    ),
    ScoreInput(
        key="training",
        label="完成的培训练习",
        unit="个",
        how="本单位人员第一次做对的练习；一人在一个岗位上每个练习只计一次，不记姓名",
        later=True,
        read=training,
    ),
    ScoreInput(key="tickets", label="窗口办理量", unit="个", how="本单位窗口办结的排队号", read=tickets),
)


def register() -> None:
    """Offer these."""
    for one in INPUTS:
        register_score_input(one)
