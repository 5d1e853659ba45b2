"""Two who bring the rows of figures up to date at once: what was read later is what stays."""

import pytest

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.testing.two_at_once import meeting
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, CaseFigure
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.usefixtures("committed_db", "monday")


def test_what_was_read_earlier_does_not_overwrite_what_was_read_later(applicant: Actor) -> None:
    hall.found_county()
    row = hall.submitted(applicant)
    do_all_work()
    assert row.case_id is not None
    case_id = row.case_id

    def refresh() -> None:
        api.refresh_figures(tenant=hall.TENANT, case_ids={case_id})

    def changed() -> None:
        Application.objects.filter(pk=row.pk).update(channel="window")
        refresh()

    meeting(refresh, refresh, meanwhile=changed)

    assert CaseFigure.objects.get().channel == "window"
