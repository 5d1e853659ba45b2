"""Two presses that begin a rule arrive at the same time."""

import pytest

from zhengtong.kernel.testing.two_at_once import meeting
from zhengtong.systems.supervision.models import RuleDraft
from zhengtong.systems.supervision.services import drafting
from zhengtong.systems.supervision.tests.county import supervisor


@pytest.mark.usefixtures("committed_db")
def test_two_presses_at_once_begin_one_empty_rule() -> None:
    actor = supervisor()

    begun = meeting(lambda: drafting.draft_rule(actor=actor), lambda: drafting.draft_rule(actor=actor))

    assert begun == RuleDraft.objects.get()
