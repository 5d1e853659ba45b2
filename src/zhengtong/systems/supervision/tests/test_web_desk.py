"""The workbench and what is done from it: batches, bulk cancellation by two, outages, letters, lists as workbooks."""

import io
import re
import uuid

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from zhengtong.capabilities.identity.tests.factories import official as account
from zhengtong.capabilities.identity.tests.factories import organisation, sign_in
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.supervision.models import Accountability, BulkCancel, Card, Outage, RuleVersion
from zhengtong.systems.supervision.tests.county import UNIT, Matter

pytestmark = pytest.mark.django_db
WORDS = "窗口停电，已于当日补办。"


@pytest.fixture
def cards(matter):
    unit = organisation(*UNIT)
    for number in range(3):
        Matter(f"980723-2026-{number}").deadline("step", "red", item=uuid.uuid4(), org=(unit.id, unit.name))
    run_until_idle()
    return list(Card.objects.order_by("number"))


@pytest.fixture
def judge(client_of):
    return client_of("supervisor")


@pytest.fixture
def boss(client):
    return sign_in(client, account("boss", "supervisor", "leader", org_code="A02", org_name="县纪委监委"))


def url(name, *arguments):
    return reverse(f"supervision:{name}", args=arguments)


def rows_of(response):
    assert response.headers["Content-Disposition"].startswith("attachment")
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(response.content)).active.iter_rows()]


def test_the_unit_explains_many_and_the_supervisor_confirms_many(client_of, judge, cards):
    unit, keys = client_of("unit"), [str(card.id) for card in cards]
    refused = unit.post(url("explain_many"), {"pick": keys, "reason": "短"})
    assert refused.status_code == 422
    assert "至少 5 个字" in refused.content.decode()
    told = unit.post(
        url("explain_many"), {"pick": keys[:2], "phrase": "窗口设备故障，已于当日修复并补办。"}, follow=True
    )
    assert "已说明 2 张" in told.content.decode()

    page = judge.get(url("desk")).content.decode()
    assert all(card.number in page for card in cards[:2])
    assert cards[2].number not in page.split("要办的牌")[1], "it waits for its unit"
    done = judge.post(url("confirm_many"), {"pick": keys, "reason": "逐件核实，情况属实。"}, follow=True)

    assert "已认定 2 张" in done.content.decode()
    assert f"{cards[2].number}：责任单位还可以" in done.content.decode()
    assert list(Card.objects.order_by("number").values_list("state", flat=True)) == ["confirmed", "confirmed", "raised"]


def ticked(page):
    """The boxes that are ticked on a page."""
    boxes = re.findall(r'<input class="form-check-input"[^>]*name="pick"[^>]*>', page.content.decode())
    return {re.search(r'value="([^"]+)"', box).group(1) for box in boxes if re.search(r"\bchecked\b", box)}


def test_what_was_ticked_stays_ticked_when_it_is_refused(client_of, judge, cards):
    unit, keys = client_of("unit"), [str(card.id) for card in cards]
    refused = unit.post(url("explain_many") + "?level=red", {"pick": keys[:2], "reason": "短"})
    elsewhere = unit.post(url("explain_many") + "?number=nothing", {"pick": keys[:2], "reason": "短"})
    unit.post(url("explain_many"), {"pick": keys[:2], "phrase": "窗口设备故障，已于当日修复并补办。"})
    short = judge.post(url("confirm_many"), {"pick": keys[:1], "reason": "短"})

    assert ticked(unit.get(url("mine"))) == set()
    assert ticked(refused) == set(keys[:2])
    assert "没有符合条件的牌" in elsewhere.content.decode(), "the filters of the list stay"
    assert (short.status_code, ticked(short)) == (422, {keys[0]})


def test_a_bulk_cancellation_by_two(judge, boss, cards):
    empty = judge.get(url("bulk_new")).content.decode()
    assert "请先选择" in empty
    chosen = f"{url('bulk_new')}?unit={cards[0].org_id}"
    assert "将撤销 3 张" in judge.get(chosen).content.decode()
    short = judge.post(chosen, {"cause": "holiday", "reason": "调休", "evidence": "国办发明电〔2026〕9号"})
    assert short.status_code == 422
    said = {"cause": "holiday", "reason": "调休安排变更，时限顺延。", "evidence": "国办发明电〔2026〕9号"}
    judge.post(chosen, said)

    batch = BulkCancel.objects.get()
    assert "请另一位监察员核准" in judge.get(url("batch", batch.id)).content.decode()
    own = judge.post(url("decide_batch", batch.id), {"agreed": "yes", "reason": "自己核准。", "digest": batch.digest})
    assert own.status_code == 403
    boss.post(url("decide_batch", batch.id), {"agreed": "yes", "reason": "逐张核对过。", "digest": batch.digest})
    do_all_work()

    assert set(Card.objects.values_list("state", flat=True)) == {"cancelled"}
    page = judge.get(url("batch", batch.id)).content.decode()
    assert "已完成" in page
    assert batch.digest in page
    assert len(rows_of(judge.get(url("batch", batch.id), {"export": "xlsx"}))) == 4
    again = judge.get(url("card", cards[0].id)).content.decode()
    assert "重新亮牌" in again


def test_an_outage_is_declared_and_what_it_held_is_judged(judge, cards):
    form = {"starts_at": "2026-11-09T09:00", "ends_at": "", "reason": "机房断电，全县停机。", "evidence": "运维单 18"}
    assert judge.post(url("outages"), {**form, "starts_at": "昨天"}).status_code == 422
    judge.post(url("outages"), form)
    outage = Outage.objects.get()
    Matter("980723-2026-9").deadline("step", "red", item=uuid.uuid4(), org=(cards[0].org_id, cards[0].org_name))
    run_until_idle()

    page = judge.get(url("outage", outage.id))
    assert "980723-2026-9" in page.content.decode()
    assert "3 张" in judge.get(url("desk"), {"queue": "doubt"}).content.decode()
    held = outage.held.get()
    silent = judge.post(url("outage", outage.id), {"act": "drop", "pick": str(held.id), "reason": ""})
    assert (silent.status_code, ticked(silent)) == (422, {str(held.id)})
    answer = judge.post(
        url("outage", outage.id), {"act": "drop", "pick": str(held.id), "reason": "停机期间无法办理。"}, follow=True
    )
    assert "已核定 1 张" in answer.content.decode()
    assert judge.post(url("outage", outage.id), {"act": "end", "ends_at": "2026-11-09T08:00"}).status_code == 422


def test_letters_and_accountability_on_the_card(client_of, judge, boss, cards):
    card, unit = cards[0], client_of("unit")
    unit.post(url("move", card.id, "explain"), {"reason": WORDS})
    judge.post(url("move", card.id, "confirm"), {"reason": "原因不成立。"})
    judge.post(url("move", card.id, "propose"), {"findings": "三件申请超期。", "reason": "建立每日清零制度。"})
    judge.post(url("move", card.id, "account"), {"kind": "提醒谈话", "post": "审查岗", "reason": "多次超期未整改。"})
    letter, measure = card.letters.get(), Accountability.objects.get()

    assert unit.get(url("letter", letter.id)).headers["Content-Type"] == "application/pdf"
    assert client_of("neighbour").get(url("letter", letter.id)).status_code == 404
    assert "审查岗" not in unit.get(url("card", card.id)).content.decode(), "not before it is decided"
    assert judge.post(url("decide_measure", measure.id), {"agreed": "yes", "reason": "自己决定。"}).status_code == 403
    boss.post(url("decide_measure", measure.id), {"agreed": "yes", "reason": "情况属实，同意。"})
    unit.post(url("move", card.id, "reply"), {"reason": "已建立制度并公布。"})

    page = unit.get(url("card", card.id)).content.decode()
    for words in ("审查岗 · 提醒谈话", letter.number, "已建立制度并公布"):
        assert words in page
    assert "审查岗" in judge.get(url("measures")).content.decode()
    assert len(rows_of(judge.get(url("measures"), {"export": "xlsx"}))) == 2


def test_from_the_county_to_a_card_in_two_clicks_and_every_list_as_a_workbook(client_of, judge, cards):
    county = judge.get(url("drill")).content.decode()
    assert f"unit={cards[0].org_id}" in county
    unit = judge.get(url("drill"), {"unit": str(cards[0].org_id)}).content.decode()
    assert f"{url('cards')}?unit={cards[0].org_id}&amp;day=2026-11-09" in unit

    for name in ("desk", "cards", "drill", "bulk", "late"):
        rows = rows_of(
            judge.get(url(name), {"export": "xlsx", "queue": "unit"} if name == "desk" else {"export": "xlsx"})
        )
        assert len(rows) >= (1 if name in ("bulk", "late") else 2)
    assert len(rows_of(client_of("unit").get(url("mine"), {"export": "xlsx"}))) == 4
    summary = judge.get(url("summary")).content.decode()
    assert "监察概况 · 全县" in summary


def test_a_leader_sees_the_summary_of_his_own_unit(client, cards):
    leader = sign_in(client, account("head", "leader", org_code="G22", org_name="青禾县市场监督管理局"))

    page = leader.get(url("summary")).content.decode()

    assert "青禾县市场监督管理局" in page
    assert cards[0].number not in page


def test_a_card_is_raised_by_hand(judge, cards):
    form = {"rule": str(RuleVersion.objects.filter(active=True).first().id), "unit": str(cards[0].org_id)}
    form |= {"evidence_kind": "complaint", "reference": "投诉 18", "text": "要求申请人重复提交复印件。"}
    bad = judge.post(url("raise"), {**form, "reference": ""})
    assert bad.status_code == 422
    assert "要求申请人重复提交复印件" in bad.content.decode()

    made = judge.post(url("raise"), form, follow=True)

    assert "投诉 18" in made.content.decode()
    assert Card.objects.filter(evidence__event="manual").count() == 1


def test_the_reason_for_a_decision_that_was_refused_stays_typed(client_of, judge, boss, cards):
    card = cards[0]
    client_of("unit").post(url("move", card.id, "explain"), {"reason": WORDS})
    judge.post(url("move", card.id, "confirm"), {"reason": "原因不成立。"})
    judge.post(url("move", card.id, "account"), {"kind": "提醒谈话", "post": "审查岗", "reason": "多次超期未整改。"})
    measure = Accountability.objects.get()

    refused = boss.post(url("decide_measure", measure.id), {"agreed": "yes", "reason": "同意。"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "同意。</textarea>" in page
    assert 'aria-invalid="true"' in page
    boss.post(url("decide_measure", measure.id), {"agreed": "no", "reason": "已经谈过话了。"})
    late = boss.post(url("decide_measure", measure.id), {"agreed": "yes", "reason": "情况属实，同意。"})
    assert late.status_code == 422
    assert "这项责任追究已经由" in late.content.decode()
