"""Usual phrases: which are offered where, who keeps which, how their use is counted; and their page."""

import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.constants import PHRASE_KIND
from zhengtong.systems.service_hall.models import Phrase
from zhengtong.systems.service_hall.rules import DEFAULTS, Words, offered, used_in
from zhengtong.systems.service_hall.tests import hall_factories as hall

# --- rules


def test_the_more_exact_phrase_comes_first_then_the_more_used_one() -> None:
    phrases = [
        Words("常写", "notice", uses=9),
        Words("少写", "notice", uses=1),
        Words("这个事项", "notice", item_code="A"),
        Words("这份材料", "notice", material="合同"),
        Words("别的材料", "notice", material="照片"),
    ]

    found = offered(phrases, use="notice", item_code="A", material="合同")

    assert found == ["这份材料", "这个事项", "常写", "少写"]


def test_the_platforms_own_are_offered_until_the_unit_has_one() -> None:
    own = Words("我的", "opinion", "accept", own=True)
    units = Words("本单位的", "opinion", "accept")

    alone = offered([own], use="opinion", outcome="accept")
    replaced = offered([own, units], use="opinion", outcome="accept")
    elsewhere = offered([own, units], use="opinion", outcome="agree")

    assert alone[0] == "我的"
    assert len(alone) == 3
    assert replaced == ["我的", "本单位的"]
    assert elsewhere == [one.text for one in DEFAULTS if one.outcome == "agree"]


def test_no_more_are_offered_than_there_are_keys_for() -> None:
    phrases = [Words(f"第{number}条", "opinion") for number in range(30)]

    assert len(offered(phrases, use="opinion", outcome="accept")) == 9


def test_a_phrase_counts_as_used_when_its_words_were_written() -> None:
    assert used_in(["同意。", "没有写的"], ["经核查，同意。", ""]) == ["同意。"]


# --- services


@pytest.fixture
def county() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        hall.found_hall()
        yield traveller


def acts_on(row: Phrase) -> list[str]:
    return [entry.act for entry in ledger.entries_of(ObjectRef(kind=PHRASE_KIND, id=str(row.id)), hall.TENANT)]


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_ones_own_phrase_is_ones_own_and_no_matter_of_the_ledger() -> None:
    clerk = hall.clerk()
    words = Words("请补齐签字页", "notice", item_code=hall.ITEM, material="房屋租赁合同")

    row = api.keep_phrase(actor=clerk, words=words)
    again = api.keep_phrase(actor=clerk, words=words)

    assert again.id == row.id
    assert [one.text for one in selectors.phrases_of(clerk)] == ["请补齐签字页"]
    assert selectors.phrases_of(hall.clerk("G22", "reviewer")) == []
    assert acts_on(row) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_the_units_phrases_are_kept_by_reviewers_and_leaders_and_entered() -> None:
    reviewer, clerk = hall.clerk("G22", "reviewer"), hall.clerk()
    words = Words("同意。", "opinion", "agree")

    with pytest.raises(NotPermitted):
        api.keep_phrase(actor=clerk, words=words, of_unit=True)
    row = api.keep_phrase(actor=reviewer, words=words, of_unit=True)
    with pytest.raises(NotPermitted):
        api.drop_phrase(actor=clerk, phrase_id=row.id)
    with pytest.raises(NotFound):
        api.drop_phrase(actor=hall.clerk("H05", "leader"), phrase_id=row.id)
    assert [one.text for one in selectors.phrases_of(clerk)] == ["同意。"]
    api.drop_phrase(actor=reviewer, phrase_id=row.id)

    assert selectors.phrases_of(clerk) == []
    assert acts_on(row) == ["service_hall.keep_phrase", "service_hall.drop_phrase"]


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    "words", [Words(" ", "opinion"), Words("好" * 301, "opinion"), Words("好😀", "opinion"), Words("好", "else")]
)
def test_words_that_cannot_stand_on_a_paper_are_not_kept(words: Words) -> None:
    with pytest.raises(Invalid):
        api.keep_phrase(actor=hall.clerk(), words=words)


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_handing_in_an_opinion_counts_the_phrases_in_it() -> None:
    row, clerk = hall.submitted(), hall.clerk()
    phrase = api.keep_phrase(actor=clerk, words=Words("材料齐全。", "opinion", "accept"))
    other = api.keep_phrase(actor=clerk, words=Words("不齐。", "opinion", "refuse"))

    hall.signed_in(clerk).post(
        hall.task_address(row),
        {"command_key": uuid.uuid4().hex, "outcome": "accept", "opinion": "经核对，材料齐全。"},
    )

    phrase.refresh_from_db()
    other.refresh_from_db()
    assert (phrase.uses, other.uses) == (1, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_the_platforms_phrases_become_the_units_once() -> None:
    leader = hall.clerk("G22", "leader")

    api.adopt_defaults(actor=leader)
    api.adopt_defaults(actor=leader)

    assert {one.text for one in selectors.phrases_of(hall.clerk())} == {one.text for one in DEFAULTS}


# --- pages


def text_of(response: object) -> str:
    return str(response.content.decode())  # type: ignore[attr-defined]  # a test response


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_a_phrase_kept_on_its_page_is_offered_on_the_task() -> None:
    row = hall.submitted()
    client = hall.signed_in(hall.clerk())
    page = reverse("service_hall:desk-phrases")

    said = {
        "text": "缺少房东签字",
        "use": "notice",
        "item": hall.ITEM,
        "item_code": hall.ITEM,
        "material": "房屋租赁合同",
    }
    response = client.post(page, said, follow=True)
    task = text_of(client.get(hall.task_address(row)))

    assert "缺少房东签字" in text_of(response)
    lists = {part.split('"')[0]: part for part in task.split('<datalist id="problems-')[1:]}
    assert "缺少房东签字" in lists["lease"].split("</datalist>")[0]
    assert "缺少房东签字" not in lists["plan"].split("</datalist>")[0]
    assert "没有提交" in lists["plan"]


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_phrases_of_many_items_ask_no_more_than_of_one() -> None:
    clerk = hall.clerk()
    client, page = hall.signed_in(clerk), reverse("service_hall:desk-phrases")

    def asked() -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as taken:
            client.get(page)
        return len(taken)

    api.keep_phrase(actor=clerk, words=Words("缺少房东签字", "notice", item_code=hall.ITEM))
    one = asked()
    for number in range(5):
        api.keep_phrase(actor=clerk, words=Words(f"缺第{number}页", "notice", item_code=f"gone-{number}"))

    assert asked() == one
    assert text_of(client.get(page)).count("gone-") == 5


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_an_empty_phrase_comes_back_with_its_sentence() -> None:
    response = hall.signed_in(hall.clerk()).post(reverse("service_hall:desk-phrases"), {"text": "", "use": "opinion"})

    assert response.status_code == 422
    assert "请写出常用语的内容。" in text_of(response)


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_only_who_may_keep_the_units_phrases_is_offered_to() -> None:
    page = reverse("service_hall:desk-phrases")

    clerk = text_of(hall.signed_in(hall.clerk()).get(page))
    leader = text_of(hall.signed_in(hall.clerk("G22", "leader")).get(page))

    assert "收入本单位常用语" not in clerk
    assert "收入本单位常用语" in leader
    assert "把系统自带的收进来再改" in leader
