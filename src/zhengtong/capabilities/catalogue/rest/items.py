"""Published items: a page of them, one whole, what changed since a day."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhengtong.capabilities.catalogue import api
from zhengtong.kernel.policy import actor_of

router = Router(tags=["事项"])
MOST = 100


class Sought(Schema):
    """What the list is narrowed to."""

    department: str = Field("", max_length=20, description="实施部门代码", pattern=r"^[^\x00]*$")
    power_type: str = Field(
        "", max_length=2, description="事项类型代码（GB/T 39046 附录 A.1），如 01", pattern=r"^[^\x00]*$"
    )
    page: int = Field(1, ge=1, le=100_000, description="第几页，从 1 起")
    size: int = Field(50, ge=1, le=MOST, description=f"每页几项，最多 {MOST}")


class Summary(Schema):
    """One item in a list."""

    code: str = Field(description="实施编码，31 位")
    name: str
    version: int
    department_code: str
    department: str
    power_type: str
    power_type_code: str
    statutory_limit: str = Field(description="法定时限，如 20 WD（工作日）、30 D（日）、NONE")
    promised_limit: str = Field(description="承诺时限，写法同上")
    online_depth: str
    valid_from: dt.date | None


class Items(Schema):
    """A page of items."""

    total: int
    page: int
    pages: int
    items: list[Summary]


class Whole(Schema):
    """One item in the elements of the national form, with its materials."""

    elements: dict[str, Any] = Field(description="国家实施清单要素，键名见 /api/ 说明")
    materials: list[dict[str, Any]]


@router.get("/items", response=Items, summary="事项列表")
def items(request: HttpRequest, sought: Query[Sought]) -> Items:
    """所有已发布的事项，按部门和类型排列。"""
    filters = api.ItemFilters(department=sought.department, power_type=sought.power_type)
    page = api.power_list(actor_of(request).tenant, filters, sought.page, size=sought.size)
    return Items(total=page.total, page=page.number, pages=page.pages, items=[_summary(item) for item in page.rows])


@router.get("/items/{code}", response=Whole, summary="一个事项的全部要素")
def item(request: HttpRequest, code: str) -> Whole:
    """在用的版本；没有或者已停用的答 404。"""
    found = api.find_item(actor_of(request).tenant, code.replace("\x00", ""))
    return Whole(elements=api.national_form(found), materials=api.national_materials(found))


def _summary(found: api.ItemVersionView) -> Summary:
    return Summary(
        code=found.code,
        name=found.name,
        version=found.version,
        department_code=found.org_code,
        department=found.org_name,
        power_type=found.power_type,
        power_type_code=found.power_type_code,
        statutory_limit=str(found.statutory_limit),
        promised_limit=str(found.promised_limit),
        online_depth=found.online_depth,
        valid_from=found.valid_from,
    )
