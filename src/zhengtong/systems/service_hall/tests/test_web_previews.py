"""The licence before it is granted: seen by who decides, and by nobody else."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.documents.tests.reading import text_of
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        hall.found_hall()
        yield traveller


def test_the_deciding_unit_previews_the_licence_as_a_draft() -> None:
    row = hall.submitted()
    hall.reviewed(row)
    client = hall.signed_in(hall.clerk("G22", "leader"))
    address = reverse("service_hall:desk-preview", args=[row.id])

    page = client.get(hall.task_address(row, "decide")).content.decode()
    first, second = client.get(address), client.get(address)

    assert address in page
    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    text = text_of(second.content)
    assert "草稿" in text
    assert "食品经营许可证" in text
    assert "张一" in text


def test_others_do_not_see_it() -> None:
    row = hall.submitted()
    hall.reviewed(row)
    address = reverse("service_hall:desk-preview", args=[row.id])

    assert Client().get(address).status_code == 302
    assert factories.sign_in(Client(), factories.citizen("王五", phone="13800000002")).get(address).status_code == 403
    assert hall.signed_in(hall.clerk("H05")).get(address).status_code in {403, 404}
    assert hall.signed_in(hall.clerk("G22", "sys_admin")).get(address).status_code == 403


def test_officials_find_ofd_and_details_beside_each_paper() -> None:
    row = hall.submitted()
    hall.reviewed(row)
    do_all_work()

    page = hall.signed_in(hall.clerk()).get(hall.case_address(row)).content.decode()

    assert "下载 OFD" in page
    assert "归档、撤回" in page
