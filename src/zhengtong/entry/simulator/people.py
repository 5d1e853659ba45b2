"""Who lives in the demonstration: officials as they are appointed, applicants with generic names and numbers."""

import contextlib
import functools
import secrets
import uuid
from typing import Any

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ratings import api as ratings
from zhengtong.entry.simulator.behaviour import drawn
from zhengtong.kernel.actors import Actor, anonymous, system
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.service_hall import api as hall

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙朱马胡郭林何高罗"
_DIGITS = "一二三四五六七八九十"
_TRADES = ("餐饮", "商贸", "建筑劳务", "文化传媒", "农业发展", "物流", "食品", "装饰工程", "科技", "物业服务")
#: the post that a leader holds besides his own, where that is planted
_SECOND_POST = "兼任受理岗"
#: mobile numbers of simulated people begin with this; nobody else's do
PHONES = "1390001"


def applicant_name(number: int) -> str:
    """A name nobody takes for a person's."""
    surname, rest = _SURNAMES[number % 20], number // 20
    return f"{surname}{_DIGITS[rest % 10]}{_DIGITS[rest // 10 % 10]}"


def citizen_number(number: int) -> str:
    """A number of a division that exists nowhere, right in its check digit."""
    year, day = 1950 + number % 52, number % 28 + 1
    head = f"980723{year}{number % 12 + 1:02d}{day:02d}{number % 1000:03d}"
    return head + mod_11_2.calc_check_digit(head)


def phone(number: int) -> str:
    """The mobile number of a simulated person."""
    return f"{PHONES}{number:04d}"


class Town:
    """The people of a tenant; applicants are registered when they first come."""

    def __init__(self, tenant: str, seed: int, applicants: int, first: int) -> None:
        """``first`` numbers the first applicant: people of one stretch of time are not those of another."""
        self._tenant, self._seed, self._applicants, self._first = tenant, seed, applicants, first

    @property
    def platform(self) -> Actor:
        """The platform itself, for looking at what stands open."""
        return system(self._tenant)

    def applicant_of(self, row: hall.Application) -> Actor:
        """Who handed an application in, in the name he did it in."""
        if row.legal_person_id is None:
            return identity.actor_for(self._tenant, person_id=row.person_id, as_self=True)
        keys = (choice.key for choice in identity.applicant_choices(self._tenant, row.person_id))
        agencies = (uuid.UUID(key.removeprefix("agency:")) for key in keys if key.startswith("agency:"))
        actors = (identity.actor_for(self._tenant, person_id=row.person_id, agency_id=one) for one in agencies)
        return next(actor for actor in actors if actor.legal_person_id == row.legal_person_id)

    def applicant(self, key: str, applicant_type: str) -> Actor:
        """The person, or the legal person, who comes with an application."""
        dice = drawn(self._seed, f"who:{key}")
        legal = applicant_type == "法人" or (applicant_type == "both" and dice.random() < 0.3)
        number = self._first + dice.randrange(max(1, self._applicants // (4 if legal else 1)))
        return self._agent(number) if legal else self._citizen(number)

    @functools.lru_cache(maxsize=20000)  # noqa: B019  (a town lives as long as its simulation)
    def _citizen(self, number: int) -> Actor:
        return identity.actor_for(self._tenant, person_id=self._person(number), as_self=True)

    @functools.lru_cache(maxsize=20000)  # noqa: B019  (a town lives as long as its simulation)
    def _agent(self, number: int) -> Actor:
        person_id = self._person(number)
        owner = identity.actor_for(self._tenant, person_id=person_id, as_self=True)
        keys = [choice.key for choice in identity.applicant_choices(self._tenant, person_id)]
        known = next((key for key in keys if key.startswith("agency:")), "")
        agency_id = uuid.UUID(known.removeprefix("agency:")) if known else self._company(owner, number)
        return identity.actor_for(self._tenant, person_id=person_id, agency_id=agency_id)

    def _person(self, number: int) -> uuid.UUID:
        known = identity.person_with_phone(self._tenant, phone(number))
        if known is not None:
            return known
        return identity.register_citizen(
            actor=anonymous(self._tenant),
            name=applicant_name(number),
            citizen_number=citizen_number(number),
            phone=phone(number),
            password=f"{secrets.token_urlsafe(12)}aA1-",
            consent=True,
        )

    def _company(self, owner: Actor, number: int) -> uuid.UUID:
        body = f"91980723MA{number + 1000:07d}"
        code = body + uscc.calc_check_digit(body)
        name = f"青禾县{owner.name[1:]}{_DIGITS[number % 10]}{_TRADES[number % len(_TRADES)]}有限公司"
        return identity.register_legal_person(actor=owner, name=name, uscc=code, representative_name=owner.name)

    def lives_here(self, person_id: uuid.UUID) -> bool:
        """Whether a person is one of the simulated ones, and nobody who visits the demonstration."""
        actor = system(self._tenant)
        contact = identity.person_contact(person_id, actor=actor, purpose="演示数据生成")
        return contact.phone.startswith(PHONES)

    def official(self, org_id: uuid.UUID, role: str, key: str) -> Actor | None:
        """An official of a unit who holds a role; None where nobody does."""
        found = self._officials(org_id, role)
        return drawn(self._seed, f"official:{key}").choice(found) if found else None

    @functools.lru_cache(maxsize=2)  # noqa: B019  (a town lives as long as its simulation)
    def supervisors(self) -> tuple[Actor, ...]:
        """The people of the supervisor's office."""
        units = identity.units_with_role(self._tenant, "supervisor")
        return tuple(actor for unit in units for actor in self._officials(unit.id, "supervisor"))

    @functools.lru_cache(maxsize=2000)  # noqa: B019  (a town lives as long as its simulation)
    def second_post(self, org_id: uuid.UUID) -> Actor | None:
        """The leader of a unit, in a clerk's post that he holds besides; None where nobody leads."""
        leaders = self._officials(org_id, "leader")
        if not leaders or leaders[0].person_id is None:
            return None
        leader, boss = leaders[0], self.platform
        post_id = identity.create_post(actor=boss, organisation_code=leader.org_code, title=_SECOND_POST)
        identity.grant_role(actor=boss, post_id=post_id, role="clerk")
        with contextlib.suppress(Conflict):
            identity.appoint(actor=boss, person_id=leaders[0].person_id, post_id=post_id)
        return identity.actor_for(self._tenant, person_id=leaders[0].person_id, post_id=post_id)

    @functools.lru_cache(maxsize=2000)  # noqa: B019  (a town lives as long as its simulation)
    def device(self, org_id: uuid.UUID) -> Any | None:
        """The evaluator of a unit, registered by its leader; None where nobody leads."""
        leaders = self._officials(org_id, "leader")
        if not leaders:
            return None
        row, _key = ratings.register_device(
            actor=leaders[0], org_code=leaders[0].org_code, name="窗口评价器", window="1", kind="tablet"
        )
        return row

    @functools.lru_cache(maxsize=2000)  # noqa: B019  (a town lives as long as its simulation)
    def _officials(self, org_id: uuid.UUID, role: str) -> tuple[Actor, ...]:
        found = []
        for one in identity.people_in(self._tenant, org_id, role):
            try:
                actor = identity.actor_for(self._tenant, person_id=one.person_id, post_id=one.post_id)
            except Conflict:
                continue
            if actor.post_name != _SECOND_POST:
                found.append(actor)
        return tuple(found)
