"""现场勘验、专家评审、公示: arranged and told, recorded, ended; the clock stops only where law or the guide says so."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.service_hall import SpecialStepMoved
from zhengtong.kernel import parameters, storage
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.texts import whole_text
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.service_hall.constants import (
    INSPECTION_AHEAD,
    OBJECT_KIND,
    PUBLIC_NOTICE_DAYS,
    SPECIAL_KIND,
    SpecialKind,
    SpecialResult,
    SpecialState,
)
from zhengtong.systems.service_hall.models import Application, PublicObjection, SpecialPhoto, SpecialStep
from zhengtong.systems.service_hall.rules.special import PlannedStep, day_problem, people_problem, stop_of
from zhengtong.systems.service_hall.selectors.special import SpecialView
from zhengtong.systems.service_hall.services.telling import tell_applicant

_MOST_PHOTOS = 30
_NOTE_LONGEST, _PHONE_SIGNS, _OBJECTION_LONGEST = 200, 30, 2000
_LAW = {
    SpecialKind.INSPECTION: "行政许可法 第三十四条第三款（两名以上工作人员核查）",
    SpecialKind.EXPERT_REVIEW: "行政许可法 第四十五条、第五十五条",
    SpecialKind.PUBLIC_NOTICE: "行政许可法 第三十六条、第四十条",
}
_RESULTS = {
    SpecialKind.INSPECTION: (SpecialResult.PASSED, SpecialResult.FAILED),
    SpecialKind.EXPERT_REVIEW: (SpecialResult.PASSED, SpecialResult.FAILED),
    SpecialKind.PUBLIC_NOTICE: (SpecialResult.NO_OBJECTION, SpecialResult.OBJECTIONS),
}


@transaction.atomic
def arrange(
    *,
    actor: Actor,
    case_id: uuid.UUID,
    kind: str,
    plan: str,
    from_day: dt.date,
    until_day: dt.date,
    place: str = "",
    people: Sequence[Mapping[str, str]] = (),
) -> SpecialStep:
    """Begin a special step: who, when, where, and what the applicant (for a notice: the public) is told.

    ``people`` are ``{id, name, title}``: inspectors of the units that take part, or experts without an id. Stops the
    clock where the law does (专家评审) or the published guide of the item says so. Raises Invalid, NotPermitted, and
    Conflict outside the time between acceptance and decision or while one of the kind is open.
    """
    row = _lock_of_case(actor, case_id)
    if kind not in SpecialKind.values:
        raise Invalid(_("请选择特别环节的类别。"), field="kind")
    case = cases.case_view(actor=actor, case_id=case_id)
    if case.status != "open" or case.accepted_on is None:
        raise Conflict(_("办件受理以后、办结以前才能安排特别环节。"))
    if SpecialStep.objects.filter(application=row, kind=kind, state=SpecialState.OPEN).exists():
        raise Conflict(_("已经安排了%(kind)s，结束或者取消以后才能再安排。") % {"kind": SpecialKind(kind).label})
    _check_plan(row, kind, plan, from_day, until_day, place, people)
    step = SpecialStep.objects.create(
        tenant=row.tenant,
        application=row,
        kind=kind,
        people=[dict(one) for one in people],
        plan=plan.strip(),
        from_day=from_day,
        until_day=until_day,
        place=place.strip(),
        opened_by=actor.name,
    )
    step.pause_id = _stop(actor, case, row, step)
    step.save(update_fields=["pause_id"])
    payload = {
        "kind": kind,
        "people": [one.get("name", "") for one in people],
        "from": from_day,
        "until": until_day,
        "place": step.place,
        "stops_clock": step.pause_id is not None,
    }
    _record(actor, step, "service_hall.special_open", payload)
    _tell(row, step, "opened")
    tell_applicant(row, _told_title(step), _told_body(row, step))
    return step


def add_photo(*, actor: Actor, step_id: uuid.UUID, name: str, content: bytes, note: str = "") -> SpecialPhoto:
    """A photograph taken on the spot, checked like every upload; Conflict after the end, Invalid for no picture."""
    upload, note = checked_upload(name, content), whole_text(note, _NOTE_LONGEST, label=_("照片说明"), field="note")
    if not upload.is_picture:
        raise Invalid(_("请上传照片（JPG、PNG）。"), field="photo")
    with transaction.atomic():
        step, _row = _lock(actor, step_id)
        if step.kind != SpecialKind.INSPECTION or step.state != SpecialState.OPEN:
            raise Conflict(_("勘验已经结束，不能再上传照片。"))
        if SpecialPhoto.objects.filter(step=step).count() >= _MOST_PHOTOS:
            raise Conflict(_("一次勘验最多上传 %(most)d 张照片。") % {"most": _MOST_PHOTOS})
        stored = storage.store_upload(tenant=step.tenant, upload=upload)
        photo = SpecialPhoto.objects.create(tenant=step.tenant, step=step, file=stored, note=note, taken_by=actor.name)
        _record(actor, step, "service_hall.special_photo", {"digest": stored.digest, "note": photo.note})
        return photo


@transaction.atomic
def close(*, actor: Actor, step_id: uuid.UUID, findings: str, result: str, applicant_said: str = "") -> SpecialStep:
    """End a special step with its record and result; the clock it stopped runs again, its paper is made.

    Raises Invalid without findings or with a result of another kind, Conflict before its first day, for a notice
    before its last day is over or while an objection waits for its answer.
    """
    step, row = _lock(actor, step_id)
    if step.state != SpecialState.OPEN:
        raise Conflict(_("这个环节已经结束。"))
    if result not in _RESULTS[SpecialKind(step.kind)]:
        raise Invalid(_("请选择结论。"), field="result")
    if not findings.strip():
        raise Invalid(_("请填写记录：做了什么、看到什么、结论的理由。"), field="findings")
    _check_day(step, result)
    step.findings, step.result, step.applicant_said = findings.strip(), result, applicant_said.strip()
    _end(actor, row, step, SpecialState.CLOSED)
    payload = {"result": result, "findings": step.findings, "applicant_said": step.applicant_said}
    _record(actor, step, "service_hall.special_close", payload)
    _tell(row, step, "closed")
    words = {"kind": step.get_kind_display(), "item": row.item_name, "result": step.get_result_display()}
    body = _("您的申请“%(item)s”的%(kind)s已经结束，结论：%(result)s。记录可以在办件页查看。") % words
    tell_applicant(row, _("%(kind)s已经结束") % words, body)
    return step


@transaction.atomic
def drop(*, actor: Actor, step_id: uuid.UUID, reason: str) -> SpecialStep:
    """The step is not needed after all; the clock it stopped runs again. Invalid without a reason."""
    step, row = _lock(actor, step_id)
    if step.state != SpecialState.OPEN:
        raise Conflict(_("这个环节已经结束。"))
    if not reason.strip():
        raise Invalid(_("请写明取消的理由。"), field="reason")
    step.findings = reason.strip()
    _end(actor, row, step, SpecialState.DROPPED)
    _record(actor, step, "service_hall.special_drop", {"reason": step.findings})
    words = {"kind": step.get_kind_display(), "item": row.item_name, "why": step.findings}
    body = _("您的申请“%(item)s”原定的%(kind)s已经取消，理由：%(why)s") % words
    tell_applicant(row, _("%(kind)s已经取消") % words, body)
    return step


@transaction.atomic
def drop_with_case(*, tenant: str, application_id: uuid.UUID) -> None:
    """The case has ended: nobody goes to inspect, nothing stays on public notice. Safe to repeat."""
    steps = SpecialStep.objects.filter(tenant=tenant, application_id=application_id, state=SpecialState.OPEN)
    if not steps.exists():
        return
    actor, row = system(tenant), Application.objects.select_for_update().get(tenant=tenant, pk=application_id)
    for step in steps.select_for_update():
        step.findings = _("办件已经办结，不再进行。")
        _end(actor, row, step, SpecialState.DROPPED)
        _record(actor, step, "service_hall.special_drop", {"reason": step.findings})


@transaction.atomic
def object_to(*, actor: Actor, step_id: uuid.UUID, text: str, phone: str) -> PublicObjection:
    """Somebody says under his own name what speaks against a matter on public notice; once each, until its last day.

    Raises NotPermitted for a stranger, Invalid for a missing text or telephone, Conflict outside the notice's days.
    """
    if actor.person_id is None or actor.kind not in ("citizen", "legal_agent"):
        raise NotPermitted(_("请以个人或者单位的身份登录，实名提出异议。"))
    step = (
        SpecialStep.objects.select_for_update()
        .filter(tenant=actor.tenant, kind=SpecialKind.PUBLIC_NOTICE, pk=step_id)
        .first()
    )
    if step is None:
        raise NotFound(_("没有找到这个公示。"))
    if step.state != SpecialState.OPEN or not step.from_day <= local_date() <= step.until_day:
        raise Conflict(_("公示期不在进行中，不能再提出异议。需要反映的，请联系办理单位。"))
    if not text.strip():
        raise Invalid(_("请写明异议的内容和理由。"), field="text")
    digits = "".join(ch for ch in phone if ch.isdigit())
    if not _PHONE_SHORTEST <= len(digits) <= _PHONE_LONGEST:
        raise Invalid(_("请填写能联系到您的电话号码。"), field="phone")
    if PublicObjection.objects.filter(step=step, person_id=actor.person_id).exists():
        raise Conflict(_("您已经提出过异议，办理单位会答复您。需要补充的，请直接联系办理单位。"))
    objection = PublicObjection.objects.create(
        tenant=step.tenant,
        step=step,
        person_id=actor.person_id,
        name=actor.on_behalf_of or actor.name,
        phone=whole_text(phone, _PHONE_SIGNS, label=_("电话"), field="phone"),
        text=whole_text(text, _OBJECTION_LONGEST, label=_("异议"), field="text"),
    )
    _record(actor, step, "service_hall.object", {"objection": str(objection.id)})
    return objection


@transaction.atomic
def answer_objection(*, actor: Actor, objection_id: uuid.UUID, text: str) -> PublicObjection:
    """The unit answers an objection; Invalid without words, Conflict when it is answered already."""
    found = (
        PublicObjection.objects.filter(tenant=actor.tenant, pk=objection_id).values_list("step_id", flat=True).first()
    )
    if found is None:
        raise NotFound(_("没有找到这条异议。"))
    step, _row = _lock(actor, found)
    objection = PublicObjection.objects.select_for_update().get(pk=objection_id)
    if objection.answered_at is not None:
        raise Conflict(_("这条异议已经由%(name)s答复。") % {"name": objection.answered_by})
    if not text.strip():
        raise Invalid(_("请填写答复内容。"), field="answer")
    objection.answer, objection.answered_by, objection.answered_at = text.strip(), actor.name, now()
    objection.save(update_fields=["answer", "answered_by", "answered_at"])
    _record(actor, step, "service_hall.answer_objection", {"objection": str(objection.id), "answer": objection.answer})
    return objection


@transaction.atomic
def record_objections_read(*, actor: Actor, step: SpecialView) -> None:
    """An official is about to see who objects, with name and telephone; whoever objected sees that he did."""
    ref = ObjectRef(kind=SPECIAL_KIND, id=str(step.id))
    purpose = _("办理公示异议：%(number)s") % {"number": step.number}
    ledger.append(actor=actor, act="service_hall.read_objections", object_ref=ref, payload={}, purpose=purpose)


def check_outcome(row: Application, outcome: str) -> None:
    """Invalid when a decision would be made while a special step is open."""
    if outcome not in ("approve", "reject"):
        return
    open_ = SpecialStep.objects.filter(application=row, state=SpecialState.OPEN).first()
    if open_ is not None:
        raise Invalid(
            _("%(kind)s还没有结束（%(until)s），结束以后才能作出决定。")
            % {"kind": open_.get_kind_display(), "until": open_.until_day.isoformat()},
            field="outcome",
        )


_PHONE_SHORTEST, _PHONE_LONGEST = 7, 15


def _check_plan(
    row: Application,
    kind: str,
    plan: str,
    from_day: dt.date,
    until_day: dt.date,
    place: str,
    people: Sequence[Mapping[str, str]],
) -> None:
    if not plan.strip():
        raise Invalid(_("请写明告知的内容：做什么、需要多长时间、申请人要做哪些准备。"), field="plan")
    if kind != SpecialKind.EXPERT_REVIEW and not place.strip():
        raise Invalid(_("请写明地点。"), field="place")
    problem = people_problem(kind, [one.get("name", "").strip() for one in people])
    if problem:
        raise Invalid(problem, field="people")
    ahead = int(parameters.value(INSPECTION_AHEAD, tenant=row.tenant))
    least = int(parameters.value(PUBLIC_NOTICE_DAYS, tenant=row.tenant))
    calendar = cases.calendar_of(row.tenant)
    field, problem = day_problem(
        kind, from_day, until_day, today=local_date(), calendar=calendar, ahead=ahead, least=least
    )
    if problem:
        raise Invalid(problem, field=field)


def _stop(actor: Actor, case: cases.CaseView, row: Application, step: SpecialStep) -> uuid.UUID | None:
    """Stop the clock where the law or the guide of the item lets it; None where it goes on."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    planned = [PlannedStep(one.name, one.stops_clock) for one in item.special_steps]
    stop = stop_of(step.kind, planned)
    if stop is None:
        return None
    code, basis = stop
    days = cases.calendar_of(row.tenant).workdays_between(local_date(), step.until_day)
    cap = cases.Limit(max(days, 1), cases.Unit.WD)
    return cases.pause_unless_stopped(
        actor=actor, case_id=case.id, reason_code=code, note=step.plan[:500], cap=cap, published_basis=basis
    )


def _end(actor: Actor, row: Application, step: SpecialStep, state: str) -> None:
    step.state, step.closed_by, step.closed_at = state, actor.name, now()
    step.save()
    if step.pause_id is not None and row.case_id is not None:
        cases.end_stop(actor=actor, case_id=row.case_id, pause_id=step.pause_id)


def _check_day(step: SpecialStep, result: str) -> None:
    today = local_date()
    if today < step.from_day:
        raise Conflict(_("还没有到约定的日期（%(day)s）。") % {"day": step.from_day.isoformat()})
    if step.kind != SpecialKind.PUBLIC_NOTICE:
        return
    if today <= step.until_day:
        raise Conflict(_("公示期到%(day)s为止，期满以后才能结束。") % {"day": step.until_day.isoformat()})
    objections = PublicObjection.objects.filter(step=step)
    if objections.filter(answered_at__isnull=True).exists():
        raise Conflict(_("还有公示异议没有答复，答复以后才能结束公示。"))
    if (result == SpecialResult.NO_OBJECTION) == objections.exists():
        raise Invalid(_("结论与收到异议的情况不一致，请核对。"), field="result")


def _lock_of_case(actor: Actor, case_id: uuid.UUID) -> Application:
    row = Application.objects.select_for_update().filter(tenant=actor.tenant, case_id=case_id).first()
    if row is None:
        raise NotFound(_("没有找到这个办件。"))
    _check_owner(actor, row)
    return row


def _lock(actor: Actor, step_id: uuid.UUID) -> tuple[SpecialStep, Application]:
    application_id = (
        SpecialStep.objects.filter(tenant=actor.tenant, pk=step_id).values_list("application_id", flat=True).first()
    )
    if application_id is None:
        raise NotFound(_("没有找到这个特别环节。"))
    row = Application.objects.select_for_update().get(pk=application_id)
    step = SpecialStep.objects.select_for_update().get(pk=step_id)
    if actor.kind == "official" and any(one.get("id") == str(actor.person_id) for one in step.people):
        return step, row
    _check_owner(actor, row)
    return step, row


def _check_owner(actor: Actor, row: Application) -> None:
    if actor.kind != "official" or actor.org_id != row.org_id or not actor.has_role("clerk", "reviewer", "leader"):
        raise NotPermitted(_("特别环节由%(org)s安排，勘验人员可以填写记录。") % {"org": row.org_name})
    if not identity.may_handle_item(actor, row.item_code):
        raise NotPermitted(_("%(name)s委托您办理的事项不包括这一项，请由本人办理。") % {"name": actor.delegated_by})


def _told_title(step: SpecialStep) -> str:
    return {
        SpecialKind.INSPECTION: _("请配合现场勘验"),
        SpecialKind.EXPERT_REVIEW: _("需要专家评审"),
        SpecialKind.PUBLIC_NOTICE: _("申请正在公示"),
    }[SpecialKind(step.kind)]


def _told_body(row: Application, step: SpecialStep) -> str:
    words = {
        "item": row.item_name,
        "kind": step.get_kind_display(),
        "from": step.from_day.isoformat(),
        "until": step.until_day.isoformat(),
        "place": step.place,
        "plan": step.plan,
    }
    body = _("您的申请“%(item)s”将进行%(kind)s，时间%(from)s至%(until)s。%(plan)s") % words
    if step.place:
        body += _("地点：%(place)s。") % words
    return body + (_("所需时间不计入办理期限。") if step.pause_id else _("办理期限照常计算。"))


def _tell(row: Application, step: SpecialStep, moved: str) -> None:
    if row.case_id is None:
        raise ValueError("a special step belongs to a case")
    publish(
        SpecialStepMoved(
            tenant=row.tenant,
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
            at=now(),
            application_id=row.id,
            case_id=row.case_id,
            number=row.number or "",
            org_id=row.org_id,
            org_name=row.org_name,
            step_id=step.id,
            kind=step.kind,
            step=moved,
        )
    )


def _record(actor: Actor, step: SpecialStep, act: str, payload: Mapping[str, Any]) -> None:
    ref = ObjectRef(kind=SPECIAL_KIND, id=str(step.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload, basis=_LAW[SpecialKind(step.kind)])
