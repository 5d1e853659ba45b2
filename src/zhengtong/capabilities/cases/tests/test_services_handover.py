"""Open work of units that are merged and of people who leave; how far a role reaches; taking part as a grant."""

import dataclasses
import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import Case, HandOver, WorkItem, WorkItemMove
from zhengtong.capabilities.cases.registry import service_topics
from zhengtong.capabilities.cases.services import handover
from zhengtong.capabilities.cases.tests.county import UNITS, citizen, found_county, officer, open_restaurant_case
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai


@pytest.fixture
def county(monkeypatch):
    for topic in ("issue_licence", "issue_refusal", "refuse_acceptance"):
        monkeypatch.setitem(service_topics._items, topic, lambda call: {"document": call.topic})
    with time_machine.travel(START, tick=False) as traveller:
        found_county()
        yield traveller


def settle(county):
    """A minute later nobody can have read the old unit as it was."""
    county.shift(dt.timedelta(minutes=1))
    do_all_work()


def person(username, code, *roles, name="李二"):
    return factories.official(username, *roles, org_code=code, org_name=f"青禾县{UNITS[code]}", name=name)


def complete(actor, case_id, node, outcome):
    item = WorkItem.objects.get(case_id=case_id, node=node, status="open")
    api.complete_step(actor=actor, work_item_id=item.id, outcome=outcome, opinion="意见", command_key=node)


def test_a_merged_units_cases_and_tasks_go_to_its_heir_and_later_steps_open_there(county):
    clerk, fire = person("clerk", "G22", "clerk"), person("fire", "H05", "clerk", name="王五")
    case_id = open_restaurant_case(citizen())
    complete(clerk, case_id, "accept", "accept")
    decree = identity.Decree(effective_on=START.date(), document_number="青政发〔2026〕1号", reason="机构改革")

    identity.merge_organisations(actor=system("980723"), codes=["H05"], into_code="G10", decree=decree)

    heir = identity.organisation("980723", "G10")
    item = WorkItem.objects.get(case_id=case_id, node="review_fire", status="open")
    assert (item.org_id, item.org_name) == (heir.id, heir.name)
    complete(dataclasses.replace(fire, org_id=heir.id), case_id, "review_fire", "agree")
    again = open_restaurant_case(citizen(), number="980723-2026-2")
    complete(clerk, again, "accept", "accept")
    assert WorkItem.objects.get(case_id=again, node="review_fire").org_id == heir.id


def test_the_case_itself_goes_over_with_the_unit_that_answered_for_it(county):
    case_id = open_restaurant_case(citizen())
    decree = identity.Decree(effective_on=START.date(), document_number="青政发〔2026〕1号", reason="机构改革")

    identity.merge_organisations(actor=system("980723"), codes=["G22"], into_code="G10", decree=decree)

    assert Case.objects.get(pk=case_id).org_name == "青禾县住房和城乡建设局"
    assert api.case_view(actor=officer("G10", "clerk"), case_id=case_id).number == "980723-2026-1"


def begin(monkeypatch, cases, batch=2):
    """The market bureau with so many cases is merged; the first batch goes over at once."""
    monkeypatch.setattr(handover, "_BATCH", batch)
    ids = sorted(open_restaurant_case(citizen(), number=f"980723-2026-{n}") for n in range(cases))
    decree = identity.Decree(effective_on=START.date(), document_number="青政发〔2026〕1号", reason="机构改革")
    identity.merge_organisations(actor=system("980723"), codes=["G22"], into_code="G10", decree=decree)
    return ids


def owners(ids):
    rows = Case.objects.filter(pk__in=ids).order_by("id")
    return [name.removeprefix("青禾县") for name in rows.values_list("org_name", flat=True)]


MARKET, HOUSING = UNITS["G22"], UNITS["G10"]


def test_much_work_goes_over_in_batches_each_case_once(county, monkeypatch):
    ids = begin(monkeypatch, 5)
    row = HandOver.objects.get()
    assert owners(ids) == [HOUSING, HOUSING, MARKET, MARKET, MARKET]
    assert (row.total, row.moved, row.finished_at) == (5, 2, None)
    heir = identity.organisation("980723", "G10")
    assert handover.count_organisation_work(tenant="980723", org_id=heir.id) == 5  # what comes over counts

    counts = [handover.continue_hand_overs() for _turn in range(3)]

    row.refresh_from_db()
    assert counts == [2, 1, 0]
    assert owners(ids) == [HOUSING] * 5
    assert row.finished_at is None
    settle(county)
    row.refresh_from_db()
    assert (row.moved, row.finished_at is not None) == (5, True)
    assert WorkItemMove.objects.filter(kind="hand_over").count() == 5
    taken = [e.act for key in ids for e in ledger.entries_of(ObjectRef(kind="case", id=str(key)), "980723")]
    assert taken.count("cases.hand_over") == 5
    own = [e.act for e in ledger.entries_of(ObjectRef(kind="hand_over", id=str(row.id)), "980723")]
    assert own == ["cases.hand_over_unit", "cases.hand_over_finished"]


def test_a_hand_over_that_broke_off_goes_on_and_one_case_that_fails_holds_up_no_other(county, monkeypatch):
    ids = begin(monkeypatch, 5)
    real = handover._hand_over

    def failing(actor, case, *rest):
        if case.id == ids[2]:
            raise RuntimeError("broken off")
        return real(actor, case, *rest)

    monkeypatch.setattr(handover, "_hand_over", failing)
    with pytest.raises(RuntimeError, match="1 of what was due failed"):
        handover.continue_hand_overs()
    handover.continue_hand_overs()
    assert owners(ids) == [HOUSING, HOUSING, MARKET, HOUSING, HOUSING]
    assert HandOver.objects.get().finished_at is None

    monkeypatch.setattr(handover, "_hand_over", real)
    do_all_work()

    assert owners(ids) == [HOUSING] * 5
    assert (HandOver.objects.get().moved, WorkItemMove.objects.filter(kind="hand_over").count()) == (5, 5)


def test_a_case_that_comes_too_late_for_a_pass_goes_with_the_next(county, monkeypatch):
    begin(monkeypatch, 3)
    late = open_restaurant_case(citizen(), number="980723-2026-9")

    do_all_work()

    assert owners([late]) == [HOUSING]
    assert (HandOver.objects.get().total, HandOver.objects.get().moved) == (3, 4)


@pytest.mark.parametrize("own", [0, 1])
def test_a_task_opened_by_an_act_that_overlapped_the_merger_follows(county, monkeypatch, own):
    case_id = open_restaurant_case(citizen(), number="980723-2026-7")
    complete(person("clerk", "G22", "clerk"), case_id, "accept", "accept")
    fire = identity.organisation("980723", "H05")
    task = WorkItem.objects.filter(case_id=case_id, node="review_fire")
    task.update(org_id=identity.organisation("980723", "G11").id)  # what the merger could not see yet
    if own:
        Case.objects.filter(pk=open_restaurant_case(citizen())).update(org_id=fire.id, org_name=fire.name)
    decree = identity.Decree(effective_on=START.date(), document_number="青政发〔2026〕1号", reason="机构改革")

    identity.merge_organisations(actor=system("980723"), codes=["H05"], into_code="G10", decree=decree)
    assert HandOver.objects.get().total == own
    task.update(org_id=fire.id, org_name=fire.name)
    do_all_work()

    assert task.get().org_id == identity.organisation("980723", "G10").id
    settle(county)
    row = HandOver.objects.get()
    assert (row.moved, row.finished_at is not None) == (own + 1, True)


def test_a_unit_without_work_leaves_no_trace_of_a_hand_over(county, client):
    decree = identity.Decree(effective_on=START.date(), document_number="青政发〔2026〕1号", reason="机构改革")
    identity.merge_organisations(actor=system("980723"), codes=["H05"], into_code="G10", decree=decree)
    settle(county)

    row = HandOver.objects.get()
    assert row.finished_at is not None
    assert not ledger.entries_of(ObjectRef(kind="hand_over", id=str(row.id)), "980723")
    factories.sign_in(client, person("watcher", "G22", "supervisor"))
    assert "机构移交" not in client.get(reverse("processes:interventions")).content.decode()


def test_watchers_see_how_far_a_hand_over_is(county, monkeypatch, client):
    begin(monkeypatch, 5)
    watcher, leader = person("watcher", "H05", "supervisor"), person("boss", "H05", "leader", name="王五")
    address = reverse("processes:interventions")

    factories.sign_in(client, watcher)
    page = client.get(address).content.decode()
    settle(county)
    after = client.get(address).content.decode()
    factories.sign_in(client, leader)
    theirs = client.get(address).content.decode()

    assert "已移交 2 件，共 5 件" in page
    assert "正在移交" in page
    assert "已移交 5 件，共 5 件" in after
    assert "移交完毕" in after
    assert "机构移交" not in theirs


def test_the_heir_of_the_heir_gets_what_is_still_on_its_way(county, monkeypatch):
    ids = begin(monkeypatch, 5)
    decree = identity.Decree(effective_on=START.date(), document_number="青政发〔2026〕2号", reason="机构改革")

    identity.merge_organisations(actor=system("980723"), codes=["G10"], into_code="G11", decree=decree)
    settle(county)

    assert owners(ids) == [UNITS["G11"]] * 5
    assert all(row.finished_at for row in HandOver.objects.all())
    assert not WorkItem.objects.filter(case_id__in=ids, status="open").exclude(
        org_id=identity.organisation("980723", "G11").id
    )


def test_a_leavers_tasks_go_to_his_colleague(county):
    leaver, heir = person("leaver", "G22", "clerk"), person("heir", "G22", "clerk", name="王五")
    case_id = open_restaurant_case(citizen())
    item = WorkItem.objects.get(case_id=case_id, node="accept")
    api.claim_step(actor=leaver, work_item_id=item.id)

    counted = handover.count_person_work(tenant="980723", person_id=leaver.person_id, org_id=leaver.org_id)
    moved = handover.hand_over_person_work(
        actor=system("980723"),
        person_id=leaver.person_id,
        org_id=leaver.org_id,
        to_person_id=heir.person_id,
        reason="调离",
    )

    assert (counted, moved) == (1, 1)
    with pytest.raises(NotPermitted):
        complete(leaver, case_id, "accept", "accept")
    complete(heir, case_id, "accept", "accept")


def test_how_far_a_role_reaches(county):
    case_id = open_restaurant_case(citizen())
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    other = open_restaurant_case(citizen(), number="980723-2026-2")
    fire = officer("H05", "clerk")

    def sees(actor, which):
        try:
            return bool(api.case_view(actor=actor, case_id=which))
        except NotFound:
            return False

    unit = dataclasses.replace(fire, scopes=(("clerk", "unit"),))
    own = dataclasses.replace(fire, scopes=(("clerk", "own"),))
    county_wide = dataclasses.replace(fire, scopes=(("clerk", "county"),))
    narrow = dataclasses.replace(officer("H05", "supervisor"), scopes=(("supervisor", "unit"),))

    assert [sees(unit, case_id), sees(unit, other)] == [True, False]
    assert [sees(own, case_id), sees(own, other)] == [True, False]
    assert [sees(county_wide, case_id), sees(county_wide, other)] == [True, True]
    assert [sees(narrow, case_id), sees(narrow, other)] == [True, False]
    item = WorkItem.objects.get(case_id=case_id, node="review_fire")
    api.claim_step(actor=person("colleague", "H05", "clerk", name="王五"), work_item_id=item.id)
    assert not sees(own, case_id)


def test_taking_part_is_a_grant_for_that_case_only(county):
    case_id = open_restaurant_case(citizen())
    complete(officer("G22", "clerk"), case_id, "accept", "accept")
    other = open_restaurant_case(citizen(), number="980723-2026-2")
    fire, path = officer("H05", "clerk"), officer("G22", "clerk").org_path

    def granted(which, purpose="办理并联审查"):
        ref = ObjectRef(kind="case", id=str(which))
        return identity.has_grant(actor=fire, subject_org=path, purpose=purpose, object_ref=ref)

    assert granted(case_id)
    assert not granted(other)
    assert not granted("not a key")
    assert not identity.has_grant(actor=fire, subject_org=path, purpose="办理", object_ref=None)


def test_a_delegate_handles_only_the_items_named_to_him(county):
    case_id = open_restaurant_case(citizen())
    delegate = dataclasses.replace(officer("G22", "clerk"), delegated_by="李局", delegated_items=frozenset({"other"}))

    with pytest.raises(NotPermitted, match="李局"):
        complete(delegate, case_id, "accept", "accept")
    complete(
        dataclasses.replace(delegate, delegated_items=frozenset({"1198072300720319364980131801000"})),
        case_id,
        "accept",
        "accept",
    )


def test_what_is_in_the_hands_of_an_absent_person_his_deputy_completes_and_the_other_way(county):
    principal, deputy = person("boss", "G22", "clerk"), person("deputy", "G22", "reviewer", name="王五")
    acting = dataclasses.replace(
        principal, person_id=deputy.person_id, name="王五", delegator_id=principal.person_id, delegated_by="李二"
    )
    first = open_restaurant_case(citizen())
    second = open_restaurant_case(citizen(), number="980723-2026-2")
    api.claim_step(actor=principal, work_item_id=WorkItem.objects.get(case_id=first, node="accept").id)

    api.claim_step(actor=acting, work_item_id=WorkItem.objects.get(case_id=second, node="accept").id)
    complete(acting, first, "accept", "accept")

    assert WorkItem.objects.get(case_id=second, node="accept").holder == "李二"
    complete(principal, second, "accept", "accept")
