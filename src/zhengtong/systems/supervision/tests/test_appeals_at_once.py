"""Two people of a unit appeal against its score at the same time."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.identity.tests.factories import organisation
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.testing.two_at_once import meeting
from zhengtong.systems.supervision.models import ScoreAppeal
from zhengtong.systems.supervision.services import scores as scoring
from zhengtong.systems.supervision.tests import scored_county as county
from zhengtong.systems.supervision.tests.county import official
from zhengtong.systems.supervision.tests.test_scores_services import published


@pytest.mark.usefixtures("committed_db")
def test_of_two_who_appeal_at_once_the_second_is_told() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC), tick=False):
        county.prepared()
        unit = organisation("H05", "青禾县消防救援大队")
        county.carded("red", (unit.id, unit.name))
        run = published()
        one, other = (official((unit.id, unit.name), role, role) for role in ("leader", "clerk"))

        refused = meeting(
            lambda: scoring.appeal_score(actor=one, run_id=run.id, text="红牌是系统故障造成的。"),
            lambda: scoring.appeal_score(actor=other, run_id=run.id, text="红牌是系统故障造成的。"),
        )

        assert isinstance(refused, Conflict)
        assert ScoreAppeal.objects.get().filed_by == one.name
