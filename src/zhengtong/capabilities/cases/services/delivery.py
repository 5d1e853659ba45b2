"""送达：the time for delivery of a paper ends when the applicant has it, after the case itself has ended."""

import uuid

from django.db import transaction

from zhengtong.capabilities.cases.constants import OBJECT_KIND, DeadlineKind, DeadlineState
from zhengtong.capabilities.cases.models import Deadline
from zhengtong.capabilities.cases.services import store
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now


@transaction.atomic
def end_delivery(*, actor: Actor, case_id: uuid.UUID) -> bool:
    """The applicant has his paper (行政许可法 第四十四条); False when no time for delivery was running."""
    case = store.lock_case(case_id, actor.tenant)
    open_limits = Deadline.objects.filter(
        case_id=case.id, kind=DeadlineKind.DELIVERY, state__in=[DeadlineState.RUNNING, DeadlineState.PAUSED]
    )
    if not open_limits.update(state=DeadlineState.MET, ended_at=now(), next_at=None):
        return False
    ledger.append(
        actor=actor, act="cases.delivered", object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)), payload={}
    )
    return True
