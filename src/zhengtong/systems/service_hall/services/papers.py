"""The papers of a case: receipt, notices, licence, refusals; made outside the step, safe to repeat."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.constants import PAPER_TO_COME
from zhengtong.capabilities.cases.registry import ServiceCall
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.service_hall.constants import (
    HEARING_KIND,
    OBJECT_KIND,
    PAUSE_KIND,
    ApplicantKind,
    ApplicationStatus,
    Purpose,
)
from zhengtong.systems.service_hall.models import Application, SupplementNotice
from zhengtong.systems.service_hall.rules import licence_validity
from zhengtong.systems.service_hall.services.delivering import awaits_paper
from zhengtong.systems.service_hall.services.licence_claims import SHORT, licence_in_force
from zhengtong.systems.service_hall.services.telling import tell_applicant

_SEAL_KIND = "official"
_NOT_PRINTED = ("consent", "textarea", "attachment")


def issue_licence(call: ServiceCall) -> Mapping[str, Any]:
    """What an approved application asked for: a licence, sealed, in place of the one it renews or changes; a new copy;
    the end of the licence. Tells the applicant.
    """
    row, item = _subject(call.tenant, call.subject)
    if row.purpose == Purpose.CANCELLATION:
        paper = _cancelled(row)
        _close(row, _("准予"), _("您申请注销的证照已经注销（%(item)s），注销决定书可以下载。"))
    elif row.purpose == Purpose.REPLACEMENT:
        paper = _replaced(row)
        _close(row, _("准予"), _("您的证照已经补发（%(item)s），旧证作废，新的电子证照可以下载。"))
    else:
        paper = _issue(row, renewed=licence_in_force(row), **_licence(row, item))
        _close(row, _("准予"), _("您的申请“%(item)s”已经准予，电子证照可以下载。"))
    to_come = row.purpose != Purpose.CANCELLATION and awaits_paper(row)
    return {"document": str(paper.id), PAPER_TO_COME: to_come}


def preview_licence(*, actor: Actor, row: Application) -> tuple[str, bytes]:
    """What the licence would be if it were granted today: file name and PDF of a draft, of which nothing is kept.

    For who may issue in the unit's name; raises NotPermitted, Invalid where the licence could not be typeset, Conflict
    where nothing new is to be typeset.
    """
    if row.purpose in SHORT:
        raise Conflict(_("%(purpose)s申请没有要拟制的新内容，不用预览证照。") % {"purpose": row.get_purpose_display()})
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    return documents.preview_document(actor=actor, paper=_paper(row, **_licence(row, item)))


def issue_refusal(call: ServiceCall) -> Mapping[str, Any]:
    """The written decision not to grant, with reasons and remedies (行政许可法 第三十八条)."""
    row, _item = _subject(call.tenant, call.subject)
    case = _case(row)
    accepted = case.accepted_on or local_date(case.opened_at)
    paper = _issue(
        row,
        kind="refusal",
        title=_("不予行政许可决定书"),
        fields={
            "item": row.item_name,
            "case_number": row.number,
            "accepted_on": accepted,
            "reasons": _reasons(case, "reject"),
            "remedies": _remedies(row.tenant),
        },
    )
    _close(row, _("不予许可"), _("您的申请“%(item)s”没有获得准予，决定书写明了理由和救济途径。"))
    return {"document": str(paper.id)}


def refuse_acceptance(call: ServiceCall) -> Mapping[str, Any]:
    """The written notice that an application is not accepted (行政许可法 第三十二条)."""
    row, _item = _subject(call.tenant, call.subject)
    case = _case(row)
    paper = _issue(
        row,
        kind="refused_acceptance",
        title=_("不予受理决定书"),
        fields={
            "item": row.item_name,
            "received_on": local_date(case.opened_at),
            "reasons": _reasons(case, "refuse"),
            "remedies": _remedies(row.tenant),
        },
    )
    _close(row, _("不予受理"), _("您的申请“%(item)s”没有受理，通知书写明了原因。"))
    return {"document": str(paper.id)}


def issue_receipt(row: Application) -> documents.IssuedDocument:
    """The receipt with number, query code and the list of materials."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    names = row.files.filter(state="current").values_list("material_name", flat=True)
    return _issue(
        row,
        kind="receipt",
        title=_("收件回执"),
        fields={
            "item": row.item_name,
            "case_number": row.number,
            "query_code": row.query_code,
            "received_at": row.submitted_at,
            "materials": [{"name": name} for name in names],
            "channel": row.get_channel_display(),
            "tracking": settings.ZHENGTONG_BASE_URL + reverse("service_hall:track"),
            "contact": item.phone,
        },
        sealed=False,
    )


def issue_acceptance_notice(row: Application) -> documents.IssuedDocument:
    """The dated written notice of acceptance with the agency's seal (行政许可法 第三十二条末款)."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    case = _case(row)
    promised = next((clock for clock in case.clocks if clock.kind == "promised"), None)
    fields = {
        "item": row.item_name,
        "case_number": row.number,
        "received_on": local_date(row.submitted_at),
        "accepted_on": case.accepted_on,
        "due_on": promised.due_on if promised else None,
        "statutory_limit": item.statutory_limit.label,
        "promised_limit": item.promised_limit.label,
        "joint_units": "、".join(unit["org_name"] for unit in item.joint_departments),
        "tracking": settings.ZHENGTONG_BASE_URL + reverse("service_hall:track"),
        "contact": item.phone,
    }
    return _issue(row, kind="acceptance_notice", title=_("受理通知书"), fields=fields)


def issue_supplement_notice(row: Application, notice: SupplementNotice) -> documents.IssuedDocument:
    """The one-time notice in writing: all points, until when, whom to ask."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    fields = {
        "item": row.item_name,
        "case_number": row.number,
        "points": [{"material": point["name"], "problem": point["reason"]} for point in notice.points],
        "deadline": local_date(notice.due_at - dt.timedelta(seconds=1)) if notice.due_at else _("接到本通知后"),
        "contact": item.phone or row.org_name,
        "contact_person": notice.told_by,
        "how_to": _("登录办事大厅，在“我的办件”中上传补正材料"),
    }
    ref = ObjectRef(kind="supplement_notice", id=str(notice.id))
    return _issue(row, kind="supplement_notice", title=_("一次性告知补正通知书"), fields=fields, ref=ref)


def issue_pause_notice(row: Application, pause_id: uuid.UUID) -> documents.IssuedDocument:
    """The written notice of a stop of the clock: why, since when, how long it takes (行政许可法 第四十五条)."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    pause = next(one for one in _case(row).pauses if one.id == pause_id)
    fields = {
        "item": row.item_name,
        "case_number": row.number,
        "cause": pause.label,
        "basis": pause.basis,
        "since": pause.start_day,
        "needed": pause.note,
        "until": pause.cap_day,
        "contact": item.phone or row.org_name,
    }
    ref = ObjectRef(kind=PAUSE_KIND, id=str(pause_id))
    return _issue(row, kind="pause_notice", title=_("停止计时告知书"), fields=fields, ref=ref)


def issue_extension_notice(row: Application) -> documents.IssuedDocument | None:
    """The written notice of a granted extension with its reason (行政许可法 第四十二条); None without one."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    case = _case(row)
    granted = next((one for one in case.extensions if one.state == "granted"), None)
    if granted is None:
        return None
    ends = {clock.kind: clock.due_on for clock in case.clocks}
    fields = {
        "item": row.item_name,
        "case_number": row.number,
        "accepted_on": case.accepted_on,
        "days": f"{granted.days} {granted.unit_label}",
        "approver": _("%(body)s负责人") % {"body": granted.approver_org_name},
        "basis": granted.basis,
        "reason": granted.reason,
        "due_on": ends.get("promised") or ends.get("statutory"),
        "contact": item.phone or row.org_name,
    }
    return _issue(row, kind="extension_notice", title=_("延长审批期限告知书"), fields=fields)


def issue_hearing_notice(row: Application, no: int) -> documents.IssuedDocument | None:
    """The written notice of day, place and host of a hearing (行政许可法 第四十八条); None once a later one is out."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    case = _case(row)
    hearing = case.hearing
    if hearing is None or hearing.notices != no:
        return None
    fields = {
        "item": row.item_name,
        "case_number": row.number,
        "requested_on": hearing.requested_on,
        "day": hearing.day,
        "place": hearing.place,
        "host": hearing.host,
        "basis": _("行政许可法 第四十八条"),
        "contact": item.phone or row.org_name,
    }
    ref = ObjectRef(kind=HEARING_KIND, id=f"{case.id}:{no}")
    return _issue(row, kind="hearing_notice", title=_("听证通知书"), fields=fields, ref=ref)


def _replaced(row: Application) -> documents.IssuedDocument:
    """A new copy of the licence with what it said; the lost one is void."""
    return documents.reissue_document(
        actor=system(row.tenant),
        document_id=licence_in_force(row) or _named_licence(row),
        ground=documents.EndGround.REPLACED,
        reason=_("办件 %(number)s，补发") % {"number": row.number},
        seal_id=_seal_of(row),
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
    )


def _cancelled(row: Application) -> documents.IssuedDocument:
    """The end of the licence as its holder asked, and the decision in writing (行政许可法 第七十条)."""
    _seal_of(row)  # made before the transaction, where there is none
    with transaction.atomic():
        return _end_on_request(row)


def _end_on_request(row: Application) -> documents.IssuedDocument:
    reason = _("办件 %(number)s，持有人申请注销") % {"number": row.number}
    standing = licence_in_force(row)
    if standing is not None:
        documents.withdraw_document(
            actor=system(row.tenant), document_id=standing, reason=reason, ground=documents.EndGround.ON_REQUEST
        )
    licence = documents.find_document(actor=system(row.tenant), document_id=_named_licence(row))
    fields = {
        "licence": licence.title,
        "licence_number": licence.number,
        "item": row.item_name,
        "opening": [_("你（单位）申请注销持有的下列行政许可，本机关查明：")],
        "reasons": [{"text": _("持有人申请注销，办件编号 %(number)s") % {"number": row.number}}],
        "decision": [
            _("根据《中华人民共和国行政许可法》第七十条的规定，本机关决定注销上述行政许可，自决定之日起证照失效。")
        ],
        "effective_on": local_date(),
    }
    return _issue(row, kind="cancellation", template="licence_decision", title=_("注销行政许可决定书"), fields=fields)


def _named_licence(row: Application) -> uuid.UUID:
    if row.licence_id is None:
        raise ValueError(f"application {row.id} is about no licence")
    return row.licence_id


def _licence(row: Application, item: catalogue.ItemVersionView) -> dict[str, Any]:
    form = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id)
    valid_from, valid_until = licence_validity(item.validity, local_date())
    if row.purpose == Purpose.CHANGE:
        valid_until = row.licence_until  # what is changed is not renewed
    rows = [{"label": field.label, "value": value} for field, value in public_facts(form)]
    return {
        "kind": "licence",
        "template": item.result_template,
        "title": item.result_title or item.result_document.split(";")[0] or row.item_name,
        "fields": {"item": row.item_name, "rows": rows},
        "valid_from": valid_from,
        "valid_until": valid_until,
    }


def _seal_of(row: Application) -> uuid.UUID:
    boss = system(row.tenant)
    return trust.ensure_seal(actor=boss, org_id=row.org_id, org_name=row.org_name, kind=_SEAL_KIND).id


def _issue(
    row: Application, *, sealed: bool = True, renewed: uuid.UUID | None = None, **paper: Any
) -> documents.IssuedDocument:
    actor = system(row.tenant)
    seal_id = _seal_of(row) if sealed else None
    return documents.issue_document(
        actor=actor,
        paper=_paper(row, seal_id=seal_id, **paper),
        reason=_reason(row, renewed=renewed is not None),
        supersedes=renewed,
        ground=documents.EndGround.CHANGED if row.purpose == Purpose.CHANGE else documents.EndGround.RENEWED,
    )


def _reason(row: Application, *, renewed: bool) -> str:
    if not renewed:
        return _("办件 %(number)s") % {"number": row.number}
    return _("办件 %(number)s，准予%(purpose)s") % {"number": row.number, "purpose": row.get_purpose_display()}


def _paper(
    row: Application,
    *,
    kind: str,
    title: str,
    fields: Mapping[str, Any],
    template: str = "",
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    ref: ObjectRef | None = None,
    seal_id: uuid.UUID | None = None,
) -> documents.Paper:
    """What ``documents`` must know of a paper of this application, issued or drafted."""
    return documents.Paper(
        kind=kind,
        template=template or kind,
        title=title,
        holder=documents.Holder(name=row.applicant_name, is_person=row.applicant_kind == ApplicantKind.PERSON),
        object_ref=ref or ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
        fields=fields,
        issuing_org_id=row.org_id,
        issuing_org_name=row.org_name,
        valid_from=valid_from,
        valid_until=valid_until,
        seal_id=seal_id,
        item_code=row.item_code,
    )


@transaction.atomic
def _close(row: Application, label: str, message: str) -> None:
    row = Application.objects.select_for_update().get(pk=row.pk)
    if row.status == ApplicationStatus.CLOSED:
        return
    row.status, row.outcome_label, row.closed_at = ApplicationStatus.CLOSED, label, now()
    row.save(update_fields=["status", "outcome_label", "closed_at"])
    title = _("办理结果：%(label)s") % {"label": label}
    tell_applicant(row, title, message % {"item": row.item_name}, required=True)


def close_ended(application_id: uuid.UUID, *, tenant: str, outcome_label: str) -> None:
    """Close an application whose case the unit ended without a decision."""
    row = Application.objects.get(tenant=tenant, pk=application_id)
    _close(row, outcome_label, _("您的申请“%(item)s”已经终止办理，通知书写明了理由。"))


def close_withdrawn(application_id: uuid.UUID, *, tenant: str, outcome_label: str) -> None:
    """Close an application whose case ended without a paper (withdrawn by the applicant)."""
    row = Application.objects.get(tenant=tenant, pk=application_id)
    _close(row, outcome_label, _("您的申请“%(item)s”已按您的要求撤回。"))


def _subject(tenant: str, subject: ObjectRef) -> tuple[Application, catalogue.ItemVersionView]:
    row = Application.objects.get(tenant=tenant, pk=uuid.UUID(subject.id))
    return row, catalogue.item_version(tenant=tenant, version_id=row.item_version_id)


def _case(row: Application) -> cases.CaseView:
    if row.case_id is None:
        raise ValueError(f"application {row.id} has no case")
    return cases.case_view(actor=system(row.tenant), case_id=row.case_id)


def _reasons(case: cases.CaseView, outcome: str) -> list[dict[str, str]]:
    texts = [opinion.text for opinion in case.opinions if opinion.outcome == outcome and opinion.text]
    return [{"text": text} for text in texts[-1:]]


def _remedies(tenant: str) -> list[str]:
    return list(parameters.value("documents.remedies", tenant=tenant))


def public_facts(form: forms.SubmissionView) -> list[tuple[forms.Field, str]]:
    """What a licence shows: answers of the matter, computed ones too; no personal data, promises, remarks, files."""
    return [
        (field, value)
        for _title, lines in form.lines()
        for field, value in lines
        if not field.personal and field.kind not in _NOT_PRINTED and form.cleaned.get(field.key)
    ]
