"""Actors of the demo county for tests."""

import uuid

from zhengtong.kernel.actors import Actor

TENANT = "980723"
ORG = uuid.UUID("00000000-0000-7000-8000-000000000001")
OTHER_ORG = uuid.UUID("00000000-0000-7000-8000-000000000002")
ORG_NAME = "青禾县市场监督管理局"


def official(*, org_id: uuid.UUID = ORG, roles: tuple[str, ...] = ("clerk", "leader"), tenant: str = TENANT) -> Actor:
    """An official of the issuing unit unless told otherwise."""
    return Actor(
        tenant=tenant,
        kind="official",
        person_id=uuid.UUID(int=7),
        name="审批股股长",
        post_name="审批股股长",
        org_id=org_id,
        org_name=ORG_NAME,
        roles=frozenset(roles),
    )


def citizen() -> Actor:
    """An applicant."""
    return Actor(tenant=TENANT, kind="citizen", person_id=uuid.UUID(int=8), name="张一")
