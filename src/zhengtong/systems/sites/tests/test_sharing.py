"""One article in many sites: taken with consent, kept in step, gone everywhere at once."""

import argparse

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.search import api as search
from zhengtong.entry.commands import sites as command
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticleOffer, ArticlePage, ColumnPage
from zhengtong.systems.sites.tests import group as town

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(sites):
    return town.keeper("office", "site_publisher", org=town.OFFICE)


@pytest.fixture
def civil(sites):
    return town.keeper("civilsigner", "site_publisher", org=town.CIVIL)


@pytest.fixture
def takers(sites):
    for code, takes in (("portal", "asks"), ("g08", "auto")):
        ColumnPage.objects.filter(pk=town.column(sites[code]).pk).update(takes=takes)
    return town.column(sites["portal"]), town.column(sites["g08"])


@pytest.fixture
def article(sites, editor, publisher):
    picture = town.picture(sites["g22"], editor)
    page = town.drafted(sites["g22"], editor, body=town.with_files(picture, None))
    page = api.publish_page(actor=publisher, page_id=page.pk)
    page.picture = picture
    return page


def _copies(article):
    return {copy.site.code: copy for copy in ArticlePage.objects.filter(origin=article).select_related("site__home")}


def test_a_column_that_takes_all_has_it_at_once_and_another_decides(sites, takers, article, publisher, office, client):
    asks, auto = takers
    api.offer_article(actor=publisher, page_id=article.pk, column_id=auto.pk)
    offer = api.offer_article(actor=publisher, page_id=article.pk, column_id=asks.pk)
    assert set(_copies(article)) == {"g08"}

    api.take_offer(actor=office, offer_id=offer.pk)

    for code, copy in _copies(article).items():
        text = client.get(copy.relative_address()).content.decode()
        assert "原载：" in text
        assert sites["g22"].name in text
        assert f'rel="canonical" href="{article.full_url}"' in text
        assert article.title in client.get(sites[code].url).content.decode()
        assert Entry.objects.filter(act="sites.take", object_id=str(copy.pk)).count() == 1
        assert OutboxEvent.objects.filter(name="sites.page_published.v1", object_id=str(copy.pk)).count() == 1


def test_who_does_not_sign_there_decides_nothing(sites, takers, article, publisher, editor, civil, office):
    offer = api.offer_article(actor=publisher, page_id=article.pk, column_id=takers[0].pk)

    for actor, refusal in ((publisher, NotFound), (civil, NotFound), (editor, NotFound)):
        with pytest.raises(refusal):
            api.take_offer(actor=actor, offer_id=offer.pk)
    with pytest.raises(NotPermitted):
        api.offer_article(actor=editor, page_id=article.pk, column_id=takers[1].pk)
    with pytest.raises(NotFound):
        api.offer_article(actor=office, page_id=article.pk, column_id=takers[1].pk)
    with pytest.raises(Conflict, match="已经推送"):
        api.offer_article(actor=publisher, page_id=article.pk, column_id=takers[0].pk)
    with pytest.raises(Invalid, match="理由"):
        api.decline_offer(actor=office, offer_id=offer.pk, reason="不")
    api.decline_offer(actor=office, offer_id=offer.pk, reason="与门户栏目定位不符")
    with pytest.raises(Conflict, match="办过"):
        api.take_offer(actor=office, offer_id=offer.pk)
    assert not _copies(article)


def test_a_column_that_takes_nothing_is_not_offered_to(sites, article, publisher):
    with pytest.raises(NotFound, match="不接收推送"):
        api.offer_article(actor=publisher, page_id=article.pk, column_id=town.column(sites["portal"], "policies").pk)


def test_the_copy_follows_its_original_and_is_not_edited(sites, takers, article, publisher, editor, client):
    api.offer_article(actor=publisher, page_id=article.pk, column_id=takers[1].pk)
    copy = _copies(article)["g08"]
    article.title, article.body = "开展食品安全检查（更正）", [("text", "<p>更正为 43 家。</p>")]
    article.save_revision(user=article.owner)

    api.publish_page(actor=publisher, page_id=article.pk)

    text = client.get(copy.relative_address()).content.decode()
    assert "更正为 43 家" in text
    assert "（更正）" in text
    assert client.get(article.picture.address()).status_code == 404
    keeper = people.sign_in(Client(), town.keeper("civileditor", "site_editor", org=town.CIVIL))
    sent = {"title": "改", "slug": copy.slug, "source": "x", "published_on": "2026-11-09", "body-count": "0"}
    answer = keeper.post(reverse("wagtailadmin_pages:edit", args=[copy.pk]), sent)
    assert "请到原网站修改" in answer.content.decode()


def test_a_quotation_leads_to_the_original(sites, takers, article, publisher, client):
    api.offer_article(actor=publisher, page_id=article.pk, column_id=takers[1].pk, quoted=True)

    answer = client.get(_copies(article)["g08"].relative_address())

    assert (answer.status_code, answer["Location"]) == (302, article.relative_address())


def test_one_act_takes_it_down_everywhere(sites, takers, article, publisher, client, capsys, settings):
    settings.ZHENGTONG_TENANT = "980723"
    for column in takers:
        api.offer_article(actor=publisher, page_id=article.pk, column_id=column.pk)
    copy = _copies(article)["g08"]
    asked = argparse.Namespace(act="where", page=article.relative_address())
    assert command.handle(asked) == 1
    said = capsys.readouterr().out
    for place in ("网页", "栏目列表", "主页模块", "检索", "图片和附件"):
        assert place in said
    assert copy.relative_address() in said

    api.withdraw_page(actor=publisher, page_id=article.pk, reason="数据有误，须重新核实")

    assert command.handle(asked) == 0
    assert capsys.readouterr().out == "无\n"
    assert command.handle(argparse.Namespace(act="where", page=str(article.pk))) == 0
    for one in (article, copy):
        assert client.get(one.relative_address()).status_code == 404
        assert Entry.objects.filter(act="sites.withdraw", object_id=str(one.pk)).count() == 1
        assert OutboxEvent.objects.filter(name="sites.page_withdrawn.v1", object_id=str(one.pk)).count() == 1
    assert client.get(article.picture.address()).status_code == 404
    assert search.search(actor=anonymous("980723"), query="食品安全").rows == []
    assert list(ArticleOffer.objects.filter(column=takers[0]).values_list("state", flat=True)) == ["declined"]


def test_where_knows_no_such_page(sites, capsys, settings):
    settings.ZHENGTONG_TENANT = "980723"

    assert command.handle(argparse.Namespace(act="where", page="/gov/g22/news/nothing/")) == 1
    assert "没有这篇文章" in capsys.readouterr().err


def test_offers_on_the_desk(sites, takers, article, publisher, office, editor):
    browser, other = people.sign_in(Client(), publisher), people.sign_in(Client(), office)
    browser.post(reverse("sites_desk:offer", args=[article.pk]), {"column": takers[0].pk, "how": "copy"})
    offer = ArticleOffer.objects.get()

    shown = other.get(reverse("sites_desk:offers")).content.decode()
    refused = other.post(reverse("sites_desk:decide", args=[offer.pk]), {"act": "decline", "reason": ""})
    done = other.post(reverse("sites_desk:decide", args=[offer.pk]), {"act": "take"})

    assert article.title in shown
    assert (refused.status_code, done.status_code) == (422, 302)
    assert "已接收" in browser.get(reverse("sites_desk:one", args=[article.pk])).content.decode()
    assert people.sign_in(Client(), editor).get(reverse("sites_desk:offers")).status_code == 403
