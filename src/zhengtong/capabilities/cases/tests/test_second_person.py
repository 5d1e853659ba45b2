"""What one person proposes another decides: never he, nor who acts for him, nor for whom he acted then."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import WorkItem
from zhengtong.capabilities.cases.selectors.drafts import draft_view, drafts_to_decide
from zhengtong.capabilities.cases.selectors.interventions import pending_interventions
from zhengtong.capabilities.cases.services import calendar, drafts, trials
from zhengtong.capabilities.cases.tests.clockwork import at, clerk, do, single_case
from zhengtong.capabilities.cases.tests.county import citizen, found_county, officer, open_restaurant_case
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.identity.tests.factories import acting_for
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, NotPermitted

pytestmark = pytest.mark.django_db
#: proposes as somebody, gives the key; decides on it as somebody
Place = tuple[Callable[[Actor], uuid.UUID], Callable[[Actor, uuid.UUID], object]]


@pytest.fixture(autouse=True)
def county():
    with time_machine.travel(at("2026-03-02"), tick=False):
        found_county()
        yield


def intervention() -> Place:
    case_id = open_restaurant_case(citizen(), process_key="standard")
    do(officer("G22", "clerk"), case_id, "accept", "accept")
    item = WorkItem.objects.get(case_id=case_id, node="examine", status="open")
    detail = {"work_item_id": str(item.id), "node": "decide"}

    def ask(actor: Actor) -> uuid.UUID:
        return api.request_intervention(actor=actor, case_id=case_id, kind="jump", reason="办理陷入停顿", detail=detail)

    return ask, lambda actor, key: api.approve_intervention(actor=actor, request_id=key)


def calendar_change() -> Place:
    day = dt.date(2026, 3, 20)

    def ask(actor: Actor) -> uuid.UUID:
        return calendar.propose_local(actor=actor, first=day, last=day, title="台风停工", source="青防指〔2026〕1号")

    return ask, lambda actor, key: calendar.decide_change(actor=actor, change_id=key, grant=True)


def drawing() -> Place:
    moves = [{"do": "start"}, {"do": "task", "node": "accept", "outcome": "accept"}]

    def ask(actor: Actor) -> uuid.UUID:
        draft_id = drafts.create_draft(actor=actor, key="food_licence", title="食品经营许可")
        trials.record_trial(actor=actor, draft_id=draft_id, title="直接受理", moves=moves)
        drafts.submit_draft(actor=actor, draft_id=draft_id, rev=1)
        return draft_id

    return ask, lambda actor, key: drafts.approve_draft(actor=actor, draft_id=key, rev=1)


def extension() -> Place:
    case_id = single_case()
    do(clerk(), case_id, "accept", "accept")

    def ask(actor: Actor) -> uuid.UUID:
        return api.request_extension(actor=actor, case_id=case_id, days=5, reason="现场情况复杂，需要补充核查")

    return ask, lambda actor, key: api.approve_extension(actor=actor, extension_id=key)


def people(place: Callable[[], Place]) -> list[Actor]:
    """Who proposes, for whom, his deputy, and somebody else: each could decide in his post."""
    if place is not extension:
        return [officer(code, "process_admin") for code in ("G22", "G11", "H05", "G10")]
    more = (("clerk",), ("reviewer",), ("clerk", "reviewer"), ())
    return [officer("G22", "leader", *roles) for roles in more]


@pytest.mark.parametrize("place", [intervention, calendar_change, drawing, extension])
def test_neither_the_proposer_nor_his_deputy_nor_whom_he_stood_in_for_decides(place: Callable[[], Place]) -> None:
    proposer, absent, deputy, other = people(place)
    ask, decide = place()

    key = ask(acting_for(proposer, absent))

    for nobody in (proposer, acting_for(proposer, absent), acting_for(proposer, other)):
        with pytest.raises(NotPermitted, match=r"另一人|另一位"):
            decide(nobody, key)
    for nobody in (acting_for(deputy, proposer), absent, acting_for(deputy, absent)):
        with pytest.raises(NotPermitted, match="提出的人、他当时所代的人和代他办理的人都不能自己批准"):
            decide(nobody, key)
    decide(other, key)


@pytest.mark.parametrize("place", [intervention, calendar_change, drawing, extension])
def test_who_acts_for_somebody_else_may_decide(place: Callable[[], Place]) -> None:
    proposer, absent, deputy, _other = people(place)
    ask, decide = place()

    key = ask(proposer)

    decide(acting_for(deputy, absent), key)


def test_pages_offer_a_decision_to_nobody_who_would_be_refused() -> None:
    proposer, absent, deputy, other = people(intervention)
    asks = {place: place()[0](acting_for(proposer, absent)) for place in (intervention, drawing)}

    for nobody in (proposer, absent, acting_for(deputy, proposer)):
        assert [one.second for one in pending_interventions(nobody)] == [False]
        assert (drafts_to_decide(nobody), draft_view(nobody, asks[drawing]).may_decide) == (0, False)
    assert [one.second for one in pending_interventions(other)] == [True]
    assert (drafts_to_decide(other), draft_view(other, asks[drawing]).may_decide) == (1, True)


def test_more_time_is_not_asked_for_where_only_whom_one_stands_in_for_could_grant_it() -> None:
    head = factories.official("head", "leader", "clerk", org_code="G22", org_name="青禾县市场监督管理局", name="赵六")
    stand_in = officer("G22", "clerk")
    ask, decide = extension()

    with pytest.raises(Conflict, match="没有另一位负责人"):
        ask(acting_for(stand_in, head))

    decide(head, ask(stand_in))
