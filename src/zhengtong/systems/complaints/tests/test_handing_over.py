"""Units are merged: nobody comes to handle what is about himself."""

import pytest

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, NotPermitted
from zhengtong.systems.complaints.selectors.complaints import acts_now
from zhengtong.systems.complaints.services.handing_over import hand_over_organisation_work
from zhengtong.systems.complaints.tests.county import (
    ACCUSED,
    HANDLER,
    OFFICE,
    TENANT,
    accepted,
    assigned,
    drafted,
    give,
)

pytestmark = pytest.mark.django_db


def test_what_is_about_the_heir_goes_back_to_the_office(office, handler) -> None:
    row, innocent = assigned(office), assigned(office, token="general")
    drafted(handler, row)
    heir = identity.organisation(TENANT, ACCUSED[0])
    old = row.handler_org_id

    hand_over_organisation_work(actor=system(TENANT), from_org_id=old, to_org_id=heir.id, reason="机构改革。")

    row.refresh_from_db()
    innocent.refresh_from_db()
    assert (row.state, row.handler_org_id, innocent.handler_org_id) == ("accepted", None, heir.id)
    assert row.drafts.get().state == "returned"
    with pytest.raises(Conflict, match="投诉的就是这个单位"):
        give(office, row, ACCUSED)


def test_what_is_about_a_unit_that_a_handler_takes_over_goes_back_to_the_office(office) -> None:
    row = assigned(office)
    accused, handler = row.accused_org_id, row.handler_org_id

    hand_over_organisation_work(actor=system(TENANT), from_org_id=accused, to_org_id=handler, reason="机构改革。")

    row.refresh_from_db()
    assert (row.state, row.handler_org_id) == ("accepted", None)


def test_a_unit_that_took_over_the_accused_is_not_given_the_complaint(office) -> None:
    row = accepted(office)
    decree = identity.Decree(effective_on=local_date(), document_number="青政发〔2026〕1号", reason="机构改革")
    identity.merge_organisations(actor=system(TENANT), codes=[ACCUSED[0]], into_code=HANDLER[0], decree=decree)

    with pytest.raises(Conflict, match="投诉的就是这个单位"):
        give(office, row)


def test_an_office_that_took_over_the_accused_may_only_transfer_the_complaint(office) -> None:
    row = accepted(office)
    assert "assign" in acts_now(office, row)
    decree = identity.Decree(effective_on=local_date(), document_number="青政发〔2026〕1号", reason="机构改革")
    identity.merge_organisations(actor=system(TENANT), codes=[ACCUSED[0]], into_code=OFFICE[0], decree=decree)

    assert acts_now(office, row) == {"transfer"}
    with pytest.raises(NotPermitted, match="反映的是监察机构自己"):
        give(office, row)
