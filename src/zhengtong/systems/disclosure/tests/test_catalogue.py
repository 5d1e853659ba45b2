"""The catalogue: index numbers, review, the second person, the page it stands and falls with."""

import csv
import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.search import api as search
from zhengtong.contracts.sites import PagePublished, PageWithdrawn
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.models import CatalogueEntry, DisclosureCategory
from zhengtong.systems.disclosure.rules.categories import STATUTORY
from zhengtong.systems.disclosure.selectors.catalogue import open_entries, pages_without_entry
from zhengtong.systems.disclosure.tests.county import OTHER, TENANT, UNIT, official, signed_in, text_of

pytestmark = pytest.mark.django_db
PATH = "/gov/zrj/tzgg/12/"


@pytest.fixture
def year(county: None) -> None:
    api.open_year(actor=system(TENANT), year=2026)


def words(**changes: Any) -> api.EntryWords:
    values: dict[str, Any] = {
        "category": "20-01",
        "kind": "normative",
        "title": "青禾县国有土地上房屋征收办法",
        "document_number": "青政发〔2026〕3号",
        "summary": "规定征收的程序和补偿标准。",
        "address": "https://example.org/3",
        "made_on": dt.date(2026, 11, 2),
    }
    return api.EntryWords(**{**values, **changes})


def opened(clerk: Actor, head: Actor, **changes: Any) -> CatalogueEntry:
    row = api.write_entry(actor=clerk, words=words(**changes))
    api.review_entry(actor=head, entry_id=row.id, result="open", note="")
    return api.publish_entry(actor=head, entry_id=row.id)


def page(kind: type, key: str = "12", path: str = PATH, **more: Any) -> Any:
    return kind(
        tenant=TENANT,
        object_ref=ObjectRef(kind="site_page", id=key),
        at=now(),
        site_id=uuid.uuid4(),
        org_code=UNIT[0],
        org_name=UNIT[1],
        column="通知公告",
        path=path,
        **more,
    )


def test_the_law_has_fifteen_categories_and_those_of_counties_and_towns(year: None) -> None:
    assert [sum(one.level == level for one in STATUTORY) for level in ("all", "county", "town")] == [15, 7, 7]
    assert DisclosureCategory.objects.count() == len(STATUTORY)
    assert api.open_year(actor=system(TENANT), year=2026) == 0
    DisclosureCategory.objects.filter(code="20-15").update(title="其他")
    api.open_year(actor=system(TENANT), year=2027)
    assert DisclosureCategory.objects.get(year=2027, code="20-15").title == "其他"


def test_an_entry_is_reviewed_and_published_by_another_and_then_found(year: None, clerk: Actor, head: Actor) -> None:
    row = api.write_entry(actor=clerk, words=words())
    assert (row.index_number[-11:], row.due_on) == ("/2026-00001", dt.date(2026, 11, 30))
    with pytest.raises(NotPermitted):
        api.review_entry(actor=clerk, entry_id=row.id, result="open", note="")
    with pytest.raises(Conflict):
        api.publish_entry(actor=head, entry_id=row.id)
    api.review_entry(actor=head, entry_id=row.id, result="asked", note="报保密行政管理部门确定。")
    with pytest.raises(Conflict):
        api.publish_entry(actor=head, entry_id=row.id)
    api.review_entry(actor=head, entry_id=row.id, result="open", note="")
    api.publish_entry(actor=head, entry_id=row.id)
    found = search.search(actor=anonymous(TENANT), query="房屋征收")
    assert any(str(row.id) in one.url for one in found.rows)
    with pytest.raises(Conflict):
        api.write_entry(actor=clerk, words=words(title="改一改"), entry_id=row.id)
    with pytest.raises(NotFound):
        api.withdraw_entry(
            actor=official("stranger", "leader", org=OTHER), entry_id=row.id, reason="不应当由我们撤下。"
        )
    api.withdraw_entry(actor=head, entry_id=row.id, reason="内容有误，另行公布。")
    assert not open_entries(TENANT).exists()
    found = search.search(actor=anonymous(TENANT), query="房屋征收")
    assert not any(str(row.id) in one.url for one in found.rows)


def test_who_wrote_it_does_not_open_it_though_he_is_the_head(year: None) -> None:
    both = official("both", "clerk", "leader")
    row = api.write_entry(actor=both, words=words())
    with pytest.raises(NotPermitted):
        api.review_entry(actor=both, entry_id=row.id, result="open", note="")
    with pytest.raises(IntegrityError), transaction.atomic():
        CatalogueEntry.objects.filter(pk=row.pk).update(
            state="published", review="open", published_at=now(), published_by_id=both.person_id
        )


def test_a_change_after_the_review_asks_for_another(year: None, clerk: Actor, head: Actor) -> None:
    row = api.write_entry(actor=clerk, words=words())
    api.review_entry(actor=head, entry_id=row.id, result="open", note="")
    api.write_entry(actor=clerk, words=words(title="换了名称的办法"), entry_id=row.id)
    with pytest.raises(Conflict):
        api.publish_entry(actor=head, entry_id=row.id)


def test_with_its_page_the_entry_goes(year: None, clerk: Actor, head: Actor) -> None:
    api.see_page(page(PagePublished, again=False))
    assert [one.path for one in pages_without_entry(clerk)] == [PATH]
    row = opened(clerk, head, address=PATH)
    assert row.page_id == "12"
    assert not pages_without_entry(clerk).exists()
    api.see_page(page(PageWithdrawn))
    row.refresh_from_db()
    assert (row.state, open_entries(TENANT).count()) == ("withdrawn", 0)
    again = api.write_entry(actor=clerk, words=words(address=PATH))
    assert again.page_id == ""


def test_a_page_withdrawn_before_the_entry_is_published_holds_it_back(year: None, clerk: Actor, head: Actor) -> None:
    api.see_page(page(PagePublished, again=False))
    row = api.write_entry(actor=clerk, words=words(address=PATH))
    api.review_entry(actor=head, entry_id=row.id, result="open", note="")
    api.see_page(page(PageWithdrawn))
    with pytest.raises(Conflict):
        api.publish_entry(actor=head, entry_id=row.id)


def test_an_abolished_one_stays_and_names_its_heir(year: None, clerk: Actor, head: Actor) -> None:
    old, new = opened(clerk, head), opened(clerk, head, title="新的征收办法")
    with pytest.raises(Invalid):
        api.end_entry(actor=head, entry_id=old.id, validity="abolished", ended_on=dt.date(2026, 10, 1))
    api.end_entry(
        actor=head, entry_id=old.id, validity="abolished", ended_on=dt.date(2026, 11, 9), replaced_by=new.index_number
    )
    said = text_of(Client().get(reverse("disclosure:entry", args=[old.id])))
    assert "不再有效" in said
    assert new.title in said


def test_everybody_narrows_the_list_and_takes_it_away(year: None, clerk: Actor, head: Actor) -> None:
    opened(clerk, head)
    opened(clerk, head, category="20-07", title="=2025 年决算", kind="other", made_on=dt.date(2025, 12, 30))
    client = Client()
    assert "房屋征收办法" in text_of(client.get(reverse("disclosure:catalogue")))
    said = text_of(client.get(reverse("disclosure:catalogue") + "?category=20-07&year=2025"))
    assert ("决算" in said, "房屋征收办法" in said) == (True, False)
    text = client.get(reverse("disclosure:catalogue_csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["名称"] for row in rows} == {"青禾县国有土地上房屋征收办法", "'=2025 年决算"}
    assert len(client.get(reverse("disclosure:catalogue_json") + "?q=3号&category=20-01").json()["entries"]) == 1


def test_the_desk_writes_reviews_and_opens(year: None, clerk: Actor, head: Actor, authority: Actor) -> None:
    desk, boss = signed_in(clerk), signed_in(head)
    given = {
        "category": "20-03",
        "kind": "other",
        "title": "青禾县国土空间规划",
        "summary": "到 2035 年的规划。",
        "made_on": "2026-11-01",
        "address": "https://example.org/plan",
    }
    assert desk.post(reverse("disclosure:new_entry"), given | {"address": "javascript:1"}).status_code == 422
    assert desk.post(reverse("disclosure:new_entry"), given).status_code == 302
    row = CatalogueEntry.objects.get()
    acts = [reverse("disclosure:entry_act", args=[row.id, act]) for act in ("review", "publish")]
    assert desk.post(acts[0], {"result": "open"}).status_code == 403
    assert boss.post(acts[1]).status_code == 409
    assert [boss.post(acts[0], {"result": "open"}).status_code, boss.post(acts[1]).status_code] == [302, 302]
    assert Client().get(reverse("disclosure:entry", args=[row.id])).status_code == 200
    county = signed_in(authority)
    assert county.post(reverse("disclosure:open_year")).status_code == 302
    assert county.get(reverse("disclosure:entries")).status_code == 200
    assert desk.get(reverse("disclosure:edit_entry", args=[row.id])).status_code == 200


def test_a_guide_says_all_that_the_law_asks(county: None, head: Actor, clerk: Actor) -> None:
    boss = signed_in(head)
    words_of = dict.fromkeys(
        ("classification", "arrangement", "obtaining", "office", "address", "hours", "phone", "internet"), "照实填写"
    )
    assert boss.post(reverse("disclosure:edit_guide"), words_of | {"phone": ""}).status_code == 422
    for _ in range(2):
        assert boss.post(reverse("disclosure:edit_guide"), words_of).status_code == 302
    assert "照实填写" in text_of(Client().get(reverse("disclosure:guide", args=[UNIT[0]])))
    assert signed_in(clerk).get(reverse("disclosure:edit_guide")).status_code == 403
