"""Papers of promises and special steps: what was promised, the end of a case, inspection, experts, public notice."""

import uuid
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.service_hall.constants import (
    OBJECT_KIND,
    PLEDGE_KIND,
    SPECIAL_KIND,
    ApplicantKind,
    SpecialKind,
)
from zhengtong.systems.service_hall.models import Application, Pledge, SpecialStep
from zhengtong.systems.service_hall.services.papers import close_ended

_KINDS = {
    SpecialKind.INSPECTION: (documents.DocumentKind.INSPECTION_RECORD, "现场勘验笔录"),
    SpecialKind.EXPERT_REVIEW: (documents.DocumentKind.EXPERT_OPINION, "专家评审意见书"),
    SpecialKind.PUBLIC_NOTICE: (documents.DocumentKind.PUBLIC_NOTICE, "公示"),
}


def issue_pledge(*, tenant: str, pledge_id: uuid.UUID) -> documents.IssuedDocument:
    """What the applicant promised, word for word, with name and time; safe to repeat."""
    pledge = Pledge.objects.select_related("application").get(tenant=tenant, pk=pledge_id)
    return _issue(
        pledge.application,
        kind=documents.DocumentKind.PLEDGE,
        title=_("办事承诺书（%(kind)s）") % {"kind": pledge.get_kind_display()},
        ref=ObjectRef(kind=PLEDGE_KIND, id=str(pledge.id)),
        rows={_("承诺人"): pledge.signed_by, _("承诺日期"): cn_date(pledge.signed_at)},
        text=pledge.text.splitlines(),
        sealed=False,
    )


def end_case(*, tenant: str, case_id: uuid.UUID) -> None:
    """终止办理通知书, and the application is closed; nothing for cases of other systems. Safe to repeat."""
    row = Application.objects.filter(tenant=tenant, case_id=case_id).first()
    if row is None:
        return
    pledge = Pledge.objects.filter(application=row, state="broken").select_related("broken").first()
    reason = pledge.broken.reason if pledge is not None else _("依法终止办理")
    _issue(
        row,
        kind=documents.DocumentKind.TERMINATION,
        title=_("终止办理通知书"),
        ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
        opening=[_("你（单位）申请的“%(item)s”，经容缺受理后，本机关决定终止办理。") % {"item": row.item_name}],
        rows={_("理由"): reason, _("终止日期"): cn_date(local_date())},
        notes=[_("材料齐全以后，可以重新提出申请。如有异议，可以依法申请行政复议或者提起行政诉讼。")],
    )
    close_ended(row.id, tenant=tenant, outcome_label=_("终止办理"))


def issue_step(*, tenant: str, step_id: uuid.UUID, moved: str) -> documents.IssuedDocument | None:
    """The public notice when it begins, the record of an inspection and the opinion of experts when they end."""
    step = SpecialStep.objects.select_related("application").get(tenant=tenant, pk=step_id)
    notice = step.kind == SpecialKind.PUBLIC_NOTICE
    if (moved == "opened") != notice or step.state == "dropped":
        return None
    kind, title = _KINDS[SpecialKind(step.kind)]
    people = "、".join(f"{one['name']}（{one['title']}）" if one.get("title") else one["name"] for one in step.people)
    days = cn_date(step.from_day)
    if step.until_day != step.from_day:
        days = _("%(from)s至%(until)s") % {"from": days, "until": cn_date(step.until_day)}
    rows = {_("时间"): days, _("地点"): step.place}
    if notice:
        rows[_("异议方式")] = _("公示期内可以实名在政务服务网的公示页提出，也可以到办理单位提出")
    else:
        rows |= {
            _("专家") if step.kind == SpecialKind.EXPERT_REVIEW else _("勘验人员"): people,
            _("结论"): str(step.get_result_display()),
            _("申请人意见"): step.applicant_said,
            _("照片"): _("%(count)d 张，存于办件") % {"count": step.photos.count()} if step.photos.exists() else "",
            _("记录人"): step.closed_by,
        }
    return _issue(
        step.application,
        kind=kind,
        title=_(title),
        ref=ObjectRef(kind=SPECIAL_KIND, id=str(step.id)),
        rows=rows,
        text=(step.plan if notice else step.findings).splitlines(),
    )


def _issue(
    row: Application,
    *,
    kind: str,
    title: str,
    ref: ObjectRef,
    rows: Mapping[str, str],
    opening: Sequence[str] = (),
    text: Sequence[str] = (),
    notes: Sequence[str] = (),
    sealed: bool = True,
) -> documents.IssuedDocument:
    actor = system(row.tenant)
    seal = None
    if sealed:
        seal = trust.ensure_seal(actor=actor, org_id=row.org_id, org_name=row.org_name, kind="official")
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    facts = {_("申请事项"): row.item_name, _("办件编号"): row.number or "", **rows, _("咨询电话"): item.phone}
    return documents.issue_document(
        actor=actor,
        paper=documents.Paper(
            kind=kind,
            template="record",
            title=title,
            holder=documents.Holder(name=row.applicant_name, is_person=row.applicant_kind == ApplicantKind.PERSON),
            object_ref=ref,
            fields={
                "item": row.item_name,
                "case_number": row.number or "",
                "opening": [line for line in opening if line.strip()],
                "rows": [{"label": label, "value": value} for label, value in facts.items() if value],
                "text": [line for line in text if line.strip()],
                "notes": [line for line in notes if line.strip()],
            },
            issuing_org_id=row.org_id,
            issuing_org_name=row.org_name,
            seal_id=seal.id if seal else None,
            item_code=row.item_code,
        ),
        reason=_("办件 %(number)s") % {"number": row.number},
    )
