"""Whether a rating counts is judged by neither who asked, nor who acts for him, nor for whom he acted then."""

import pytest

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.identity.tests.factories import acting_for
from zhengtong.capabilities.notify import api as notify
from zhengtong.capabilities.ratings import api
from zhengtong.capabilities.ratings.selectors import follow_ups as selectors
from zhengtong.capabilities.ratings.tests.matters import bad, clerk
from zhengtong.kernel.errors import NotPermitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def test_neither_who_asked_nor_his_deputy_nor_whom_he_stood_in_for_judges() -> None:
    asker, absent, deputy, other = (clerk(f"leader.{no}", "leader", "clerk") for no in range(4))
    row = bad(people.citizen())
    before = {actor.person_id: notify.unread(actor=actor) for actor in (absent, other)}

    api.ask_exclusion(
        actor=acting_for(asker, absent), follow_up_id=row.id, verdict="malicious", reason="同一人一天内重复辱骂。"
    )

    told = [notify.unread(actor=actor) - before[actor.person_id] for actor in (absent, other)]
    assert told == [0, 1]  # who may not judge is not asked to
    for nobody in (asker, absent, acting_for(deputy, asker), acting_for(deputy, absent)):
        with pytest.raises(NotPermitted, match="都不能认定"):
            api.judge(actor=nobody, follow_up_id=row.id, exclude=True, reason="情况属实，认定。")
        view = selectors.follow_up(actor=nobody, follow_up_id=row.id)
        assert view.acts_now.isdisjoint({"keep", "exclude"})
    judged = api.judge(actor=acting_for(deputy, other), follow_up_id=row.id, exclude=True, reason="情况属实，认定。")
    assert judged.state == "excluded"
