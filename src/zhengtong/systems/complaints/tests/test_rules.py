"""Rules of complaints: names taken out of texts, who may get one, what may be done, figures."""

from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.systems.complaints.rules.figures import Count, rate, shown, total_of
from zhengtong.systems.complaints.rules.handling import (
    Accused,
    findings_of,
    must_leave_hands,
    needs_second_person,
    office_acts,
    refusal_of_finding,
    refusal_to_assign,
    unit_acts,
    writer_acts,
)
from zhengtong.systems.complaints.rules.redaction import MASK, known_words, names_person, redact, surnames_of

KNOWN = known_words(
    name="欧阳秋实", phone="13977001234", citizen_number="98072319900307001X", address="柳树巷十七号", others=["9807-1"]
)


def test_every_way_of_writing_a_person_is_taken_out() -> None:
    text = (
        "我是欧 阳 秋实（秋实），手机139-7700-1234、１３９７７００１２３４，证号 980723 1990 0307 001x，"
        "住柳树巷 十七号，办件9807-1，尾号 1234，另一人13800000009，找欧先生。"
    )

    found = redact(text, KNOWN, surnames=surnames_of("欧阳秋实"))

    for tell in ("秋实", "欧", "1234", "7700", "１３９", "0307", "柳树", "9807", "138", "尾号"):
        assert tell not in found
    assert found.count(MASK) >= 9
    assert "我是" in found
    assert names_person(text, KNOWN)


def test_words_that_name_nobody_stay_as_they_are() -> None:
    text = "11 月 3 日上午 9:30 到 3 号窗口，取号 A012，窗口说系统坏了，收费 1250.00 元，文号 2026-15。"

    assert redact(text, KNOWN, surnames=["欧"]) == text
    assert redact(text, [], surnames=()) == text
    assert not names_person(text, ["", "甲"])


@settings(max_examples=25, deadline=None)
@given(
    st.text(alphabet="欧阳秋实甲乙丙丁 -1390，。", max_size=30),
    st.sampled_from([" ", "", "-", "　", "·"]),
    st.text(alphabet="说话办事窗口 ，。", max_size=10),
)
def test_no_known_word_survives_and_a_second_time_changes_nothing(head: str, gap: str, tail: str) -> None:
    text = head + gap.join("欧阳秋实") + tail + gap.join("13977001234")

    found = redact(text, KNOWN, surnames=["欧"])

    assert "欧阳秋实" not in found.replace(" ", "").replace("-", "")
    assert "13977001234" not in found
    assert redact(found, KNOWN, surnames=["欧"]) == found


def accused(kind: str = "complaint", about: str = "unit", *, leads: bool = False, org: str = "u1") -> Accused:
    return Accused(kind=kind, about=about, org_id=org, org_path="/C01/G22/" if org else "", leads=leads)


def test_a_unit_does_not_look_into_itself_and_a_report_never_reaches_it() -> None:
    same = {"org_id": "u1", "org_path": "/C01/G22/"}
    below = {"org_id": "u2", "org_path": "/C01/G22/S1/"}
    above = {"org_id": "c1", "org_path": "/C01/"}

    assert "不能交它自己" in refusal_to_assign(accused(), **same)
    assert "下级" in refusal_to_assign(accused(), **below)
    assert not refusal_to_assign(accused(), **above)
    assert not refusal_to_assign(accused(about="item"), **same)
    assert not refusal_to_assign(accused(about="post"), **same)
    assert "负责人" in refusal_to_assign(accused(about="post", leads=True), **same)
    for about in ("item", "post", "general", "application"):
        assert "被举报的单位" in refusal_to_assign(accused("report", about), **same)
        assert "被举报的单位" in refusal_to_assign(accused("report", about), **below)
    assert not refusal_to_assign(accused(org=""), **same)


def test_an_office_can_only_send_on_what_is_about_itself() -> None:
    assert must_leave_hands(accused(), office_id="u1")
    assert must_leave_hands(accused("report", "item"), office_id="u1")
    assert not must_leave_hands(accused("complaint", "item"), office_id="u1")
    assert not must_leave_hands(accused(), office_id="u2")
    for state, left in (("received", {"transfer"}), ("accepted", {"transfer"}), ("drafted", set())):
        assert office_acts(state, own_matter=True, by_office=False, paused=False, asked=False) == left


def test_what_may_be_done_in_each_state() -> None:
    def office(state: str, **more: bool) -> set[str]:
        return office_acts(state, **({"own_matter": False, "by_office": False, "paused": False, "asked": False} | more))

    assert office("received") == {"accept", "reject", "transfer", "merge"}
    assert "draft" in office("assigned", by_office=True)
    assert "draft" not in office("assigned")
    assert ("resume" in office("assigned", paused=True), "suspend" in office("assigned", paused=True)) == (True, False)
    assert ("time" in office("assigned", asked=True), "time" in office("assigned")) == (True, False)
    assert unit_acts("assigned", asked_time=False) == {"draft", "ask_time"}
    assert unit_acts("assigned", asked_time=True) == {"draft"}
    assert unit_acts("drafted", asked_time=False) == set()


def test_what_the_person_may_do() -> None:
    def writer(state: str, kind: str = "complaint", **more: int) -> set[str]:
        told = {"turn": 1, "rated": False, "review_open": True, "ending": "answered", **more}
        return writer_acts(state, kind=kind, **told)

    assert writer("received") == {"withdraw"}
    assert writer("assigned", "report") == set()
    assert writer("answered") == {"satisfy", "ask_review"}
    assert writer("answered", rated=True) == {"ask_review"}
    assert writer("answered", review_open=False) == {"satisfy"}
    assert writer("answered", turn=2) == {"satisfy"}
    assert writer("closed") == {"satisfy"}
    assert writer_acts("closed", kind="complaint", turn=1, rated=False, review_open=False, ending="rejected") == set()


def test_findings_fit_the_kind_and_measures_fit_the_finding() -> None:
    assert findings_of("consult") == ("explained",)
    assert refusal_of_finding("complaint", "adopted", [])
    assert refusal_of_finding("complaint", "unfounded", ["rectify"])
    assert refusal_of_finding("report", "founded", [])
    assert not refusal_of_finding("report", "founded", ["discipline"])
    assert not refusal_of_finding("consult", "explained", [])


def test_who_wrote_an_answer_decides_only_where_he_is_alone() -> None:
    assert needs_second_person({"a"}, {"a"}, {"a", "b"})
    assert needs_second_person({"a", "c"}, {"d", "c"}, {"b", "c"})
    assert not needs_second_person({"a"}, {"a"}, {"a"})
    assert not needs_second_person({"a", "c"}, {"c"}, {"c"})
    assert not needs_second_person({"a"}, {"b"}, {"a", "b"})


def test_rates_are_silent_about_small_numbers() -> None:
    total = total_of([Count(answered=4, in_time=4, judged=3, founded=1), Count(answered=2, in_time=1, rated=5)])

    assert str(total.on_time_rate) == "83.3"
    assert total.founded_rate is None
    assert str(total.satisfaction_rate) == "0.0"
    assert rate(1, 4) is None
    assert (shown(0, 5), shown(4, 5), shown(5, 5)) == ("0", "少于 5", "5")
