"""A rule is composed in rows, tried over the past, and put in force by another than who drafted it."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests.factories import official as account
from zhengtong.capabilities.identity.tests.factories import sign_in
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.testing.work import run_jobs
from zhengtong.systems.supervision import services
from zhengtong.systems.supervision.models import Card, RuleDraft, RuleTrial, RuleVersion
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.rules import fields_of
from zhengtong.systems.supervision.services import drafting
from zhengtong.systems.supervision.services.trying import start_trial
from zhengtong.systems.supervision.tests.county import FIRE, LEAD, RULES, TENANT, Matter, install, official, supervisor
from zhengtong.systems.supervision.web import field_words

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 9)
FORM = {
    "name": "审查太快",
    "event": "cases.step_done.v1",
    "join": "all",
    "group-0-join": "all",
    "row-0-0-field": "phase",
    "row-0-0-is": "eq",
    "row-0-0-value": "审查",
    "row-0-1-field": "outcome",
    "row-0-1-is": "in",
    "row-0-1-value": "同意、通过",
    "level": "yellow",
    "scope": "step",
    "explanation": "〔责任单位〕办理“〔环节〕”只用了 〔环节用时〕 秒。",
    "source": "本县监察办法",
    "points": "2",
    "do": "save",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def drafter():
    return supervisor()


def second():
    return official((uuid.UUID(int=0x02), "县纪委监委"), "supervisor", "second")


def composed(actor):
    """A draft that flags every review that agrees."""
    draft = drafting.draft_rule(actor=actor)
    content = {
        "name": "审查一律提示",
        "event": "cases.step_done.v1",
        "condition": {
            "all": [
                {"field": "phase", "is": "eq", "value": "review"},
                {"field": "outcome", "is": "eq", "value": "agree"},
            ]
        },
        "level": "hint",
        "scope": "step",
        "explanation": "{responsible}办理“{step}”用了 {step_seconds} 秒。",
        "source": "本县监察办法",
    }
    return drafting.save_draft(actor=actor, draft_id=draft.id, content=content)


def tried(draft, actor):
    start_trial(actor=actor, draft_id=draft.id, from_day=TODAY, until_day=TODAY)
    run_jobs()
    return RuleTrial.objects.filter(draft=draft).latest("created_at")


def happened():
    """Two reviews that agree and one that does not."""
    matter = Matter()
    matter.opened()
    for outcome in ("agree", "agree", "disagree"):
        matter.step_done(uuid.uuid4(), outcome)
    run_until_idle()


def test_a_trial_tells_what_would_have_been_flagged_and_what_became_of_such_cards():
    install()
    happened()
    draft = composed(drafter())
    services.install_rules(
        actor=system(TENANT), rows=[{"key": "other", **draft.content, "name": "先有的规则", "valid_from": "2026-01-01"}]
    )
    services.rebuild(TENANT)
    card = Card.objects.filter(rule_key="other").order_by("number").first()
    services.cancel_card(actor=supervisor(), card_id=card.id, reason="当日系统故障，不成立。")

    trial = tried(draft, drafter())

    assert (trial.state, trial.total, trial.looked_at, trial.flagged) == ("done", 3, 3, 2)
    result = trial.result
    assert result["units"] == [[FIRE[1], 2]]
    assert result["months"] == [["2026-11", 2]]
    assert result["overlap"] == [["先有的规则", 2]]
    assert (result["confirmed"], result["cancelled"], result["open"], result["precision"]) == (0, 1, 1, "0.0")
    assert {one["text"] for one in result["sample"]} == {"青禾县消防救援大队办理“消防审查”用了 86400 秒。"}
    assert all(
        one["facts"] == {"step_seconds": 86_400} and "person_id" not in one["fields"] for one in result["sample"]
    )


def test_another_puts_it_in_force_and_it_judges_from_then_on(clock):
    happened()
    draft = composed(drafter())
    with pytest.raises(Conflict, match="试算"):
        drafting.submit_draft(actor=drafter(), draft_id=draft.id)
    tried(draft, drafter())
    drafting.submit_draft(actor=drafter(), draft_id=draft.id)
    with pytest.raises(NotPermitted, match="起草人自己不能批准"):
        drafting.enable_draft(actor=drafter(), draft_id=draft.id)
    for stranger in (official(FIRE, "leader"), official(LEAD, "clerk")):
        with pytest.raises(NotPermitted):
            drafting.enable_draft(actor=stranger, draft_id=draft.id)

    clock.shift(dt.timedelta(minutes=1))

    rule = drafting.enable_draft(actor=second(), draft_id=draft.id)

    assert (rule.version, rule.enabled_by, rule.active) == (1, "李二", True)
    services.rebuild(TENANT)
    assert not Card.objects.exists()
    clock.shift(dt.timedelta(minutes=1))
    Matter("980723-2026-2").step_done(uuid.uuid4())
    run_until_idle()
    assert Card.objects.get().rule_id == rule.id
    acts = [entry.act for entry in ledger.entries_of(ObjectRef(kind="supervision_draft", id=str(draft.id)), TENANT)]
    assert acts == [
        "supervision.draft_rule",
        "supervision.try_rule",
        "supervision.submit_rule",
        "supervision.enable_rule",
    ]


def test_a_changed_draft_must_be_tried_again():
    draft = composed(drafter())
    tried(draft, drafter())

    drafting.save_draft(actor=drafter(), draft_id=draft.id, content=draft.content | {"level": "red"})

    with pytest.raises(Conflict, match="试算"):
        drafting.submit_draft(actor=drafter(), draft_id=draft.id)


def test_what_is_returned_can_be_changed_and_what_is_enabled_cannot():
    draft = composed(drafter())
    tried(draft, drafter())
    drafting.submit_draft(actor=drafter(), draft_id=draft.id)
    with pytest.raises(Conflict):
        drafting.save_draft(actor=drafter(), draft_id=draft.id, content=draft.content)
    with pytest.raises(Invalid, match="理由"):
        drafting.return_draft(actor=second(), draft_id=draft.id, reason="不")

    drafting.return_draft(actor=second(), draft_id=draft.id, reason="样本里误报太多")

    draft.refresh_from_db()
    assert (draft.state, draft.reason) == ("draft", "样本里误报太多")
    with pytest.raises(NotPermitted, match="只有起草人"):
        drafting.save_draft(actor=second(), draft_id=draft.id, content=draft.content)
    with pytest.raises(NotFound):
        drafting.save_draft(actor=supervisor("980724"), draft_id=draft.id, content={})


def test_a_rule_is_switched_off_with_a_reason_and_stays_off_when_rules_are_installed_again():
    install(rows=RULES)

    with pytest.raises(Invalid):
        drafting.retire_rule(actor=supervisor(), key="50-in-seconds", reason="")
    drafting.retire_rule(actor=supervisor(), key="50-in-seconds", reason="误报太多，修改后再用。")
    install(rows=RULES)

    rule = RuleVersion.objects.get(key="50-in-seconds")
    assert (rule.active, rule.retired_by, rule.retired_why) == (False, "李二", "误报太多，修改后再用。")
    with pytest.raises(NotPermitted):
        drafting.retire_rule(actor=official(FIRE, "leader"), key="21-step-late", reason="不想再看到这些牌")


def test_a_second_press_begins_no_second_empty_rule():
    first = drafting.draft_rule(actor=drafter())

    assert drafting.draft_rule(actor=drafter()).id == first.id
    assert drafting.draft_rule(actor=second()).id != first.id, "a colleague's is his own"
    drafting.save_draft(actor=drafter(), draft_id=first.id, content={**first.content, "name": "审查太快"})
    assert drafting.draft_rule(actor=drafter()).id != first.id, "one that is being written is not given again"


def test_a_new_version_begins_as_the_one_in_force_and_there_is_one_draft_of_it():
    install(rows=RULES)

    draft = drafting.draft_rule(actor=drafter(), key="55-paused-on-last-day")

    assert draft.content["condition"] == next(row for row in RULES if row["key"] == draft.key)["condition"]
    assert drafting.draft_rule(actor=second(), key=draft.key).id == draft.id
    with pytest.raises(NotFound):
        drafting.draft_rule(actor=drafter(), key="no-such-rule")


@pytest.fixture
def client():
    return sign_in(Client(), account("watcher", "supervisor", org_code="A02", org_name="县纪委监委"))


def post(client, name, *args, **fields):
    return client.post(reverse(f"supervision:{name}", args=args), fields)


def test_composing_on_the_page(client):
    happened()
    address = post(client, "rule_new")["Location"]
    draft = RuleDraft.objects.get()

    page = client.post(address, FORM | {"do": "add-row:0"}).content.decode()
    assert 'name="row-0-2-field"' in page
    page = client.post(address, FORM | {"do": "word:due_on"}).content.decode()
    assert "秒。〔截止日〕" in page
    wrong = client.post(address, FORM | {"row-0-0-field": "step_seconds", "row-0-0-value": "很快"})
    assert wrong.status_code == 422
    assert "“很快”不是数字。" in wrong.content.decode()

    assert client.post(address, FORM)["Location"] == address
    draft.refresh_from_db()
    assert draft.content["condition"] == {
        "all": [
            {"field": "phase", "is": "eq", "value": "review"},
            {"field": "outcome", "is": "in", "value": ["agree", "pass"]},
        ]
    }
    assert draft.content["explanation"] == "{responsible}办理“{step}”只用了 {step_seconds} 秒。"
    page = client.get(address).content.decode()
    assert "青禾县消防救援大队办理“消防审查”只用了 86400 秒。" in page
    assert "（阶段 等于 审查） 并且 （结论 是其中之一 同意、通过）" in page


def test_trial_submission_and_switching_on_by_pages(client):
    happened()
    address = post(client, "rule_new")["Location"]
    client.post(address, FORM)
    draft = RuleDraft.objects.get()

    refused = client.post(address, FORM | {"do": "submit", "name": "审查过快"})
    assert refused.status_code == 422
    assert "请先用过去的事件试算" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.content["name"] == "审查过快", "what was typed is kept with the draft, whatever the button"
    period = {"from_day": "2026-11-01", "until_day": "2026-11-09"}
    where = client.post(address, FORM | period | {"do": "try"})["Location"]
    assert "正在排队" in client.get(where).content.decode()
    run_jobs()
    page = client.get(where).content.decode()
    for words in ("会亮牌", "命中最多的是青禾县消防救援大队，2 件", "环节到达至办结的秒数"):
        assert words in page
    assert client.post(address, FORM | {"do": "submit"})["Location"] == address
    assert post(client, "draft_enable", draft.id).status_code == 403

    other = sign_in(Client(), account("second", "supervisor", org_code="A02", org_name="县纪委监委"))
    assert "批准启用" in other.get(address).content.decode()
    assert post(other, "draft_enable", draft.id).status_code == 302
    key = RuleVersion.objects.get().key
    assert "审查太快" in other.get(reverse("supervision:rules")).content.decode()
    assert post(other, "rule_retire", key, reason="先不用").status_code == 422
    assert post(other, "rule_retire", key, reason="试行结束，先停用。").status_code == 302
    page = other.get(reverse("supervision:rule", args=[key])).content.decode()
    assert "试行结束，先停用。" in page
    assert "已停用" in page

    again = post(other, "rule_redraft", key)
    assert again["Location"] == post(other, "rule_redraft", key)["Location"]
    assert again["Location"] == reverse("supervision:draft", args=[RuleDraft.objects.get(key=key, state="draft").id])


@pytest.mark.parametrize("button", ["try", "submit"])
def test_each_thing_that_is_missing_is_named_where_it_is_typed_and_nothing_is_lost(client, button):
    address = post(client, "rule_new")["Location"]

    period = {"from_day": "2026-11-01", "until_day": "2026-11-09"}
    left_out = {"source": "", "name": "", "basis": "本县办法第三条"}
    refused = client.post(address, FORM | period | left_out | {"do": button})

    assert refused.status_code == 422
    page = refused.content.decode()
    assert {"name", "source"} <= set(refused.context["form"].errors)
    for words in ("请填写规则名称。", "请填写规则来源", 'value="本县办法第三条"', "只用了 〔环节用时〕 秒。"):
        assert words in page
    assert not RuleTrial.objects.exists()
    assert RuleDraft.objects.get().state == "draft"


def test_thousands_of_digits_are_no_number_of_days_and_name_no_row(client):
    """Python reads no number of more than 4,300 digits: the page ended as a fault of ours, with all that was typed."""
    address, long = post(client, "rule_new")["Location"], "9" * 5000

    refused = client.post(address, FORM | {"window_days": long})
    assert refused.status_code == 422
    assert refused.context["form"].errors["window_days"] == "请填写天数（整数）。"
    kept = client.post(address, FORM | {"do": f"drop-group:{long}"})
    assert kept.status_code == 200
    assert len(kept.context["form"].groups) == 1


def test_the_leader_of_the_drafters_unit_sees_and_decides_other_leaders_do_not(client):
    happened()
    address = post(client, "rule_new")["Location"]
    own = sign_in(Client(), account("head", "leader", org_code="A02", org_name="县纪委监委"))
    other = sign_in(Client(), account("boss", "leader", org_code="G22", org_name="青禾县市场监督管理局"))

    assert own.get(address).status_code == 200
    assert own.post(address, FORM).status_code == 403
    assert other.get(address).status_code == 404


def test_every_field_a_rule_may_name_has_one_chinese_name():
    for name, source in event_sources.items():
        words = field_words.words_of_text(name)

        assert len(set(words.values())) == len(words), source.label
    shown = {(row["event"], field) for row in RULES for field in fields_of(row["condition"])}
    assert [pair for pair in shown if pair[1] not in field_words.terms_of(pair[0])] == []


def test_what_was_typed_into_a_draft_that_was_submitted_meanwhile_is_shown_again(client):
    happened()
    address = post(client, "rule_new")["Location"]
    client.post(address, FORM)
    RuleDraft.objects.update(state="submitted")

    refused = client.post(address, FORM | {"source": "本县监察办法第八条"})

    assert refused.status_code == 422
    page = refused.content.decode()
    assert "已经提交或者了结" in page
    assert "本县监察办法第八条" in page
    assert RuleDraft.objects.get().content["source"] == "本县监察办法"
