"""Whoever sends too much is slowed down, by the address the proxy tells."""

import io
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image

from zhengtong.capabilities.identity.models import Person
from zhengtong.capabilities.identity.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def test_registrations_from_one_address_are_counted() -> None:
    def register(number: int) -> str:
        given = {
            "name": "张一",
            "citizen_number": factories.citizen_number(number),
            "phone": f"138000{number:05d}",
            "password": "123",
            "password_again": "123",
            "consent": "on",
        }
        return Client().post(reverse("account_signup"), given, REMOTE_ADDR="10.1.1.1").content.decode()

    pages = [register(number) for number in range(100, 131)]

    assert "注册的次数太多" not in pages[29]
    assert "注册的次数太多" in pages[30]
    assert not Person.objects.exists()


def test_files_to_verify_from_one_address_are_counted() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")

    def check(address: str) -> str:
        sent = {"file": SimpleUploadedFile("x.png", out.getvalue(), "image/png")}
        return Client().post(reverse("documents:check-file"), sent, REMOTE_ADDR=address).content.decode()

    pages = [check("10.1.1.1") for _n in range(31)]

    assert "上传的文件太多" not in pages[29]
    assert "上传的文件太多" in pages[30]
    assert "上传的文件太多" not in check("10.1.1.2")


def test_whole_lists_taken_from_one_address_are_counted() -> None:
    def take(address: str) -> Any:
        return Client().get(reverse("catalogue:export_csv"), REMOTE_ADDR=address)

    answers = [take("10.1.1.1") for _n in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "请一分钟后再试" in answers[30].content.decode()
    assert take("10.1.1.2").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "told"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (0, "1.2.3.4", "10.0.0.9"),
    ],
)
def test_an_address_is_what_the_proxy_wrote(settings: Any, proxies: int, forwarded: str, told: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=forwarded)

    assert get_adapter().get_client_ip(request) == told
