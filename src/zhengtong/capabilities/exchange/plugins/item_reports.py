"""事项实施清单, reported element by element as the catalogue writes it for others."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from django.urls import reverse

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.exchange.registry import Column, DataSet, KeyPage, SourceRow
from zhengtong.contracts import catalogue as events

_TYPES: Final = {
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他行政权力",
    "20": "公共服务",
}
#: elements that are mandatory in the reporting library of the national platform and that every item here has
_REQUIRED: Final = frozenset({"task_name", "task_code", "task_type", "task_version", "task_state", "dept_name"})
_DICTIONARIES: Final[Mapping[str, Mapping[str, str]]] = {
    "task_type": _TYPES,
    "is_fee": {"0": "不收费", "1": "收费"},
    "project_type": {"1": "即办件", "2": "承诺件", "9": "其他"},
    "task_state": {"在用": "在用", "停用": "停用"},
}
#: names of our own where the domain gives none that was seen
_OWN_NAMES: Final = frozenset(
    {"task_type_name", "exercise", "fee", "responsibility", "accountability", "result_validity"}
)
_NUMBERS: Final = frozenset({"task_version", "anticipate_day", "promise_day", "limit_scene_num"})


class ItemsInForce:
    """Items that are or were published; the key is the implementation code."""

    def rows(self, tenant: str, keys: Sequence[str]) -> Sequence[SourceRow]:
        """The published version, or the last one of an item that was retired."""
        return [
            SourceRow(
                key=item.code,
                values=catalogue.national_form(item),
                title=f"{item.name}（{item.code}）",
                org_id=item.org_id,
                org_name=item.org_name,
            )
            for item in catalogue.national_versions(tenant, keys)
        ]

    def keys(self, tenant: str, *, since: dt.date | None, after: str, limit: int) -> KeyPage:
        """All of them: a county has a few thousand."""
        found = catalogue.national_codes(tenant, after=after, limit=limit)
        return KeyPage(found, found[-1] if len(found) == limit else "")

    def place(self, tenant: str, key: str) -> str:
        """Where items are edited."""
        return reverse("catalogue_desk:desk")


def _column(element: str, label: str) -> Column:
    return Column(
        element=element,
        label=label,
        type="integer" if element in _NUMBERS else "date" if element == "plan_effective_date" else "text",
        required=element in _REQUIRED,
        longest=20_000,
        dictionary=_DICTIONARIES.get(element),
        confirmed=element not in _OWN_NAMES,
    )


ITEMS: Final = DataSet(
    code="item",
    title="事项实施清单",
    version="1.0",
    columns=[_column(element, str(label)) for element, label in catalogue.NATIONAL_ELEMENTS.items()],
    basis="国务院关于在线政务服务的若干规定（国令第716号）第六条",
    standard="GB/T 39554.2—2020；GB/T 39046—2020 表 4",
    source=ItemsInForce(),
    listens={
        events.ItemPublished.NAME: lambda event: event.code,
        events.ItemRetired.NAME: lambda event: event.code,
    },
    note="办结时限的单位用文字（没有见到代码表，待核实）；材料清单、收费清单和常见问题还没有作为单独的数据集上报。",
)
