"""What is told of inspections: to other apps by events, to people by messages, the ledger, the time line."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.systems.inspections.constants import PLAN, REFERRAL, VISIT, TargetKind
from zhengtong.systems.inspections.models import InspectionAct, Plan, Referral, ReferralAct, Visit
from zhengtong.systems.inspections.permissions import office_people, unit_people


def plan_fields(plan: Plan) -> dict[str, Any]:
    """The fields of events about a plan."""
    return {
        "tenant": plan.tenant,
        "object_ref": ObjectRef(kind=PLAN, id=str(plan.id)),
        "at": now(),
        "plan_id": plan.id,
        "plan_number": plan.number,
        "kind": plan.kind,
        "subject": plan.subject,
    }


def visit_fields(visit: Visit) -> dict[str, Any]:
    """The fields of events about a visit."""
    return {
        **plan_fields(visit.plan),
        "object_ref": ObjectRef(kind=VISIT, id=str(visit.id)),
        "number": visit.number,
        "target_kind": visit.target_kind,
        "org_id": visit.org_id,
        "org_name": visit.org_name,
        "case_number": visit.target_name if visit.target_kind == TargetKind.CASE else "",
    }


def note_plan(actor: Actor, plan: Plan, act: str, kind: str, text: str = "", **payload: Any) -> None:
    """Ledger and time line of something done to a plan."""
    ref = ObjectRef(kind=PLAN, id=str(plan.id))
    InspectionAct.objects.create(tenant=plan.tenant, plan=plan, **_line(actor, kind, text))
    ledger.append(actor=actor, act=act, object_ref=ref, payload={"number": plan.number, **payload}, basis=plan.basis)


def note_visit(actor: Actor, visit: Visit, act: str, kind: str, text: str = "", **payload: Any) -> None:
    """Ledger and time line of something done to a visit."""
    InspectionAct.objects.create(tenant=visit.tenant, plan=visit.plan, visit=visit, **_line(actor, kind, text))
    record_visit(actor, visit, act, **payload)


def record_visit(actor: Actor, visit: Visit, act: str, *, purpose: str = "", **payload: Any) -> None:
    """The ledger alone."""
    ref = ObjectRef(kind=VISIT, id=str(visit.id))
    content = {"number": visit.number, **payload}
    ledger.append(actor=actor, act=act, object_ref=ref, payload=content, basis=visit.plan.basis, purpose=purpose)


def note_referral(actor: Actor, row: Referral, act: str, kind: str, text: str = "", **payload: Any) -> None:
    """Ledger and time line of something done to a referral."""
    ref = ObjectRef(kind=REFERRAL, id=str(row.id))
    ReferralAct.objects.create(tenant=row.tenant, referral=row, **_line(actor, kind, text))
    ledger.append(actor=actor, act=act, object_ref=ref, payload={"card": row.card_number, **payload})


def tell_plan(plan: Plan, people: Iterable[uuid.UUID], *, title: str, body: str) -> None:
    """A message about a plan."""
    ref, link = ObjectRef(kind=PLAN, id=str(plan.id)), reverse("inspections:plan", args=[plan.id])
    _tell(plan.tenant, people, ref, link, title, body)


def tell_inspectors(visit: Visit, *, title: str, body: str, only: uuid.UUID | None = None) -> None:
    """A message to those who inspect, or to one of them."""
    people = visit.inspectors.filter(recused_at__isnull=True).values_list("person_id", flat=True)
    _tell_visit(visit, [one for one in people if only in (None, one)], title, body)


def tell_unit(visit: Visit, *, title: str, body: str) -> None:
    """A message to the unit that was inspected."""
    _tell_visit(visit, unit_people(visit.tenant, visit.org_id), title, body)


def tell_office(visit: Visit, *, title: str, body: str) -> None:
    """A message to the supervisor's office, without people of the unit inspected."""
    _tell_visit(
        visit, {one.person_id for one in office_people(visit.tenant) if one.org_id != visit.org_id}, title, body
    )


def tell_referral(row: Referral, *, title: str, body: str, without: uuid.UUID | None = None) -> None:
    """A message about a referral to the supervisor's office, without people of the unit it is about."""
    people = {
        one.person_id for one in office_people(row.tenant) if one.org_id != row.org_id and one.person_id != without
    }
    ref, link = ObjectRef(kind=REFERRAL, id=str(row.id)), reverse("inspections:referral", args=[row.id])
    _tell(row.tenant, people, ref, link, title, body)


def words_of(visit: Visit) -> str:
    """What messages call a visit."""
    return _("“%(subject)s”（检查编号 %(number)s）") % {"subject": visit.plan.subject, "number": visit.number}


def _tell_visit(visit: Visit, people: Iterable[uuid.UUID], title: str, body: str) -> None:
    ref, link = ObjectRef(kind=VISIT, id=str(visit.id)), reverse("inspections:visit", args=[visit.id])
    _tell(visit.tenant, people, ref, link, title, body)


def _tell(tenant: str, people: Iterable[uuid.UUID], ref: ObjectRef, link: str, title: str, body: str) -> None:
    for person_id in sorted(set(people)):
        notify.send_message(tenant=tenant, person_id=person_id, title=title, body=body, object_ref=ref, link=link)


def _line(actor: Actor, kind: str, text: str) -> dict[str, Any]:
    official = actor.kind == "official"
    return {
        "kind": kind,
        "text": text,
        "person_id": actor.person_id if official else None,
        "person_name": actor.name if official else "",
        "org_name": actor.org_name if official else "",
    }
