"""Matters that can be rated without any government system, and people around them."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ratings import api
from zhengtong.capabilities.ratings.models import FollowUp, Rating
from zhengtong.capabilities.ratings.registry import RateableSubject, rateable
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import now

KIND = "test_matter"
UNIT = ("G22", "青禾县市场监督管理局")
OTHER = ("H05", "青禾县消防救援大队")
MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # 10:00 in Shanghai


@dataclasses.dataclass
class Matters:
    """Knows the matters a test made."""

    known: dict[str, tuple[RateableSubject, uuid.UUID]] = dataclasses.field(default_factory=dict)

    def subject(self, tenant: str, ref: ObjectRef) -> RateableSubject | None:
        """The matter a test made."""
        found = self.known.get(ref.id)
        return found[0] if found else None

    def may_rate(self, actor: Actor, ref: ObjectRef) -> bool:
        """Its owner."""
        return ref.id in self.known and actor.person_id == self.known[ref.id][1]


MATTERS = rateable.register(KIND, Matters())


def county() -> None:
    """Tenant, two units, no decreed holidays."""
    identity.create_tenant(actor=system(people.tenant()), name="青禾县")
    people.organisation(*UNIT)
    people.organisation(*OTHER)
    cases.forget_calendars()


def matter(owner: Actor, *, org_code: str = "G22", **changes: Any) -> ObjectRef:
    """A matter of a unit that has been applied for and closed."""
    unit = identity.organisation(people.tenant(), org_code)
    ref = ObjectRef(kind=KIND, id=str(uuid.uuid4()))
    values: dict[str, Any] = {
        "ref": ref,
        "title": "小餐饮许可",
        "number": "98072320261109001",
        "org_id": unit.id,
        "org_name": unit.name,
        "item_code": "A1",
        "events": {"apply": now() - dt.timedelta(days=2), "close": now() - dt.timedelta(hours=1)},
        "case_id": uuid.uuid4(),
        "own_url": "/services/",
    }
    assert owner.person_id is not None
    MATTERS.known[ref.id] = (RateableSubject(**{**values, **changes}), owner.person_id)
    return ref


def rated(owner: Actor, grade: str = "satisfied", ref: ObjectRef | None = None, **more: Any) -> Rating:
    """A rating of the end of a matter."""
    service, channel = more.pop("service", "close"), more.pop("channel", "pc")
    turn = more.pop("turn", "first")
    return api.give_rating(
        actor=owner,
        ref=ref or matter(owner),
        service=service,
        answer=api.Answer(grade=grade, **more),
        channel=channel,
        turn=turn,
    )


def bad(owner: Actor, **more: Any) -> FollowUp:
    """The follow-up of a bad rating."""
    row: FollowUp = rated(owner, "dissatisfied", **more).follow_up
    return row


def clerk(username: str = "clerk", *roles: str, org: tuple[str, str] = UNIT) -> Actor:
    """An official of the rated unit."""
    return people.official(username, *(roles or ("clerk",)), org_code=org[0], org_name=org[1])


def signed_in(actor: Actor) -> Client:
    """A browser in which somebody is signed in."""
    client: Client = people.sign_in(Client(), actor)
    return client


def text_of(response: HttpResponse) -> str:
    """What a page says."""
    return response.content.decode()
