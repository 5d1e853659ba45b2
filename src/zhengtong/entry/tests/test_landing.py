"""Every role has a desk that opens, and a menu that leads to it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from zhengtong.capabilities.identity.constants import PERSONAL_ROLES, Role
from zhengtong.capabilities.identity.tests.factories import agent, citizen, official, sign_in
from zhengtong.entry.landing import landing_page
from zhengtong.entry.menus import desk_groups
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_centre.tests import hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, settings: Any) -> None:
    """The page of how things run looks at the disk."""
    settings.ZHENGTONG_VAR = str(tmp_path)


def who_has(role: str) -> Actor:
    if role in PERSONAL_ROLES:
        person = citizen()
        return agent(person) if role == Role.AGENT else person
    if role == Role.HALL_MANAGER:
        hall.hall()
        return hall.manager()
    return official("somebody", role)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_lands_on_a_page_that_opens(role: str) -> None:
    actor = who_has(role)

    address = landing_page(actor)
    answer = sign_in(Client(), actor).get(address)

    assert address not in {"", "/"}
    assert answer.status_code == 200


@pytest.mark.parametrize("role", sorted(set(Role.values) - set(PERSONAL_ROLES)))
def test_every_page_of_a_menu_opens(role: str) -> None:
    actor = who_has(role)
    client = sign_in(Client(), actor)
    page = client.get(landing_page(actor)).content.decode()

    menu = page.partition('class="zt-desknav"')[2].partition("</nav>")[0]
    addresses = re.findall(r'href="([^"]+/)"', menu)  # what ends otherwise is a file

    assert addresses
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_who_leads_the_supervision_office_begins_at_its_desk() -> None:
    actor = official("somebody", "leader", "supervisor")

    assert landing_page(actor) == "/supervision/"
    assert desk_groups(actor)[0].links[0][0] == "supervision:desk"


def test_many_links_stand_under_their_systems_and_the_page_itself_is_marked() -> None:
    client = sign_in(Client(), official("somebody", "supervisor"))

    page = client.get("/supervision/rules/").content.decode()

    assert page.count('class="zt-desknav-part" open') == 1
    opened = page.partition('class="zt-desknav-part" open')[2].partition("</details>")[0]
    assert "<summary>电子监察</summary>" in opened
    assert 'href="/supervision/rules/" aria-current="page"' in opened
    assert "<summary>定期督查</summary>" in page


def test_a_page_below_one_of_the_menu_belongs_to_it() -> None:
    client = sign_in(Client(), official("somebody", "supervisor"))

    page = client.get("/complaints/desk/none/").content.decode()
    below = client.get("/supervision/cards/?number=1").content.decode()

    assert 'aria-current="page"' not in page.partition('class="zt-desknav"')[2].partition("</nav>")[0]
    assert 'href="/supervision/cards/" aria-current="page"' in below


def test_few_links_stand_in_one_list() -> None:
    client = sign_in(Client(), official("somebody", "application_operator"))

    page = client.get("/messages/deliveries/").content.decode()

    assert "zt-desknav-part" not in page
    assert 'href="/messages/deliveries/" aria-current="page"' in page
