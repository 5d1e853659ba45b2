"""Lamps: what happens when the moment of a limit has come, by itself and each once."""

import logging
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import OBJECT_KIND, DeadlineKind, DeadlineState
from zhengtong.capabilities.cases.models import Case, Deadline
from zhengtong.capabilities.cases.rules import Due, Limit, Unit
from zhengtong.capabilities.cases.rules.sentences import arithmetic
from zhengtong.capabilities.cases.rules.statute import RENEWAL_BASIS
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.selectors.clocks import renewal_terms, terms_of
from zhengtong.capabilities.cases.services import clock, store
from zhengtong.capabilities.cases.services.lighting import level_of, light_together, reached
from zhengtong.capabilities.cases.services.ticking import since
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import CaseAccepted, RenewalDeemed
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.outbox import publish

log = logging.getLogger(__name__)

_BATCH = 500
_FEW = 8  # below that one by one is as quick


def tick() -> int:
    """Light the lamps whose moment has come; returns how many. Many of one instant are lit together."""
    waiting = Deadline.objects.filter(state=DeadlineState.RUNNING, next_at__lte=now(), **since("next_at"))
    due = due_first(_light, waiting.order_by("next_at").values_list("id", "case_id", "tenant"), size=_BATCH)
    done = _together(due) if len(due) >= _FEW else set()
    return len(done) + each(_light, [one for one in due if one[0] not in done])


def _together(due: list[tuple[uuid.UUID, uuid.UUID, str]]) -> set[uuid.UUID]:
    done: set[uuid.UUID] = set()
    for tenant in sorted({one[2] for one in due}):
        try:
            done |= light_together(tenant, [(key, case_id) for key, case_id, whose in due if whose == tenant])
        except (InterfaceError, OperationalError):
            raise
        except Exception:  # one bad case must not keep the others dark: all of them are tried alone
            log.exception("the lamps of %s could not be lit together", tenant)
    return done


@transaction.atomic
def _light(deadline_id: uuid.UUID, case_id: uuid.UUID, tenant: str) -> int:
    case = store.lock_case(case_id, tenant)
    row = (
        Deadline.objects.select_for_update(of=("self",))
        .select_related("work_item")
        .filter(pk=deadline_id, state=DeadlineState.RUNNING, next_at__lte=now())
        .first()
    )
    if row is None or row.due_at is None:
        return 0
    passed = now() >= row.due_at
    row.level = level_of(row, passed=passed)
    row.next_at = None if passed else row.due_at
    row.save(update_fields=["level", "next_at"])
    payload = {"deadline": str(row.id), "kind": row.kind, "due_at": row.due_at.isoformat()}
    _record(case, f"cases.deadline_{row.level}", payload, row.basis)
    publish(reached(case, row, _said(case, row)))
    if passed and row.kind == DeadlineKind.ACCEPTANCE and not case.accepted_on:
        _deem_accepted(case, row)
    elif passed and row.kind == DeadlineKind.RENEWAL:
        _deem_renewed(case, row)
    elif passed and row.kind == DeadlineKind.HEARING_ASK:
        _end(row, DeadlineState.MISSED)
    return 1


def _said(case: Case, row: Deadline) -> str:
    limit, terms = Limit(row.amount, Unit(row.unit)), terms_of(case, row)
    return arithmetic(
        terms.start,
        limit,
        terms.pauses,
        terms.extensions,
        calendar_of(case.tenant),
        Due(row.due_on, row.due_at, row.provisional),
        roll_natural_days=terms.roll,
    )


def _deem_accepted(case: Case, acceptance: Deadline) -> None:
    """视为受理: the clocks run from the day the material was received (行政许可法 第三十二条第一款第（四）项).

    After a supplement that is the day on which the supplemented material came: the limit began anew with it.
    """
    case.accepted_on, case.deemed_accepted = acceptance.start_day, True
    _end(acceptance, DeadlineState.MISSED)
    store.save_progress(case)
    entries = clock.plan_entries(case, ("promised", "statutory"))
    rows = clock.deadline_rows(case, entries, started_at=acceptance.started_at)
    store.insert("cases_deadline", rows)
    basis = _("行政许可法 第三十二条第一款第（四）项")
    _record(case, "cases.deem_accepted", {"accepted_on": acceptance.start_day.isoformat()}, basis)
    publish(
        CaseAccepted(
            **clock.event_fields(case), accepted_on=acceptance.start_day, deemed=True, **clock.due_fields(rows)
        )
    )


def _deem_renewed(case: Case, row: Deadline) -> None:
    """视为准予延续: the licence ended while its renewal, asked for in time, was undecided (行政许可法 第五十条).

    Asked for too late, the limit ends with the licence and nothing is deemed.
    """
    until = row.start_day if row.due_on is None else row.due_on
    terms = renewal_terms(case.tenant, until, local_date(case.created_at))
    deemed = terms.deemed_renewed(now())
    _end(row, DeadlineState.MISSED if deemed else DeadlineState.CANCELLED)
    if not deemed:
        return
    _record(case, "cases.deem_renewed", {"licence_until": until.isoformat()}, RENEWAL_BASIS)
    publish(RenewalDeemed(**clock.event_fields(case), licence_until=until))


def _end(row: Deadline, state: DeadlineState) -> None:
    row.state, row.ended_at = state, now()
    row.save(update_fields=["state", "ended_at"])


def _record(case: Case, act: str, payload: Mapping[str, Any], basis: str) -> None:
    ref = ObjectRef(kind=OBJECT_KIND, id=str(case.id))
    ledger.append(actor=system(case.tenant), act=act, object_ref=ref, payload=payload, basis=basis)
