"""From a plan to a closed matter: two persons, a draw that can be repeated, points, rectification, review."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.contracts.complaints import ComplaintAnswered
from zhengtong.contracts.supervision import CardMoved, CardRaised
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.constants import VISIT
from zhengtong.systems.inspections.models import Draw, Inspector, Plan, PointPhoto, RiskSignal, Visit
from zhengtong.systems.inspections.selectors.draws import candidates_of
from zhengtong.systems.inspections.services import watching
from zhengtong.systems.inspections.services.handing_over import (
    count_organisation_work,
    hand_over_organisation_work,
)
from zhengtong.systems.inspections.services.risks import note_signals
from zhengtong.systems.inspections.tests.county import (
    HOUSING,
    MARKET,
    OFFICE,
    TENANT,
    Town,
    approved,
    done,
    drawn,
    note,
    noticed,
    picture,
    referred,
    report,
    reported,
    started,
    words,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def events(visit: Visit) -> list[str]:
    found = OutboxEvent.objects.filter(object_kind=VISIT, object_id=str(visit.id)).order_by("id")
    return [one.name.split(".")[1] for one in found]


def titles(actor) -> str:
    told = notify.inbox(actor=actor)
    return str([message.title for message in getattr(told, "rows", told)])


def test_the_whole_way_from_a_plan_to_the_figures(town: Town, clock) -> None:
    visit, pair = noticed(town, 1, 3)
    assert visit.findings.count() == 2
    clock.shift(DAY)
    with pytest.raises(Invalid) as refused:
        api.report(actor=town.market, visit_id=visit.id, text="", measures={1: api.MeasureWords(text="已补发")})
    assert set(refused.value.errors) == {"measure_1", "measure_2"}
    with pytest.raises(Invalid, match="整改情况最多 1000 个字"):
        api.report(actor=town.market, visit_id=visit.id, text="长" * 1001, measures={})
    report(town, visit, 1, 2)
    api.review(actor=pair[1], visit_id=visit.id, verdicts={1: "passed", 2: "again"}, opinion="第三条还要整改。")
    visit.refresh_from_db()
    assert (visit.state, visit.rectification.turn, visit.rectification.amount) == ("rectify", 2, 5)
    report(town, visit, 2)
    api.review(actor=pair[0], visit_id=visit.id, verdicts={2: "referred"}, opinion="仍未整改，移交。")

    visit.refresh_from_db()
    assert (visit.state, visit.ending) == ("closed", "referred")
    assert events(visit) == ["visit_done", "finding_made", "finding_made", "finding_referred", "closed"]
    assert "督查整改继续" in titles(town.head)
    found = api.statistics(actor=town.office, year=2026)
    assert (found.total.visits, found.total.points, found.total.bad) == (1, 3, 2)
    assert (found.total.passed, found.total.referred, found.total.open, found.total.serious) == (1, 1, 0, 1)
    assert [(one.label, one.bad) for one in found.units] == [(MARKET[1], 2)]
    assert [one.bad for one in found.months] == [0] * 10 + [2]
    assert api.statistics(actor=town.housing, year=2026).total.visits == 0
    assert api.public_totals(TENANT).bad == 2
    acts = [entry.act for entry in ledger.entries_of(tenant=TENANT, object_ref=ObjectRef(kind=VISIT, id=str(visit.id)))]
    assert {"inspections.issue_notice", "inspections.review", "inspections.close_visit"} <= set(acts)
    api.finish_plan(actor=town.office, plan_id=visit.plan_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.acts.all().delete()


def test_a_plan_needs_a_second_person_and_is_judged_field_by_field(town: Town) -> None:
    with pytest.raises(Invalid) as refused:
        api.draft_plan(
            actor=town.office,
            words=words(kind="x", subject="短", basis="", targets="没有的局", points="", pool="没有", sample=9),
        )
    assert set(refused.value.errors) == {"kind", "subject", "basis", "targets", "points", "pool", "sample"}
    with pytest.raises(NotPermitted):
        api.draft_plan(actor=town.market, words=words())
    plan = api.draft_plan(actor=town.office, words=words(targets="全部", sample=2))
    api.submit_plan(actor=town.office, plan_id=plan.id)
    with pytest.raises(NotPermitted):
        api.approve_plan(actor=town.office, plan_id=plan.id)
    with pytest.raises(Conflict):
        api.draw(actor=town.office, plan_id=plan.id)
    api.return_plan(actor=town.second, plan_id=plan.id, reason="要点太少，请补充。")
    api.change_plan(actor=town.second, plan_id=plan.id, words=words(targets="全部", sample=1))
    api.submit_plan(actor=town.second, plan_id=plan.id)
    with pytest.raises(NotPermitted):
        api.approve_plan(actor=town.second, plan_id=plan.id)
    assert "督查计划待批准" in titles(town.office)
    assert api.approve_plan(actor=town.office, plan_id=plan.id).state == "approved"
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(approved_by_id=town.second.person_id)


def test_the_draw_is_weighed_kept_and_can_be_repeated(town: Town) -> None:
    raise_card(HOUSING, "card-1")
    raise_card(HOUSING, "card-2", cancelled=True)
    with pytest.raises(Conflict, match="不足 2 名"):
        drawn(town, targets="全部", sample=1)
    assert not Draw.objects.exists()
    refused = api.return_plan(actor=town.second, plan_id=Plan.objects.get().id, reason="检查人员不够。")
    assert (refused.state, refused.approved_by_id) == ("draft", None)
    plan = approved(town, targets=f"{MARKET[1]}\n{HOUSING[1]}", sample=2)
    weights = {one["name"]: one["weight"] for one in candidates_of(plan)}
    assert (weights[HOUSING[1]], weights[MARKET[1]]) == (1.5, 1.0)

    row = api.draw(actor=town.office, plan_id=plan.id)

    assert api.draw_view(row).right
    assert [one.target_key for one in plan.visits.order_by("no")] == row.taken
    for visit in plan.visits.all():
        orgs = list(visit.inspectors.values_list("org_id", flat=True))
        assert len(orgs) == 2
        assert visit.org_id not in orgs
    with pytest.raises(Conflict):
        api.draw(actor=town.office, plan_id=plan.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.filter(pk=row.pk).update(seed="0")
    one = Inspector.objects.filter(visit__plan=plan).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspector.objects.filter(pk=one.pk).update(org_id=one.target_org_id)
    row.taken = row.taken[::-1]
    assert not api.draw_view(row).right


def raise_card(org: tuple[str, str], key: str, *, cancelled: bool = False) -> None:
    unit = identity.organisation(TENANT, org[0])
    card_id = uuid.uuid5(uuid.NAMESPACE_URL, key)
    common = {
        "tenant": TENANT,
        "object_ref": ObjectRef(kind="card", id=str(card_id)),
        "at": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        "card_id": card_id,
        "card_number": key,
        "rule_key": "late",
        "rule_version": 1,
        "level": "red",
        "case_id": None,
        "case_number": "QH1",
        "org_id": unit.id,
        "org_name": unit.name,
    }
    raised = CardRaised(**common, cause_id=card_id)
    note_signals([raised, raised])
    note_signals([raised])
    if cancelled:
        note_signals([CardMoved(**common, act="cancel", state="cancelled")])


def test_a_founded_complaint_weighs_and_an_unfounded_one_does_not(town: Town) -> None:
    common = {
        "tenant": TENANT,
        "at": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        "number": "TS1",
        "kind": "complaint",
        "about": "unit",
        "channel": "portal",
        "hidden": True,
        "accused_org_id": town.market.org_id,
        "measures": (),
        "in_time": True,
        "turn": 1,
    }

    for key, finding in (("a", "founded"), ("b", "unfounded")):
        note_signals([ComplaintAnswered(**common, object_ref=ObjectRef(kind="complaint", id=key), finding=finding)])

    assert list(RiskSignal.objects.values_list("kind", "key")) == [("complaint", "a")]


def test_who_recuses_is_replaced_until_nobody_is_left(town: Town) -> None:
    visit = drawn(town)
    first, other = town.inspectors(visit)

    api.recuse(actor=first, visit_id=visit.id, reason="曾在该单位工作")

    pair = town.inspectors(visit)
    assert other in pair
    assert first not in pair
    assert len(pair) == 2
    with pytest.raises(Conflict, match="不足 2 名"):
        api.recuse(actor=pair[0], visit_id=visit.id, reason="也曾在该单位工作")
    assert len(town.inspectors(visit)) == 2
    with pytest.raises(Conflict, match="不足"):
        drawn(town, targets=OFFICE[1], pool="")


def test_each_point_is_saved_at_once_and_sending_it_twice_changes_nothing(town: Town, clock) -> None:
    visit, (one, two) = started(town)
    shot = ("a.png", picture())
    wrote = dt.datetime(2026, 11, 9, 2, 5, tzinfo=dt.UTC)
    clock.shift(dt.timedelta(hours=1))

    for _again in range(2):
        row = note(one, visit, 1, "bad", remark="退件没有告知书", photos=[shot], noted_at=wrote)
    assert (row.version, row.noted_at, PointPhoto.objects.count()) == (1, wrote, 1)
    with pytest.raises(Conflict, match="刚才已经记录"):
        note(two, visit, 1, "good")
    assert note(two, visit, 1, "good", seen=1).version == 2
    with pytest.raises(Conflict, match="第 2、3 条"):
        api.sign_visit(actor=one, visit_id=visit.id)
    with pytest.raises(Invalid) as refused:
        note(one, visit, 2, "bad", photos=[("a.exe", b"MZ")])
    assert set(refused.value.errors) == {"remark", "photos"}
    with pytest.raises(NotFound):
        note(one, visit, 99)
    for no in (2, 3):
        note(one, visit, no)
    api.sign_visit(actor=one, visit_id=visit.id)
    note(two, visit, 3, "none", seen=1)
    assert not visit.inspectors.filter(signed_at__isnull=False).exists()
    for who in (one, two):
        api.sign_visit(actor=who, visit_id=visit.id)
    visit.refresh_from_db()
    assert (visit.state, visit.ending) == ("closed", "clean")
    assert "督查检查结果" in titles(town.market)


def test_the_unit_learns_of_a_visit_when_it_is_done(town: Town) -> None:
    visit, pair = started(town)
    with pytest.raises(NotFound):
        api.visit_view(actor=town.market, visit_id=visit.id)
    assert api.waiting(town.market) == 0

    for no in (1, 2, 3):
        note(pair[0], visit, no, "bad", remark="看到的问题")
    for one in pair:
        api.sign_visit(actor=one, visit_id=visit.id)
    view = api.visit_view(actor=town.market, visit_id=visit.id)

    assert (len(view.findings), view.points) == (3, ())
    with pytest.raises(NotFound):
        api.visit_view(actor=town.housing, visit_id=visit.id)
    api.issue_notice(actor=pair[0], visit_id=visit.id, demand="立即整改。")
    assert api.waiting(town.market) == 1
    with pytest.raises(Conflict):
        report(town, visit, 1, 2, 3)


def test_limits_run_on_working_days_and_tell_who_is_late(town: Town, clock) -> None:
    visit, pair = noticed(town, 1)
    row = visit.rectification
    assert row.due_on == dt.date(2026, 11, 23)
    clock.move_to(row.yellow_at)
    do_all_work()
    assert "临近期限" in titles(town.market)
    clock.move_to(row.due_at)
    do_all_work()
    do_all_work()

    late = OutboxEvent.objects.filter(name="inspections.rectification_overdue.v1")
    assert [(one.data["stage"], one.data["by_unit"]) for one in late] == [("rectify", True)]
    assert api.statistics(actor=town.office, year=2026).total.late == 1
    report(town, visit, 1)
    api.review(actor=pair[0], visit_id=visit.id, verdicts={1: "passed"}, opinion="整改到位。")
    closed = OutboxEvent.objects.get(name="inspections.closed.v1")
    assert (closed.data["ending"], closed.data["in_time"]) == ("passed", False)


def test_one_limit_that_fails_holds_up_no_other(town: Town, clock, monkeypatch: pytest.MonkeyPatch) -> None:
    visit, _pair = noticed(town, 1)
    card = referred(town)

    def broken(row, *, passed: bool) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(watching, "_tell", broken)
    clock.move_to(visit.rectification.due_at + DAY)
    with pytest.raises(RuntimeError, match="1 of what was due failed"):
        watching.tick()
    card.refresh_from_db()
    assert card.level == "red"
    assert "督查线索已经超期" in titles(town.office)

    monkeypatch.undo()
    watching.tick()
    assert "督查整改已经超期" in titles(town.market)


def test_turns_come_to_an_end_and_who_reported_does_not_review(town: Town) -> None:
    visit, pair = reported(town, 1)
    for _turn in range(2):
        api.review(actor=pair[0], visit_id=visit.id, verdicts={1: "again"}, opinion="还要整改。")
        report(town, visit, 1)

    with pytest.raises(Invalid):
        api.review(actor=pair[0], visit_id=visit.id, verdicts={}, opinion="整改到位。")
    with pytest.raises(Conflict, match="已经整改 3 次"):
        api.review(actor=pair[0], visit_id=visit.id, verdicts={1: "again"}, opinion="还要整改。")
    with pytest.raises(Conflict):
        api.review(actor=town.market, visit_id=visit.id, verdicts={1: "passed"}, opinion="整改到位。")
    made = visit.rectification.reports.get(turn=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(made).objects.filter(pk=made.pk).update(verdict="passed", reviewed_by_id=made.by_id)


def test_a_merged_unit_gives_its_rectification_to_its_heir(town: Town) -> None:
    visit, _pair = noticed(town, 1)

    assert count_organisation_work(tenant=TENANT, org_id=town.market.org_id) == 1
    moved = hand_over_organisation_work(
        actor=town.office, from_org_id=town.market.org_id, to_org_id=town.housing.org_id, reason="机构改革"
    )

    assert moved == 1
    assert "report" in api.visit_view(actor=town.housing, visit_id=visit.id).acts_now


def test_a_visit_is_called_off_and_the_plan_ends(town: Town) -> None:
    visit = drawn(town)
    with pytest.raises(Conflict, match="1 次检查没有办结"):
        api.finish_plan(actor=town.office, plan_id=visit.plan_id)

    api.cancel_visit(actor=town.office, visit_id=visit.id, reason="单位已撤并")

    assert api.finish_plan(actor=town.second, plan_id=visit.plan_id).state == "closed"
    assert done(town)[0].ending == "clean"
