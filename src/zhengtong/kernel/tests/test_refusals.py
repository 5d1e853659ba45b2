"""A refusal gives back every typed word to whom it came from, and to nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotPermitted
from zhengtong.kernel.refusals import refusal_page

OURS = {"Origin": "http://testserver", "Accept": "text/html"}
TYPED = "窗口设备故障，已于当日修复并补办。"
KEY = "0197f1a2-3b4c-7d5e-8f60-718293a4b5c6"


def refused(error: DomainError, headers: dict[str, str] | None = None, **sent: object) -> HttpResponse:
    request = RequestFactory().post("/some/form/", sent, headers=OURS if headers is None else headers)
    return refusal_page(request, error)


@pytest.mark.parametrize(
    ("error", "status"),
    [(Invalid("请写明时间。"), 422), (Conflict("刚刚由他人办结。"), 409), (NotPermitted("不能办理。"), 403)],
)
def test_words_typed_into_a_form_stand_below_the_sentence(error: DomainError, status: int) -> None:
    page = refused(error, reason=TYPED)

    html = page.content.decode()
    assert page.status_code == status
    assert error.message in html
    assert f"<p>{TYPED}</p>" in html
    assert page["Cache-Control"] == "private, no-store"


def test_only_what_may_succeed_later_can_be_sent_again() -> None:
    later = refused(Conflict("刚刚由他人办结。"), reason=TYPED).content.decode()
    never = refused(Invalid("请写明时间。"), reason=TYPED).content.decode()

    assert f'name="reason" value="{TYPED}"' in later
    assert "继续提交" not in never


def test_the_way_back_leads_to_the_page_of_the_form() -> None:
    ours = refused(Invalid("请写明时间。"), OURS | {"Referer": "http://testserver/desk/?page=2"}, reason=TYPED)
    elsewhere = refused(Invalid("请写明时间。"), OURS | {"Referer": "http://elsewhere.example/x/"}, reason=TYPED)

    assert 'href="/desk/?page=2"' in ours.content.decode()
    assert "elsewhere" not in elsewhere.content.decode()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_words_from_elsewhere_are_not_shown(origin: str) -> None:
    page = refused(Invalid("请写明时间。"), {"Accept": "text/html", "Origin": origin}, reason=TYPED)

    assert page.status_code == 422
    assert TYPED not in page.content.decode()


def test_secrets_and_keys_of_the_page_are_not_shown() -> None:
    page = refused(Conflict("刚刚由他人办结。"), reason=TYPED, other_password="Kuai-le", command_key=KEY)

    html = page.content.decode()
    assert "Kuai-le" not in html
    assert f"<p>{KEY}</p>" not in html
    assert f'name="command_key" value="{KEY}"' in html


def test_a_button_alone_gets_the_plain_page() -> None:
    page = refused(Conflict("刚刚由他人办结。"), act="end", command_key=KEY)

    assert 'class="zt-problem"' in page.content.decode()


def test_files_are_named() -> None:
    paper = SimpleUploadedFile("现场照片.jpg", b"x", content_type="image/jpeg")

    wrong, late = refused(Invalid("不是照片。"), file=paper), refused(Conflict("已经完成。"), file=paper)

    assert "没有收下的文件：“现场照片.jpg”" in wrong.content.decode()
    assert 'name="file"' in late.content.decode()


def test_a_script_gets_the_page_in_place_of_its_own() -> None:
    page = refused(Invalid("请写明时间。"), OURS | {"HX-Request": "true"}, reason=TYPED)

    assert (page.status_code, page["HX-Retarget"]) == (200, "body")
