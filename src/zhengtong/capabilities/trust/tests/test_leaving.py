"""A person's certificate ends with the office it names: dismissed, moved to another unit, or past the last day."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.trust import api, rules, services
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.tests.persons import SECOND, request
from zhengtong.capabilities.trust.tests.test_web import official
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.loops import worker_loops

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]
BOSS = system(people.tenant())


@pytest.fixture
def clerk() -> Actor:
    return official("jingban", "clerk")


@pytest.fixture
def certificate(clerk: Actor) -> Certificate:
    row = services.apply_for_person_certificate(actor=clerk, data=request(), reason="登录和签名")
    made = services.approve_person_certificate(actor=SECOND, application_id=row.id).certificate
    assert made is not None
    return made


def loop() -> int:
    return worker_loops.get("trust_leavers").fn()


def leaves(clerk: Actor, last_day: dt.date | None = None) -> None:
    assert clerk.person_id
    assert clerk.post_id
    identity.end_appointment(actor=BOSS, person_id=clerk.person_id, post_id=clerk.post_id, last_day=last_day)


def test_who_holds_his_post_keeps_his_certificate(certificate: Certificate) -> None:
    assert loop() == 0
    assert api.check_certificate(certificate.pem.encode()).valid


def test_a_certificate_ends_with_the_post(clerk: Actor, certificate: Certificate) -> None:
    leaves(clerk)

    assert loop() == 1
    assert loop() == 0

    certificate.refresh_from_db()
    assert (certificate.status, certificate.revocation_reason) == ("revoked", "affiliation_changed")
    assert not api.check_certificate(certificate.pem.encode()).valid


def test_it_ends_by_itself_after_the_last_day(clerk: Actor, certificate: Certificate) -> None:
    leaves(clerk, local_date() + dt.timedelta(days=3))
    assert loop() == 0

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=5)):
        assert loop() == 1


def test_who_moves_to_another_unit_needs_another_one(clerk: Actor, certificate: Certificate) -> None:
    leaves(clerk)
    people.organisation("G11", "青禾县数据局")
    post = identity.create_post(actor=BOSS, organisation_code="G11", title="经办岗")
    assert clerk.person_id
    identity.appoint(actor=BOSS, person_id=clerk.person_id, post_id=post)

    assert loop() == 1


def test_a_unit_that_has_another_name_now_ends_no_certificate() -> None:
    assert not rules.has_left((), {"/C01/G22/"})
    assert rules.has_left((), ())
    assert not rules.has_left({"/C01/G22/"}, {"/C01/G22/S01/"})
    assert rules.has_left({"/C01/G22/"}, {"/C01/G25/"})
