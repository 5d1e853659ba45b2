"""Addresses, blueprints, the second person: without a database."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.kernel.ui.contrast import READABLE, contrast
from zhengtong.systems.sites.blocks import MODULES
from zhengtong.systems.sites.constants import THEME_COLOURS, ColumnKind, SiteKind, Takes, Theme
from zhengtong.systems.sites.rules import addresses
from zhengtong.systems.sites.rules.blueprints import BLUEPRINTS, COLUMN_FIELDS, kind_of_site
from zhengtong.systems.sites.rules.publishing import needs_second_person


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("g22", True),
        ("a-b", True),
        ("-a", False),
        ("a-", False),
        ("A", False),
        ("县", False),
        ("", False),
        ("a" * 41, False),
    ],
)
def test_a_code_can_stand_in_an_address(text, fits):
    assert addresses.is_code(text) is fits


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("www.qinghe.example", True),
        ("qinghe", False),
        ("a..example", False),
        ("-a.example", False),
        ("a.example:80", False),
        (f"{'a' * 64}.example", False),
    ],
)
def test_a_host_is_a_name_with_dots(text, fits):
    assert addresses.is_host(text) is fits


@given(st.from_regex(r"[a-z0-9]{1,10}", fullmatch=True), st.lists(st.from_regex(r"[a-z0-9-]{1,9}", fullmatch=True)))
def test_a_page_answers_below_its_site(code, parts):
    home = f"/980723/{code}/"
    below = "".join(f"{part}/" for part in parts)

    assert addresses.page_path(code, home, home + below) == f"/gov/{code}/{below}"


def test_a_page_of_another_site_has_no_address_here():
    with pytest.raises(ValueError, match="g08"):
        addresses.page_path("g22", "/980723/g22/", "/980723/g08/news/")


def test_every_kind_of_site_has_a_blueprint_of_known_columns_and_modules():
    assert set(BLUEPRINTS) == set(SiteKind.values)
    for plan in BLUEPRINTS.values():
        slugs = [one.slug for one in plan.columns]
        assert len(slugs) == len(set(slugs))
        assert {one.kind for one in plan.columns} <= set(ColumnKind.values)
        assert {one.takes for one in plan.columns} <= set(Takes.values)
        assert plan.theme in Theme.values
        for module in plan.modules:
            assert module["value"]["layout"] in dict(MODULES[module["type"]].LAYOUTS)
            named = [module["value"][name] for name in COLUMN_FIELDS if name in module["value"]]
            assert {*named, *module["value"].get("columns", ())} <= set(slugs)


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        ("政府工作部门", "青禾县民政局", "department"),
        ("乡镇人民政府", "东河镇人民政府", "township"),
        ("事业单位", "青禾县第一中学", "institution"),
        ("派出机构", "城关街道办事处", "township"),
    ],
)
def test_a_unit_gets_the_kind_of_site_that_fits(kind, name, found):
    assert kind_of_site(kind, name) == found


@pytest.mark.parametrize("theme", Theme.values)
def test_white_text_is_readable_on_every_theme(theme):
    assert all(contrast(colour, "#ffffff") >= READABLE for colour in THEME_COLOURS[Theme(theme)])


def test_who_wrote_a_version_does_not_sign_for_it():
    writer, other = uuid.uuid4(), uuid.uuid4()

    assert needs_second_person(writer, {writer})
    assert needs_second_person(writer, {other, writer})
    assert not needs_second_person(writer, {other})
    assert not needs_second_person(None, {other})
