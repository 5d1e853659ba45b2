"""Our own way: ``cases.api`` with ledger, outbox, legal clock and permissions, one transaction per step."""

import itertools
import uuid

from django.db import connection

from benchmarks.walk import OPINION, REVIEWS
from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.tests.county import TENANT, citizen, found_county, officer
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import ObjectRef

_DAYS = {"acceptance": 5, "promised": 8, "statutory": 20, "delivery": 10, "supplement": 15}
LIMITS = {kind: api.Limit.parse(f"{days} WD") for kind, days in _DAYS.items()}
STEP_LIMITS = {code: api.Limit.parse("5 WD") for code in ("H05", "G11")}


class Platform:
    """Walks cases of the demonstration county through the services that its pages call."""

    def __init__(self) -> None:
        found_county()
        self.applicant = citizen()
        self.clerks = {code: officer(code, "clerk") for code in ("G22", *REVIEWS.values())}
        self.leader = officer("G22", "leader")
        self.lead = identity.organisation(TENANT, "G22")
        self._series = f"980723-2026-{uuid.uuid4().hex[:8]}"
        self._numbers = itertools.count(1)

    def run(self, cases: int) -> None:
        """Walk whole cases, one after another."""
        for _ in range(cases):
            self.finish(self.walk_to_decision())

    def open(self) -> uuid.UUID:
        """The citizen applies; the limits and units are those of the item in the catalogue."""
        number = f"{self._series}-{next(self._numbers)}"
        return api.open_case(
            actor=self.applicant,
            number=number,
            title="开办餐饮店一件事",
            item_code="1198072300720319364980131801000",
            process_key="restaurant",
            owner_org_id=self.lead.id,
            owner_org_name=self.lead.name,
            subject_ref=ObjectRef(kind="application", id=number),
            limits=LIMITS,
            departments=list(REVIEWS.values()),
            step_limits=STEP_LIMITS,
        )

    def accept(self, case_id: uuid.UUID) -> uuid.UUID:
        """The lead unit accepts."""
        self.complete(case_id, "G22", open_items(case_id)["accept"], "accept")
        return case_id

    def walk_to_decision(self) -> uuid.UUID:
        """Open, accept, four reviews."""
        case_id = self.accept(self.open())
        items = open_items(case_id)
        for node, code in REVIEWS.items():
            self.complete(case_id, code, items[node], "agree", OPINION)
        return case_id

    def finish(self, case_id: uuid.UUID) -> None:
        """Decide, and answer the service task that makes the paper."""
        self.decide(case_id)
        api.finish_service(tenant=TENANT, case_id=case_id, token=_service_token(case_id), result={"document": "x"})

    def decide(self, case_id: uuid.UUID) -> None:
        """The leader of the lead unit decides."""
        item_id = open_items(case_id)["decide"]
        api.complete_step(
            actor=self.leader, work_item_id=item_id, outcome="approve", opinion=OPINION, command_key=str(item_id)
        )

    def complete(self, case_id: uuid.UUID, code: str, item_id: uuid.UUID, outcome: str, opinion: str = "") -> None:
        """A clerk of a unit completes a task."""
        api.complete_step(
            actor=self.clerks[code], work_item_id=item_id, outcome=outcome, opinion=opinion, command_key=str(item_id)
        )


def open_items(case_id: uuid.UUID) -> dict[str, uuid.UUID]:
    """The open tasks of a case by node; in operation a desk page has shown them."""
    with connection.cursor() as cursor:
        cursor.execute("select node, id from cases_workitem where case_id = %s and status = 'open'", [case_id])
        return dict(cursor.fetchall())


def _service_token(case_id: uuid.UUID) -> int:
    """The token that waits; in operation it stands in the job."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select token from (select jsonb_object_keys(marking -> 't') as token from cases_case where id = %s) t",
            [case_id],
        )
        return int(cursor.fetchone()[0])
