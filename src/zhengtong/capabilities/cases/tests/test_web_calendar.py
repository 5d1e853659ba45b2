"""The page of the working calendar: who may open and change it, what it says, what was typed stays."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import CalendarChange, CalendarDay
from zhengtong.capabilities.cases.tests.clockwork import at
from zhengtong.capabilities.cases.tests.county import found_county
from zhengtong.capabilities.cases.web import calendar_urls
from zhengtong.capabilities.identity.tests.factories import citizen, official, sign_in
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
LOCAL = {
    "title": "台风停工",
    "first": "2026-12-07",
    "last": "2026-12-08",
    "kind": "closure",
    "source": "青防指〔2026〕9号",
}
DECREE = {"year": "2027", "notice": "国办发明电〔2026〕0号", "text": "2027-01-01,放假,元旦\n2027-10-01,放假,国庆节"}
UNIT = {"org_code": "G22", "org_name": "青禾县市场监督管理局"}
OTHER = {"org_code": "H05", "org_name": "青禾县消防救援大队"}


@pytest.fixture(autouse=True)
def county():
    with time_machine.travel(at("2026-12-01"), tick=False):
        found_county()
        api.forget_calendars()
        yield
        api.forget_calendars()


def client_of(who):
    client = Client()
    people = {
        "keeper": lambda: official("keeper", "process_admin", **UNIT),
        "second": lambda: official("second", "process_admin", **OTHER),
        "leader": lambda: official("leader", "leader", **UNIT),
        "neighbour": lambda: official("neighbour", "leader", **OTHER),
        "clerk": lambda: official("clerk", "clerk", **UNIT),
        "citizen": citizen,
    }
    return client if who == "stranger" else sign_in(client, people[who]())


@pytest.fixture
def asked():
    client_of("keeper").post(reverse("calendar:local"), LOCAL)
    return CalendarChange.objects.get()


def address(name, change):
    arguments = {"withdraw": [change.id], "decide": [change.id, "grant"]}.get(name, [])
    return reverse(f"calendar:{name}", args=arguments)


#: address → what stranger, citizen, clerk, leader of another unit and process administrator get
TABLE = {
    "overview": (302, 403, 403, 200, 200),
    "decree": (302, 403, 403, 403, 405),
    "local": (302, 403, 403, 403, 405),
    "withdraw": (302, 403, 403, 403, 405),
    "decide": (302, 403, 403, 405, 405),
}
ACTORS = ("stranger", "citizen", "clerk", "neighbour", "second")


def test_the_table_names_every_address():
    assert {pattern.name for pattern in calendar_urls.urlpatterns} == set(TABLE)


@pytest.mark.parametrize("position", range(5), ids=ACTORS)
def test_who_may_open_what(asked, position):
    client = client_of(ACTORS[position])

    answers = {name: client.get(address(name, asked)).status_code for name in TABLE}

    assert answers == {name: expected[position] for name, expected in TABLE.items()}


@pytest.mark.parametrize("who", ["stranger", "citizen", "clerk", "neighbour"])
def test_who_may_not_decide_changes_nothing(asked, who):
    response = client_of(who).post(address("decide", asked))

    assert response.status_code in (302, 403)
    asked.refresh_from_db()
    assert asked.state == "asked"
    assert not CalendarDay.objects.filter(local=True).exists()


def test_the_proposer_sees_that_another_person_decides():
    keeper = client_of("keeper")
    keeper.post(reverse("calendar:local"), LOCAL)
    change = CalendarChange.objects.get()

    page = keeper.get(reverse("calendar:overview")).content.decode()
    refused = keeper.post(address("decide", change))

    assert "您提出的变更须由另一名流程管理员或者本单位负责人批准。" in page
    assert "等待批准" in page
    assert refused.status_code == 403


@pytest.mark.parametrize("who", ["leader", "second"])
def test_a_second_person_puts_it_into_force(asked, who):
    client = client_of(who)
    waiting = client.get(reverse("calendar:overview")).content.decode()

    page = client.post(address("decide", asked), {"note": "同意"}, follow=True).content.decode()
    do_all_work()
    later = client.get(reverse("calendar:overview")).content.decode()

    assert "台风停工" in waiting
    assert "日历立即生效" in page
    assert "12月7日（一）至12月8日（二），2 天" in later
    assert "本地" in later
    assert "已重新计算 0 个办件" in later
    assert CalendarDay.objects.filter(local=True).count() == 2


def test_a_refusal_without_reason_is_asked_again(asked):
    client = client_of("leader")

    silent = client.post(reverse("calendar:decide", args=[asked.id, "refuse"]), {"note": ""})
    client.post(reverse("calendar:decide", args=[asked.id, "refuse"]), {"note": "文号有误"})
    late = client.post(reverse("calendar:decide", args=[asked.id, "grant"]), {"note": ""})
    strange = client.post(reverse("calendar:decide", args=[asked.id, "vanish"]))

    assert (silent.status_code, late.status_code, strange.status_code) == (422, 409, 404)
    assert "须写明理由" in silent.content.decode()


def test_a_year_is_proposed_and_granted():
    client_of("keeper").post(reverse("calendar:decree"), DECREE)
    change = CalendarChange.objects.get()

    client_of("leader").post(address("decide", change))

    page = client_of("second").get(reverse("calendar:overview") + "?year=2027").content.decode()
    assert "2027（已公布）" in page
    assert "国庆节" in page


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("decree", DECREE | {"text": "2027-13-01,放假,元旦"}, "第 1 行：日期应写成"),
        ("decree", DECREE | {"notice": ""}, "通知文号"),
        ("decree", DECREE | {"year": "2031"}, "只能录入去年到后年"),
        ("local", LOCAL | {"last": "2026-12-01"}, "结束日期不能早于开始日期"),
        ("local", LOCAL | {"source": ""}, "依据的文件"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(name, data, sentence):
    response = client_of("keeper").post(reverse(f"calendar:{name}"), data)

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert next(value for value in data.values() if value).split("\n")[0] in page
    assert not CalendarChange.objects.exists()


def test_the_page_says_which_year_is_provisional_and_how_far_it_reaches():
    client = client_of("second")

    this_year = client.get(reverse("calendar:overview")).content.decode()
    next_year = client.get(reverse("calendar:overview") + "?year=2027").content.decode()
    strange = client.get(reverse("calendar:overview") + "?year=1066").content.decode()
    assert client.get(reverse("calendar:overview"), {"year": "2" * 5000}).status_code == 200

    assert "放假安排只录入到2026年底" in this_year
    assert "全年 248 个工作日" in this_year
    assert "这一年的放假安排还没有公布" in next_year
    assert "全年 248 个工作日" in strange


def test_the_keeper_is_told_on_the_start_page_and_nobody_else():
    keeper = client_of("keeper").get("/").content.decode()
    leader = client_of("leader").get("/").content.decode()

    assert "工作日历须维护" in keeper
    assert "工作日历须维护" not in leader


def test_a_local_arrangement_is_taken_back_by_two_persons(asked):
    leader, keeper = client_of("leader"), client_of("second")
    leader.post(address("decide", asked))

    silent = keeper.post(address("withdraw", asked), {"source": " "})
    keeper.post(address("withdraw", asked), {"source": "青防指〔2026〕10号"})
    withdrawal = CalendarChange.objects.get(kind="withdrawal")
    sign_in(Client(), official("third", "process_admin", **UNIT)).post(address("decide", withdrawal))

    assert silent.status_code == 422
    assert withdrawal.title == "撤销“台风停工”"
    assert [dt.date.fromisoformat(day["day"]) for day in withdrawal.days] == [
        dt.date(2026, 12, 7),
        dt.date(2026, 12, 8),
    ]
    assert not CalendarDay.objects.filter(local=True).exists()


def test_a_withdrawal_that_was_refused_may_be_asked_for_again_and_is_nobody_elses(asked):
    leader, keeper = client_of("leader"), client_of("second")
    leader.post(address("decide", asked))
    day = {"title": "停工", "first": "2026-12-21", "last": "2026-12-21"}
    keeper.post(reverse("calendar:local"), {**LOCAL, **day})
    other = CalendarChange.objects.get(title="停工")
    sign_in(Client(), official("third", "process_admin", **UNIT)).post(address("decide", other))

    def offered() -> list[bool]:
        page = keeper.get(reverse("calendar:overview")).content.decode()
        return [address("withdraw", change) in page for change in (asked, other)]

    assert offered() == [True, True]
    keeper.post(address("withdraw", asked), {"source": "青防指〔2026〕10号"})
    assert offered() == [False, True]
    refused = CalendarChange.objects.get(kind="withdrawal")
    third = sign_in(Client(), official("third", "process_admin", **UNIT))
    third.post(reverse("calendar:decide", args=[refused.id, "refuse"]), {"note": "台风还没有过去"})
    assert offered() == [True, True]


@pytest.mark.parametrize("year", ["9" * 5000, "²⁰²⁶", "1", ""])
def test_any_other_year_is_the_present_one(year):
    answer = client_of("keeper").get(reverse("calendar:overview"), {"year": year})

    assert answer.status_code == 200
    assert "2026年" in answer.content.decode()


def test_an_opinion_too_long_is_refused_whole_and_stays_typed(asked):
    second = client_of("second")

    refused = second.post(reverse("calendar:decide", args=[asked.id, "grant"]), {"note": "长" * 501})
    second.post(reverse("calendar:decide", args=[asked.id, "grant"]), {"note": "同意"})
    long = client_of("keeper").post(address("withdraw", asked), {"source": "号" * 121})

    assert (refused.status_code, long.status_code) == (422, 422)
    assert "长" * 501 in refused.content.decode()
    assert "号" * 121 in long.content.decode()
    asked.refresh_from_db()
    assert asked.note == "同意"
