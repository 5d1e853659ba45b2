"""A look of a site's own: readable whatever is chosen, on every page, kept when the theme changes, nobody else's."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.errors import Conflict, NotFound, NotPermitted
from zhengtong.kernel.ui.contrast import READABLE, contrast
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.sites.models import GovernmentSite, SiteLook, SitePicture
from zhengtong.systems.sites.rules import looks as rules
from zhengtong.systems.sites.services import facts, files
from zhengtong.systems.sites.services.looks import WishedLook, set_look
from zhengtong.systems.sites.tests import group as town

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
DARK = "#8a1538"


def _sent(name, size, kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", size, "#2a6f97").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), f"image/{kind.lower()}")


def _plain(size):
    return files.plain_picture(checked_upload("a.png", _sent("a.png", size).read()))


@given(COLOURS)
def test_what_is_offered_instead_can_be_read_and_darker_never_reads_worse(colour):
    found = rules.nearest_readable(colour)

    assert rules.readable(found) >= READABLE
    assert rules.colour_fault(found) == ""
    assert found == colour or rules.colour_fault(colour)
    assert rules.readable(rules.shaded(colour)) >= rules.readable(colour)


@given(COLOURS)
def test_whatever_colour_is_taken_both_parts_of_the_stylesheet_carry_white_words(colour):
    if rules.colour_fault(colour):
        return
    band, accent = re.findall(r"#[0-9a-f]{6}", rules.stylesheet(colour))

    assert min(contrast(one, "#ffffff") for one in (band, accent)) >= READABLE


@pytest.mark.parametrize("text", ["red", "#12345", "#1234567", "12345g", "url(x)", "#8a1538;}", "８ａ"])
def test_what_is_no_colour_is_said_so(text):
    assert "#8a1538 的样子" in rules.colour_fault(text)


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("emblem", (111, 400), "太小"),
        ("emblem", (400, 120), "太长"),
        ("emblem", (112, 112), ""),
        ("emblem", (336, 112), ""),
        ("header", (1199, 100), "会模糊"),
        ("header", (1200, 301), "太高"),
        ("header", (1200, 300), ""),
    ],
)
def test_pictures_have_to_fit_their_place(name, size, words):
    found = rules.faults(colour="", tagline="", sizes={name: size})

    assert words in found.get(name, "")
    assert bool(words) == bool(found)


@pytest.fixture
def signer(sites):
    return town.keeper("signer", "site_publisher")


@pytest.fixture
def form(sites):
    return reverse("sites_desk:site_look", args=[sites["g22"].pk])


@pytest.mark.django_db
def test_the_signer_gives_the_site_a_look_and_every_page_shows_it(sites, signer, form):
    browser = people.sign_in(Client(), signer)
    edition = GovernmentSite.objects.get(code="g22").edition
    sent = {"own_colour": "on", "colour": DARK, "tagline": " 食品 药品\n都要管 "}
    sent |= {"emblem": _sent("徽.png", (256, 256)), "header": _sent("横幅.jpg", (1920, 320), "JPEG")}

    answer = browser.post(form, sent, follow=True)

    assert "网站外观已经保存" in answer.content.decode()
    look = SiteLook.objects.get(site=sites["g22"])
    assert (look.colour, look.tagline) == (DARK, "食品 药品 都要管")
    assert {look.emblem.title, look.header.title} == {"网站标识", "网站头图"}
    assert look.emblem.collection_id == sites["g22"].collection_id
    assert GovernmentSite.objects.get(code="g22").edition > edition
    public = Client()
    page = public.get("/gov/g22/news/").content.decode()
    for text in ("zs-colour-8a1538", "/gov/-/colours/8a1538.css", "食品 药品 都要管", look.emblem.address()[:30]):
        assert text in page
    other = public.get("/gov/g08/").content.decode()
    assert "zs-colour" not in other
    assert "zs-emblem" not in other
    for picture in (look.emblem, look.header):
        assert public.get(picture.address()).status_code == 200
    assert "zs-colour-8a1538" in answer.content.decode()
    assert Entry.objects.get(act="sites.look").object_id == str(sites["g22"].pk)


@pytest.mark.django_db
def test_the_stylesheet_of_a_colour_never_changes_and_there_is_none_of_what_is_no_colour(sites):
    browser = Client()

    answer = browser.get("/gov/-/colours/8a1538.css")

    assert answer.content.decode() == ".zs-colour-8a1538 { --zt-band: #791231; --zt-accent: #8a1538; }\n"
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    for word in ("8A1538", "ffee00", "red", "8a15381"):
        assert browser.get(f"/gov/-/colours/{word}.css").status_code == 404


@pytest.mark.django_db
def test_a_new_theme_leaves_the_look_of_the_site_alone(sites, signer):
    set_look(actor=signer, site_id=sites["g22"].pk, wish=WishedLook(colour=DARK, tagline="一句话"))

    facts.set_facts(actor=signer, site_id=sites["g22"].pk, words={"theme": "teal"})

    page = Client().get("/gov/g22/").content.decode()
    assert "zs-theme-teal zs-colour-8a1538" in " ".join(page.split())
    assert "一句话" in page


@pytest.mark.django_db
def test_what_is_wrong_stands_at_its_field_and_nothing_changes(sites, signer, form):
    browser = people.sign_in(Client(), signer)
    bad = {"own_colour": "on", "colour": "#ffee00", "tagline": "字" * 41}

    answer = browser.post(form, bad)
    small = browser.post(form, {"emblem": _sent("a.png", (40, 40)), "header": _sent("b.png", (1920, 1080))})
    wrong = browser.post(form, {"emblem": SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")})

    assert [one.status_code for one in (answer, small, wrong)] == [422, 422, 422]
    assert "最多 40 个字" in answer.content.decode()
    assert "#ffee00" in answer.content.decode()
    assert "太小" in small.content.decode()
    assert "太高" in small.content.decode()
    assert "不是可接收的类型" in wrong.content.decode()
    assert not SiteLook.objects.exists()
    assert not SitePicture.objects.exists()
    light = browser.post(form, {"own_colour": "on", "colour": "#ffee00"})
    assert "相近又看得清的是 #" in light.content.decode()


@pytest.mark.django_db
def test_the_same_form_sent_twice_is_one_change(sites, signer, form):
    browser = people.sign_in(Client(), signer)

    for _ in range(2):
        sent = {"own_colour": "on", "colour": DARK, "emblem": _sent("a.png", (256, 256))}
        assert browser.post(form, sent).status_code == 302

    assert SitePicture.objects.count() == 1
    assert Entry.objects.filter(act="sites.look").count() == 1


@pytest.mark.django_db
def test_a_picture_in_use_stays_until_it_is_taken_off(sites, signer, form):
    wish = WishedLook(pictures={"emblem": _plain((256, 256)), "header": _plain((1600, 300))})
    set_look(actor=signer, site_id=sites["g22"].pk, wish=wish)
    look = SiteLook.objects.get()
    with pytest.raises(Conflict, match="先在网站外观里换掉"):
        files.remove_file(actor=signer, file=look.emblem)
    browser = people.sign_in(Client(), signer)

    assert browser.post(form, {"tagline": "", "without_emblem": "on"}).status_code == 302

    look.refresh_from_db()
    assert look.emblem is None
    assert look.header is not None
    free = SitePicture.objects.get(title="网站标识")
    assert Client().get(free.address()).status_code == 404
    files.remove_file(actor=signer, file=free)
    assert SitePicture.objects.count() == 1


@pytest.mark.django_db
def test_only_who_signs_for_the_site_dresses_it(sites, editor):
    site = sites["g22"].pk
    with pytest.raises(NotPermitted):
        set_look(actor=editor, site_id=site, wish=WishedLook(colour=DARK))
    with pytest.raises(NotFound):
        set_look(
            actor=town.keeper("away", "site_publisher", org=town.CIVIL), site_id=site, wish=WishedLook(colour=DARK)
        )
    browser = people.sign_in(Client(), town.keeper("far", "site_publisher", org=town.CIVIL))
    assert browser.get(reverse("sites_desk:site_look", args=[site])).status_code == 404
    assert not SiteLook.objects.exists()


@pytest.mark.django_db
def test_a_site_that_is_closed_keeps_its_look(sites, signer):
    GovernmentSite.objects.filter(code="g22").update(state="closed")

    with pytest.raises(Conflict, match="已经关停"):
        set_look(actor=signer, site_id=sites["g22"].pk, wish=WishedLook(colour=DARK))


@pytest.mark.django_db
def test_the_table_takes_no_word_that_is_no_colour(sites):
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteLook.objects.create(tenant="980723", site=sites["g22"], colour="red;}")


@pytest.mark.django_db
def test_a_page_tells_programs_the_emblem_of_its_unit(sites, signer):
    set_look(actor=signer, site_id=sites["g22"].pk, wish=WishedLook(pictures={"emblem": _plain((256, 256))}))

    page = Client().get("/gov/g22/").content.decode()

    assert '"logo": "http' in page
    assert SiteLook.objects.get().emblem.address() in page
