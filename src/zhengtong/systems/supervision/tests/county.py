"""Events published by hand and the rules of the demonstration, for tests of supervision."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from zhengtong.contracts import cases, service_hall
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.events import Event
from zhengtong.kernel.outbox import publish
from zhengtong.systems.supervision.services import install_rules

TENANT = "980723"
OTHER = "980724"
#: the responsible unit as an organisation of identity: code and name
UNIT = ("H05", "青禾县消防救援大队")
LEAD = (uuid.UUID(int=0x22), "青禾县市场监督管理局")
FIRE = (uuid.UUID(int=0x05), "青禾县消防救援大队")
RULES = json.loads(
    (Path(__file__).parents[3] / "entry" / "demo" / "data" / "supervision-rules.json").read_text(encoding="utf-8")
)


#: rules about limits and reasons: the others would see that tests act in no time
PLAIN = [row for row in RULES if row["key"] < "42"]


def install(tenant: str = TENANT, rows: Sequence[Mapping[str, Any]] = PLAIN) -> None:
    install_rules(actor=system(tenant), rows=rows)


def official(org: tuple[uuid.UUID, str], *roles: str, tenant: str = TENANT) -> Actor:
    return Actor(
        tenant=tenant,
        kind="official",
        person_id=uuid.uuid5(uuid.NAMESPACE_OID, org[1] + ",".join(roles)),
        name="李二",
        post_name="经办岗",
        org_id=org[0],
        org_name=org[1],
        roles=frozenset(roles),
    )


def supervisor(tenant: str = TENANT) -> Actor:
    return official((uuid.UUID(int=0x02), "县纪委监委"), "supervisor", tenant=tenant)


@dataclasses.dataclass
class Matter:
    """A case that exists only in its events."""

    number: str = "980723-2026-1"
    tenant: str = TENANT
    case_id: uuid.UUID = dataclasses.field(default_factory=uuid.uuid4)

    def common(self) -> dict[str, Any]:
        return {
            "tenant": self.tenant,
            "object_ref": ObjectRef(kind="case", id=str(self.case_id)),
            "at": now(),
            "case_id": self.case_id,
            "number": self.number,
            "title": "开办餐饮店一件事",
            "item_code": "1198",
            "org_id": LEAD[0],
            "org_name": LEAD[1],
        }

    def opened(self) -> Event:
        return tell(cases.CaseOpened(**self.common()))

    def accepted(self, *, deemed: bool = False) -> Event:
        return tell(cases.CaseAccepted(**self.common(), accepted_on=dt.date(2026, 11, 9), deemed=deemed))

    def step_opened(self, item: uuid.UUID, org: tuple[uuid.UUID, str] = FIRE, *, phase: str = "review") -> Event:
        return tell(
            cases.StepOpened(
                **self.common(),
                work_item_id=item,
                node="review_fire",
                step="消防审查",
                phase=phase,
                step_org_id=org[0],
                step_org_name=org[1],
                due_at=now() + dt.timedelta(days=7),
            )
        )

    def step_done(
        self,
        item: uuid.UUID,
        outcome: str = "agree",
        org: tuple[uuid.UUID, str] = FIRE,
        *,
        phase: str = "review",
        with_opinion: bool = True,
    ) -> Event:
        return tell(
            cases.StepDone(
                **self.common(),
                work_item_id=item,
                node="review_fire",
                step="消防审查",
                phase=phase,
                outcome=outcome,
                step_org_id=org[0],
                step_org_name=org[1],
                post_name="审查岗",
                person_id=uuid.UUID(int=9),
                opened_at=now() - dt.timedelta(days=1),
                with_opinion=with_opinion,
            )
        )

    def deadline(
        self,
        kind: str,
        level: str,
        *,
        deadline_id: uuid.UUID | None = None,
        item: uuid.UUID | None = None,
        org: tuple[uuid.UUID, str] | None = None,
    ) -> Event:
        return tell(
            cases.DeadlineReached(
                **self.common(),
                deadline_id=deadline_id or uuid.uuid4(),
                kind=kind,
                level=level,
                limit="8 个工作日",
                basis="",
                started_at=now() - dt.timedelta(days=8),
                due_at=now(),
                arithmetic="自2026年11月9日的次日起算 8 个工作日，截至2026年11月19日。",
                work_item_id=item,
                step="消防审查" if item else "",
                step_org_id=org[0] if org else None,
                step_org_name=org[1] if org else "",
            )
        )

    def paused(self) -> Event:
        return tell(cases.ClockPaused(**self.common(), reason_code="expert_review", basis="第四十五条"))

    def resumed(self) -> Event:
        return tell(cases.ClockResumed(**self.common(), reason_code="expert_review"))

    def supplement_told(self, no: int) -> Event:
        return tell(
            service_hall.SupplementTold(
                tenant=self.tenant,
                object_ref=ObjectRef(kind="application", id=self.number),
                at=now(),
                application_id=uuid.uuid4(),
                case_id=self.case_id,
                number=self.number,
                org_id=LEAD[0],
                org_name=LEAD[1],
                no=no,
                points=3,
            )
        )

    def closed(self, *, outcome: str = "approved", in_time: bool = True) -> Event:
        return tell(
            cases.CaseClosed(**self.common(), outcome=outcome, opened_at=now() - dt.timedelta(days=3), in_time=in_time)
        )


def tell(event: Event) -> Event:
    """Publish with a number of its own, so that a test can deliver the same event again."""
    numbered = dataclasses.replace(event, event_id=event.event_id or uuid.uuid4())
    with transaction.atomic():
        publish(numbered)
    return numbered
