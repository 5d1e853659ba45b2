"""What organisations and people still have in hand, as the higher apps count it."""

import dataclasses
import uuid

from zhengtong.capabilities.identity.registry import organisation_work, person_work


@dataclasses.dataclass(frozen=True)
class OpenWork:
    """So many open matters of one kind."""

    label: str
    count: int


def open_organisation_work(tenant: str, org_id: uuid.UUID) -> list[OpenWork]:
    """What an organisation still has to do, by kind; kinds with nothing are left out."""
    counted = [
        OpenWork(kind.label, kind.count(tenant=tenant, org_id=org_id)) for _key, kind in organisation_work.items()
    ]
    return [work for work in counted if work.count]


def open_personal_work(tenant: str, person_id: uuid.UUID, org_id: uuid.UUID) -> list[OpenWork]:
    """What a person has in hand in an organisation, by kind; kinds with nothing are left out."""
    counted = [
        OpenWork(kind.label, kind.count(tenant=tenant, person_id=person_id, org_id=org_id))
        for _key, kind in person_work.items()
    ]
    return [work for work in counted if work.count]
