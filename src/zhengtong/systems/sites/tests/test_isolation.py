"""On Wagtail's screens everybody stays within the sites he keeps, and every shut screen stays shut."""

import io
import json

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.systems.sites.models import ArticlePage, SitePicture
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.web.content import OPENED

pytestmark = pytest.mark.django_db
#: words of the other department's pages that nobody of this one may read here
SECRET = "民政局还没有公布的事"


@pytest.fixture
def other(sites):
    writer = town.keeper("civil", "site_editor", org=town.CIVIL)
    return town.drafted(sites["g08"], writer, title=SECRET, slug="secret")


@pytest.fixture
def browser(editor):
    return people.sign_in(Client(), editor)


def _asked(address):
    return {"search": "公布", "fields": "*"} if "api" in address else {"q": "公布"}


def test_an_editor_finds_and_edits_the_pages_of_his_own_site(sites, editor, browser):
    page = town.drafted(sites["g22"], editor, title="自己的文章")

    listed = browser.get(reverse("wagtailadmin_explore", args=[town.column(sites["g22"]).pk]))
    edited = browser.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    assert "自己的文章" in listed.content.decode()
    assert edited.status_code == 200
    assert 'name="action-publish"' not in edited.content.decode()


def test_what_an_editor_saves_is_a_version_and_not_published(sites, editor, browser):
    column = town.column(sites["g22"])
    address = reverse("wagtailadmin_pages:add", args=["sites", "articlepage", column.pk])
    sent = {
        "title": "新写的文章",
        "slug": "",
        "source": "市场监管局",
        "published_on": "2026-11-09",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "quote",
        "body-0-value-text": "引用的话",
        "body-0-value-origin": "",
        "action-publish": "1",
    }

    answer = browser.post(address, sent)

    page = ArticlePage.objects.get(title="新写的文章")
    assert answer.status_code == 302
    assert page.slug.startswith("20261109-")
    assert (page.live, page.site_id, page.tenant) == (False, sites["g22"].pk, "980723")
    assert page.owner.person_id == editor.person_id
    assert Client().get(page.relative_address()).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["9999-12-31", "\u00b2", "9" * 5000, "-1"])
@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("wagtailadmin_choose_page", "target_pages[]"),
        ("wagtailadmin_choose_page_email_link", "parent_page_id"),
        ("wagtailadmin_choose_page_chosen_multiple", "id"),
        ("wagtailimages_chooser:chosen_multiple", "id"),
        ("wagtaildocs_chooser:chosen_multiple", "id"),
    ],
)
def test_a_chooser_answers_what_is_no_key(sites, browser, name, asked, key):
    answer = browser.get(reverse(name), {asked: key})

    assert answer.status_code == 404
    assert "没有要选的这一项" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("chooser", ["wagtailimages_chooser", "wagtaildocs_chooser"])
def test_a_chooser_of_files_answers_strange_addresses(sites, browser, chooser):
    assert browser.get(reverse(f"{chooser}:chosen", args=["\u00b2"])).status_code == 404
    assert browser.get(reverse(f"{chooser}:chosen_multiple"), {"id": ""}).status_code == 404
    assert browser.get(reverse(f"{chooser}:choose_results"), {"tag": "a", "q": "a"}).status_code == 404


@pytest.mark.parametrize(
    ("sent", "refused"),
    [({}, True), ({"url": ""}, True), ({"url": "javascript:alert(1)"}, True), ({"url": "https://www.gov.cn/"}, False)],
)
def test_a_link_to_elsewhere_needs_an_address(sites, browser, sent, refused):
    form = {f"external-link-chooser-{name}": value for name, value in sent.items()}

    answer = browser.post(reverse("wagtailadmin_choose_page_external_link"), form).json()

    assert answer["step"] == ("external_link" if refused else "external_link_chosen")


@pytest.mark.parametrize(
    "name",
    [
        "wagtailadmin_pages:edit",
        "wagtailadmin_pages:history",
        "wagtailadmin_pages:revisions_index",
        "wagtailadmin_pages:view_draft",
        "wagtailadmin_pages:usage",
        "wagtailadmin_pages:add_subpage",
        "wagtailadmin_pages:lock",
        "wagtailadmin_pages:unlock",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_choose_page_child",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_screen_shows_a_page_of_another_site(other, browser, name, method):
    for target in (other.pk, other.get_parent().pk, other.site.home_id):
        answer = getattr(browser, method)(reverse(name, args=[target]))
        assert SECRET not in answer.content.decode()
        assert answer.status_code != 500
    before = ArticlePage.objects.get(pk=other.pk)
    assert (before.locked, before.latest_revision_id) == (False, other.latest_revision_id)


@pytest.mark.parametrize(
    "address",
    [
        "wagtailadmin_choose_page",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_pages:search",
        "wagtailadmin_pages:search_results",
        "wagtailadmin_explore_root",
        "wagtailadmin_home",
        "wagtailadmin_api:pages:listing",
    ],
)
def test_no_list_search_or_interface_names_a_page_of_another_site(other, browser, address):
    answer = browser.get(reverse(address), _asked(address), follow=True)

    assert SECRET not in answer.content.decode()
    assert f'"id": {other.pk}' not in answer.content.decode()


def test_the_interface_knows_no_page_of_another_site(other, browser):
    assert browser.get(reverse("wagtailadmin_api:pages:detail", args=[other.pk])).status_code == 404


def test_nothing_is_added_below_another_site(sites, other, browser):
    address = reverse("wagtailadmin_pages:add", args=["sites", "articlepage", town.column(sites["g08"]).pk])

    answer = browser.post(
        address, {"title": "插进来的", "slug": "intruder", "source": "x", "published_on": "2026-11-09"}
    )

    assert answer.status_code in {302, 403, 404}
    assert not ArticlePage.objects.filter(slug="intruder").exists()


def test_a_form_takes_nothing_that_the_house_decides(sites, editor, browser):
    page = town.drafted(sites["g22"], editor)
    sent = {
        "title": "改过的标题",
        "slug": page.slug,
        "source": "市场监管局",
        "published_on": "2026-11-09",
        "body-count": "0",
        "tenant": "980999",
        "site": str(sites["g08"].pk),
        "owner": "",
        "live": "on",
        "locked": "on",
        "path": "0001",
        "url_path": "/980723/g08/news/",
        "go_live_at": "2026-11-01 08:00",
        "expire_at": "2026-12-01 08:00",
    }

    browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), sent | {"action-publish": "1"})

    kept = ArticlePage.objects.get(pk=page.pk)
    for saved in (kept, kept.get_latest_revision_as_object()):
        assert (saved.tenant, saved.site_id, saved.live, saved.locked) == ("980723", sites["g22"].pk, False, False)
        assert (saved.owner_id, saved.url_path) == (page.owner_id, page.url_path)
        assert (saved.go_live_at, saved.expire_at) == (None, None)


def test_scripts_in_the_page_are_refused_on_every_screen_and_styles_but_where_one_types(sites, editor, browser):
    page = town.drafted(sites["g22"], editor)
    screens = {
        "wagtailadmin_explore": [page.get_parent().pk],
        "wagtailadmin_pages:history": [page.pk],
        "wagtailadmin_pages:edit": [page.pk],
        "wagtailadmin_pages:revisions_view": [page.pk, page.latest_revision_id],
    }

    said = {name: browser.get(reverse(name, args=args))["Content-Security-Policy"] for name, args in screens.items()}

    assert all("script-src 'self';" in policy for policy in said.values())
    assert [name for name, policy in said.items() if "unsafe" in policy] == ["wagtailadmin_pages:edit"]
    framed = [name for name, policy in said.items() if "frame-ancestors 'self'" in policy]
    assert framed == ["wagtailadmin_pages:revisions_view"]


def test_who_keeps_the_other_site_does_see_its_page(other):
    """The control: what the tests here look for is there to be found."""
    browser = people.sign_in(Client(), identity.find_actor("civil"))

    for address in ("wagtailadmin_pages:search", "wagtailadmin_choose_page_search", "wagtailadmin_api:pages:listing"):
        answer = browser.get(reverse(address), _asked(address), follow=True)
        assert SECRET in answer.content.decode(), address
    listed = browser.get(reverse("wagtailadmin_explore", args=[other.get_parent().pk]))
    assert SECRET in listed.content.decode()


@pytest.mark.parametrize("role", ["clerk", "supervisor", "sys_admin"])
def test_nobody_else_comes_in(sites, role):
    browser = people.sign_in(Client(), town.keeper("nobody", role))

    assert browser.get(reverse("wagtailadmin_home")).status_code == 403
    assert browser.get(reverse("wagtailadmin_explore", args=[sites["g22"].home_id])).status_code == 403


def test_a_stranger_is_led_to_the_sign_in_of_the_house(sites):
    answer = Client().get(reverse("wagtailadmin_home"))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("wagtailadmin_reports:site_history", []),
        ("wagtailadmin_reports:locked_pages", []),
        ("wagtailadmin_reports:aging_pages", []),
        ("wagtailadmin_workflows:index", []),
        ("wagtailadmin_collections:index", []),
        ("wagtailredirects:index", []),
        ("wagtailimages:preview", [1, "width-9000"]),
        ("wagtailimages:url_generator", [1]),
        ("wagtailimages:edit_multiple", [1]),
        ("wagtailimages:delete_multiple", [1]),
        ("wagtaildocs:edit_multiple", [1]),
        ("wagtaildocs:delete_multiple", [1]),
        ("wagtailadmin_api:images:listing", []),
        ("wagtailadmin_api:documents:listing", []),
        ("wagtail_bulk_action", ["sites", "sitepicture", "delete"]),
        ("wagtailadmin_account", []),
        ("wagtailadmin_login", []),
        ("wagtailadmin_password_reset", []),
        ("wagtailadmin_pages:delete", [1]),
        ("wagtailadmin_pages:unpublish", [1]),
        ("wagtailadmin_pages:move", [1]),
        ("wagtailadmin_pages:copy", [1]),
        ("wagtailadmin_pages:set_privacy", [1]),
        ("wagtail_bulk_action", ["wagtailcore", "page", "delete"]),
    ],
)
def test_shut_screens_admit_nobody_not_even_the_keeper_of_the_group(sites, name, args):
    assert name not in OPENED
    boss = people.sign_in(Client(), town.keeper("boss", "site_admin", "site_publisher", org=town.OFFICE))

    for method in ("get", "post"):
        assert getattr(boss, method)(reverse(name, args=args)).status_code == 403


def test_screens_of_people_groups_and_sites_do_not_even_exist():
    for name in ("wagtailusers_users:index", "wagtailusers_groups:index", "wagtailsites:index"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


FILE_SECRET = "民政局还没有公布的照片"


@pytest.fixture
def foreign(sites):
    keeper = town.keeper("civilfiles", "site_editor", org=town.CIVIL)
    return (
        town.picture(sites["g08"], keeper, title=FILE_SECRET),
        town.document(sites["g08"], keeper, title=FILE_SECRET),
    )


_FILE_LISTS = [
    "wagtailimages:index",
    "wagtailimages:index_results",
    "wagtailimages_chooser:choose",
    "wagtailimages_chooser:choose_results",
    "wagtailimages_chooser:chosen_multiple",
    "wagtaildocs:index",
    "wagtaildocs:index_results",
    "wagtaildocs_chooser:choose",
    "wagtaildocs_chooser:choose_results",
    "wagtaildocs_chooser:chosen_multiple",
]


@pytest.mark.parametrize("name", _FILE_LISTS)
def test_no_list_or_chooser_names_a_file_of_another_site(sites, foreign, browser, name):
    keys = [one.pk for one in foreign]
    for asked in ({}, {"q": "照片"}, {"id": keys}, {"collection_id": sites["g08"].collection_id}):
        answer = browser.get(reverse(name), asked)
        assert FILE_SECRET not in answer.content.decode()
        assert "\\u6c11\\u653f\\u5c40\\u8fd8" not in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "which"),
    [
        ("wagtailimages:edit", 0),
        ("wagtailimages:delete", 0),
        ("wagtailimages:image_usage", 0),
        ("wagtailimages_chooser:chosen", 0),
        ("wagtailimages_chooser:select_format", 0),
        ("wagtaildocs:edit", 1),
        ("wagtaildocs:delete", 1),
        ("wagtaildocs:document_usage", 1),
        ("wagtaildocs_chooser:chosen", 1),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_screen_shows_changes_or_removes_a_file_of_another_site(foreign, browser, name, which, method):
    answer = getattr(browser, method)(reverse(name, args=[foreign[which].pk]), {"title": "改名"})

    assert answer.status_code in {302, 403, 404, 405}
    assert FILE_SECRET not in answer.content.decode()
    foreign[which].refresh_from_db()
    assert foreign[which].title == FILE_SECRET


def test_a_file_of_another_site_is_not_read_before_it_is_published(foreign, browser):
    for one in (browser, Client()):
        for address in (foreign[0].address(), foreign[0].address(240), foreign[1].url):
            assert one.get(address).status_code == 404
    keeper = people.sign_in(Client(), identity.find_actor("civilfiles"))
    assert keeper.get(foreign[0].address(240)).status_code == 200
    assert "no-store" in keeper.get(foreign[1].url)["Cache-Control"]


def test_nothing_is_put_into_the_folder_of_another_site(sites, foreign, browser):
    upload = io.BytesIO(town.jpeg())
    upload.name = "a.jpg"

    browser.post(
        reverse("wagtailimages:add"),
        {"title": "塞进来的", "file": upload, "collection": sites["g08"].collection_id},
    )

    assert SitePicture.objects.get(title="塞进来的").collection_id == sites["g22"].collection_id


@pytest.mark.parametrize("kind", ["picture", "attachments", "text"])
def test_a_form_that_names_a_file_of_another_site_is_refused(sites, editor, foreign, browser, kind):
    page = town.drafted(sites["g22"], editor)
    picture, document = foreign
    value = {
        "picture": {"picture-image": picture.pk, "picture-alt_text": "x", "caption": ""},
        "attachments": {
            "files-count": "1",
            "files-0-deleted": "",
            "files-0-order": "0",
            "files-0-value-file": document.pk,
            "files-0-value-words": "",
        },
        "text": {"": json.dumps(_content_state(picture.pk))},
    }[kind]
    sent = {
        "title": page.title,
        "slug": page.slug,
        "source": "市场监管局",
        "published_on": "2026-11-09",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": kind,
        **{f"body-0-value-{name}".rstrip("-"): text for name, text in value.items()},
    }

    answer = browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), sent)

    assert answer.status_code == 200
    assert "别的网站的图片或附件" in answer.content.decode()
    assert ArticlePage.objects.get(pk=page.pk).latest_revision_id == page.latest_revision_id


def _content_state(key):
    data = {"id": str(key), "src": "/x", "alt": "x", "format": "fullwidth"}
    block = {"key": "a", "text": " ", "type": "atomic", "depth": 0, "inlineStyleRanges": []}
    block["entityRanges"] = [{"offset": 0, "length": 1, "key": 0}]
    return {"blocks": [block], "entityMap": {"0": {"type": "IMAGE", "mutability": "IMMUTABLE", "data": data}}}


def test_the_usage_of_a_file_names_no_page_of_another_site(sites, editor, other, browser):
    mine = town.picture(sites["g22"], editor)
    other.body = town.with_files(mine, None)
    other.save()

    usage = browser.get(reverse("wagtailimages:image_usage", args=[mine.pk])).content.decode()

    assert SECRET not in usage


def test_who_keeps_the_other_site_does_see_its_files(foreign):
    """The control: what the tests here look for is there to be found."""
    keeper = people.sign_in(Client(), identity.find_actor("civilfiles"))

    for name in _FILE_LISTS:
        answer = keeper.get(reverse(name), {"id": [one.pk for one in foreign]})
        found = answer.content.decode()
        assert FILE_SECRET in found or "\\u6c11\\u653f\\u5c40\\u8fd8" in found, name
