"""The day a version enters into force: waited for, taken back, refused; and the day an item ends."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.services import switch_scheduled
from zhengtong.capabilities.catalogue.tests import county, reviewing
from zhengtong.capabilities.catalogue.tests.reviewing import drafted, fresh, judge, published, submitted, who
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office() -> Iterator[None]:
    with time_machine.travel("2026-11-20T02:00:00Z"):
        reviewing.found_office()
        yield


def test_a_later_day_waits_for_its_midnight() -> None:
    now = published()
    row = api.draft_from_version(actor=who("editor"), version_id=now.id, reason="修订")
    api.draft_item(actor=who("editor"), draft=reviewing.whole(promised_limit="5 WD"), item_id=row.item_id)
    api.submit_draft(actor=who("editor"), version_id=row.id, valid_from=dt.date(2026, 12, 1))
    row = judge(judge(judge(row, "leader", "agree"), "lawyer", "pass"), "keeper", "publish")

    assert (row.status, row.version) == ("scheduled", 2)
    assert api.find_item(county.TENANT, reviewing.whole().code).version == 1
    with time_machine.travel("2026-11-30T15:59:59Z", tick=False):
        assert switch_scheduled() == 0
    with time_machine.travel("2026-11-30T16:00:00Z", tick=False):
        assert (switch_scheduled(), switch_scheduled()) == (1, 0)
    item = api.find_item(county.TENANT, reviewing.whole().code)
    assert (item.version, item.valid_from, str(item.promised_limit)) == (2, dt.date(2026, 12, 1), "5 WD")
    assert fresh(now).status == "retired"


def test_a_waiting_version_can_be_taken_back_by_the_keeper_alone() -> None:
    row = judge(judge(submitted(), "leader", "agree"), "lawyer", "pass")
    row = judge(row, "keeper", "publish", valid_from=dt.date(2026, 12, 1))

    with pytest.raises(NotPermitted):
        api.cancel_scheduled(actor=who("leader"), version_id=row.id, reason="暂缓")
    api.cancel_scheduled(actor=who("keeper"), version_id=row.id, reason="暂缓")

    with time_machine.travel("2026-12-02T00:00:00Z", tick=False):
        assert switch_scheduled() == 0
    assert fresh(row).status == "discarded"


def test_a_day_in_the_past_is_refused() -> None:
    row = drafted()

    with pytest.raises(Invalid, match="不能早于今天"):
        api.submit_draft(actor=who("editor"), version_id=row.id, valid_from=local_date() - dt.timedelta(days=1))


def test_retiring_while_cases_run_takes_back_what_waits() -> None:
    row = published()

    for name in ("editor", "lawyer", "clerk", "stranger"):
        with pytest.raises(NotPermitted):
            api.retire_item(actor=who(name), code=reviewing.whole().code, reason="取消")
    api.retire_item(actor=who("keeper"), code=reviewing.whole().code, reason="取消")

    assert fresh(row).status == "retired"
    assert api.item_version(row.id).name == row.name


def test_nothing_is_sent_in_while_a_version_waits_for_its_day() -> None:
    row = judge(judge(submitted(), "leader", "agree"), "lawyer", "pass")
    row = judge(row, "keeper", "publish", valid_from=dt.date(2026, 12, 1))
    again = api.draft_from_version(actor=who("editor"), version_id=row.id, reason="再改")

    with pytest.raises(Conflict, match="待生效"):
        api.submit_draft(actor=who("editor"), version_id=again.id)
