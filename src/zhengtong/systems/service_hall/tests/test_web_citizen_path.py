"""From the first page to the receipt, as an applicant's browser goes it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def applicant(client: Client) -> Actor:
    hall.found_county()
    actor = hall.people.citizen()
    hall.people.sign_in(client, actor)
    return actor


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]  # a test response


def upload(client: Client, row: Application, content: bytes, name: str = "场所证明.pdf", key: str = hall.REQUIRED):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post(reverse("service_hall:upload", args=[row.id, key]), {"file": SimpleUploadedFile(name, content)})


def test_an_applicant_goes_from_the_first_page_to_the_receipt(client: Client, applicant: Actor) -> None:
    page = text_of(client.get(reverse("service_hall:apply", args=[hall.SIMPLE])))
    assert "以个人身份申请" in page
    assert "场所证明" in page
    assert "由部门之间共享" in page

    response = client.post(reverse("service_hall:apply", args=[hall.SIMPLE]))
    row = Application.objects.get(person_id=applicant.person_id)
    assert response.url == reverse("service_hall:section", args=[row.id, 1])
    page = text_of(client.get(response.url))
    assert "已按您的身份信息预填" in page
    assert "张一" in page

    for number, answers in enumerate(
        (
            {"applicant_kind": "person", "name": "张一", "phone": "13800000001", "address": "老街 18 号"},
            {"content": "开办面馆"},
            {"consent_true": "yes", "consent_share": "yes"},
        ),
        1,
    ):
        prefilled = api.own_view(actor=applicant, application_id=row.id).form.answers
        response = client.post(
            reverse("service_hall:section", args=[row.id, number]), {**prefilled, **answers, "go": "next"}
        )
    assert response.url == reverse("service_hall:materials", args=[row.id])
    assert upload(client, row, hall.pdf()).url.startswith(response.url)
    page = text_of(client.get(reverse("service_hall:review", args=[row.id])))
    assert "开办面馆" in page
    assert "场所证明.pdf" in page
    response = client.post(
        reverse("service_hall:review", args=[row.id]), {"consent": "on", "notice_email": "zhang@example.cn"}
    )
    assert response.url == reverse("service_hall:receipt", args=[row.id])
    row.refresh_from_db()
    page = text_of(client.get(response.url))
    assert row.query_code[:4] in page
    assert "<svg" in page
    assert row.email == "zhang@example.cn"


def test_a_second_press_gives_the_same_application(client: Client, applicant: Actor) -> None:
    row = hall.ready_draft(applicant)
    url = reverse("service_hall:review", args=[row.id])

    first = client.post(url, {"consent": "on"})
    second = client.post(url, {"consent": "on"})

    assert first.url == second.url == reverse("service_hall:receipt", args=[row.id])
    assert Application.objects.exclude(status="draft").count() == 1


def test_a_second_start_takes_up_the_open_draft(client: Client, applicant: Actor) -> None:
    url = reverse("service_hall:apply", args=[hall.SIMPLE])
    client.post(url)

    page = text_of(client.get(url))
    client.post(url)

    assert "接着填写" in page
    assert Application.objects.count() == 1


def test_a_gap_stops_the_way_and_keeps_what_was_typed(client: Client, applicant: Actor) -> None:
    row = api.start_application(actor=applicant, item_code=hall.SIMPLE)
    url = reverse("service_hall:section", args=[row.id, 1])

    response = client.post(url, {"name": "张一", "citizen_number": "980723199003070019", "phone": "1380", "go": "next"})

    page = text_of(response)
    assert response.status_code == 422
    assert "公民身份号码的校验位不符" in page
    assert "手机号码应为 11 位手机号码" in page
    assert 'value="980723199003070019"' in page
    assert 'href="#id_citizen_number"' in page
    assert api.own_view(actor=applicant, application_id=row.id).form.answers["phone"] == "1380"


def test_going_back_and_leaving_never_refuse(client: Client, applicant: Actor) -> None:
    row = api.start_application(actor=applicant, item_code=hall.SIMPLE)
    url = reverse("service_hall:section", args=[row.id, 2])

    back = client.post(url, {"content": "", "go": "back"})
    later = client.post(url, {"content": "一半", "go": "later"})

    assert back.url == reverse("service_hall:section", args=[row.id, 1])
    assert later.url == reverse("service_hall:mine")
    assert api.own_view(actor=applicant, application_id=row.id).form.answers["content"] == "一半"


def test_ten_thousand_characters_are_kept_and_refused_in_words(client: Client, applicant: Actor) -> None:
    row = api.start_application(actor=applicant, item_code=hall.SIMPLE)
    long = "很" * 10_000

    response = client.post(reverse("service_hall:section", args=[row.id, 2]), {"content": long, "go": "next"})

    assert "最多 4000 个字，现在有 10000 个字" in text_of(response)
    assert api.own_view(actor=applicant, application_id=row.id).form.answers["content"] == long


def test_script_in_an_answer_is_text_on_every_page(client: Client, applicant: Actor) -> None:
    row = hall.ready_draft(applicant, answers={"content": "<script>alert(1)</script>", "address": '"><img src=x>'})

    pages = [client.get(reverse("service_hall:section", args=[row.id, number])) for number in (1, 2)]
    pages.append(client.get(reverse("service_hall:review", args=[row.id])))
    client.post(reverse("service_hall:review", args=[row.id]), {"consent": "on"})
    pages.append(client.get(reverse("service_hall:application", args=[row.id])))

    for page in map(text_of, pages):
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
    assert "&lt;script&gt;" in text_of(pages[3])


def test_a_question_that_depends_on_another_is_put_without_scripts(client: Client, applicant: Actor) -> None:
    row = api.start_application(actor=applicant, item_code=hall.SIMPLE)
    url = reverse("service_hall:section", args=[row.id, 1])
    answers = api.own_view(actor=applicant, application_id=row.id).form.answers
    closed = text_of(client.get(url))

    response = client.post(url, {**answers, "applicant_kind": "legal", "address": "老街", "go": "next"})

    page = text_of(response)
    hidden = re.compile(r'data-item="legal_name"[^>]*\shidden')
    assert hidden.search(closed)
    assert response.status_code == 200
    assert "根据您的选择" in page
    assert 'data-item="legal_name"' in page
    assert not hidden.search(page)
    again = client.post(url, {**answers, "applicant_kind": "legal", "address": "老街", "go": "next"})
    assert "请填写单位名称" in text_of(again)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.pdf", b"", "是空文件"),
        ("程序.pdf", b"MZ" + b"\0" * 300, "不是可接收的类型"),
        ("表格.docx", b"PK\x03\x04" + b"\0" * 300, "不是可接收的类型"),
        ("宏.pdf", hall.pdf_with_action(), "会自动运行的内容"),
        ("坏.pdf", b"%PDF-1.7\nnothing", "已损坏"),
    ],
    ids=["empty", "program", "office", "active", "broken"],
)
def test_a_file_that_may_not_come_in_is_refused_in_words(
    client: Client, applicant: Actor, name: str, content: bytes, sentence: str
) -> None:
    row = hall.draft(applicant)

    response = upload(client, row, content, name)

    page = text_of(response)
    assert response.status_code == 422
    assert sentence in page
    assert f'href="#material-{hall.REQUIRED}"' in page
    assert not row.files.exists()
    assert api.own_view(actor=applicant, application_id=row.id).form.answers["content"] == hall.ANSWERS["content"]


def test_a_press_without_a_file_says_so(client: Client, applicant: Actor) -> None:
    row = hall.draft(applicant)

    response = client.post(reverse("service_hall:upload", args=[row.id, hall.REQUIRED]))

    assert response.status_code == 422
    assert "还没有选择文件" in text_of(response)


def test_a_file_is_replaced_removed_and_read_by_its_owner(client: Client, applicant: Actor) -> None:
    row = hall.draft(applicant)
    upload(client, row, hall.pdf("一"))
    upload(client, row, hall.photo(), "照片.jpg")
    current = row.files.get(state="current")

    got = client.get(reverse("service_hall:file", args=[row.id, current.id]))
    client.post(reverse("service_hall:remove", args=[row.id, current.id]))

    assert got.content == hall.photo()
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert not row.files.filter(state="current").exists()
    assert row.files.count() == 2


def test_the_review_names_every_gap_with_its_page(client: Client, applicant: Actor) -> None:
    row = api.start_application(actor=applicant, item_code=hall.SIMPLE)

    response = client.post(
        reverse("service_hall:review", args=[row.id]), {"consent": "on", "notice_email": "not an address"}
    )

    page = text_of(response)
    assert response.status_code == 422
    assert f"{reverse('service_hall:section', args=[row.id, 2])}?check=1#id_content" in page
    assert f"{reverse('service_hall:materials', args=[row.id])}#material-{hall.REQUIRED}" in page
    assert "电子邮箱格式不对" in page
    unticked = text_of(client.post(reverse("service_hall:review", args=[row.id]), {"notice_email": ""}))
    assert "勾选“确认无误”后再提交" in unticked
    assert f"#material-{hall.REQUIRED}" in unticked
    assert 'value="not an address"' in page
    assert "请填写申请的具体内容" in text_of(client.get(reverse("service_hall:section", args=[row.id, 2]) + "?check=1"))


def test_what_is_typed_is_kept_without_a_press(client: Client, applicant: Actor) -> None:
    row = api.start_application(actor=applicant, item_code=hall.SIMPLE)
    url = reverse("service_hall:autosave", args=[row.id])

    form = client.post(url, {"section": "2", "content": "写了一半"})
    data = client.post(url, {"remark": "补充", "unknown": "x"}, content_type="application/json")
    broken = client.post(url, "[1]", content_type="application/json")

    answers = api.own_view(actor=applicant, application_id=row.id).form.answers
    assert form.json()["saved_at"][2] == ":"
    assert data.status_code == 200
    assert broken.status_code == 422
    assert (answers["content"], answers["remark"]) == ("写了一半", "补充")
    assert "unknown" not in answers


def test_a_draft_is_discarded_and_gone(client: Client, applicant: Actor) -> None:
    row = hall.ready_draft(applicant)

    client.post(reverse("service_hall:discard", args=[row.id]))

    row.refresh_from_db()
    assert row.status == "discarded"
    assert client.get(reverse("service_hall:section", args=[row.id, 1])).status_code == 404
    assert row.files.exists()
    assert api.start_application(actor=applicant, item_code=hall.SIMPLE).id != row.id


def test_a_submitted_application_cannot_be_discarded(client: Client, applicant: Actor) -> None:
    row = hall.submitted(applicant)

    response = client.post(reverse("service_hall:discard", args=[row.id]))

    assert response.status_code == 409
    row.refresh_from_db()
    assert row.status == "submitted"


def test_a_notice_is_answered_only_with_what_it_named(client: Client, applicant: Actor) -> None:
    row = hall.told(applicant)
    url = reverse("service_hall:supplement", args=[row.id])
    page = text_of(client.get(url))
    assert "缺少出租方签字" in page

    early = client.post(url)
    upload(client, row, hall.pdf("新的"))
    done = client.post(url)

    assert early.status_code == 422
    assert "还没有重新上传：场所证明" in text_of(early)
    assert done.url == reverse("service_hall:application", args=[row.id])
    row.refresh_from_db()
    assert row.status == "submitted"
    assert client.get(url).url == reverse("service_hall:application", args=[row.id])


def test_a_wrong_form_is_corrected_on_its_pages(client: Client, applicant: Actor) -> None:
    row = hall.told(applicant, points={hall.FORM: "经营内容写得不清楚"})
    url = reverse("service_hall:supplement", args=[row.id])
    early = client.post(url)

    client.post(reverse("service_hall:section", args=[row.id, 2]), {"content": "", "go": "next"})
    gap = client.post(url)
    saved = client.post(reverse("service_hall:section", args=[row.id, 2]), {"content": "写清楚了", "go": "next"})
    done = client.post(url)

    assert "还没有更正" in text_of(early)
    assert gap.status_code == 422
    assert saved.url == url
    assert done.status_code == 302
    assert client.post(
        reverse("service_hall:section", args=[row.id, 2]), {"content": "偷改", "go": "next"}
    ).url == reverse("service_hall:application", args=[row.id])
    assert api.own_view(actor=applicant, application_id=row.id).form.answers["content"] == "写清楚了"


def test_withdrawing_needs_its_reason(client: Client, applicant: Actor) -> None:
    row = hall.submitted(applicant)
    url = reverse("service_hall:withdraw", args=[row.id])

    silent = client.post(url, {"reason": " "})
    done = client.post(url, {"reason": "不开了"})
    do_all_work()

    assert silent.status_code == 422
    assert "至少 2 个字" in text_of(silent)
    assert done.url == reverse("service_hall:application", args=[row.id])
    assert "您已撤回这次申请" in text_of(client.get(done.url))


def test_what_was_withdrawn_under_a_notice_is_no_longer_changed(applicant: Actor) -> None:
    row = hall.told(applicant)

    for _press in range(2):
        api.withdraw_application(actor=applicant, application_id=row.id, reason="不开了", command_key="w")

    with pytest.raises(Conflict):
        api.save_answers(actor=applicant, application_id=row.id, answers={"content": "偷改"})
    do_all_work()
    with pytest.raises(Conflict):
        api.save_answers(actor=applicant, application_id=row.id, answers={"content": "偷改"})
    found = ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), row.tenant)
    assert [entry.act for entry in found].count("service_hall.withdraw") == 1


def test_the_page_of_an_application_says_who_read_it(client: Client, applicant: Actor) -> None:
    row = hall.submitted(applicant)
    url = reverse("service_hall:application", args=[row.id])
    assert "还没有工作人员打开过" in text_of(client.get(url))

    api.read_application(actor=hall.official("G22", "clerk"), application_id=row.id, purpose="受理审查")

    page = text_of(client.get(url))
    assert "青禾县市场监督管理局" in page
    assert "用途：受理审查" in page
    assert "为什么是这一天" in page


def test_papers_come_as_attachments_after_the_work_is_done(client: Client, applicant: Actor) -> None:
    row = hall.submitted(applicant)
    do_all_work()
    view = api.own_view(actor=applicant, application_id=row.id)

    got = client.get(reverse("service_hall:paper", args=[view.papers[0].id]))

    assert view.papers[0].kind == "receipt"
    assert got.content.startswith(b"%PDF")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "下载回执" in text_of(client.get(reverse("service_hall:receipt", args=[row.id])))


def test_four_units_review_at_once_and_the_page_says_so(client: Client) -> None:
    hall.found_county("restaurant")
    applicant = hall.people.citizen()
    hall.people.sign_in(client, applicant)
    row = hall.accepted(applicant, hall.JOINT)
    hall.act(row, "agree", org_code="H05")

    page = text_of(client.get(reverse("service_hall:application", args=[row.id])))

    assert "您的申请正在 3 个部门同时审查" in page
    assert "4 个部门同时审查，1 个已提出意见" in page
    assert "承诺办结时限" in page
