"""Officials who want certificates, and the way of one through two hands."""

import uuid

from zhengtong.capabilities.trust import services
from zhengtong.capabilities.trust.engine import certificates
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.tests import factories
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.signing import software

TENANT = "980723"
PERSON = uuid.UUID(int=77)
SECOND = Actor(tenant=TENANT, kind="official", person_id=uuid.UUID(int=1), name="张一", roles=frozenset({"sec_admin"}))


def holder(person_id: uuid.UUID = PERSON, name: str = "李二") -> Actor:
    """An official who applies for himself."""
    return Actor(
        tenant=TENANT,
        kind="official",
        person_id=person_id,
        name=name,
        org_id=uuid.UUID(int=0x22),
        org_name=factories.ORG,
        roles=frozenset({"clerk"}),
    )


def request(algorithm: str = "ECDSA-P256") -> bytes:
    """What a device of the official makes: a request signed by its own fresh key."""
    key = software.generate(algorithm)
    return certificates.build_request(subject=certificates.Subject("", "李二"), key=key)


def certified(data: bytes, person_id: uuid.UUID = PERSON) -> Certificate:
    """The certificate of an official: he applies, another one approves."""
    row = services.apply_for_person_certificate(actor=holder(person_id), data=data, reason="登录和签名")
    made = services.approve_person_certificate(actor=SECOND, application_id=row.id).certificate
    assert made is not None
    return made
