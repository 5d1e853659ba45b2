"""What tests of the clock share: a case accepted on a day, its clocks, its acts."""

import datetime as dt
import json
import uuid
from typing import Any

from django.db import connection

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import WorkItem
from zhengtong.capabilities.cases.tests.county import TENANT, citizen, officer, open_restaurant_case
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.models import OutboxEvent

UNIT = "G22"


def at(day: str, time: str = "10:00") -> dt.datetime:
    """An instant in Shanghai: ``at("2026-09-01")`` is ten in the morning."""
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI)


def clerk() -> Actor:
    """An official of the unit answerable for the case."""
    return officer(UNIT, "clerk")


def boss() -> Actor:
    """The unit's head."""
    return officer(UNIT, "leader")


def found_government() -> Actor:
    """The county government and its head."""
    row = identity.OrganisationRow(org_code="C01", name="青禾县人民政府", kind="政府", level="县级")
    identity.import_organisations(actor=system(TENANT), rows=[row])
    return officer("C01", "leader")


def accepted_case(*, number: str = "980723-2026-1", process_key: str = "restaurant") -> uuid.UUID:
    """A case opened and accepted now, with a promise of 8 and a statutory limit of 20 working days."""
    case_id = open_restaurant_case(citizen(), number=number, process_key=process_key)
    do(clerk(), case_id, "accept", "accept")
    return case_id


def single_case(*, number: str = "980723-2026-9", **more: object) -> uuid.UUID:
    """A case that one unit handles alone."""
    unit = identity.organisation(TENANT, UNIT)
    limits = {
        "acceptance": "5 WD",
        "promised": "8 WD",
        "statutory": "20 WD",
        "delivery": "10 WD",
        "supplement": "15 WD",
    }
    return api.open_case(
        actor=citizen(),
        number=number,
        title="食品经营许可",
        item_code="1",
        process_key="standard",
        owner_org_id=unit.id,
        owner_org_name=unit.name,
        subject_ref=ObjectRef(kind="application", id=number),
        limits={kind: api.Limit.parse(text) for kind, text in limits.items()} | more.pop("limits", {}),  # type: ignore[arg-type]  # given by the test
        **more,  # type: ignore[arg-type]  # given by the test
    )


def do(actor: Actor, case_id: uuid.UUID, node: str, outcome: str, opinion: str = "已核对", **more: bool) -> None:
    """Complete the open task of a node."""
    item = WorkItem.objects.get(case_id=case_id, node=node, status="open")
    api.complete_step(
        actor=actor,
        work_item_id=item.id,
        outcome=outcome,
        opinion=opinion,
        command_key=f"{node}-{item.token}",
        **more,
    )


def clock_of(case_id: uuid.UUID, kind: str) -> api.ClockView:
    """The latest limit of a kind."""
    view = api.case_view(actor=clerk(), case_id=case_id)
    return [one for one in view.clocks if one.kind == kind][-1]


def acts(case_id: uuid.UUID) -> list[str]:
    """What the ledger knows of a case, oldest first."""
    return [entry.act for entry in ledger.entries_of(ObjectRef(kind="case", id=str(case_id)), TENANT)]


def payload_of(ref: ObjectRef, act: str) -> dict[str, Any]:
    """What the ledger keeps of the latest entry of an act on an object."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.content from ledger_entry e join ledger_payload p on p.entry = e.uuid"
            " where e.object_kind = %s and e.object_id = %s and e.act = %s order by e.at desc, e.id desc limit 1",
            [ref.kind, ref.id, act],
        )
        kept: dict[str, Any] = json.loads(cursor.fetchone()[0])["payload"]
    return kept


def told(name: str) -> list[dict[str, object]]:
    """The stored events of a kind, oldest first."""
    return [row.data for row in OutboxEvent.objects.filter(name=f"cases.{name}.v1").order_by("id")]
