"""Seals and certificates are decided on by neither the applicant, nor who acts for him, nor for whom he acted."""

import dataclasses

import pytest

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.identity.tests.factories import acting_for
from zhengtong.capabilities.trust import services
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.tests.persons import request
from zhengtong.capabilities.trust.tests.test_web import UNIT
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]
BUREAU = ("G01", "青禾县数据局")


def official(username: str, role: str, unit: tuple[str, str] = UNIT) -> Actor:
    return people.official(username, role, org_code=unit[0], org_name=unit[1])


def also_in(post: Actor, person: Actor) -> Actor:
    """The person in a second post of his."""
    return dataclasses.replace(post, person_id=person.person_id, name=person.name)


def test_neither_the_applicant_of_a_seal_nor_his_deputy_nor_whom_he_stood_in_for_decides() -> None:
    asker, absent, deputy = (official(f"lingdao.{no}", "leader") for no in range(3))
    admin = official("baoan", "sec_admin", BUREAU)

    row = services.apply_for_seal(actor=acting_for(asker, absent), kind="official", reason="需要")

    as_asker, as_absent = also_in(admin, asker), also_in(admin, absent)
    for nobody in (as_asker, as_absent, acting_for(deputy, as_asker), acting_for(deputy, as_absent)):
        with pytest.raises(NotPermitted, match="不能"):
            services.approve_application(actor=nobody, application_id=row.id)
        with pytest.raises(NotPermitted, match="不能"):
            services.refuse_application(actor=nobody, application_id=row.id, reason="不需要")
    assert not Seal.objects.exists()
    services.approve_application(actor=acting_for(deputy, admin), application_id=row.id)


def test_nobody_decides_on_a_certificate_in_the_post_of_its_applicant_or_holder() -> None:
    holder, deputy = official("jingban", "clerk"), official("baoan", "sec_admin", BUREAU)
    applicant = official("baoan.2", "sec_admin", BUREAU)
    row = services.apply_for_person_certificate(
        actor=applicant, data=request(), reason="登录和签名", username="jingban"
    )

    as_holder = also_in(deputy, holder)
    for nobody in (as_holder, applicant, acting_for(deputy, as_holder), acting_for(deputy, applicant)):
        with pytest.raises(NotPermitted, match="不能"):
            services.approve_person_certificate(actor=nobody, application_id=row.id)
    assert not Certificate.objects.filter(role="person").exists()
    services.approve_person_certificate(actor=deputy, application_id=row.id)
