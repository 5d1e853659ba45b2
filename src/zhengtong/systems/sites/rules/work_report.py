"""政府网站工作年度报表: its lines, which of them the platform counts, and by when it is published.

The form is the annex of 政府网站发展指引 (国办发〔2017〕47号), as it is filled in every year by 31 January (待核实).
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from typing import Final

COUNTED, FILLED, YES_NO = "counted", "filled", "yes_no"
_NUMBER: Final = re.compile(r"\d{1,12}(\.\d{1,2})?")


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of the form: counted by the platform, filled in by hand as a number, as yes or no, or as words."""

    key: str
    label: str
    unit: str = ""
    kind: str = COUNTED


@dataclasses.dataclass(frozen=True)
class Part:
    """A part of the form with its lines."""

    title: str
    lines: tuple[Line, ...]


def _hand(key: str, label: str, unit: str = "个") -> Line:
    return Line(key, label, unit, FILLED)


def _asked(key: str, label: str) -> Line:
    return Line(key, label, "", YES_NO)


FORM: Final = (
    Part(
        "网站",
        (
            Line("name", "网站名称"),
            Line("url", "首页网址"),
            Line("org", "主办单位"),
            Line("kind", "网站类型"),
            Line("identity_code", "政府网站标识码"),
            Line("icp", "ICP 备案号"),
            Line("police_filing", "公安机关备案号"),
            _hand("visitors", "独立用户访问总量"),
            _hand("visits", "网站总访问量", "次"),
        ),
    ),
    Part(
        "信息发布",
        (
            Line("published", "信息发布总数", "条"),
            Line("about", "概况类信息更新量", "条"),
            Line("news", "政务动态信息更新量", "条"),
            Line("open", "信息公开目录信息更新量", "条"),
        ),
    ),
    Part("专栏专题", (Line("specials", "维护数量", "个"), Line("specials_new", "新开设数量", "个"))),
    Part(
        "解读回应",
        (
            Line("readings", "解读信息发布总数", "条"),
            _hand("reading_texts", "解读材料数量", "条"),
            _hand("reading_works", "解读产品数量", "条"),
            _hand("responses", "回应公众关注热点或重大舆情数量", "次"),
        ),
    ),
    Part(
        "办事服务",
        (
            Line("items", "政务服务事项数量", "项"),
            Line("items_online", "可全程在线办理政务服务事项数量", "项"),
            _hand("registered", "注册用户数"),
            _hand("cases", "办件总数", "件"),
            _hand("cases_people", "自然人办件量", "件"),
            _hand("cases_business", "法人办件量", "件"),
        ),
    ),
    Part(
        "互动交流",
        (
            Line("letters", "收到留言数量", "条"),
            Line("letters_ended", "办结留言数量", "条"),
            Line("letters_days", "平均办理时间", "天"),
            _hand("letters_public", "公开答复数量", "条"),
            _hand("surveys", "征集调查期数", "期"),
            _hand("survey_opinions", "征集调查收到意见数量", "条"),
            _hand("interviews", "在线访谈期数", "期"),
            _asked("assistant", "是否提供智能问答"),
        ),
    ),
    Part(
        "安全防护",
        (
            _hand("assessments", "安全检测评估次数", "次"),
            _hand("problems", "发现问题数量"),
            _hand("mended", "问题整改数量"),
            _asked("warning", "是否建立安全监测预警机制"),
            _asked("drill", "是否开展应急演练"),
            _asked("responsible", "是否明确网站安全责任人"),
        ),
    ),
    Part(
        "移动新媒体",
        (
            _asked("media", "是否有移动新媒体"),
            _hand("weixin", "微信信息发布量", "条"),
            _hand("weixin_readers", "微信订阅数"),
            _hand("weibo", "微博信息发布量", "条"),
            _hand("weibo_readers", "微博关注量"),
        ),
    ),
    Part(
        "创新发展",
        (
            _asked("search", "搜索即服务"),
            _asked("languages", "多语言版本"),
            _asked("accessible", "无障碍浏览"),
            _asked("personal", "千人千网"),
        ),
    ),
    Part(
        "网站监测",
        (
            Line("days", "监测天数", "天"),
            Line("red_days", "有单项否决的天数", "天"),
            Line("found", "监测发现的问题", "个"),
            Line("closed", "当年销号的问题", "个"),
        ),
    ),
)
BY_HAND: Final = {line.key: line for part in FORM for line in part.lines if line.kind != COUNTED}
_CHOICES: Final = ("", "yes", "no")


def wrong(manual: Mapping[str, str]) -> dict[str, str]:
    """What was filled in and cannot be read, by line."""
    errors = {}
    for key, line in BY_HAND.items():
        text = manual.get(key, "")
        if line.kind == YES_NO and text not in _CHOICES:
            errors[key] = "请选择是或者否。"
        if line.kind == FILLED and text and not _NUMBER.fullmatch(text):
            errors[key] = "请写数字。"
    return errors


def missing(manual: Mapping[str, str]) -> list[str]:
    """The lines nobody has filled in."""
    return [line.label for key, line in BY_HAND.items() if not manual.get(key, "")]


def due_on(year: int) -> dt.date:
    """31 January of the next year (指引)."""
    return dt.date(year + 1, 1, 31)


def average(days: int, ended: int) -> str:
    """Mean days to one digit; a dash where nothing ended."""
    return f"{days / ended:.1f}" if ended else "—"
