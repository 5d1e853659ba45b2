"""催办 and 督办: asking those who have a task for speed, or for an answer by a day."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import APPLICANT_ROLE, OBJECT_KIND, PromptKind
from zhengtong.capabilities.cases.models import Case, Prompt, WorkItem
from zhengtong.capabilities.cases.services import clock, store
from zhengtong.capabilities.cases.services.steps import locked_open_item
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import StepUrged
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.outbox import publish

_PAUSE = "cases.urge_pause_hours"
parameters.declare(
    _PAUSE,
    default=24,
    label="同一事项两次催办的最短间隔",
    unit="小时",
    source="地方工作惯例",
    confirmed=False,
)


@transaction.atomic
def urge_step(*, actor: Actor, work_item_id: uuid.UUID, text: str = "", as_applicant: bool = False) -> None:
    """催办: the unit answerable for the case, or its applicant, asks for speed; not more often than the county allows.

    ``as_applicant``: the caller has checked that the case is the actor's own.
    """
    case, item = _locked_of_officials(actor, work_item_id)
    if not as_applicant:
        permissions.check_owning_unit(actor, case)
    pause = dt.timedelta(hours=int(parameters.value(_PAUSE, tenant=case.tenant)))
    last = Prompt.objects.filter(work_item=item, kind=PromptKind.URGE).order_by("-created_at").first()
    if last is not None and last.created_at + pause > now():
        raise Conflict(_("刚刚已经催办过，办理单位已收到提醒，请过些时候再催。"))
    _prompt(actor, case, item, PromptKind.URGE, text)


@transaction.atomic
def supervise_step(*, actor: Actor, work_item_id: uuid.UUID, text: str, answer_by: dt.date) -> uuid.UUID:
    """督办: a supervisor whose role reaches the case, or a leader of its unit, asks for a written answer by a day.

    The same request that still waits for its answer is not made twice.
    """
    case, item = _locked_of_officials(actor, work_item_id)
    if not actor.has_role("supervisor"):
        permissions.check_leader_of_case(actor, case)
    elif not Case.objects.filter(permissions.visible_cases(actor), pk=case.pk).exists():
        raise NotPermitted(_("这个办件不在您的监察范围内，请由负责%(org)s的监察员督办。") % {"org": case.org_name})
    if not text.strip():
        raise Invalid(_("请写明督办的事项和要求。"), field="text")
    if answer_by < local_date():
        raise Invalid(_("答复期限不能早于今天。"), field="answer_by")
    same = Prompt.objects.filter(
        work_item=item, kind=PromptKind.SUPERVISE, by_id=actor.person_id, text=text.strip(), answered_at__isnull=True
    ).first()
    if same is not None:
        return same.id
    return _prompt(actor, case, item, PromptKind.SUPERVISE, text, answer_by)


@transaction.atomic
def answer_prompt(*, actor: Actor, prompt_id: uuid.UUID, text: str) -> None:
    """答复督办: those who have the task say why it is where it is; still possible when the task is done."""
    found = Prompt.objects.filter(pk=prompt_id, tenant=actor.tenant, kind=PromptKind.SUPERVISE)
    work_item_id = found.values_list("work_item_id", flat=True).first()
    if work_item_id is None:
        raise Conflict(_("没有找到这条督办。"))
    store.lock_case_of_item(work_item_id, actor.tenant)
    prompt = found.select_related("work_item").get()
    permissions.check_holds_role(actor, prompt.work_item)
    if prompt.answered_at is not None:
        raise Conflict(_("这条督办已经由%(name)s答复。") % {"name": prompt.answered_by})
    if not text.strip():
        raise Invalid(_("请填写答复内容。"), field="text")
    prompt.answer, prompt.answered_by, prompt.answered_at = text.strip(), actor.name, now()
    prompt.save(update_fields=["answer", "answered_by", "answered_at"])
    ledger.append(
        actor=actor,
        act="cases.answer_prompt",
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(prompt.work_item.case_id)),
        payload={"prompt": str(prompt.id), "step": prompt.work_item.step, "answer": text},
    )


def _locked_of_officials(actor: Actor, work_item_id: uuid.UUID) -> tuple[Case, WorkItem]:
    case, item = locked_open_item(actor, work_item_id)
    if item.role == APPLICANT_ROLE:
        raise Conflict(_("这一步等待申请人办理，不能催办、督办；补正期限到了系统会提醒申请人。"))
    return case, item


def _prompt(
    actor: Actor, case: Case, item: WorkItem, kind: PromptKind, text: str, answer_by: dt.date | None = None
) -> uuid.UUID:
    prompt = Prompt.objects.create(
        tenant=case.tenant,
        work_item=item,
        kind=kind,
        text=text.strip(),
        by=actor.name,
        by_id=actor.person_id,
        by_org=actor.org_name,
        answer_by=answer_by,
    )
    ledger.append(
        actor=actor,
        act=f"cases.{kind}",
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)),
        payload={"step": item.step, "org": item.org_name, "text": text},
    )
    publish(
        StepUrged(
            **clock.event_fields(case),
            work_item_id=item.id,
            node=item.node,
            step=item.step,
            kind=str(kind),
            role=item.role,
            step_org_id=item.org_id,
            step_org_name=item.org_name,
            holder_id=item.helper_id or item.holder_id,
            from_org_name=actor.org_name,
            answer_by=answer_by,
        )
    )
    return prompt.id
