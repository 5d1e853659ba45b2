"""Erasing a person: he asks, the security administrator decides within the days the county set, a job carries it out.

个人信息保护法 第四十七条、第五十条：拒绝的应当说明理由。The decision records what was found: what goes, what stays.
"""

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel import erasure, parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.erasure import Fate, Finding
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.service_hall.constants.processing import ERASURE_KIND, ERASURE_LIMIT, ErasureState
from zhengtong.systems.service_hall.models import ErasureRequest
from zhengtong.systems.service_hall.services.my_data import require_person

_LONGEST = 1000


@transaction.atomic
def ask_erasure(*, actor: Actor, reason: str) -> ErasureRequest:
    """删除申请. Raises Conflict while one waits, Invalid, NotPermitted for an official in office or for another."""
    person_id = _himself(actor)
    if len(reason.strip()) > _LONGEST:
        raise Invalid(_("理由最多 1000 个字。"), field="reason")
    open_states = (ErasureState.ASKED, ErasureState.GRANTED)
    again = Conflict(_("您已经提出了删除申请，正在等待决定。要改变主意，可以先撤回。"))
    if ErasureRequest.objects.filter(tenant=actor.tenant, person_id=person_id, state__in=open_states).exists():
        raise again
    days = int(parameters.value(ERASURE_LIMIT, tenant=actor.tenant))
    try:
        with transaction.atomic():
            row = ErasureRequest.objects.create(
                tenant=actor.tenant,
                person_id=person_id,
                person_name=actor.name,
                reason=reason.strip(),
                due_on=cases.calendar_of(actor.tenant).add_workdays(local_date(), days),
            )
    except IntegrityError:
        raise again from None
    _record(actor, row, "service_hall.ask_erasure")
    return row


@transaction.atomic
def withdraw_erasure(*, actor: Actor, request_id: uuid.UUID) -> ErasureRequest:
    """Take the request back; Conflict once it was decided, NotFound for another's."""
    person_id = _himself(actor)
    row = _locked(actor.tenant, request_id)
    if row.person_id != person_id:
        raise NotFound(_("没有找到这份删除申请。"))
    if row.state != ErasureState.ASKED:
        raise Conflict(_("这份删除申请已经作出决定，不能撤回。"))
    row.state, row.reason = ErasureState.WITHDRAWN, ""
    row.save(update_fields=["state", "reason"])
    _record(actor, row, "service_hall.withdraw_erasure")
    return row


def what_would_go(*, tenant: str, person_id: uuid.UUID) -> list[Finding]:
    """What would become of everything that is held of a person, if it were decided now."""
    return erasure.findings(tenant=tenant, person_id=person_id)


@transaction.atomic
def read_erasure(*, actor: Actor, request_id: uuid.UUID) -> ErasureRequest:
    """A request in the clear for who decides; the reading is entered. Raises NotFound, NotPermitted."""
    _require_decider(actor)
    row = ErasureRequest.objects.filter(tenant=actor.tenant, pk=request_id).first()
    if row is None:
        raise NotFound(_("没有找到这份删除申请。"))
    _record(actor, row, "service_hall.read_erasure", purpose=_("办理个人信息删除"))
    return row


@transaction.atomic
def decide_erasure(*, actor: Actor, request_id: uuid.UUID, grant: bool, answer: str) -> ErasureRequest:
    """Grant or refuse; what is found now is recorded with it. The person is told; a granted one is carried out.

    What the law keeps stays in either case. Raises Conflict when decided, Invalid without words, NotPermitted for
    one's own request, NotFound.
    """
    _require_decider(actor)
    row = _locked(actor.tenant, request_id)
    if row.state != ErasureState.ASKED:
        raise Conflict(_("这份删除申请已经决定或者撤回。"))
    if row.person_id == actor.person_id:
        raise NotPermitted(_("不能决定自己的删除申请，请由另一名安全管理员决定。"))
    if not answer.strip() or len(answer.strip()) > _LONGEST:
        raise Invalid(_("请写明答复；不同意的，写明依据和理由。最多 1000 个字。"), field="answer")
    found = what_would_go(tenant=row.tenant, person_id=row.person_id)
    row.findings = [_as_json(one) for one in found]
    row.state = ErasureState.GRANTED if grant else ErasureState.REFUSED
    row.answer = answer.strip()
    row.decided_by_id, row.decided_by, row.decided_at = actor.person_id, actor.name, now()
    row.save(update_fields=["findings", "state", "answer", "decided_by_id", "decided_by", "decided_at"])
    _record(actor, row, "service_hall.decide_erasure")
    notify.send_message(
        tenant=row.tenant,
        person_id=row.person_id,
        title=_("个人信息删除申请：%(state)s") % {"state": _("同意删除") if grant else _("没有删除")},
        body=_("答复：%(answer)s") % {"answer": row.answer},
        object_ref=ObjectRef(kind=ERASURE_KIND, id=str(row.id)),
        link=reverse("service_hall:my-data"),
    )
    if grant:
        jobs.configure_task("service_hall.erase_person").defer(tenant=row.tenant, request_id=str(row.id))
    return row


@transaction.atomic
def carry_out_erasure(*, tenant: str, request_id: uuid.UUID) -> dict[str, int]:
    """Erase what was granted; how many of each kind went. A second run does nothing."""
    row = _locked(tenant, request_id)
    if row.state != ErasureState.GRANTED:
        return {}
    left = erasure.erase(actor=system(tenant), person_id=row.person_id)
    row.state, row.done_at, row.erased = ErasureState.DONE, now(), left.counts
    row.person_name = row.reason = ""
    row.save(update_fields=["state", "done_at", "erased", "person_name", "reason"])
    _record(system(tenant), row, "service_hall.erased", counts=left.counts)
    erasure.tell_afterwards(tenant=tenant, person_id=row.person_id, request_id=row.id)
    return left.counts


@transaction.atomic
def erase_again(*, tenant: str, person_id: uuid.UUID, request_id: uuid.UUID) -> dict[str, int]:
    """After a restore: the back-up knew the person still. How many of each kind went; nothing the second time."""
    left = erasure.erase(actor=system(tenant), person_id=person_id)
    row = ErasureRequest.objects.select_for_update().filter(tenant=tenant, pk=request_id).first()
    if row is not None:
        # the set may be older than the decision, which was lost with what came after it
        row.person_name = row.reason = ""
        row.state, row.erased = ErasureState.DONE, row.erased or left.counts
        row.answer = row.answer or _("恢复备份以后再次删除")
        row.decided_at, row.done_at = row.decided_at or now(), row.done_at or now()
        row.save()
    ledger.append(
        actor=system(tenant),
        act="service_hall.erased_again",
        object_ref=ObjectRef(kind=ERASURE_KIND, id=str(request_id)),
        payload={"counts": left.counts},
        basis=erasure.LEGAL_BASIS,
    )
    return left.counts


def _as_json(one: Finding) -> dict[str, Any]:
    return {"label": one.label, "count": one.count, "fate": one.fate.value, "reason": one.reason}


def stays(row: ErasureRequest) -> list[dict[str, Any]]:
    """What the decision says is kept, with the reason."""
    return [one for one in row.findings if one["fate"] in (Fate.KEEP.value, Fate.OPEN.value)]


def _himself(actor: Actor) -> uuid.UUID:
    person_id = require_person(actor)
    if actor.kind != "citizen" or actor.ward_id is not None:
        raise NotPermitted(_("这里只能删除您本人的信息。请先切换为个人身份。"))
    return person_id


def _require_decider(actor: Actor) -> None:
    if not actor.has_role(Role.SEC_ADMIN):
        raise NotPermitted(_("个人信息删除申请由安全管理员决定。"))


def _locked(tenant: str, request_id: uuid.UUID) -> ErasureRequest:
    row = ErasureRequest.objects.select_for_update().filter(tenant=tenant, pk=request_id).first()
    if row is None:
        raise NotFound(_("没有找到这份删除申请。"))
    return row


def _record(
    actor: Actor, row: ErasureRequest, act: str, *, purpose: str = "", counts: dict[str, int] | None = None
) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=ERASURE_KIND, id=str(row.id)),
        payload={"state": row.state, "counts": counts or {}},
        purpose=purpose,
        basis=erasure.LEGAL_BASIS,
    )
