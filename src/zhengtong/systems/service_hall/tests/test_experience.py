"""What the hall tells of its applications, and choices made before that go into the draft."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import now
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.selectors.experience import experience_of_items
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def applicant(client: Client) -> Actor:
    hall.found_county()
    actor = hall.people.citizen()
    hall.people.sign_in(client, actor)
    return actor


def past(row: Application, *, submitted: int, closed: int | None = None, outcome: str = "准予") -> None:
    """Lay an application into the past, in days before now."""
    changes: dict[str, Any] = {"submitted_at": now() - dt.timedelta(days=submitted)}
    if closed is not None:
        changes |= {"status": "closed", "outcome_label": outcome, "closed_at": now() - dt.timedelta(days=closed)}
    Application.objects.filter(pk=row.pk).update(**changes)


def test_recent_applications_and_the_median_of_decisions_are_counted(applicant: Actor) -> None:
    rows = [hall.submitted(applicant) for _number in range(5)]
    past(rows[0], submitted=10, closed=8)
    past(rows[1], submitted=20, closed=14)
    past(rows[2], submitted=200, closed=199)
    past(rows[3], submitted=30, closed=2, outcome="申请人撤回")
    past(rows[4], submitted=800, closed=700)

    seen = experience_of_items(hall.TENANT)[hall.SIMPLE]

    assert (seen.recent, seen.decided, seen.days) == (3, 3, 2.0)


def test_drafts_and_other_counties_do_not_count(applicant: Actor) -> None:
    hall.draft(applicant)

    assert experience_of_items(hall.TENANT) == {}
    assert experience_of_items("110101") == {}


def test_it_is_reckoned_once_in_a_while(applicant: Actor, django_assert_num_queries: Any) -> None:
    hall.submitted(applicant)
    experience_of_items(hall.TENANT)

    with django_assert_num_queries(1):
        found = experience_of_items(hall.TENANT)

    cache.clear()
    assert found == experience_of_items(hall.TENANT)


@pytest.fixture
def conditional(applicant: Actor) -> Actor:
    paper = catalogue.MaterialDraft(
        key="proxy", name="授权委托书", form="原件", when={"field": "agent", "values": ["yes"]}, condition="委托的"
    )
    plain = hall.item_draft()
    changed = hall.item_draft(materials=(*plain.materials, paper), form_key="delegated")
    definition = {
        "title": "委托",
        "sections": [
            {
                "title": "申请人",
                "fields": [
                    {"key": "name", "label": "姓名", "kind": "text", "prefill": "name"},
                    {
                        "key": "agent",
                        "label": "是否委托他人办理",
                        "kind": "choice",
                        "options": [["yes", "是"], ["no", "否"]],
                    },
                ],
            }
        ],
    }
    forms.declare_form(actor=system(hall.TENANT), key="delegated", definition=definition)
    catalogue.publish_item(actor=system(hall.TENANT), draft=changed)
    return applicant


def answers(actor: Actor) -> dict[str, Any]:
    draft = api.open_draft(actor=actor, item_code=hall.SIMPLE)
    assert draft is not None
    return dict(api.own_view(actor=actor, application_id=draft.id).form.answers)


def test_choices_made_before_stand_in_the_draft(client: Client, conditional: Actor) -> None:
    address = reverse("service_hall:apply", args=[hall.SIMPLE])

    response = client.post(f"{address}?a.agent=yes&a.name=%E6%9D%8E%E4%BA%8C&a.other=1")

    assert response.status_code == 302
    assert answers(conditional)["agent"] == "yes"
    assert answers(conditional)["name"] == conditional.name


def test_they_do_not_replace_what_was_answered(client: Client, conditional: Actor) -> None:
    row = api.start_application(actor=conditional, item_code=hall.SIMPLE)
    api.save_answers(actor=conditional, application_id=row.id, answers={"agent": "no"})

    client.post(reverse("service_hall:apply", args=[hall.SIMPLE]) + "?a.agent=yes")

    assert answers(conditional)["agent"] == "no"
