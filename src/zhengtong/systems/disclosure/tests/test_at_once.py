"""Two at once: one answer is approved, a payment and a lapse meet, a page goes while its entry is published."""

import datetime as dt
from typing import Any

import pytest

from zhengtong.contracts.sites import PagePublished, PageWithdrawn
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.testing.two_at_once import meeting
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.models import CatalogueEntry, DisclosureRequest
from zhengtong.systems.disclosure.tests.county import TENANT, answer, citizen, county, official, sent
from zhengtong.systems.disclosure.tests.test_catalogue import PATH, page, words

pytestmark = pytest.mark.usefixtures("committed_db")


def test_of_two_heads_one_approves_and_the_other_is_told() -> None:
    county()
    row, clerk = sent().row, official("clerk", "clerk")
    first, second = official("head", "leader"), official("second", "leader")
    api.draft_answer(actor=clerk, request_id=row.id, answer=answer())
    refusal = meeting(
        lambda: api.approve_answer(actor=first, request_id=row.id),
        lambda: api.approve_answer(actor=second, request_id=row.id),
    )
    assert isinstance(refusal, Conflict)
    assert DisclosureRequest.objects.get(pk=row.pk).letters.filter(kind="answer").count() == 1


def test_who_withdraws_while_it_is_paid_has_withdrawn() -> None:
    county()
    asker, clerk = citizen(), official("clerk", "clerk")
    row = sent(asker).row
    fee = api.charge(actor=clerk, request_id=row.id, mode="by_page", pages=31)
    result: Any = meeting(
        lambda: api.withdraw(actor=asker, request_id=row.id),
        lambda: api.take_payment(tenant=TENANT, request_id=row.id, order_id=fee.order_id),
    )
    assert result is None
    done = DisclosureRequest.objects.get(pk=row.pk)
    assert (done.state, done.outcome, done.fee.state) == ("closed", "withdrawn", "cancelled")


def test_an_entry_that_is_published_while_its_page_goes_does_not_stand() -> None:
    county()
    clerk, head = official("clerk", "clerk"), official("head", "leader")
    api.open_year(actor=system(TENANT), year=local_date().year)
    api.see_page(page(PagePublished, again=False))
    row = api.write_entry(actor=clerk, words=words(address=PATH, made_on=dt.date(2026, 1, 5)))
    api.review_entry(actor=head, entry_id=row.id, result="open", note="")
    meeting(
        lambda: api.publish_entry(actor=head, entry_id=row.id),
        lambda: api.see_page(page(PageWithdrawn)),
    )
    assert CatalogueEntry.objects.get(pk=row.pk).state == "withdrawn"


def test_index_numbers_drawn_at_once_have_no_doubles_and_no_gaps() -> None:
    county()
    clerk, other = official("clerk", "clerk"), official("other", "clerk")
    api.open_year(actor=system(TENANT), year=local_date().year)
    made = words(made_on=dt.date(2026, 1, 5))
    meeting(lambda: api.write_entry(actor=clerk, words=made), lambda: api.write_entry(actor=other, words=made))
    numbers = sorted(CatalogueEntry.objects.values_list("index_number", flat=True))
    assert [number[-5:] for number in numbers] == ["00001", "00002"]
