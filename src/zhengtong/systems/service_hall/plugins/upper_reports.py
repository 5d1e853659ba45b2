"""办件受理、过程、结果信息: what the upper platform is told of applications and their cases."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.exchange.registry import Column, DataSet, KeyPage, SourceRow
from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts import cases as events
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.systems.service_hall.constants import OBJECT_KIND, ApplicantKind, Channel
from zhengtong.systems.service_hall.models import Application

#: GB/T 39046 A.4
_SERVED: Final = {
    "1": "自然人",
    "2": "企业法人",
    "3": "事业法人",
    "4": "社会组织法人",
    "5": "行政机关",
    "6": "其他组织",
}
#: 统一社会信用代码第 1、2 位（登记管理部门、机构类别）→ A.4
_BODIES: Final = {"11": "5", "12": "3", "51": "4", "52": "4", "53": "4", "91": "2"}
#: GB/T 39046 A.5
_WAYS: Final = {"1": "窗口申请", "2": "电脑端网上申请", "3": "移动端申请", "4": "快递申请", "9": "其他"}
#: codes of our own: no code list of results was seen (待核实)
_RESULTS: Final = {
    "approved": ("1", "准予"),
    "rejected": ("2", "不予许可"),
    "not_accepted": ("3", "不予受理"),
    "withdrawn": ("4", "申请人撤回"),
    "terminated": ("5", "终止办理"),
}
_BASIS: Final = "国务院关于在线政务服务的若干规定（国令第716号）第五条、第六条"
_NO_NUMBERS: Final = "自然人的证件号码不上报（上级平台规范要求时再定，待核实）；法人只报统一社会信用代码。"


class _Applications:
    """What the three data sets share: keys are cases, found by the day of submission or of the end."""

    def keys(self, tenant: str, *, since: dt.date | None, after: str, limit: int) -> KeyPage:
        """Cases of applications in the order of their keys; since a day: handed in or closed from then on."""
        rows = Application.objects.filter(tenant=tenant, case_id__isnull=False)
        if since is not None:
            begin = dt.datetime.combine(since, dt.time(), SHANGHAI)
            rows = rows.filter(submitted_at__gte=begin) | rows.filter(closed_at__gte=begin)
        if after:
            rows = rows.filter(pk__gt=uuid.UUID(after))
        found = list(rows.order_by("pk").values_list("pk", "case_id")[:limit])
        keys = self.keys_of_cases(tenant, [case_id for _key, case_id in found if case_id is not None])
        return KeyPage(keys, str(found[-1][0]) if len(found) == limit else "")

    def keys_of_cases(self, tenant: str, case_ids: Sequence[uuid.UUID]) -> list[str]:
        """The case itself is the row."""
        return [str(case_id) for case_id in case_ids]

    def place(self, tenant: str, key: str) -> str:
        """The officials' page of the case."""
        return reverse("service_hall:case", args=[key])


class AcceptedApplications(_Applications):
    """办件受理信息: one row for each accepted application."""

    def rows(self, tenant: str, keys: Sequence[str]) -> Sequence[SourceRow]:
        """Accepted applications among these cases."""
        found = _by_case(tenant, [uuid.UUID(key) for key in keys])
        facts = cases.case_facts(tenant=tenant, case_ids=list(found))
        versions: dict[uuid.UUID, int] = {}
        return [
            _source_row(row, str(case_id), _acceptance(row, facts[case_id], versions))
            for case_id, row in found.items()
            if facts[case_id].accepted_on is not None
        ]


class HandledSteps(_Applications):
    """办件过程信息: one row for each task that a unit completed; the key is the task."""

    def keys_of_cases(self, tenant: str, case_ids: Sequence[uuid.UUID]) -> list[str]:
        """The completed tasks of the cases."""
        return [str(key) for key in cases.step_ids_done(tenant=tenant, case_ids=case_ids)]

    def rows(self, tenant: str, keys: Sequence[str]) -> Sequence[SourceRow]:
        """Completed tasks of applications among these."""
        steps = cases.steps_done(tenant=tenant, work_item_ids=[uuid.UUID(key) for key in keys])
        found = _by_case(tenant, [step.case_id for step in steps])
        return [
            _source_row(found[one.case_id], str(one.id), _step(found[one.case_id], one))
            for one in steps
            if one.case_id in found
        ]

    def place(self, tenant: str, key: str) -> str:
        """The page of the task's case."""
        steps = cases.steps_done(tenant=tenant, work_item_ids=[uuid.UUID(key)])
        return super().place(tenant, str(steps[0].case_id)) if steps else ""


class ClosedApplications(_Applications):
    """办件结果信息: one row for each application whose case has ended, with the licence where one was issued."""

    def rows(self, tenant: str, keys: Sequence[str]) -> Sequence[SourceRow]:
        """Closed applications among these cases."""
        found = _by_case(tenant, [uuid.UUID(key) for key in keys])
        facts = cases.case_facts(tenant=tenant, case_ids=list(found))
        papers = documents.licences_of(
            tenant=tenant, subject_kind=OBJECT_KIND, subject_ids=[str(row.id) for row in found.values()]
        )
        # the newest stands first among those in force: the last one written here
        licences = {view.paper.object_ref.id: view.paper for view in reversed(papers)}
        return [
            _source_row(row, str(case_id), _result(row, facts[case_id], licences.get(str(row.id))))
            for case_id, row in found.items()
            if facts[case_id].outcome in _RESULTS
        ]


def _by_case(tenant: str, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Application]:
    """Applications by case; cases of other systems have none."""
    rows = Application.objects.filter(tenant=tenant, case_id__in=case_ids)
    return {row.case_id: row for row in rows if row.case_id is not None}


def _source_row(row: Application, key: str, values: dict[str, str | int]) -> SourceRow:
    return SourceRow(
        key=key,
        values=values,
        title=f"{row.number} {row.item_name}",
        org_id=row.org_id,
        org_name=row.org_name,
    )


def _acceptance(row: Application, facts: cases.CaseFacts, versions: dict[uuid.UUID, int]) -> dict[str, str | int]:
    if row.item_version_id not in versions:
        versions[row.item_version_id] = catalogue.item_version(
            tenant=row.tenant, version_id=row.item_version_id
        ).version
    kind, number = _applicant(row)
    return {
        "project_no": row.number or "",
        "task_code": row.item_code,
        "task_version": versions[row.item_version_id],
        "task_name": row.item_name,
        "project_name": row.title,
        "dept_code": row.item_code[:18],
        "dept_name": row.org_name,
        "applyer_type": kind,
        "applyer_name": row.applicant_name,
        "applyer_page_code": number,
        "apply_date": _instant(row.submitted_at),
        "apply_type": "2" if row.channel == Channel.ONLINE else "1",
        "accept_date": _day(facts.accepted_on),
        "promise_date": _day(facts.promised_on),
    }


def _step(row: Application, step: cases.StepFacts) -> dict[str, str | int]:
    return {
        "project_no": row.number or "",
        "process_no": str(step.id),
        "task_code": row.item_code,
        "event_name": step.outcome_label or step.step,
        "process_name": step.step,
        "dept_name": step.org_name,
        "handler_name": step.person,
        "opinion": step.opinion,
        "start_time": _instant(step.opened_at),
        "end_time": _instant(step.done_at),
        "process_status": "2",
    }


def _result(row: Application, facts: cases.CaseFacts, licence: documents.IssuedDocument | None) -> dict[str, str | int]:
    return {
        "project_no": row.number or "",
        "task_code": row.item_code,
        "dept_name": row.org_name,
        "result_type": _RESULTS[facts.outcome][0],
        "result_date": _instant(facts.closed_at),
        "result_explain": facts.last_opinion,
        "result_cert_name": licence.title if licence else "",
        "result_cert_no": licence.number if licence else "",
    }


def _applicant(row: Application) -> tuple[str, str]:
    """(code of A.4, 统一社会信用代码 of a legal person)."""
    if row.applicant_kind == ApplicantKind.PERSON or row.legal_person_id is None:
        return "1", ""
    body = identity.legal_person(row.tenant, row.legal_person_id)
    number = body.uscc if body else ""
    return _BODIES.get(number[:2], "6"), number


def _day(value: dt.date | None) -> str:
    return value.strftime("%Y%m%d") if value else ""


def _instant(value: dt.datetime | None) -> str:
    return value.astimezone(SHANGHAI).strftime("%Y%m%dT%H%M%S") if value else ""


def _case_key(event: events.CaseEvent) -> str:
    return str(event.case_id)


def _step_key(event: events.StepDone) -> str:
    return str(event.work_item_id) if event.step_org_id else ""


_NUMBER: Final = Column(element="project_no", label="办件编号", required=True, longest=50)
_ITEM: Final = Column(element="task_code", label="实施编码", required=True, longest=36)
_UNIT: Final = Column(element="dept_name", label="办理单位", required=True, longest=200)

DATA_SETS: Final = (
    DataSet(
        code="accept",
        title="办件受理信息",
        version="1.0",
        columns=[
            _NUMBER,
            _ITEM,
            Column(element="task_version", label="事项版本号", type="integer", required=True),
            Column(element="task_name", label="事项名称", required=True, longest=200),
            Column(element="project_name", label="申报名称", required=True, longest=300, confirmed=False),
            Column(element="dept_code", label="受理单位代码", required=True, longest=18),
            _UNIT,
            Column(
                element="applyer_type",
                label="申请人类型",
                type="code",
                required=True,
                dictionary=_SERVED,
                confirmed=False,
            ),
            Column(
                element="applyer_name",
                label="申请人名称",
                required=True,
                longest=200,
                personal="申请人的姓名或者名称",
                confirmed=False,
            ),
            Column(
                element="applyer_page_code",
                label="申请人证件号码",
                longest=18,
                personal="法人的统一社会信用代码；自然人不填",
                confirmed=False,
            ),
            Column(element="apply_date", label="申请时间", type="datetime", required=True),
            Column(element="apply_type", label="申请方式", type="code", required=True, dictionary=_WAYS),
            Column(element="accept_date", label="受理日期", type="date", required=True),
            Column(element="promise_date", label="承诺办结日期", type="date"),
        ],
        basis=_BASIS,
        standard="GB/T 39046—2020 表 5、A.4、A.5；国家平台办件汇聚表",
        source=AcceptedApplications(),
        listens={
            events.CaseAccepted.NAME: _case_key,
            events.CaseHandedOver.NAME: _case_key,
            events.DeadlineMoved.NAME: _case_key,
        },
        note=_NO_NUMBERS,
    ),
    DataSet(
        code="process",
        title="办件过程信息",
        version="1.0",
        columns=[
            _NUMBER,
            Column(element="process_no", label="环节编号", required=True, longest=50, confirmed=False),
            _ITEM,
            Column(element="event_name", label="环节结论", required=True, longest=120),
            Column(element="process_name", label="环节名称", required=True, longest=120, confirmed=False),
            _UNIT,
            Column(
                element="handler_name",
                label="办理人",
                longest=60,
                personal="工作人员的姓名",
                confirmed=False,
            ),
            Column(element="opinion", label="办理意见", longest=4000, personal="意见中可能提到申请人", confirmed=False),
            Column(element="start_time", label="开始时间", type="datetime", required=True, confirmed=False),
            Column(element="end_time", label="结束时间", type="datetime", required=True, confirmed=False),
            Column(
                element="process_status",
                label="办理状态",
                type="code",
                required=True,
                dictionary={"1": "待办", "2": "已办"},
                confirmed=False,
            ),
        ],
        basis=_BASIS,
        standard="GB/T 39046—2020 表 6；国家平台办件汇聚表",
        source=HandledSteps(),
        listens={events.StepDone.NAME: _step_key},
        note="只报办完的环节（状态 2）；申请人自己的补正不是环节。",
    ),
    DataSet(
        code="result",
        title="办件结果信息",
        version="1.0",
        columns=[
            _NUMBER,
            _ITEM,
            _UNIT,
            Column(
                element="result_type",
                label="办理结果",
                type="code",
                required=True,
                dictionary=dict(_RESULTS.values()),
                confirmed=False,
            ),
            Column(element="result_date", label="办结时间", type="datetime", required=True),
            Column(
                element="result_explain",
                label="结果说明",
                longest=4000,
                personal="意见中可能提到申请人",
                confirmed=False,
            ),
            Column(element="result_cert_name", label="证照名称", longest=200, confirmed=False),
            Column(element="result_cert_no", label="证照编号", longest=120, confirmed=False),
        ],
        basis=_BASIS,
        standard="GB/T 39046—2020 表 8；国家平台办件汇聚表",
        source=ClosedApplications(),
        listens={events.CaseClosed.NAME: _case_key},
    ),
)
