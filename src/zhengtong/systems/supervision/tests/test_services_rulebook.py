import datetime as dt

import pytest
import time_machine

from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Invalid, NotPermitted
from zhengtong.kernel.loops import run_until_idle
from zhengtong.systems.supervision import selectors
from zhengtong.systems.supervision.models import Card, RuleVersion
from zhengtong.systems.supervision.services import InstallReport, install_rules, rebuild
from zhengtong.systems.supervision.tests.county import RULES, TENANT, Matter, install, official, supervisor

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
LATE = next(row for row in RULES if row["key"] == "31-case-late")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def put(*rows):
    return install_rules(actor=system(TENANT), rows=rows)


def test_installing_twice_changes_nothing():
    assert put(*RULES) == InstallReport(added=len(RULES))
    assert put(*RULES) == InstallReport(unchanged=len(RULES))
    assert {rule.version for rule in selectors.rules(supervisor())} == {1}


def test_a_change_is_a_new_version_and_cards_keep_theirs(clock):
    put(LATE)
    Matter().deadline("promised", "red")
    run_until_idle()
    clock.shift(dt.timedelta(hours=1))

    assert put({**LATE, "level": "breach"}) == InstallReport(replaced=1)
    Matter("980723-2026-2").deadline("promised", "red")
    run_until_idle()

    cards = {card.case_number: (card.rule.version, card.level) for card in Card.objects.select_related("rule")}
    assert cards == {"980723-2026-1": (1, "red"), "980723-2026-2": (2, "breach")}
    rebuild(TENANT)
    assert Card.objects.count() == 2
    old = RuleVersion.objects.get(version=1)
    assert (old.active, old.valid_until) == (False, START + dt.timedelta(hours=1))


def test_a_rule_is_switched_off_and_on_again(clock):
    put(LATE)
    clock.shift(dt.timedelta(hours=1))
    assert put({**LATE, "active": False}) == InstallReport(retired=1)
    Matter().deadline("promised", "red")
    run_until_idle()
    assert not Card.objects.exists()

    clock.shift(dt.timedelta(hours=1))
    assert put(LATE) == InstallReport(replaced=1)
    Matter("980723-2026-2").deadline("promised", "red")
    run_until_idle()
    assert Card.objects.get().rule.version == 2


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"event": "office.paper_lost.v1"}, "这类事件"),
        ({"level": "purple"}, "等级"),
        ({"scope": "person"}, "责任对象"),
        ({"condition": {"field": "colour", "is": "eq", "value": 1}}, "没有字段"),
        ({"condition": "kind == 'step'"}, "条件对象"),
        ({"explanation": "{secret}"}, "没有来源"),
        ({"points": "-1"}, "扣分"),
        ({"points": "many"}, "扣分"),
        ({"valid_from": "soon"}, "生效日期"),
        ({"source": ""}, "规则来源"),
    ],
)
def test_a_wrong_rule_installs_none_at_all(change, word):
    with pytest.raises(Invalid, match=word) as refusal:
        put(RULES[0], {**LATE, **change})

    assert list(refusal.value.errors) == ["2. 31-case-late"]
    assert not RuleVersion.objects.exists()


@pytest.mark.parametrize("actor", [supervisor(), official((supervisor().org_id, "x"), "sys_admin", "process_admin")])
def test_nobody_changes_rules_by_hand(actor):
    with pytest.raises(NotPermitted):
        install_rules(actor=actor, rows=RULES)

    assert not RuleVersion.objects.exists()


def test_a_page_says_which_rules_are_still_to_be_verified():
    install()

    confirmed = {rule.key: rule.confirmed for rule in selectors.rules(supervisor())}
    assert confirmed["11-acceptance-late"]
    assert not confirmed["30-case-near"]
    with pytest.raises(NotPermitted):
        selectors.rules(official((supervisor().org_id, "x"), "clerk"))
