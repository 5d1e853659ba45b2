"""评价信息 (政务服务“好差评”), with the codes of GB/T 39046 and without who rated."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from django.urls import reverse

from zhengtong.capabilities.exchange.registry import Column, DataSet, KeyPage, SourceRow
from zhengtong.capabilities.ratings import api as ratings
from zhengtong.contracts import ratings as events
from zhengtong.kernel.calendar import SHANGHAI

_GRADES: Final = {"1": "非常满意", "2": "满意", "3": "基本满意", "4": "不满意", "5": "非常不满意"}


class RatingsGiven:
    """Every rating; a rating never changes, so each goes up once."""

    def rows(self, tenant: str, keys: Sequence[str]) -> Sequence[SourceRow]:
        """The ratings under these keys."""
        found = ratings.rating_facts(tenant=tenant, rating_ids=[uuid.UUID(key) for key in keys])
        return [
            SourceRow(
                key=str(one.id),
                values={
                    "evaluation_no": str(one.id),
                    "project_no": one.number,
                    "task_code": one.item_code,
                    "task_name": one.title,
                    "dept_name": one.org_name,
                    "service_name": one.service_label,
                    "satisfaction": one.grade_code,
                    "evaluation_tags": "、".join(one.tags),
                    "evaluation_text": one.text,
                    "evaluation_channel": one.channel_label,
                    "evaluation_turn": one.turn_label,
                    "evaluation_time": one.given_at.astimezone(SHANGHAI).strftime("%Y%m%dT%H%M%S"),
                },
                title=f"{one.title} {one.service_label}",
                org_id=one.org_id,
                org_name=one.org_name,
            )
            for one in found
        ]

    def keys(self, tenant: str, *, since: dt.date | None, after: str, limit: int) -> KeyPage:
        """By key, which grows with time."""
        found = ratings.rating_ids_since(
            tenant=tenant, day=since, after=uuid.UUID(after) if after else None, limit=limit
        )
        return KeyPage([str(key) for key in found], str(found[-1]) if len(found) == limit else "")

    def place(self, tenant: str, key: str) -> str:
        """Where ratings are handled."""
        return reverse("ratings:desk")


def _rating_key(event: events.RatingGiven) -> str:
    return str(event.rating_id)


RATINGS: Final = DataSet(
    code="rating",
    title="评价信息",
    version="1.0",
    columns=[
        Column(element="evaluation_no", label="评价编号", required=True, longest=50, confirmed=False),
        Column(element="project_no", label="办件编号", longest=50),
        Column(element="task_code", label="实施编码", longest=36),
        Column(element="task_name", label="事项名称", required=True, longest=200),
        Column(element="dept_name", label="被评价单位", required=True, longest=200),
        Column(element="service_name", label="服务事件", required=True, longest=40, confirmed=False),
        Column(element="satisfaction", label="满意度代码", type="code", required=True, dictionary=_GRADES),
        Column(element="evaluation_tags", label="评价短语", longest=500, confirmed=False),
        Column(
            element="evaluation_text",
            label="文字评价",
            personal="评价人自己写的话，可能提到自己",
            confirmed=False,
        ),
        Column(element="evaluation_channel", label="评价渠道", longest=40, confirmed=False),
        Column(element="evaluation_turn", label="评价次别", longest=20, confirmed=False),
        Column(element="evaluation_time", label="评价时间", type="datetime", required=True, confirmed=False),
    ],
    basis="国务院办公厅关于建立政务服务“好差评”制度的意见（国办发〔2019〕51号）",
    standard="GB/T 39046—2020 表 9、A.8；要素名称待与上级平台核实",
    source=RatingsGiven(),
    listens={events.RatingGiven.NAME: _rating_key},
    note="不上报评价人的姓名和电话；对单位匿名的评价不带办件编号。",
)
