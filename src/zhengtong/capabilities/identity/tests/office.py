"""A small county with its administrators, for tests of administration; open work is counted by a stand-in."""

import dataclasses
import uuid

from zhengtong.capabilities.identity.registry import OrganisationWork, PersonWork
from zhengtong.capabilities.identity.services import Decree
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict


@dataclasses.dataclass
class Work:
    """Stands for the case engine: so many open matters per organisation and per person in an organisation."""

    of_organisations: dict[uuid.UUID, int] = dataclasses.field(default_factory=dict)
    of_people: dict[tuple[uuid.UUID, uuid.UUID], int] = dataclasses.field(default_factory=dict)
    refuses: bool = False

    def organisations(self) -> OrganisationWork:
        """What a higher app registers for organisations."""
        return OrganisationWork(label="在办办件", count=self.count, hand_over=self.hand_over)

    def people(self) -> PersonWork:
        """What a higher app registers for people."""
        return PersonWork(label="已签收的待办", count=self.count_person, hand_over=self.hand_over_person)

    def count(self, *, tenant: str, org_id: uuid.UUID) -> int:
        """Open matters of an organisation."""
        return self.of_organisations.get(org_id, 0) if tenant == factories.tenant() else 0

    def hand_over(self, *, actor: Actor, from_org_id: uuid.UUID, to_org_id: uuid.UUID, reason: str) -> int:
        """All of them go over."""
        if self.refuses:
            raise Conflict("有办件正在办理，请稍后再试。")
        moved = self.of_organisations.pop(from_org_id, 0)
        self.of_organisations[to_org_id] = self.of_organisations.get(to_org_id, 0) + moved
        return moved

    def count_person(self, *, tenant: str, person_id: uuid.UUID, org_id: uuid.UUID) -> int:
        """Open matters in a person's hands."""
        return self.of_people.get((person_id, org_id), 0) if tenant == factories.tenant() else 0

    def hand_over_person(
        self, *, actor: Actor, person_id: uuid.UUID, org_id: uuid.UUID, to_person_id: uuid.UUID, reason: str
    ) -> int:
        """All of them go over."""
        moved = self.of_people.pop((person_id, org_id), 0)
        self.of_people[to_person_id, org_id] = self.of_people.get((to_person_id, org_id), 0) + moved
        return moved


def system_administrator(username: str = "sys") -> Actor:
    """The system administrator."""
    return factories.official(username, "sys_admin", org_code="G26", org_name="青禾县数据局", name="系统甲")


def security_administrator(username: str = "sec") -> Actor:
    """The security administrator."""
    return factories.official(username, "sec_admin", org_code="G26", org_name="青禾县数据局", name="安全甲")


def audit_administrator(username: str = "audit") -> Actor:
    """The audit administrator."""
    return factories.official(username, "audit_admin", org_code="G26", org_name="青禾县数据局", name="审计甲")


def decree(number: str = "青编发〔2026〕3号", **fields: object) -> Decree:
    """A decision that holds from today on."""
    return Decree(**{"effective_on": local_date(), "document_number": number, **fields})  # type: ignore[arg-type]  # an official of a test has a person and a post
