"""What of the answers a licence shows to everybody who verifies it."""

import pytest

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel.actors import system
from zhengtong.systems.service_hall.services.papers import public_facts
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db


def test_a_licence_shows_what_was_computed_and_no_group_of_people_and_no_files() -> None:
    hall.found_county()
    boss = system(hall.TENANT)
    forms.declare_form(actor=boss, key="example", definition=hall.form_definition("example"))
    catalogue.publish_item(actor=boss, draft=hall.item_draft(form_key="example"))
    row = hall.handed_in_with_a_file(hall.people.citizen())
    form = forms.submission(tenant=hall.TENANT, submission_id=row.form_submission_id)

    facts = {field.key: value for field, value in public_facts(form)}

    assert form.cleaned["guards"]
    assert "guards" not in facts
    assert "plan" not in facts
    assert facts["devices"].startswith("设施 1：")
    assert facts["days"].endswith("天")
    assert {"name", "citizen_number", "phone", "address"}.isdisjoint(facts)
