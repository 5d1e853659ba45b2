"""督查整改通知书 as a paper: typeset, sealed, verifiable."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.inspections.constants import NOTICE
from zhengtong.systems.inspections.models import Plan, Rectification


def seal_of(plan: Plan) -> uuid.UUID | None:
    """The office's seal, made where there is none: before the transaction, for it may take long; None as trust says."""
    boss = system(plan.tenant)
    seal = trust.seal_if_possible(actor=boss, org_id=plan.org_id, org_name=plan.org_name, kind="official")
    return None if seal is None else seal.id


def notice_paper(row: Rectification, seal_id: uuid.UUID | None) -> documents.IssuedDocument:
    """Issue the notice of a rectification: each finding, what is demanded, until when."""
    visit, boss = row.visit, system(row.tenant)
    plan = visit.plan
    rows = [
        (_("检查编号"), visit.number),
        (_("检查对象"), visit.target_name),
        (_("检查地点"), visit.place),
        (_("检查日期"), cn_date(visit.done_at)),
        (_("督查依据"), plan.basis),
    ]
    found = [
        _("%(no)d. %(title)s%(serious)s：%(text)s")
        % {"no": one.no, "title": one.title, "serious": _("（严重）") if one.serious else "", "text": one.text}
        for one in visit.findings.order_by("no")
    ]
    kind = documents.DocumentKind.RECTIFICATION_NOTICE
    last = _("请于%(day)s前在政务平台报送每个问题的整改情况和证明材料。") % {"day": cn_date(row.due_on)}
    return documents.issue_document(
        actor=boss,
        paper=documents.Paper(
            kind=kind,
            template="record",
            title=str(kind.label),
            holder=documents.Holder(name=visit.org_name, is_person=False),
            object_ref=ObjectRef(kind=NOTICE, id=str(row.id)),
            fields={
                "item": plan.subject,
                "case_number": visit.number,
                "opening": (_("在“%(subject)s”督查中，发现你单位存在下列问题：") % {"subject": plan.subject},),
                "rows": [{"label": label, "value": value} for label, value in rows if value],
                "text": (*found, _("整改要求：%(demand)s") % {"demand": row.demand}),
                "notes": (last,),
            },
            issuing_org_id=plan.org_id,
            issuing_org_name=plan.org_name,
            seal_id=seal_id,
        ),
    )
