"""The applicant's acts: start, fill in, attach, submit, answer a notice, withdraw."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.service_hall import ApplicationSubmitted
from zhengtong.kernel import parameters, storage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.fields import blind_index
from zhengtong.kernel.ids import query_code
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.uploads import CheckedUpload, checked_upload
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import (
    ACCEPTANCE_LIMIT,
    DELIVERY_LIMIT,
    HEARING_TEXT_MAX,
    INSTANT_LIMIT,
    OBJECT_KIND,
    SUPPLEMENT_LIMIT,
    WITHDRAW_REASON_MIN,
    ApplicantKind,
    ApplicationStatus,
    Channel,
    MaterialState,
    Purpose,
)
from zhengtong.systems.service_hall.models import Application, MaterialFile, SupplementNotice
from zhengtong.systems.service_hall.permissions import check_may_apply
from zhengtong.systems.service_hall.rules import application_number, is_online_form
from zhengtong.systems.service_hall.selectors.places import area_of
from zhengtong.systems.service_hall.services import assisting, promising
from zhengtong.systems.service_hall.services import licence_claims as claims
from zhengtong.systems.service_hall.services.begun import begin_alone
from zhengtong.systems.service_hall.services.moving import check_current
from zhengtong.systems.service_hall.services.pinning import pins_for
from zhengtong.systems.service_hall.services.telling import tell_applicant

_BASES = {
    "acceptance": "行政许可法 第三十二条",
    "delivery": "行政许可法 第四十四条",
    "promised": "优化营商环境条例 第三十六条",
}


@transaction.atomic
def start_application(*, actor: Actor, item_code: str, renews: uuid.UUID | None = None) -> Application:
    """A draft for the item, its form filled with what is known; an open draft of the same item is taken up again.

    ``renews`` is a licence of the actor's own that the application is to renew; Invalid for any other paper.
    """
    item = catalogue.find_item(tenant=actor.tenant, code=item_code)
    check_may_apply(actor, item)
    renewed = claims.renewed(actor, item.code, renews)
    begin_alone(actor)
    draft = selectors.open_draft(actor=actor, item_code=item.code)
    if draft is not None:
        if draft.licence_id != renews:
            claims.set_licence(draft, renewed)
            draft.save(update_fields=["purpose", "licence_id", "licence_number", "licence_until"])
            _record(actor, draft, "service_hall.start", {"item": item.code, "renews": draft.licence_number})
        return draft
    draft = _new_draft(actor, item, known_facts(actor))
    claims.set_licence(draft, renewed)
    draft.save(force_insert=True)
    _record(actor, draft, "service_hall.start", {"item": item.code, "renews": draft.licence_number})
    return draft


@transaction.atomic
def start_about_licence(*, actor: Actor, document_id: uuid.UUID, purpose: str) -> Application:
    """A draft about a licence of the actor's own, filled in as the last time; an open one is taken up again.

    ``purpose`` is one of ``Purpose`` but a first application. Raises NotFound for another's licence, Invalid with the
    reason where the licence is not open to it, NotPermitted as ``start_application``.
    """
    begin_alone(actor)
    card, draft = claims.draft_about(actor=actor, document_id=document_id, purpose=purpose)
    if draft is not None:
        return draft
    item = catalogue.find_item(tenant=actor.tenant, code=card.view.item_code)
    check_may_apply(actor, item)
    draft = _new_draft(actor, item, known_facts(actor), form=claims.form_of(item, purpose))
    claims.set_licence(draft, card.paper, purpose)
    draft.save(force_insert=True)
    claims.prefill(draft, card)
    _record(actor, draft, "service_hall.start", {"item": item.code, "purpose": purpose, "licence": card.paper.number})
    return draft


@transaction.atomic
def start_for(
    *,
    actor: Actor,
    applicant: Actor,
    item: catalogue.ItemVersionView,
    channel: str,
    renews: uuid.UUID | None = None,
) -> Application:
    """A new draft that an official types for the applicant; drafts of the applicant's own stay closed to him."""
    renewed = claims.renewed(applicant, item.code, renews)
    draft = _new_draft(applicant, item, known_facts(applicant, reader=actor))
    draft.channel = channel
    claims.set_licence(draft, renewed)
    draft.save(force_insert=True)
    _record(actor, draft, "service_hall.start", {"item": item.code, "channel": channel, "renews": draft.licence_number})
    return draft


def _new_draft(
    applicant: Actor,
    item: catalogue.ItemVersionView,
    facts: Mapping[str, str],
    *,
    form: tuple[str, int | None] | None = None,
) -> Application:
    """The row of a new application with its form (the item's unless another is named), not saved yet."""
    key, version = form or (item.form_key, item.form_version)
    submission = forms.start_submission(tenant=applicant.tenant, key=key, prefill=facts, version=version)
    legal = applicant.kind == "legal_agent"
    return Application(
        tenant=applicant.tenant,
        query_code=query_code(),
        item_code=item.code,
        item_name=item.name,
        item_version_id=item.id,
        org_id=item.org_id,
        org_name=item.org_name,
        person_id=applicant.person_id,  # type: ignore[misc]  # strangers have been refused
        person_name=applicant.name,
        applicant_kind=ApplicantKind.LEGAL if legal else ApplicantKind.PERSON,
        legal_person_id=applicant.legal_person_id if legal else None,
        ward_id=applicant.ward_id,
        applicant_name=facts.get("legal_name") or facts["name"],
        form_submission_id=submission.id,
    )


@transaction.atomic
def save_answers(*, actor: Actor, application_id: uuid.UUID, answers: Mapping[str, Any]) -> forms.SubmissionView:
    """Save what is typed so far, right or wrong; Conflict once it is handed in, unless a notice is open."""
    row = _lock_to_fill(actor, application_id)
    if row.status != ApplicationStatus.DRAFT and not row.notices.filter(answered_at__isnull=True).exists():
        raise Conflict(_("这份申请已经提交，内容不能再改。如需更正，请等待补正告知或先撤回。"))
    return forms.save_answers(tenant=row.tenant, submission_id=row.form_submission_id, answers=answers)


def attach_material(
    *, actor: Actor, application_id: uuid.UUID, material_key: str, name: str, content: bytes
) -> MaterialFile:
    """Check and store a file for a material; the files given before for it are kept as replaced."""
    selectors.application_to_fill(actor=actor, application_id=application_id)
    upload = checked_upload(name, content)
    return keep_material(actor=actor, application_id=application_id, material_key=material_key, upload=upload)


@transaction.atomic
def keep_material(*, actor: Actor, application_id: uuid.UUID, material_key: str, upload: CheckedUpload) -> MaterialFile:
    """Store a checked file for a material; as ``attach_material``, inside the transaction of a larger act."""
    row = _lock_to_fill(actor, application_id)
    material = open_material(row, material_key)
    there = selectors.current_file(row, material_key)
    if there and there.file.digest == storage.digest_of(upload.content) and given_for_this(row, there):
        return there  # a second press on the button
    stored = storage.store_upload(tenant=row.tenant, upload=upload)
    MaterialFile.objects.filter(application=row, material_key=material_key, state=MaterialState.CURRENT).update(
        state=MaterialState.REPLACED
    )
    given = MaterialFile.objects.create(
        tenant=row.tenant,
        application=row,
        material_key=material_key,
        material_name=material["name"],
        file=stored,
        given_by=actor.name,
    )
    payload = {"material": material["name"], "digest": stored.digest, "size": stored.size}
    _record(actor, row, "service_hall.attach", payload)
    promising.note_delivery(actor, row, material_key)
    return given


def given_for_this(row: Application, given: MaterialFile) -> bool:
    """True for a file of a draft, and for one given since the notice that is still to be answered."""
    notice = row.notices.filter(answered_at__isnull=True).order_by("created_at").last()
    return notice is None or given.created_at > notice.created_at


@transaction.atomic
def discard_draft(*, actor: Actor, application_id: uuid.UUID) -> Application:
    """Throw a draft away; its answers and files are kept until the retention job takes them. Raises Conflict."""
    row = _lock_to_fill(actor, application_id)
    if row.status != ApplicationStatus.DRAFT:
        raise Conflict(_("这个申请已经提交，不能删除。需要的话可以在办件页上撤回。"))
    assisting.drop(row)
    row.status = ApplicationStatus.DISCARDED
    row.save(update_fields=["status"])
    _record(actor, row, "service_hall.discard", {"item": row.item_code})
    return row


@transaction.atomic
def detach_material(*, actor: Actor, application_id: uuid.UUID, file_id: uuid.UUID) -> MaterialFile:
    """Take a file out of the application; the file itself is kept as replaced."""
    row = _lock_to_fill(actor, application_id)
    given = selectors.material_file(application=row, file_id=file_id)
    open_material(row, given.material_key)
    given.state = MaterialState.REPLACED
    given.save(update_fields=["state"])
    _record(actor, row, "service_hall.detach", {"material": given.material_name})
    return given


@transaction.atomic
def submit_application(*, actor: Actor, application_id: uuid.UUID, email: str = "") -> Application:
    """Hand the application in: all answers and materials are checked, the case opens, the clock starts.

    Raises Invalid with one sentence per missing answer or material; a second press gives the submitted one.
    """
    row = _lock_to_fill(actor, application_id)
    if row.status != ApplicationStatus.DRAFT:
        return row
    check_current(row)
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    if not item.is_published:
        raise Conflict(_("“%(name)s”已经停用，不再接受新的申请。") % {"name": row.item_name})
    assisting.check_may_go_on(actor, row, item)
    _check_complete(row, item, email.strip())
    sitting = assisting.sitting_in(actor, row)
    assisting.close(sitting, row, email.strip())
    row.channel = sitting.channel if sitting else Channel.ONLINE
    claims.check_claim(assisting.party(actor, row), row)
    form = forms.freeze(tenant=row.tenant, submission_id=row.form_submission_id)
    _find_heir(row)
    row.number = _next_number(row.tenant)
    row.email = email.strip() or form.answers.get("email", "")
    row.submitted_at = now()
    row.status = ApplicationStatus.SUBMITTED
    process, limits = claims.process_of(item, row.purpose), _limits(item, row.purpose)
    process = promising.route(row, process)
    row.pins = pins_for(item, form, process=process, limits=limits)
    row.case_id = _open_case(actor, row, item, form, process=process, limits=limits)
    row.save()
    _record(
        actor,
        row,
        "service_hall.submit",
        {"number": row.number, "item": row.item_code, "channel": row.channel, "pins": row.pins},
    )
    publish(
        ApplicationSubmitted(
            tenant=row.tenant,
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
            at=row.submitted_at,
            application_id=row.id,
            case_id=row.case_id,
            number=row.number,
            item_code=row.item_code,
            org_id=row.org_id,
            org_name=row.org_name,
            online=row.channel == Channel.ONLINE,
            applicant=blind_index(f"applicant:{row.legal_person_id or row.ward_id or row.person_id}"),
        )
    )
    tell_applicant(
        row, _("申请已收到"), _("您的申请“%(item)s”已收到，编号 %(number)s，查询码 %(code)s。") % _words(row)
    )
    return row


def _open_case(
    actor: Actor,
    row: Application,
    item: catalogue.ItemVersionView,
    form: forms.SubmissionView,
    *,
    process: tuple[str, int | None],
    limits: Mapping[str, cases.Limit],
) -> uuid.UUID:
    """The case of an application that is handed in."""
    return cases.open_case(
        actor=actor,
        number=row.number or "",
        title=row.title,
        item_code=row.item_code,
        process_key=process[0],
        process_version=process[1],
        owner_org_id=row.org_id,
        owner_org_name=row.org_name,
        subject_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
        limits=limits,
        bases={**_BASES, "statutory": item.legal_basis[:200]},
        departments=[unit["org_code"] for unit in item.joint_departments if unit["org_code"]],
        step_limits={
            unit["org_code"]: cases.Limit.parse(unit["limit"]) for unit in item.joint_departments if unit["org_code"]
        },
        renewal_of_until=row.licence_until if row.purpose == Purpose.RENEWAL else None,
        variables={"area": area_of(form)},
    )


def _find_heir(row: Application) -> None:
    """The unit was merged or abolished since the item was published: who carries on its work answers for the case."""
    heir = identity.heir_of(row.tenant, row.org_id)
    if heir is None:
        raise Conflict(_("%(org)s已经撤销，承继单位还没有确定，暂时不能提交。请稍后再试。") % {"org": row.org_name})
    row.org_id, row.org_name = heir.id, heir.name


@transaction.atomic
def answer_notice(*, actor: Actor, application_id: uuid.UUID, command_key: str) -> Application:
    """Hand in what the notice asked for; every material it named must have been given anew."""
    row = _lock_to_fill(actor, application_id)
    notice = SupplementNotice.objects.filter(application=row, answered_at__isnull=True).first()
    if notice is None or row.case_id is None:
        raise Conflict(_("这个申请现在没有等待补正的内容，可能已经提交过了。"))
    still = [point for point in notice.points if not _given_since(row, point, notice)]
    if still:
        raise Invalid(
            _("还不能提交：有 %(count)d 项没有补正。") % {"count": len(still)},
            errors={f"material-{point['key']}": _still_open(point) for point in still},
        )
    assisting.close(assisting.sitting_in(actor, row), row)
    forms.freeze(tenant=row.tenant, submission_id=row.form_submission_id)
    case = cases.case_view(actor=actor, case_id=row.case_id, as_applicant=True)
    item = next(item for item in case.open_items if item.phase == "supplement")
    cases.complete_step(actor=actor, work_item_id=item.id, outcome="submit", command_key=command_key, as_applicant=True)
    notice.answered_at = now()
    notice.save(update_fields=["answered_at"])
    row.status = ApplicationStatus.SUBMITTED
    row.save(update_fields=["status"])
    _record(actor, row, "service_hall.answer", {"no": notice.no})
    return row


@transaction.atomic
def ask_for_hearing(*, actor: Actor, application_id: uuid.UUID, text: str) -> Application:
    """Ask for the hearing whose right was told, within its time; Conflict where there is none to ask for."""
    row = _lock_own(actor, application_id)
    if row.case_id is None:
        raise Conflict(_("这个申请还没有提交，不能申请听证。"))
    if len(text) > HEARING_TEXT_MAX:
        raise Invalid(_("听证请求不超过 %(most)d 个字。") % {"most": HEARING_TEXT_MAX}, field="text")
    cases.request_hearing(actor=actor, case_id=row.case_id, text=text, as_applicant=True)
    return row


@transaction.atomic
def waive_hearing(*, actor: Actor, application_id: uuid.UUID) -> Application:
    """Declare that no hearing is wanted, so that nobody waits for the end of the time to ask for one; Conflict."""
    row = _lock_own(actor, application_id)
    if row.case_id is None:
        raise Conflict(_("这个申请还没有提交，没有听证可以放弃。"))
    cases.waive_hearing(actor=actor, case_id=row.case_id)
    return row


@transaction.atomic
def withdraw_application(*, actor: Actor, application_id: uuid.UUID, reason: str, command_key: str) -> Application:
    """Take the application back before it is decided; the reason is kept."""
    row = _lock_own(actor, application_id)
    if row.case_id is None or row.status == ApplicationStatus.CLOSED:
        raise Conflict(_("这个申请已经办结或还没有提交，不需要撤回。"))
    if len(reason.strip()) < WITHDRAW_REASON_MIN:
        raise Invalid(_("请写明撤回的原因，至少 %(count)d 个字。") % {"count": WITHDRAW_REASON_MIN}, field="reason")
    if not cases.withdraw_case(actor=actor, case_id=row.case_id, reason=reason, command_key=command_key):
        return row
    SupplementNotice.objects.filter(application=row, answered_at__isnull=True).update(answered_at=now())
    _record(actor, row, "service_hall.withdraw", {"reason": reason})
    return row


def known_facts(actor: Actor, *, reader: Actor | None = None) -> dict[str, str]:
    """What is known of the applicant, by the words of ``Field.prefill``; an official who types for him reads it."""
    if actor.person_id is None:
        raise NotFound(_("请先登录。"))
    who = reader or actor
    person = identity.person_contact(
        actor.person_id, actor=who, purpose=_("窗口代录申请") if reader else _("本人办事填表")
    )
    if actor.ward_id is not None:
        ward = identity.person_contact(actor.ward_id, actor=who, purpose=_("监护人代为办事填表"))
        person = dataclasses.replace(ward, phone=person.phone)
    facts = {"name": person.name, "citizen_number": person.citizen_number, "phone": person.phone}
    facts |= {"applicant_kind": str(ApplicantKind.PERSON), "principal": person.name}
    if actor.kind == "legal_agent":
        legal = identity.legal_person_of(actor)
        facts |= {"legal_name": legal.name, "uscc": legal.uscc, "legal_representative": legal.representative_name}
        facts |= {"applicant_kind": str(ApplicantKind.LEGAL), "principal": legal.representative_name}
        facts |= {"has_licence": "yes"}
    return facts


def _limits(item: catalogue.ItemVersionView, purpose: str) -> dict[str, cases.Limit]:
    def parameter(key: str) -> cases.Limit:
        return cases.Limit.parse(str(parameters.value(key, tenant=item.tenant)))

    instant = claims.process_of(item, purpose)[0] == "instant"
    return {
        "acceptance": parameter(INSTANT_LIMIT if instant else ACCEPTANCE_LIMIT),
        "promised": item.promised_limit,
        "statutory": item.statutory_limit,
        "supplement": parameter(SUPPLEMENT_LIMIT),
        "delivery": parameter(DELIVERY_LIMIT),
    }


def _check_complete(row: Application, item: catalogue.ItemVersionView, email: str) -> None:
    form = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id)
    errors = selectors.gaps_of(form, selectors.materials_of(row, item, form)) | selectors.lapsed_sources(row)
    try:
        validate_email(email or "name@example.cn")
    except ValidationError:
        errors["notice_email"] = _("接收通知的电子邮箱格式不对，应类似 name@example.cn；不需要邮件可以不填。")
    if errors:
        raise Invalid(
            _("还不能提交：有 %(count)d 处需要补充或更正。已填写的内容都还在。") % {"count": len(errors)}, errors=errors
        )


def _still_open(point: Mapping[str, str]) -> str:
    if is_online_form(point):
        return _("“%(name)s”还没有更正：请在“填写的内容”中修改并保存。") % {"name": point["name"]}
    return _("还没有重新上传：%(name)s。") % {"name": point["name"]}


def _given_since(row: Application, point: Mapping[str, str], notice: SupplementNotice) -> bool:
    if is_online_form(point):
        saved_at = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id).saved_at
        return saved_at > notice.created_at
    return MaterialFile.objects.filter(
        application=row, material_key=point["key"], state=MaterialState.CURRENT, created_at__gt=notice.created_at
    ).exists()


def open_material(row: Application, key: str) -> catalogue.Material:
    """The material of that key when a file may be given for it now; raises NotFound and Conflict."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    material = next((material for material in item.materials if material["key"] == key), None)
    if material is None:
        raise NotFound(_("这个事项没有要求这份材料。"))
    if is_online_form(material):
        raise Conflict(_("“%(name)s”就是网上填写的表单，不需要上传文件。") % {"name": material["name"]})
    if row.status == ApplicationStatus.DRAFT:
        return material
    notice = SupplementNotice.objects.filter(application=row, answered_at__isnull=True).first()
    if notice is None and promising.awaits(row, key):
        return material
    if notice is None:
        raise Conflict(_("申请已经提交，材料不能再改。如需更正，请等待补正告知或先撤回。"))
    may_follow = bool(material.get("tolerable"))
    if not may_follow and all(point["key"] != key for point in notice.points):
        raise Conflict(_("这份材料不在补正告知的范围内，不需要重新提交。"))
    return material


def _next_number(tenant: str) -> str:
    day = local_date()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into service_hall_daycounter as c (tenant, day, last) values (%s, %s, 1)"
            " on conflict (tenant, day) do update set last = c.last + 1 returning last",
            [tenant, day],
        )
        return application_number(tenant, day, cursor.fetchone()[0])


def _lock_to_fill(actor: Actor, application_id: uuid.UUID) -> Application:
    row = selectors.application_to_fill(actor=actor, application_id=application_id)
    return Application.objects.select_for_update().get(pk=row.pk)


def _lock_own(actor: Actor, application_id: uuid.UUID) -> Application:
    row = selectors.own_application(actor=actor, application_id=application_id)
    return Application.objects.select_for_update().get(pk=row.pk)


def _words(row: Application) -> dict[str, str]:
    return {"item": row.item_name, "number": row.number or "", "code": row.query_code}


def _record(actor: Actor, row: Application, act: str, payload: Mapping[str, Any]) -> None:
    ledger.append(actor=actor, act=act, object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)), payload=payload)
