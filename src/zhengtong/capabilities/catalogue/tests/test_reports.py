import dataclasses
import datetime as dt

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.catalogue import api, rules
from zhengtong.capabilities.catalogue.tests import county
from zhengtong.capabilities.identity.tests.factories import official, sign_in


def reach(**changes: object) -> rules.Reach:
    plain = rules.Reach(
        code="1",
        name="事项",
        org_code="G22",
        org_name="市场监督管理局",
        power_type="01",
        depth="IV",
        has_route=True,
        own_form=True,
        visits=0,
        papers_by_hand=0,
        result_online=True,
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]  # values of the fields


@pytest.mark.parametrize(
    ("depth", "route", "online"),
    [("I", True, False), ("II", True, False), ("III", True, True), ("IV", True, True), ("IV", False, False)],
)
def test_an_item_is_online_by_its_depth_and_a_route(depth: str, route: bool, online: bool) -> None:
    assert rules.is_online(reach(depth=depth, has_route=route), least="III") is online


def test_a_wholly_online_item_lacks_nothing() -> None:
    assert rules.hindrances(reach()) == ()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"has_route": False}, "没有办理流程"),
        ({"depth": "I"}, "只能到窗口办理"),
        ({"own_form": False}, "通用申请表"),
        ({"visits": 2}, "到现场 2 次"),
        ({"papers_by_hand": 3}, "3 份材料"),
        ({"result_online": False}, "没有电子文书"),
    ],
)
def test_everything_that_is_missing_is_named(changes: dict[str, object], word: str) -> None:
    assert any(word in sentence for sentence in rules.hindrances(reach(**changes)))


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["I", "II", "III", "IV"])), max_size=30))
def test_the_county_counts_items_and_not_units(rows: list[tuple[str, str]]) -> None:
    reaches = [reach(org_code=unit, depth=depth) for unit, depth in rows]

    units = rules.shares(reaches, least="III")
    county_share = rules.whole(units)

    assert county_share.total == len(rows)
    assert county_share.online == sum(depth in ("III", "IV") for _unit, depth in rows)
    assert [share.percent for share in units] == sorted(share.percent for share in units)


def test_a_change_is_compared_in_the_unit_of_the_law() -> None:
    before = rules.Measures(steps=6, limit="20 WD", papers=8, trips=2)
    after = rules.Measures(steps=4, limit="8 WD", papers=5, trips=0)

    found = rules.changes(before, after)

    assert [change.saved for change in found] == [2, 12, 3, 2]
    assert rules.score(found, trip_weight=5) == 2 + 12 + 3 + 10


@pytest.mark.parametrize(("one", "other"), [("20 D", "8 WD"), ("NONE", "8 WD"), ("", "8 WD"), ("3 MONTH", "30 WD")])
def test_limits_of_different_units_are_not_compared(one: str, other: str) -> None:
    found = rules.changes(rules.Measures(1, one, 0, None), rules.Measures(1, other, 0, 1))

    assert found[1].saved is None
    assert found[3].saved is None


@pytest.mark.django_db
def test_the_share_of_licences_online_is_reckoned_from_the_list() -> None:
    county.found_county()
    county.import_all()

    report = api.depth_report(county.TENANT)

    licences = [line for line in county.rows("service-items.csv") if line["power_type"] == "行政许可"]
    online = sum(line["online_depth"][:3].strip() in ("III", "IV") for line in licences)
    assert (report.whole.total, report.whole.online) == (len(licences), online)
    assert sum(count for _key, _label, count in report.depths) == len(licences)
    one = report.units[0]
    assert {gap.unit for gap in api.depth_report(county.TENANT, department=one.key).gaps} <= {one.label}


@pytest.mark.django_db
def test_a_second_version_shows_what_people_are_spared() -> None:
    county.found_county()
    first = county.draft(flow=("受理", "审查", "决定", "送达"), visits=2)
    api.publish_item(actor=county.BOSS, draft=first)
    assert api.improvements(county.TENANT) == []

    api.publish_item(
        actor=county.BOSS, draft=dataclasses.replace(first, flow=("受理", "决定"), promised_limit="3 WD", visits=0)
    )

    (made,) = api.improvements(county.TENANT)
    assert (made.before, made.after) == (1, 2)
    assert [change.saved for change in made.changes] == [2, 5, 0, 2]
    shown, before, after = api.improvement_of(county.TENANT, first.code)
    assert (shown.score, before.version, after.version) == (made.score, 1, 2)
    assert api.improvements(county.TENANT, since=dt.date(2000, 1, 1)) == [made]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/items/reports/online/", "/items/reports/improvements/"])
def test_reports_are_for_those_who_answer_for_the_list(client: Client, address: str) -> None:
    county.found_county()
    county.import_all("食品经营许可")

    assert client.get(address).status_code == 302
    sign_in(client, official("clerk1", "clerk"))
    assert client.get(address).status_code == 403
    sign_in(client, official("editor1", "item_editor"))
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_the_gaps_can_be_taken_away_as_a_sheet(client: Client) -> None:
    county.found_county()
    county.import_all()
    sign_in(client, official("keeper1", "item_admin"))

    answer = client.get("/items/reports/online/?export=xlsx&type=all")

    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    page = client.get("/items/reports/online/?type=all").content.decode()
    assert "各部门网上可办占比" in page
