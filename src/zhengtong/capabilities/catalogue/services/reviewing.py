"""Review of items on the case engine: send in, take back, judge; the version follows where its case stands."""

import datetime as dt
import uuid

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import (
    ITEM_KIND,
    JUDGING_STEPS,
    OPEN,
    PROCESS_REVIEW,
    REVIEW_KIND,
    REVIEW_LEADER_LIMIT,
    REVIEW_LEGAL_LIMIT,
    REVIEW_PUBLICATION_LIMIT,
    REVISING_STEPS,
    ReviewStep,
    VersionStatus,
)
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.permissions import require_editor
from zhengtong.capabilities.catalogue.selectors import (
    UnitDirectory,
    draft_of,
    legal_review_unit,
    list_unit,
    review_process_missing,
    surroundings_of,
)
from zhengtong.capabilities.catalogue.services.drafting import (
    DraftConflict,
    check_reason,
    locked_draft,
    locked_version,
    record,
)
from zhengtong.capabilities.catalogue.services.publishing import (
    Prepared,
    enter_into_force,
    fill,
    next_number,
    prepare_with,
)
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.ids import new_id

ANSWER = "answers."  # what stands before the key of an oddity that still wants its reason


@transaction.atomic
def submit_draft(
    *,
    actor: Actor,
    version_id: uuid.UUID,
    reason: str = "",
    revision: int | None = None,
    valid_from: dt.date | None = None,
) -> uuid.UUID:
    """送审: the draft goes to the leader of its unit, or back into the review that sent it to be changed.

    ``valid_from`` asks for a later day of entry into force. Gives the case; a second press gives the same one.
    Raises Invalid with a sentence for every field that is wrong (and ``answers.KEY`` for each oddity without a
    reason), NotPermitted, DraftConflict, and Conflict where the county has nobody to review it.
    """
    row = locked_draft(actor, version_id)
    require_editor(actor, org_code=row.item.org_code)
    if row.status == VersionStatus.REVIEW and row.case_id is not None:
        return row.case_id
    _check_editable(row, revision)
    _check_nothing_waits(row)
    prepared = _checked(row)
    require_editor(actor, org_code=prepared.unit.code)
    check_reason(reason)
    row.change_reason = reason.strip() or row.change_reason
    row.valid_from = _later_day(valid_from) or row.valid_from
    errors = {f"{ANSWER}{oddity.key}": oddity.sentence for oddity in _unanswered(row, prepared)}
    if not row.change_reason:
        errors["reason"] = _("请写明编制或者修改的理由，例如所依据的文件。")
    if errors:
        raise Invalid("".join(errors.values()), errors=errors)
    if row.returned:
        _send_on(actor, row)
    else:
        _open_review(actor, row, prepared)
    if row.form_version is None or row.reviews > 1:
        # what is reviewed is what comes into force, also when a newer form is published meanwhile
        row.form_version = forms.newest_version(actor.tenant, row.form_key)
    row.status, row.returned = VersionStatus.REVIEW, False
    row.save()
    payload = {"reviews": row.reviews, "reason": row.change_reason, "case": row.case_id, "answers": row.answers}
    record(actor, row, "catalogue.item_submitted", payload)
    return _case_of(row)


@transaction.atomic
def withdraw_review(*, actor: Actor, version_id: uuid.UUID, reason: str, command_key: str) -> None:
    """撤回送审: the review ends, the draft can be changed and sent in anew; what was said of it is kept.

    Raises NotPermitted, Invalid (no reason), Conflict when no review is under way.
    """
    row = locked_draft(actor, version_id)
    require_editor(actor, org_code=row.item.org_code)
    if not reason.strip():
        raise Invalid(_("请写明撤回的理由。"), field="reason")
    if not row.under_review:
        raise Conflict(_("“%(name)s”没有在审核，不需要撤回。") % {"name": row.name})
    _end_review(actor, row, reason, command_key)
    row.status, row.returned = VersionStatus.DRAFT, False
    row.save(update_fields=["status", "returned"])
    record(actor, row, "catalogue.item_review_withdrawn", {"reason": reason.strip(), "case": row.case_id})


@transaction.atomic
def discard_draft(*, actor: Actor, version_id: uuid.UUID, reason: str) -> None:
    """作废草稿: it stays on record, the item may be drafted anew. Raises Invalid (no reason), Conflict under review."""
    row = locked_draft(actor, version_id)
    require_editor(actor, org_code=row.item.org_code)
    if not reason.strip():
        raise Invalid(_("请写明作废的理由。"), field="reason")
    if row.status != VersionStatus.DRAFT:
        raise Conflict(
            _("“%(name)s”%(state)s，不能作废草稿。审核中的请先撤回送审。")
            % {"name": row.name, "state": row.get_status_display()}
        )
    if row.returned:
        _end_review(actor, row, reason, f"discard-{row.revision}")
    row.status, row.returned = VersionStatus.DISCARDED, False
    row.save(update_fields=["status", "returned"])
    record(actor, row, "catalogue.item_discarded", {"reason": reason.strip()})


@transaction.atomic
def decide_review(
    *,
    actor: Actor,
    work_item_id: uuid.UUID,
    outcome: str,
    opinion: str = "",
    command_key: str,
    valid_from: dt.date | None = None,
) -> uuid.UUID:
    """Judge a draft: the task's outcome, and what follows from it, in one transaction; gives the version.

    The last approval publishes, or schedules where ``valid_from`` (the author's wish, or said here) is a later day.
    Raises what ``cases.complete_step`` raises, NotPermitted for an author of the draft, Invalid with the reasons
    where the draft can no longer be published.
    """
    task = cases.work_item(actor=actor, work_item_id=work_item_id)
    if task.subject.kind != REVIEW_KIND:
        raise NotFound(_("没有找到这个审核任务。"))
    row = _of_case(actor.tenant, task.case_id)
    if task.node in JUDGING_STEPS and actor.person_id in row.authors:
        raise NotPermitted(_("“%(name)s”由您参与编制，请由他人审核。") % {"name": row.name})
    if task.node in REVISING_STEPS:
        raise Conflict(_("这一步请在草稿上修改后重新送审。"))
    if task.node == ReviewStep.PUBLICATION and row.status == VersionStatus.REVIEW and valid_from is not None:
        row.valid_from = _later_day(valid_from)
        row.save(update_fields=["valid_from"])
    cases.complete_step(
        actor=actor, work_item_id=work_item_id, outcome=outcome, opinion=opinion, command_key=command_key
    )
    _follow(actor, row)
    return row.id


@transaction.atomic
def follow_review(*, tenant: str, case_id: uuid.UUID) -> None:
    """Bring a version to where its case stands: what else moves a case (a jump, a return) moves it too.

    Safe to repeat; a case that is no review is none of ours.
    """
    if ItemVersion.objects.filter(tenant=tenant, case_id=case_id, status__in=OPEN).exists():
        _follow(system(tenant), _of_case(tenant, case_id))


def _follow(actor: Actor, row: ItemVersion) -> None:
    if row.status not in OPEN:
        return
    case = cases.case_view(actor=system(row.tenant), case_id=_case_of(row))
    if case.outcome == "approved":
        _approve(actor, row)
    elif case.outcome == "rejected":
        row.status, row.returned = VersionStatus.REFUSED, False
        row.save(update_fields=["status", "returned"])
        record(actor, row, "catalogue.item_refused", {"case": row.case_id})
        _tell_author(row, _("事项审核未通过：%(name)s"), _("“%(name)s”没有通过审核，意见在草稿里可以查看。"))
    else:
        returned = case.closed_at is None and all(task.node in REVISING_STEPS for task in case.open_items)
        _stand(actor, row, judged=case.closed_at is None and not returned, returned=returned)


def _stand(actor: Actor, row: ItemVersion, *, judged: bool, returned: bool) -> None:
    """Under review, or with its author again."""
    status = VersionStatus.REVIEW if judged else VersionStatus.DRAFT
    if (row.status, row.returned) == (status, returned):
        return
    row.status, row.returned = status, returned
    row.save(update_fields=["status", "returned"])
    if returned:
        record(actor, row, "catalogue.item_returned", {"case": row.case_id})
        _tell_author(row, _("事项退回修改：%(name)s"), _("“%(name)s”审核后退回修改，请按意见修改后重新送审。"))


def _approve(actor: Actor, row: ItemVersion) -> None:
    """审定: in force today, or on the later day that was asked for."""
    prepared = _checked(row)
    day = row.valid_from or local_date()
    _check_nothing_waits(row)
    row.returned = False
    fill(row, prepared)
    if day <= local_date():
        enter_into_force(actor, row, prepared)
        return
    row.status, row.version, row.published_at = VersionStatus.SCHEDULED, next_number(row.item), now()
    row.save()
    record(actor, row, "catalogue.item_scheduled", {"version": row.version, "valid_from": day.isoformat()})


def _check_nothing_waits(row: ItemVersion) -> None:
    if ItemVersion.objects.filter(item_id=row.item_id, status=VersionStatus.SCHEDULED).exists():
        raise Conflict(_("“%(name)s”已经有一个待生效的版本，请先取消它，或者等它生效。") % {"name": row.name})


def _checked(row: ItemVersion) -> Prepared:
    """The draft with its units, or Invalid with everything that stands against its publication."""
    draft = draft_of(row)
    errors = rules.all_refusals(draft, surroundings_of(row.tenant, draft))
    others = Item.objects.filter(tenant=row.tenant, code=draft.code).exclude(pk=row.item_id)
    if draft.code and others.exists():
        errors["code"] = _("实施编码“%(code)s”已经由另一个事项使用，请核对。") % {"code": draft.code}
    return prepare_with(draft, UnitDirectory(row.tenant), errors)


def _check_editable(row: ItemVersion, revision: int | None) -> None:
    if row.status != VersionStatus.DRAFT:
        raise Conflict(
            _("“%(name)s”%(state)s，不能送审。请以它为基础重新编制。")
            % {"name": row.name, "state": row.get_status_display()}
        )
    if revision is not None and revision != row.revision:
        raise DraftConflict(
            _("%(name)s刚刚又保存过这份草稿，请看过最新的内容再送审。") % {"name": row.author_name},
            sent=draft_of(row),
            current=draft_of(row),
            revision=row.revision,
        )


def _unanswered(row: ItemVersion, prepared: Prepared) -> list[rules.Oddity]:
    return [oddity for oddity in rules.oddities(prepared.draft) if not row.answers.get(oddity.key)]


def _later_day(day: dt.date | None) -> dt.date | None:
    if day is not None and day < local_date():
        raise Invalid(_("启用日期不能早于今天。"), field="valid_from")
    return day


def _open_review(actor: Actor, row: ItemVersion, prepared: Prepared) -> None:
    if review_process_missing(row.tenant):
        raise Conflict(_("还不能送审：事项审核流程没有启用。请流程管理员先在首页新建审核流程草稿，经另一人批准启用。"))
    legal, keeper = legal_review_unit(row.tenant), list_unit(row.tenant)
    row.reviews += 1
    by_list_keeper = actor.org_id == keeper.id and actor.has_role(Role.ITEM_ADMIN)
    row.case_id = cases.open_case(
        actor=actor,
        number=_next_number(row.tenant),
        title=_("审核事项：%(name)s") % {"name": row.name[:180]},
        item_code="",
        process_key=PROCESS_REVIEW,
        owner_org_id=prepared.unit.id,
        owner_org_name=prepared.unit.name,
        subject_ref=ObjectRef(kind=REVIEW_KIND, id=f"{row.id}.{row.reviews}"),
        limits={},
        step_limits=_limits(row.tenant, legal.code, keeper.code),
        variables={
            "legal_units": [legal.code],
            "list_units": [keeper.code],
            "by_list_keeper": "yes" if by_list_keeper else "no",
        },
    )


def _limits(tenant: str, legal: str, keeper: str) -> dict[str, cases.Limit]:
    """The limit of each reviewing unit; one that does both has the longer of its two."""
    keys = (REVIEW_LEADER_LIMIT, REVIEW_LEGAL_LIMIT, REVIEW_PUBLICATION_LIMIT)
    values = {key: str(text) for key, text in parameters.values(*keys, tenant=tenant).items()}
    second, third = values[REVIEW_LEGAL_LIMIT], values[REVIEW_PUBLICATION_LIMIT]
    if legal == keeper and rules.surely_longer(third, second):
        second = third
    found = {"lead": values[REVIEW_LEADER_LIMIT], keeper: third} | {legal: second}
    return {code: cases.Limit.parse(text) for code, text in found.items()}


def _send_on(actor: Actor, row: ItemVersion) -> None:
    """The draft was sent back to be changed: its review goes on where it stood."""
    case = cases.case_view(actor=system(row.tenant), case_id=_case_of(row))
    task = next((one for one in case.open_items if one.node in REVISING_STEPS), None)
    if task is None:
        raise Conflict(_("审核已经往下进行或者结束，请刷新后查看。"))
    cases.complete_step(
        actor=actor,
        work_item_id=task.id,
        outcome="submit",
        opinion=row.change_reason,
        command_key=f"submit:{task.id}",
    )


def _end_review(actor: Actor, row: ItemVersion, reason: str, command_key: str) -> None:
    cases.withdraw_case(
        actor=actor, case_id=_case_of(row), reason=reason.strip(), command_key=command_key or str(new_id())
    )


def _of_case(tenant: str, case_id: uuid.UUID) -> ItemVersion:
    """The version a review is about, locked with its item."""
    found = ItemVersion.objects.filter(tenant=tenant, case_id=case_id).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(_("没有找到这个审核任务。"))
    return locked_version(found)


def _case_of(row: ItemVersion) -> uuid.UUID:
    if row.case_id is None:
        raise NotFound(_("没有找到这个审核任务。"))
    return row.case_id


def _next_number(tenant: str) -> str:
    day = local_date()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into catalogue_reviewcounter as c (tenant, day, last) values (%s, %s, 1)"
            " on conflict (tenant, day) do update set last = c.last + 1 returning last",
            [tenant, day],
        )
        return f"SH{day:%Y%m%d}{cursor.fetchone()[0]:04d}"


def _tell_author(row: ItemVersion, title: str, body: str) -> None:
    if row.author_id is not None:
        notify.send_message(
            tenant=row.tenant,
            person_id=row.author_id,
            title=title % {"name": row.name},
            body=body % {"name": row.name},
            object_ref=ObjectRef(kind=ITEM_KIND, id=str(row.item_id)),
            link=reverse("catalogue_desk:desk_item", args=[row.item_id]),
        )
