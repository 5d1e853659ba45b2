"""A plan and a referral set aside need a second person: not the first, his deputy, nor whom he stood in for."""

import pytest

from zhengtong.capabilities.identity.tests.factories import acting_for
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.models import Referral
from zhengtong.systems.inspections.tests.county import OFFICE, Town, member, referred, words

pytestmark = pytest.mark.django_db
REFUSED = "提出的人、他当时所代的人和代他办理的人都不能自己批准"


def tied(town: Town) -> tuple[Actor, list[Actor], Actor]:
    """Who proposes (for an absent colleague), who is tied to him, and who is not."""
    absent, other = (member(name, "supervisor", org=OFFICE) for name in ("absent", "other"))
    nobody = [absent, acting_for(other, town.office), acting_for(other, absent)]
    return acting_for(town.office, absent), nobody, town.second


def test_a_plan_is_decided_by_nobody_who_is_tied_to_its_author(town: Town) -> None:
    proposer, nobody, second = tied(town)
    plan = api.draft_plan(actor=proposer, words=words())
    api.submit_plan(actor=proposer, plan_id=plan.id)

    with pytest.raises(NotPermitted, match="起草人不能批准自己的计划"):
        api.approve_plan(actor=town.office, plan_id=plan.id)
    for actor in nobody:
        with pytest.raises(NotPermitted, match=REFUSED):
            api.approve_plan(actor=actor, plan_id=plan.id)
        with pytest.raises(NotPermitted, match=REFUSED):
            api.return_plan(actor=actor, plan_id=plan.id, reason="要点太少，请补充。")
        assert not api.plans_waiting(actor).exists()
    assert api.plans_waiting(second).get() == plan
    assert api.approve_plan(actor=second, plan_id=plan.id).state == "approved"


def test_who_changes_a_plan_in_his_own_post_is_its_author_for_himself_alone(town: Town) -> None:
    proposer, (absent, *_tied), _second = tied(town)
    plan = api.draft_plan(actor=proposer, words=words())
    api.change_plan(actor=town.office, plan_id=plan.id, words=words())
    api.submit_plan(actor=town.office, plan_id=plan.id)

    assert api.approve_plan(actor=absent, plan_id=plan.id).state == "approved"


def test_a_referral_set_aside_is_looked_at_by_nobody_who_is_tied_to_the_first(town: Town) -> None:
    proposer, nobody, second = tied(town)
    row: Referral = referred(town)
    api.set_aside(actor=proposer, referral_id=row.id, reason="上月已经专项检查过这个窗口。")

    with pytest.raises(NotPermitted, match="提出不列入的人不能复核"):
        api.look_again(actor=town.office, referral_id=row.id, agreed=True, reason="同意不列入。")
    for actor in nobody:
        with pytest.raises(NotPermitted, match=REFUSED):
            api.look_again(actor=actor, referral_id=row.id, agreed=True, reason="同意不列入。")
        assert "second" not in api.referral_view(actor=actor, referral_id=row.id).acts_now
    assert "second" in api.referral_view(actor=second, referral_id=row.id).acts_now
    api.look_again(actor=second, referral_id=row.id, agreed=True, reason="同意不列入。")
