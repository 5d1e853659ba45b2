"""Two of the office put two complaints together at once, each into the other."""

import pytest
from django.db import OperationalError, transaction

from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.testing.two_at_once import meeting
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.tests.county import accepted, county, supervisor

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def rows() -> list[Complaint]:
    county()
    office = supervisor()
    return sorted((accepted(office), accepted(office)), key=lambda row: row.pk)


def test_of_two_that_are_merged_into_each_other_one_is_and_the_other_refused(rows: list[Complaint]) -> None:
    one, other = rows
    office, second = supervisor("first"), supervisor("second")

    refusal = meeting(
        lambda: api.merge(actor=office, complaint_id=one.pk, into=other.number),
        lambda: api.merge(actor=second, complaint_id=other.pk, into=one.number),
    )

    assert isinstance(refusal, Conflict)
    assert list(Complaint.objects.exclude(merged_into=None)) == [one]


def test_both_are_locked_in_one_order_whichever_goes_into_which(rows: list[Complaint]) -> None:
    low, high = rows
    office = supervisor("first")
    free: list[bool] = []

    def probe() -> None:
        """The first of the two is held: whoever waits for it must not hold the second meanwhile."""
        try:
            with transaction.atomic():
                Complaint.objects.select_for_update(nowait=True).get(pk=high.pk)
            free.append(True)
        except OperationalError:
            free.append(False)

    result = meeting(
        lambda: Complaint.objects.select_for_update().get(pk=low.pk),
        lambda: api.merge(actor=office, complaint_id=high.pk, into=low.number),
        meanwhile=probe,
    )

    assert free == [True]
    assert isinstance(result, Complaint)
