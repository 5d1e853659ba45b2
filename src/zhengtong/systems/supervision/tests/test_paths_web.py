"""Pages of paths: supervisors read the county, a leader his own unit, nobody else anything."""

import io

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.tests.county import citizen, found_county, officer, open_restaurant_case
from zhengtong.capabilities.identity.tests.factories import official as account
from zhengtong.capabilities.identity.tests.factories import sign_in
from zhengtong.kernel.loops import run_until_idle
from zhengtong.systems.supervision.tests.walked import DAY, MONDAY, complete, decided, open_item, path, reviewed
from zhengtong.systems.supervision.web.path_words import way

pytestmark = pytest.mark.django_db
READERS = {
    "supervisor": ("A02", "县纪委监委", "supervisor"),
    "leader": ("G22", "青禾县市场监督管理局", "leader"),
    "other_leader": ("H05", "青禾县消防救援大队", "leader"),
    "clerk": ("G22", "青禾县市场监督管理局", "clerk"),
}


@pytest.fixture
def walked():
    """Two cases of one process: one as drawn, one returned after the reviews; both decided."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        found_county()
        found = []
        for number in (1, 2):
            case_id = open_restaurant_case(citizen(), number=f"980723-2026-{number}")
            complete(case_id, "accept", "accept")
            clock.shift(DAY)
            reviewed(case_id)
            if number == 2:
                cases.return_step(
                    actor=officer("G22", "leader"),
                    work_item_id=open_item(case_id, "decide").id,
                    node="fork",
                    reason="意见不全，请重新审查。",
                    command_key="r",
                )
                reviewed(case_id)
            decided(case_id)
            found.append(case_id)
        run_until_idle()
        yield found


def client(who):
    code, name, role = READERS[who]
    return sign_in(Client(), account(who.replace("_", ""), role, org_code=code, org_name=name))


def addresses(case_id):
    found = path(case_id)
    return {
        "paths": reverse("supervision:paths"),
        "process": reverse("supervision:paths_process", args=[found.process_id]),
        "variant": reverse("supervision:paths_variant", args=[found.process_id, found.variant_id]),
        "case": reverse("supervision:paths_case", args=[case_id]),
    }


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("supervisor", (200, 200, 200, 200)),
        ("leader", (200, 200, 200, 200)),
        ("other_leader", (200, 200, 200, 404)),
        ("clerk", (403, 403, 403, 403)),
    ],
)
def test_who_reads_paths(walked, who, answers):
    browser = client(who)

    assert tuple(browser.get(one).status_code for one in addresses(walked[0]).values()) == answers


def test_what_a_jump_led_to_comes_after_the_steps_before_it():
    names = {"accept": "受理", "ask": "补正", "look": "审查", "decide": "决定", "end": "办结"}
    jumped = [("accept", (), 1), ("decide", (), 1), ("ask", (0,), 1), ("end", (1,), 1), ("look", (2,), 2)]

    assert way(jumped, names, [("jumped", "decide")]) == "受理 → 补正 → 审查×2 → 决定 → 办结"
    assert way(jumped[:1], names, [("jumped", "decide")]) == "受理"
    assert way([("accept", (), 1), ("look", (), 1)], names) == "受理＋审查"


def test_the_overview_counts_cases_deviations_and_rounds(walked):
    html = client("supervisor").get(reverse("supervision:paths")).content.decode()

    assert "restaurant" in html
    assert "94%（16 ÷ 17）" in html


def test_ways_that_deviate_come_first_and_open_to_their_cases(walked):
    browser = client("supervisor")
    html = browser.get(addresses(walked[0])["process"]).content.decode()

    off, drawn = html.index("退回重办“消防安全检查意见”"), html.rindex("50%")
    assert off < drawn
    listed = browser.get(addresses(walked[1])["variant"]).content.decode()
    assert "980723-2026-2" in listed
    assert "980723-2026-1" not in listed


def test_bottlenecks_stand_on_the_drawing_and_in_the_table(walked):
    html = client("supervisor").get(addresses(walked[0])["process"]).content.decode()

    assert "zt-bpmn" in html
    for words in ("最慢 1.0 天", "3 次", "各连线经过次数", "等待中位", "（最慢）"):
        assert words in html


def test_the_case_shows_where_and_by_which_post_it_left_the_drawing(walked):
    html = client("leader").get(addresses(walked[1])["case"]).content.decode()

    for words in ("退回重办", "消防安全检查意见", "青禾县消防救援大队 经办岗", "符合度 90%（10 ÷ 11）"):
        assert words in html
    assert "消防救援大队clerk" not in html  # no person


def test_supervision_s_own_page_of_the_case_draws_its_way(walked):
    html = client("supervisor").get(reverse("supervision:case", args=[walked[1]])).content.decode()

    assert "办理路径" in html
    assert "退回重办" in html


def test_another_unit_s_leader_sees_no_case_and_only_his_own_steps(walked):
    html = client("other_leader").get(addresses(walked[0])["process"]).content.decode()

    assert "没有符合条件的办件" in html
    assert "消防安全检查意见" in html
    assert "招牌设置意见" not in html.partition("等待：到达至签收")[2]


def test_tables_are_taken_out_as_workbooks(walked):
    browser = client("supervisor")

    for address in list(addresses(walked[0]).values())[:3]:
        answer = browser.get(address, {"export": "xlsx"})
        assert answer.headers["Content-Type"].endswith("sheet")


def test_nonsense_in_the_address_shows_an_empty_page(walked):
    browser = client("supervisor")

    for query in ("?since=2020-01-01&until=2020-02-01", "?unit=x&item=%00&state=y&since=z&page=-1", "?state=running"):
        for address in addresses(walked[0]).values():
            assert browser.get(address + query).status_code == 200


def test_the_cases_of_a_way_are_taken_away_without_marks_of_the_page(walked):
    browser, urls = client("supervisor"), addresses(walked[1])
    assert "退回重办" in browser.get(urls["variant"]).content.decode()

    book = openpyxl.load_workbook(io.BytesIO(browser.get(urls["variant"], {"export": "xlsx"}).content))

    heads, row = list(book.active.values)
    said = dict(zip(heads, row, strict=True))["偏离"]
    assert said.startswith("退回重办")
    assert "<" not in said
