"""Publishing and taking down: a second person, the ledger, the search, and nothing left behind."""

import pytest

from zhengtong.capabilities.ledger.models import Entry, Payload
from zhengtong.capabilities.search import api as search
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db


def test_what_an_editor_wrote_is_published_by_another(sites, editor, publisher, client):
    page = town.drafted(sites["g22"], editor)
    address = page.relative_address()
    assert client.get(address).status_code == 404

    api.publish_page(actor=publisher, page_id=page.pk)

    page = ArticlePage.objects.get(pk=page.pk)
    assert (page.live, page.has_unpublished_changes, page.first_published_at) == (True, False, now())
    assert Entry.objects.filter(act="sites.publish", object_id=str(page.pk)).count() == 1
    event = OutboxEvent.objects.get(name="sites.page_published.v1", object_id=str(page.pk))
    assert event.data["column"] == "工作动态"
    assert event.data["again"] is False
    text = client.get(address).content.decode()
    assert "开展食品安全检查" in text
    assert "本周对 42 家餐饮店开展检查" in text
    hits = search.search(actor=anonymous("980723"), query="餐饮店", kind="site_page")
    assert [hit.url for hit in hits.rows] == [address]


def test_who_wrote_it_does_not_publish_it(sites):
    both = town.keeper("both", "site_editor", "site_publisher")
    page = town.drafted(sites["g22"], both)

    with pytest.raises(Conflict, match="另一位签发人"):
        api.publish_page(actor=both, page_id=page.pk)

    assert not ArticlePage.objects.get(pk=page.pk).live


def test_an_editor_does_not_publish_and_nobody_reaches_another_site(sites, editor, publisher):
    page = town.drafted(sites["g22"], editor)
    stranger = town.keeper("stranger", "site_publisher", org=town.CIVIL)

    with pytest.raises(NotPermitted, match="签发人"):
        api.publish_page(actor=editor, page_id=page.pk)
    with pytest.raises(NotFound):
        api.publish_page(actor=stranger, page_id=page.pk)
    with pytest.raises(NotFound):
        api.withdraw_page(actor=stranger, page_id=sites["g22"].home_id, reason="试一试能不能撤")


def test_a_change_shows_only_after_it_was_signed(sites, editor, publisher, client):
    page = town.drafted(sites["g22"], editor)
    api.publish_page(actor=publisher, page_id=page.pk)
    page = ArticlePage.objects.get(pk=page.pk)
    page.title = "开展食品安全检查（更正）"
    page.save_revision(user=page.owner)
    assert "更正" not in client.get(page.relative_address()).content.decode()

    api.publish_page(actor=publisher, page_id=page.pk)

    assert "更正" in client.get(page.relative_address()).content.decode()
    assert OutboxEvent.objects.filter(name="sites.page_published.v1", data__again=True).count() == 1


def test_nothing_new_to_sign_is_said(sites, editor, publisher):
    page = town.drafted(sites["g22"], editor)
    api.publish_page(actor=publisher, page_id=page.pk)

    with pytest.raises(Conflict, match="没有待发布的修改"):
        api.publish_page(actor=publisher, page_id=page.pk)


def test_a_page_taken_down_answers_nowhere_and_is_not_found(sites, editor, publisher, client):
    page = town.drafted(sites["g22"], editor)
    api.publish_page(actor=publisher, page_id=page.pk)

    api.withdraw_page(actor=publisher, page_id=page.pk, reason="内容有误，须重新核实")

    assert client.get(page.relative_address()).status_code == 404
    assert page.title not in client.get(sites["g22"].url).content.decode()
    assert search.search(actor=anonymous("980723"), query="餐饮店").rows == []
    entry = Entry.objects.get(act="sites.withdraw", object_id=str(page.pk))
    assert "内容有误，须重新核实" in Payload.objects.get(entry=entry.uuid).content
    assert OutboxEvent.objects.filter(name="sites.page_withdrawn.v1").count() == 1


def test_taking_down_needs_a_reason_a_published_page_and_nothing_below(sites, editor, publisher):
    page = town.drafted(sites["g22"], editor)
    with pytest.raises(Conflict, match="没有发布"):
        api.withdraw_page(actor=publisher, page_id=page.pk, reason="还没有发布就撤")
    api.publish_page(actor=publisher, page_id=page.pk)

    with pytest.raises(Invalid, match="理由"):
        api.withdraw_page(actor=publisher, page_id=page.pk, reason="错")
    with pytest.raises(Conflict, match="还有 1 个"):
        api.withdraw_page(actor=publisher, page_id=town.column(sites["g22"]).pk, reason="栏目不要了")


def test_below_a_page_that_is_not_published_nothing_answers(sites, editor, publisher, client):
    page = town.drafted(sites["g22"], editor)
    api.publish_page(actor=publisher, page_id=page.pk)
    town.column(sites["g22"]).__class__.objects.filter(site=sites["g22"], slug="news").update(live=False)

    assert client.get(page.relative_address()).status_code == 404
