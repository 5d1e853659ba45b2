"""An address is told apart within a day and a scope, and by nobody afterwards."""

import time_machine

from zhengtong.kernel.attempts import digest_of_day


def test_the_digest_of_an_address_changes_every_day_of_the_county() -> None:
    with time_machine.travel("2026-11-09T15:59:00Z", tick=False):
        late = digest_of_day("letters.address", "203.0.113.9")
        assert digest_of_day("letters.address", "203.0.113.9") == late
        assert digest_of_day("forms.address", "203.0.113.9") != late
    with time_machine.travel("2026-11-09T16:00:00Z", tick=False):  # midnight in the county
        assert digest_of_day("letters.address", "203.0.113.9") != late
