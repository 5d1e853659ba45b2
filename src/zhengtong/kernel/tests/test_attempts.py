"""An address is told apart within a day and a scope, and by nobody afterwards."""

import datetime as dt

import pytest
import time_machine

from zhengtong.kernel.attempts import Attempts, digest_of_day
from zhengtong.kernel.errors import NotPermitted
from zhengtong.kernel.models import Attempt


def test_the_digest_of_an_address_changes_every_day_of_the_county() -> None:
    with time_machine.travel("2026-11-09T15:59:00Z", tick=False):
        late = digest_of_day("letters.address", "203.0.113.9")
        assert digest_of_day("letters.address", "203.0.113.9") == late
        assert digest_of_day("forms.address", "203.0.113.9") != late
    with time_machine.travel("2026-11-09T16:00:00Z", tick=False):  # midnight in the county
        assert digest_of_day("letters.address", "203.0.113.9") != late


@pytest.mark.django_db
def test_too_many_attempts_of_one_address_at_one_thing_are_refused_for_a_while() -> None:
    tries, hour = Attempts("letters.look_up"), dt.timedelta(hours=1)
    asked = {"tenant": "980723", "address": "203.0.113.9"}
    with time_machine.travel("2026-11-09T02:00:00Z", tick=False) as clock:
        for _ in range(2):
            tries.check(**asked, within=hour, most=2, refusal="太多")
            tries.count(**asked)
        with pytest.raises(NotPermitted, match="太多"):
            tries.check(**asked, within=hour, most=2, refusal="太多")
        with pytest.raises(NotPermitted, match="今天已经太多"):
            tries.check_day(**asked, most=2)
        for other in ({"address": "203.0.113.8"}, {"tenant": "980724"}):
            tries.check(**{**asked, **other}, within=hour, most=2, refusal="太多")
        Attempts("letters.send").check(**asked, within=hour, most=1, refusal="太多")
        clock.shift(dt.timedelta(hours=2))
        tries.check(**asked, within=hour, most=2, refusal="太多")
        clock.shift(dt.timedelta(days=1))
        tries.count(**asked)

    assert Attempt.objects.count() == 1
    assert "203.0.113.9" not in str(list(Attempt.objects.values()))
