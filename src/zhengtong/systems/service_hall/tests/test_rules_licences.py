"""What may be done about a licence: state against act, measures of the authority, reminders, names of materials."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.systems.service_hall.rules.licences import (
    AUTHORITY_ACTS,
    GROUNDS,
    HOLDER_ACTS,
    Act,
    Facts,
    barred,
    decision_barred,
    is_paper_for,
    measure_problems,
    plain_name,
    reminder_due,
    state_of,
)

TODAY = dt.date(2026, 11, 22)
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2031, 12, 31))
LICENCES = st.builds(
    Facts,
    end_word=st.sampled_from(["", "已撤销", "已注销", "已换发"]),
    ended_on=DAYS,
    lost_on=st.none() | DAYS,
    valid_until=st.none() | DAYS,
    pending=st.sampled_from(["", "变更申请（1）"]),
    measure=st.sampled_from(["", "撤销"]),
    offered=st.booleans(),
)


@given(LICENCES, st.sampled_from(list(Act)))
@settings(max_examples=200)
def test_a_licence_that_ended_is_open_to_nothing_and_every_bar_is_a_sentence(facts: Facts, act: Act) -> None:
    said = barred(act, facts, TODAY)

    assert said == "" or said.endswith("。")
    if facts.end_word:
        assert facts.end_word in said


@given(LICENCES, st.sampled_from([Act.RENEW, Act.CHANGE, Act.REPLACE, Act.CANCEL]))
@settings(max_examples=200)
def test_one_application_at_a_time_and_only_where_the_item_is_offered(facts: Facts, act: Act) -> None:
    if facts.pending or not facts.offered:
        assert barred(act, facts, TODAY)


@given(LICENCES)
@settings(max_examples=200)
def test_an_open_act_fits_the_state(facts: Facts) -> None:
    free = {act for act in Act if not barred(act, facts, TODAY)}

    assert not {Act.REPORT_LOSS, Act.LIFT_LOSS} <= free
    if facts.lost_on is not None:
        assert not free & {Act.RENEW, Act.CHANGE, Act.REPORT_LOSS}
    if facts.expired(TODAY):
        assert not free & {Act.RENEW, Act.CHANGE, Act.REPLACE, Act.REPORT_LOSS, Act.CORRECT}
    if facts.valid_until is None:
        assert Act.RENEW not in free
    if facts.measure:
        assert not free & set(AUTHORITY_ACTS)


def test_a_licence_in_force_is_open_to_what_fits() -> None:
    facts = Facts(valid_until=dt.date(2027, 11, 21))

    assert {act for act in HOLDER_ACTS if not barred(act, facts, TODAY)} == {
        Act.RENEW,
        Act.CHANGE,
        Act.REPORT_LOSS,
        Act.REPLACE,
        Act.CANCEL,
    }
    lost = dataclasses.replace(facts, lost_on=TODAY)
    assert {act for act in HOLDER_ACTS if not barred(act, lost, TODAY)} == {Act.LIFT_LOSS, Act.REPLACE, Act.CANCEL}


@pytest.mark.parametrize(
    ("facts", "state", "words"),
    [
        (Facts(), "valid", "有效，长期"),
        (Facts(valid_until=dt.date(2027, 11, 21)), "valid", "有效，至2027年11月21日"),
        (Facts(valid_until=dt.date(2026, 12, 2)), "ending", "有效，将于2026年12月2日到期，还有 10 天"),
        (Facts(valid_until=TODAY), "ending", "还有 0 天"),
        (Facts(valid_until=dt.date(2026, 11, 21)), "expired", "已过期"),
        (Facts(lost_on=TODAY), "lost", "已挂失（2026年11月22日）"),
        (Facts(end_word="已撤销", ended_on=TODAY, lost_on=TODAY), "ended", "已撤销（2026年11月22日）"),
    ],
)
def test_a_state_in_plain_words(facts: Facts, state: str, words: str) -> None:
    found = state_of(facts, TODAY)

    assert found[0] == state
    assert words in found[1]


def _problems(act: Act, **changes: object) -> dict[str, str]:
    values = {
        "ground": next(iter(GROUNDS[act])),
        "reason": "经查属实",
        "relief": "依法赔偿",
        "document_no": "青罚〔2026〕1号",
        "corrected": {"地址": "新街 1 号"},
        "facts": Facts(valid_until=dt.date(2027, 1, 1)),
        "today": TODAY,
    }
    return measure_problems(act, **{**values, **changes})


@pytest.mark.parametrize("act", AUTHORITY_ACTS)
def test_a_measure_needs_a_ground_of_its_own_and_a_reason(act: Act) -> None:
    other = {"expired": "ground"} if act is Act.CANCEL_EX_OFFICIO else {}

    assert set(_problems(act)) == set(other.values())
    assert "ground" in _problems(act, ground="none of it")
    assert "reason" in _problems(act, reason="  ")


def test_what_each_measure_needs_besides() -> None:
    assert "relief" in _problems(Act.REVOKE, relief="")
    assert _problems(Act.REVOKE, ground="fraud", relief="") == {}
    assert "document_no" in _problems(Act.LIFT, document_no="")
    assert "corrected" in _problems(Act.CORRECT, corrected={})
    expired = Facts(valid_until=dt.date(2026, 11, 21))
    assert _problems(Act.CANCEL_EX_OFFICIO, facts=expired) == {}
    assert _problems(Act.CANCEL_EX_OFFICIO, ground="dissolved") == {}


def test_two_persons_and_the_holder_heard_before_a_revocation() -> None:
    terms = {"hear_until": TODAY, "stated": False, "second": True, "today": TODAY}

    assert "陈述" in decision_barred(Act.REVOKE, **terms)
    assert decision_barred(Act.REVOKE, **{**terms, "stated": True}) == ""
    assert decision_barred(Act.REVOKE, **{**terms, "today": TODAY + dt.timedelta(days=1)}) == ""
    assert "另一位" in decision_barred(Act.CORRECT, **{**terms, "second": False})
    assert decision_barred(Act.CANCEL_EX_OFFICIO, **terms) == ""


@given(st.integers(-50, 400), st.lists(st.integers(1, 200), max_size=5).map(tuple))
@settings(max_examples=100)
def test_a_reminder_is_due_at_the_nearest_stage_reached(left: int, stages: tuple[int, ...]) -> None:
    due = reminder_due(left, stages)

    if left < 0:
        assert due == -1
    elif due is None:
        assert all(left > stage for stage in stages)
    else:
        assert due in stages
        assert left <= due
        assert not [stage for stage in stages if left <= stage < due]


@pytest.mark.parametrize(
    ("material", "title", "fits"),
    [
        ("营业执照（副本）复印件", "营业执照", True),
        ("《食品经营许可证》（原件）", "食品经营许可证", True),
        ("市场主体登记证明", "营业执照", True),
        ("营业执照注销证明", "营业执照", False),
        ("房屋租赁合同", "营业执照", False),
        ("（复印件）", "营业执照", False),
    ],
)
def test_which_paper_a_material_asks_for(material: str, title: str, fits: bool) -> None:
    assert is_paper_for(material, title, {"营业执照": ["市场主体登记证明"]}) is fits


def test_the_plain_name_of_a_paper() -> None:
    assert plain_name("《营业执照》（复印件，加盖公章）") == "营业执照"
