"""What the platform itself holds about an applicant: licences in force, earlier cases, the legal person."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.registry import Lookup, LookupAnswer, LookupSubject
from zhengtong.systems.service_hall.selectors.similar import applications_of

_MOST = 30  # applications looked through


def subject_of(row: Application) -> LookupSubject:
    """Whom a look-up for an application is about."""
    return LookupSubject(row.tenant, row.person_id, row.legal_person_id, row.ward_id, row.item_code, row.id)


def licences_in_force(actor: Actor, subject: LookupSubject) -> LookupAnswer:
    """Licences the platform issued to the applicant that are valid today."""
    found = [
        paper
        for row in _others(subject)
        for paper in documents.documents_of(tenant=row.tenant, object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)))
        if paper.kind == documents.DocumentKind.LICENCE and _in_force(paper, local_date())
    ]
    columns = [
        {"key": "title", "label": _("证照")},
        {"key": "number", "label": _("编号")},
        {"key": "unit", "label": _("发证单位")},
        {"key": "until", "label": _("有效期至")},
    ]
    rows = [
        {
            "title": paper.title,
            "number": paper.number,
            "unit": paper.issuing_org_name,
            "until": cn_date(paper.valid_until) if paper.valid_until else _("长期"),
        }
        for paper in found
    ]
    return LookupAnswer(columns, rows, _("平台没有给这位申请人签发过现在有效的证照。"))


def other_cases(actor: Actor, subject: LookupSubject) -> LookupAnswer:
    """Open and earlier cases of the applicant: item, unit, day and outcome, not what was said in them."""
    columns = [
        {"key": "number", "label": _("编号"), "kind": "code"},
        {"key": "item", "label": _("事项")},
        {"key": "unit", "label": _("主办单位")},
        {"key": "day", "label": _("提交日期")},
        {"key": "state", "label": _("结果")},
    ]
    rows = [
        {
            "number": row.number,
            "item": row.item_name,
            "unit": row.org_name,
            "day": cn_date(local_date(row.submitted_at)) if row.submitted_at else "",
            "state": row.outcome_label or str(row.get_status_display()),
        }
        for row in _others(subject)
    ]
    return LookupAnswer(columns, rows, _("这位申请人没有其他办件。"))


def legal_person_facts(actor: Actor, subject: LookupSubject) -> LookupAnswer:
    """The legal person as it is entered with us, and whether a register confirmed it."""
    columns = [{"key": "label", "label": _("项目")}, {"key": "value", "label": _("内容")}]
    found = identity.legal_person(subject.tenant, subject.legal_person_id) if subject.legal_person_id else None
    if found is None:
        return LookupAnswer(columns, [], _("没有查到这个单位的登记信息。"))
    facts = [
        (_("名称"), found.name),
        (_("统一社会信用代码"), found.uscc),
        (_("法定代表人"), found.representative_name),
        (_("核验程度"), _("已经登记机关核验") if found.verified else _("本人申报，没有核验")),
    ]
    return LookupAnswer(columns, [{"label": label, "value": value} for label, value in facts], "")


#: the registers of the platform itself, by name
OWN_LOOKUPS = {
    "licences": Lookup(
        gettext_lazy("有效证照"), gettext_lazy("本平台签发的证照"), lambda _subject: True, licences_in_force
    ),
    "cases": Lookup(gettext_lazy("其他办件"), gettext_lazy("本平台的办件"), lambda _subject: True, other_cases),
    "legal_person": Lookup(
        gettext_lazy("单位登记信息"),
        gettext_lazy("本平台登记的法人"),
        lambda subject: subject.legal_person_id is not None,
        legal_person_facts,
    ),
}


def _others(subject: LookupSubject) -> list[Application]:
    row = Application.objects.get(tenant=subject.tenant, pk=subject.application_id)
    return list(applications_of(row)[:_MOST])


def _in_force(paper: documents.IssuedDocument, today: dt.date) -> bool:
    ended = paper.valid_until is not None and paper.valid_until < today
    return paper.status == documents.DocumentStatus.ISSUED and not ended
