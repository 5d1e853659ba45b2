"""Every address, four actors; live parts; acts by form."""

import dataclasses
import datetime as dt
import hashlib
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from zhengtong.capabilities.identity.tests.factories import organisation
from zhengtong.kernel.loops import run_until_idle
from zhengtong.systems.supervision import selectors
from zhengtong.systems.supervision.models import Card, CardAct, CardFile
from zhengtong.systems.supervision.tests import test_reports
from zhengtong.systems.supervision.tests.county import UNIT, Matter, supervisor
from zhengtong.systems.supervision.web import trail, urls
from zhengtong.systems.supervision.web.card_forms import PHRASES
from zhengtong.systems.supervision.web.home_block import public_figures_block

pytestmark = pytest.mark.django_db
WORDS = "窗口停电，已于当日补办。"


@pytest.fixture
def card(matter):
    unit = organisation(*UNIT)
    item = uuid.uuid4()
    matter.opened()
    matter.step_opened(item, (unit.id, unit.name))
    matter.deadline("step", "red", item=item, org=(unit.id, unit.name))
    run_until_idle()
    return Card.objects.get()


#: address → what stranger, citizen, the unit's clerk, another unit's clerk and the supervisor get
TABLE = {
    "desk": (302, 403, 403, 403, 200),
    "desk_live": (302, 403, 403, 403, 200),
    "confirm_many": (302, 403, 403, 403, 405),
    "raise": (302, 403, 403, 403, 200),
    "letter": (302, 403, 404, 404, 404),
    "measures": (302, 403, 403, 403, 200),
    "decide_measure": (302, 403, 403, 403, 405),
    "bulk": (302, 403, 403, 403, 200),
    "bulk_new": (302, 403, 403, 403, 200),
    "batch": (302, 403, 403, 403, 404),
    "decide_batch": (302, 403, 403, 403, 405),
    "outages": (302, 403, 403, 403, 200),
    "outage": (302, 403, 403, 403, 404),
    "drill": (302, 403, 403, 403, 200),
    "summary": (302, 403, 403, 403, 200),
    "explain_many": (302, 403, 405, 405, 403),
    "board": (302, 403, 403, 403, 200),
    "board_live": (302, 403, 403, 403, 200),
    "wall": (302, 403, 403, 403, 200),
    "wall_live": (302, 403, 403, 403, 200),
    "cards": (302, 403, 403, 403, 200),
    "card": (302, 403, 200, 404, 200),
    "card_paper": (302, 403, 404, 404, 404),
    "move": (302, 403, 405, 405, 405),
    "late": (302, 403, 403, 403, 200),
    "case": (302, 403, 403, 403, 200),
    "rules": (302, 403, 403, 403, 200),
    "rule_new": (302, 403, 403, 403, 302),
    "rule": (302, 403, 403, 403, 200),
    "rule_redraft": (302, 403, 403, 403, 405),
    "rule_retire": (302, 403, 403, 403, 405),
    "draft": (302, 403, 403, 403, 404),
    "draft_enable": (302, 403, 403, 403, 405),
    "draft_move": (302, 403, 403, 403, 405),
    "trial": (302, 403, 403, 403, 404),
    "trial_live": (302, 403, 403, 403, 404),
    "mine": (302, 403, 200, 200, 403),
    "paths": (302, 403, 403, 403, 200),
    "paths_process": (302, 403, 403, 403, 404),
    "paths_variant": (302, 403, 403, 403, 404),
    "paths_case": (302, 403, 403, 403, 404),
}
ACTORS = ("stranger", "citizen", "unit", "neighbour", "supervisor")


def address(name, card):
    arguments = {
        "card": [card.id],
        "card_paper": [card.id, card.id],
        "move": [card.id, "explain"],
        "case": [card.case_id],
    }.get(name, [])
    if name in ("rule", "rule_redraft", "rule_retire"):
        arguments = [card.rule_key]
    elif name.startswith(("draft", "trial")):
        arguments = [card.id, "submit"] if name == "draft_move" else [card.id]
    elif name == "paths_variant":
        arguments = [card.id, card.id]
    elif name in ("paths_process", "paths_case", "letter", "decide_measure", "batch", "decide_batch", "outage"):
        arguments = [card.id]
    return reverse(f"supervision:{name}", args=arguments)


def test_the_table_names_every_address():
    assert {pattern.name for pattern in urls.urlpatterns} == set(TABLE) | set(test_reports.TABLE)


@pytest.mark.parametrize("position", range(5), ids=ACTORS)
def test_who_may_open_what(client_of, card, position):
    client = client_of(ACTORS[position])

    answers = {name: client.get(address(name, card)).status_code for name in TABLE}

    assert answers == {name: expected[position] for name, expected in TABLE.items()}


@pytest.mark.parametrize("who", ["stranger", "citizen", "neighbour"])
@pytest.mark.parametrize("move", ["explain", "cancel", "confirm", "vanish"])
def test_who_may_not_act_changes_nothing(client_of, card, who, move):
    response = client_of(who).post(reverse("supervision:move", args=[card.id, move]), {"reason": WORDS})

    assert response.status_code in (302, 403, 404)
    assert Card.objects.get().state == "raised"
    assert not CardAct.objects.exists()


def test_the_board_shows_figures_units_cards_and_what_is_late(client_of, card):
    html = client_of("supervisor").get(reverse("supervision:board")).content.decode()

    for words in (
        "监察看板",
        "1 个单位现有亮牌，最多的是青禾县消防救援大队",
        "环节超期",
        "消防审查",
        "办结不足 5 件，不计算",
    ):
        assert words in html
    assert f'data-poll-url="{reverse("supervision:board_live")}"' in html
    assert "http-equiv" not in html


def test_the_live_part_is_silent_until_something_changes(client_of, card):
    client = client_of("supervisor")
    live = reverse("supervision:board_live")
    first = client.get(live)
    etag = first.headers["ETag"]
    assert "<html" not in first.content.decode()

    assert client.get(live, headers={"If-None-Match": etag}).status_code == 304
    Matter("980723-2026-9").deadline("promised", "red")
    run_until_idle()

    fresh = client.get(live, headers={"If-None-Match": etag})
    assert fresh.status_code == 200
    assert fresh.headers["ETag"] != etag
    assert "超过承诺办结时限" in fresh.content.decode()


def test_the_live_part_asks_the_database_little_while_nothing_changes(client_of, card, django_assert_max_num_queries):
    client = client_of("supervisor")
    live = reverse("supervision:wall_live")
    etag = client.get(live).headers["ETag"]

    with django_assert_max_num_queries(8):  # who asks (5), the version, what waits
        client.get(live, headers={"If-None-Match": etag})


def test_the_wall_has_no_links_to_follow_and_names_the_units(client_of, card):
    html = client_of("supervisor").get(reverse("supervision:wall")).content.decode()

    main = html[html.index("<main") :]
    assert "青禾县消防救援大队" in main
    assert "<a " not in main


def test_the_unit_explains_and_the_supervisor_cancels(client_of, card):
    unit, judge = client_of("unit"), client_of("supervisor")
    page = reverse("supervision:card", args=[card.id])
    assert "说明情况" in unit.get(page).content.decode()

    answer = unit.post(reverse("supervision:move", args=[card.id, "explain"]), {"reason": WORDS}, follow=True)
    assert answer.redirect_chain[-1][0] == page
    assert WORDS in answer.content.decode()
    assert "办件经过" not in answer.content.decode(), "the course of the whole case is for the supervisor"
    html = judge.get(page).content.decode()
    assert WORDS in html
    assert "办件经过" in html

    answer = judge.post(
        reverse("supervision:move", args=[card.id, "cancel"]), {"reason": "申诉属实，予以撤销。"}, follow=True
    )
    assert "已撤销" in answer.content.decode()
    listed = judge.get(reverse("supervision:cards"), {"state": "cancelled"}).content.decode()
    assert card.number in listed


def test_a_paper_handed_in_with_the_words_is_kept_with_them_and_read_by_those_who_see_the_card(client_of, card):
    paper = SimpleUploadedFile("停电通知.png", picture(), content_type="image/png")
    move = reverse("supervision:move", args=[card.id, "explain"])

    assert client_of("unit").post(move, {"reason": WORDS, "file": [paper]}).status_code == 302

    kept = CardFile.objects.get()
    where = reverse("supervision:card_paper", args=[card.id, kept.id])
    for who in ("unit", "supervisor"):
        page = client_of(who).get(reverse("supervision:card", args=[card.id])).content.decode()
        assert f'<a href="{where}">停电通知.png</a>' in page
        answer = client_of(who).get(where)
        assert (answer.status_code, answer.content) == (200, picture())
        assert answer["Content-Disposition"].startswith("attachment")
    assert client_of("neighbour").get(where).status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("select content from ledger_payload")
        recorded = " ".join(content for (content,) in cursor.fetchall())
    assert hashlib.sha256(picture()).hexdigest() in recorded
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        kept.delete()


def test_a_paper_that_may_not_come_in_is_refused_and_the_words_stay(client_of, card):
    move = reverse("supervision:move", args=[card.id, "explain"])
    script = SimpleUploadedFile("说明.png", b"#!/bin/sh\nexit 1\n", content_type="image/png")
    phrase = str(PHRASES[1])

    for papers, sentence in (
        ([script], "不是可接收的类型"),
        ([SimpleUploadedFile(f"{no}.png", picture()) for no in range(6)], "附件最多 5 个"),
    ):
        answer = client_of("unit").post(move, {"phrase": phrase, "reason": WORDS, "file": papers})

        page = answer.content.decode()
        assert answer.status_code == 422
        for words in (sentence, WORDS, f'<option value="{phrase}" selected>', "附件请重新选择"):
            assert words in page
    assert not CardAct.objects.exists()
    assert not CardFile.objects.exists()


def picture():
    """A small PNG."""
    content = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(content, "PNG")
    return content.getvalue()


def test_what_was_typed_stays_when_it_is_refused(client_of, card):
    judge = client_of("supervisor")

    short = judge.post(reverse("supervision:move", args=[card.id, "cancel"]), {"reason": "不对"})
    early = judge.post(reverse("supervision:move", args=[card.id, "confirm"]), {"reason": "事实清楚，予以认定。"})

    assert short.status_code == early.status_code == 422
    assert "至少 5 个字" in short.content.decode()
    assert ">\n不对</textarea>" in short.content.decode()
    assert "作出说明" in early.content.decode()
    assert Card.objects.get().state == "raised"


def test_a_units_page_counts_what_waits_for_its_word(client_of, card):
    client = client_of("unit")

    html = client.get(reverse("supervision:mine")).content.decode()
    assert "本单位有 1 张牌还没有说明" in html
    client.post(reverse("supervision:move", args=[card.id, "explain"]), {"reason": WORDS})
    assert "还没有说明" not in client.get(reverse("supervision:mine")).content.decode()


def test_filters_of_the_list_survive_nonsense(client_of, card):
    client = client_of("supervisor")

    for query in ({"unit": "x", "day": "y", "page": "z"}, {"unit": str(card.org_id), "day": "2026-11-09"}):
        assert card.number in client.get(reverse("supervision:cards"), query).content.decode()
    nothing = client.get(reverse("supervision:cards"), {"number": "\x00 0"}).content.decode()
    assert "没有符合条件的牌" in nothing


def test_what_a_unit_writes_is_shown_as_text(client_of, card):
    words = "<script>alert(1)</script>说明"
    client = client_of("unit")

    client.post(reverse("supervision:move", args=[card.id, "explain"]), {"reason": words})

    assert words not in client.get(reverse("supervision:card", args=[card.id])).content.decode()


def test_the_rules_page_marks_what_is_not_verified(client_of, card):
    html = client_of("supervisor").get(reverse("supervision:rules")).content.decode()

    assert html.count('class="sup-doubt"') == html.count("待核实") - 1
    assert "行政许可法 第三十二条第一款第（四）项" in html


def test_the_page_of_a_case_shows_every_step(client_of, card):
    html = client_of("supervisor").get(reverse("supervision:case", args=[card.case_id])).content.decode()

    for words in ("收到申请", "消防审查", UNIT[1], card.number):
        assert words in html
    assert client_of("unit").get(reverse("supervision:case", args=[uuid.uuid4()])).status_code == 403


def test_the_receipt_stands_before_the_step_that_opened_with_it(card):
    found = selectors.case_trail(supervisor(), card.case_id)
    opened = min(step.opened_at for step in found.steps) + dt.timedelta(milliseconds=3)

    told = trail.events_of(dataclasses.replace(found, opened_at=opened))

    assert [event["title"] for event in told] == ["收到申请", "消防审查"]


def test_the_public_figures_appear_when_there_are_some(matter, rf):
    assert public_figures_block(rf.get("/")) is None
    for number in range(6):
        Matter(f"980723-2026-{number}").closed(in_time=number > 0)
    run_until_idle()

    html = public_figures_block(rf.get("/"))

    assert "83.3%" in html
    assert "近 30 天办结" in html
