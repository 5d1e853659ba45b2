"""Who is signed out while he types, or types in an old window, loses nothing; and no stranger's page gets it sent."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from lxml import html

from tests.bad_input import files
from tests.bad_input.entrances import Named
from tests.bad_input.ground import MONDAY, Ground, changed, rows_of_all_tables, text_of
from zhengtong.capabilities.identity.tests import factories as people

TYPED = "写了半个小时的意见：现场与图纸不符，<b>第三页</b>没有盖章。"
BROWSER = {"Accept": "text/html,application/xhtml+xml", "Origin": "http://testserver"}


def again(page: bytes) -> dict[str, Any]:
    """What the page's own button sends."""
    [form] = html.document_fromstring(page.decode()).xpath("//form[contains(@class, 'zt-form')]")
    return dict(form.form_values())


def late(ground: Ground, who: str, hours: int) -> tuple[Client, Any]:
    """A browser whose person went to lunch."""
    client = ground.client(who)
    client.get("/accounts/")
    return client, time_machine.travel(MONDAY.replace(hour=MONDAY.hour + hours), tick=True)


def test_what_was_typed_while_the_session_ended_is_sent_after_signing_in(ground: Ground) -> None:
    client, lunch = late(ground, "clerk", 6)
    address = ground.task_url("submitted")
    sent = {"command_key": "0" * 32, "outcome": "refuse", "opinion": TYPED}

    with lunch:
        before = rows_of_all_tables()
        page = client.post(address, sent, headers=BROWSER)
        people.sign_in(client, ground.people["clerk"])
        done = client.post(address, again(page.content), headers=BROWSER)

    assert page.status_code == 403
    assert "登录已经失效，这一次没有提交。填写的内容都在这个页面上，没有丢失" in text_of(page)
    assert again(page.content)["opinion"] == TYPED
    assert "<b>第三页</b>" not in page.content.decode()
    assert done.status_code == 302
    assert changed(before)


def test_nothing_is_done_before_one_has_signed_in_again(ground: Ground) -> None:
    client, lunch = late(ground, "clerk", 6)
    before = rows_of_all_tables()

    with lunch:
        page = client.post(
            ground.task_url("submitted"), {"command_key": "0" * 32, "outcome": "accept"}, headers=BROWSER
        )
        once_more = client.post(ground.task_url("submitted"), again(page.content), headers=BROWSER)

    assert (page.status_code, once_more.status_code) == (403, 403)
    # that the session ended is entered
    assert not changed(before, but=("ledger_entry", "ledger_payload", "identity_signin"))


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_a_page_from_elsewhere_gets_no_button_of_ours(ground: Ground, origin: str) -> None:
    headers = {"Accept": "text/html"} | ({"Origin": origin} if origin else {})

    page = ground.client().post(ground.task_url("submitted"), {"opinion": TYPED}, headers=headers)

    assert page.status_code == 302
    assert TYPED not in page.content.decode()


def test_a_script_of_a_page_is_sent_to_sign_in_as_before(ground: Ground) -> None:
    headers = {"Accept": "*/*", "Origin": "http://testserver"}

    answer = ground.client().post(ground.task_url("submitted"), {"opinion": TYPED}, headers=headers)

    assert answer.status_code == 302


def test_a_form_of_an_old_window_is_taken_at_the_second_press(ground: Ground) -> None:
    client = ground.client("clerk", enforce_csrf_checks=True)
    address = ground.task_url("submitted")
    client.get(address)
    sent = {"command_key": "0" * 32, "outcome": "refuse", "opinion": TYPED, "csrfmiddlewaretoken": "x" * 64}

    page = client.post(address, sent, headers=BROWSER)
    done = client.post(address, again(page.content), headers=BROWSER)

    assert page.status_code == 403
    assert "页面打开的时间太长，为了安全还没有提交。填写的内容都在这个页面上" in text_of(page)
    assert done.status_code == 302


def test_passwords_are_not_given_back(ground: Ground) -> None:
    client = ground.client("", enforce_csrf_checks=True)
    sent = {"name": "王五", "password": "Kuai-le_2026xyz", "password_again": "Kuai-le_2026xyz"}

    page = client.post("/accounts/register/", sent, headers=BROWSER)

    assert page.status_code == 403
    assert "王五" in page.content.decode()
    assert not re.search("Kuai-le", page.content.decode())


def test_files_are_asked_for_again_by_name(ground: Ground) -> None:
    page = ground.client().post(
        "/services/applications/00000000-0000-4000-8000-000000000001/materials/premises/",
        {"file": Named("场所证明.pdf", files.pdf())},
        headers=BROWSER,
    )

    assert page.status_code == 403
    assert "请重新选择文件“场所证明.pdf”" in text_of(page)
