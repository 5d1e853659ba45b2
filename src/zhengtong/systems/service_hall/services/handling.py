"""The official's acts on an application: every task of its case, and the one-time notice among them."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.service_hall import SupplementTold
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.outbox import publish
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND, ApplicationStatus
from zhengtong.systems.service_hall.models import Application, SupplementNotice
from zhengtong.systems.service_hall.rules import notice_problem, unprintable
from zhengtong.systems.service_hall.services import promising, special_steps
from zhengtong.systems.service_hall.services.fees import check_paid_first
from zhengtong.systems.service_hall.services.licence_claims import check_stands
from zhengtong.systems.service_hall.services.telling import tell_applicant


@transaction.atomic
def complete_task(
    *,
    actor: Actor,
    work_item_id: uuid.UUID,
    outcome: str,
    opinion: str,
    command_key: str,
    points: Mapping[str, str] | None = None,
) -> Application:
    """Complete a task of a case of the hall; ``points`` (material key → what is missing) belong to ``supplement``.

    Raises what ``cases.complete_step`` raises, and Invalid for a notice that may not be given.
    """
    item = cases.work_item(actor=actor, work_item_id=work_item_id)
    if item.subject.kind != OBJECT_KIND:
        raise NotFound(_("这个待办事项不属于办事大厅。"))
    row = Application.objects.select_for_update().get(tenant=actor.tenant, pk=uuid.UUID(item.subject.id))
    item = cases.work_item(actor=actor, work_item_id=work_item_id)  # read again: a double click waited for the lock
    _refuse_unprintable(opinion, *(points or {}).values())
    if outcome == "supplement" and item.status == "open":
        opinion = _notice_text(row, points or {}, opinion)
    if outcome == "approve" and item.status == "open":
        check_stands(row)
        check_paid_first(row)
    if item.status == "open":
        promising.check_outcome(row, item.phase, outcome)
        special_steps.check_outcome(row, outcome)
    cases.complete_step(
        actor=actor, work_item_id=work_item_id, outcome=outcome, opinion=opinion, command_key=command_key
    )
    if outcome == "supplement" and item.status == "open":
        _tell_missing(actor, row, points or {})
    return row


def read_application(*, actor: Actor, application_id: uuid.UUID, purpose: str) -> selectors.ApplicationView:
    """An application in the clear for an official who takes part; the read is an entry the applicant can see."""
    return _read(actor, selectors.application_for_official(actor=actor, application_id=application_id), purpose)


def read_case(*, actor: Actor, case_id: uuid.UUID, purpose: str) -> selectors.ApplicationView:
    """The same by its case, for whoever may see that."""
    return _read(actor, selectors.application_of_case(actor=actor, case_id=case_id), purpose)


def _read(actor: Actor, row: Application, purpose: str) -> selectors.ApplicationView:
    with transaction.atomic():
        _record(actor, row, "service_hall.read", {}, purpose=purpose)
    return selectors.view_of(row, actor=actor)


def record_file_read(*, actor: Actor, row: Application, name: str, purpose: str) -> None:
    """An official's reading of a material; must precede the sending of its bytes."""
    with transaction.atomic():
        _record(actor, row, "service_hall.read_file", {"name": name}, purpose=purpose)


def _refuse_unprintable(*texts: str) -> None:
    """A reason goes on a paper; refused here, where it can still be changed, not when the paper is typeset."""
    found = unprintable("".join(texts))
    if found:
        raise Invalid(
            _("意见或原因中有不能印在文书上的字符“%(characters)s”（表情符号或不可见字符）。请删除后重新提交。")
            % {"characters": found},
            field="opinion",
        )


def _notice_text(row: Application, points: Mapping[str, str], remark: str) -> str:
    earlier = [[point["key"] for point in notice.points] for notice in row.notices.order_by("no")]
    problem = notice_problem(points, earlier)
    if problem:
        raise Invalid(problem, field="points")
    names = selectors.material_names(row)
    unknown = set(points) - set(names)
    if unknown:
        raise Invalid(_("补正事项中有这个事项没有要求的材料，请重新选择。"), field="points")
    lines = [f"{number}. {names[key]}：{reason.strip()}" for number, (key, reason) in enumerate(points.items(), 1)]
    return "\n".join([*lines, remark.strip()]).strip()


def _tell_missing(actor: Actor, row: Application, points: Mapping[str, str]) -> None:
    names = selectors.material_names(row)
    case = cases.case_view(actor=actor, case_id=_case_id(row))
    due = next((clock.due_at for clock in case.clocks if clock.kind == "supplement" and clock.running), None)
    notice = SupplementNotice.objects.create(
        tenant=row.tenant,
        application=row,
        no=row.notices.count() + 1,
        points=[{"key": key, "name": names[key], "reason": reason.strip()} for key, reason in points.items()],
        told_by=actor.name,
        due_at=due,
    )
    row.status = ApplicationStatus.SUPPLEMENT
    row.save(update_fields=["status"])
    forms.reopen(tenant=row.tenant, submission_id=row.form_submission_id)
    _record(actor, row, "service_hall.notice", {"no": notice.no, "points": notice.points})
    publish(
        SupplementTold(
            tenant=row.tenant,
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
            at=now(),
            application_id=row.id,
            case_id=_case_id(row),
            number=row.number or "",
            org_id=row.org_id,
            org_name=row.org_name,
            no=notice.no,
            points=len(notice.points),
        )
    )
    wanted = "；".join(f"{point['name']}（{point['reason']}）" for point in notice.points)
    body = _("您的申请“%(item)s”还需要补正：%(wanted)s。补正期间不计入办理时间。")
    tell_applicant(row, _("请补正材料"), body % {"item": row.item_name, "wanted": wanted}, required=True)


def _case_id(row: Application) -> uuid.UUID:
    if row.case_id is None:
        raise NotFound(_("这个申请还没有提交。"))
    return row.case_id


def _record(actor: Actor, row: Application, act: str, payload: Mapping[str, Any], *, purpose: str = "") -> None:
    ref = ObjectRef(kind=OBJECT_KIND, id=str(row.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload, purpose=purpose)
