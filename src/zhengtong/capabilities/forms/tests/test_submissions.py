"""Filling in: nothing is lost, files belong to their answers, a new version takes along what fits."""

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from PIL import Image

from zhengtong.capabilities.forms import api
from zhengtong.capabilities.forms.models import Attachment, Submission
from zhengtong.capabilities.forms.tests.forms import field, form
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.uploads import checked_upload

pytestmark = pytest.mark.django_db
TENANT = "980723"
PHOTO = field("photo", "attachment", formats=["png"], max_files=2, required=False)
HINT = field("hint", required=False, when={"field": "name", "values": ["张一"]})
PEOPLE = field(
    "people", "group", required=False, fields=[field("name"), field("card", "attachment", required=False), HINT]
)
SORT = field("sort", "choice", options=[["a", "甲"], ["b", "乙"]], required=False)
FIELDS = [field("name"), SORT, field("why", required=False, when={"field": "sort", "values": ["a"]}), PHOTO, PEOPLE]


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = tmp_path


@pytest.fixture
def draft() -> api.SubmissionView:
    api.declare_form(actor=system(TENANT), key="shop", definition=form(*FIELDS))
    return api.start_submission(tenant=TENANT, key="shop", prefill={})


def save(draft: api.SubmissionView, revision: int | None = None, **answers: Any) -> api.SubmissionView:
    return api.save_answers(tenant=TENANT, submission_id=draft.id, answers=answers, revision=revision)


def attach(draft: api.SubmissionView, path: str, name: str = "照片.png", colour: str = "red") -> api.SubmissionView:
    upload = checked_upload(name, picture(colour))
    return api.attach_file(tenant=TENANT, submission_id=draft.id, path=path, upload=upload)


def test_a_submission_is_started_on_the_version_that_is_asked_for(draft: api.SubmissionView) -> None:
    api.declare_form(actor=system(TENANT), key="shop", definition=form(field("other")))

    assert api.start_submission(tenant=TENANT, key="shop", prefill={}).version == 2
    assert api.start_submission(tenant=TENANT, key="shop", prefill={}, version=1).version == 1
    with pytest.raises(NotFound):
        api.start_submission(tenant=TENANT, key="shop", prefill={}, version=7)


def test_answers_of_any_shape_are_kept(draft: api.SubmissionView) -> None:
    view = save(draft, name=["odd", 1.5, None], people=[{"name": "张\x00一"}, {}, "x"])

    assert view.answers == {"name": ["odd", 1.5, None], "people": [{"name": "张一"}, {}, "x"]}
    assert set(view.problems()) == {"name", "people.2", "people.2.name"}
    assert view.asked_keys() == {"name", "sort", "photo", "people"}


def test_a_stale_page_wins_and_what_it_replaces_is_kept_aside(draft: api.SubmissionView) -> None:
    first = save(draft, name="早", revision=0)
    save(draft, name="中", sort="a", revision=first.revision)

    view = save(draft, name="晚", sort="a", revision=first.revision)

    assert (view.answers["name"], view.revision) == ("晚", 3)
    assert [(one.path, one.label, one.words, one.reason) for one in view.replaced] == [
        ("name", "问题name", "中", "replaced")
    ]


def test_a_page_that_is_up_to_date_leaves_no_history(draft: api.SubmissionView) -> None:
    view = save(draft, name="一", revision=0)
    view = save(draft, name="二", revision=view.revision)

    assert save(draft, name="三").aside == ()


def test_what_is_not_asked_any_more_is_put_aside_when_the_form_is_final(draft: api.SubmissionView) -> None:
    save(draft, name="一", sort="a", why="原因", people=[{}, {"name": "李二", "hint": "旧"}])
    save(draft, sort="b")

    view = api.freeze(tenant=TENANT, submission_id=draft.id)

    assert view.answers == {"name": "一", "sort": "b", "photo": [], "people": [{"name": "李二", "card": []}]}
    assert [(one.path, one.words, one.reason) for one in view.aside] == [
        ("why", "原因", "dropped"),
        ("people.1.hint", "旧", "dropped"),
    ]


def test_the_history_is_not_readable_in_the_database_and_goes_with_the_answers(draft: api.SubmissionView) -> None:
    save(draft, name="机密")
    save(draft, name="新", revision=0)

    with connection.cursor() as cursor:
        cursor.execute("select history from forms_submission")
        assert cursor.fetchone()[0].startswith("k")
    api.purge_submission(tenant=TENANT, submission_id=draft.id)
    assert not Submission.objects.exists()


def test_too_much_is_refused_with_a_sentence(draft: api.SubmissionView) -> None:
    with pytest.raises(Invalid, match="填写的内容太多"):
        save(draft, name="长" * 3_000_001)


def test_a_file_becomes_an_answer_and_can_be_read(draft: api.SubmissionView) -> None:
    view = attach(draft, "photo")
    file = view.answers["photo"][0]

    row, content = api.attachment_content(tenant=TENANT, submission_id=draft.id, file_id=uuid.UUID(file["file"]))

    assert (row.name, content, file["copies"]) == ("照片.png", picture(), 1)
    save(draft, name="一")
    assert api.freeze(tenant=TENANT, submission_id=draft.id).answers["photo"] == [file]
    with pytest.raises(NotFound):
        api.attachment_content(tenant="980724", submission_id=draft.id, file_id=uuid.UUID(file["file"]))


def test_a_file_in_a_row_and_its_removal(draft: api.SubmissionView) -> None:
    save(draft, people=[{"name": "a"}, {"name": "b"}])
    view = attach(draft, "people.1.card")
    file = view.answers["people"][1]["card"][0]["file"]

    view = api.remove_file(tenant=TENANT, submission_id=draft.id, file_id=uuid.UUID(file))

    assert view.answers["people"] == [{"name": "a"}, {"name": "b", "card": []}]
    assert Attachment.objects.get().removed_at is not None
    with pytest.raises(NotFound, match="已经移除"):
        api.remove_file(tenant=TENANT, submission_id=draft.id, file_id=uuid.UUID(file))


def test_the_only_file_of_a_question_is_replaced(draft: api.SubmissionView) -> None:
    save(draft, people=[{"name": "a"}])
    attach(draft, "people.0.card", colour="red")
    view = attach(draft, "people.0.card", colour="blue")

    assert len(view.answers["people"][0]["card"]) == 1
    assert [one.removed_at is None for one in Attachment.objects.order_by("created_at")] == [False, True]


@pytest.mark.parametrize(
    ("path", "name", "error", "words"),
    [
        ("name", "a.png", NotFound, "不需要上传"),
        ("none", "a.png", NotFound, "不需要上传"),
        ("people.7.card", "a.png", NotFound, "这一行已经不在"),
        ("photo", "a.pdf", Invalid, "请上传 PNG"),
        ("photo", "a.png", Conflict, "已经提交"),
    ],
)
def test_files_that_may_not_come_in(
    draft: api.SubmissionView, path: str, name: str, error: type[Exception], words: str
) -> None:
    if error is Conflict:
        save(draft, name="一")
        api.freeze(tenant=TENANT, submission_id=draft.id)

    with pytest.raises(error) as refusal:
        attach(draft, path, name)

    assert words in str(refusal.value)


def test_no_more_files_than_declared(draft: api.SubmissionView) -> None:
    attach(draft, "photo", colour="red")
    attach(draft, "photo", colour="blue")

    with pytest.raises(Invalid, match="最多 2 个文件"):
        attach(draft, "photo", colour="green")


def test_a_file_of_somebody_else_is_no_answer(draft: api.SubmissionView) -> None:
    other = attach(api.start_submission(tenant=TENANT, key="shop", prefill={}), "photo")
    save(draft, name="一", photo=other.answers["photo"])

    with pytest.raises(Invalid) as refusal:
        api.freeze(tenant=TENANT, submission_id=draft.id)

    assert "找不到" in refusal.value.errors["photo"]


def test_a_new_version_takes_along_what_fits_and_shows_the_rest(draft: api.SubmissionView) -> None:
    save(draft, name="河畔小馆", sort="a", why="原因")
    changed = form(field("shop", was="name"), field("sort", "choice", options=[["b", "乙"], ["c", "丙"]]))
    api.declare_form(actor=system(TENANT), key="shop", definition=changed)

    moved = api.upgrade_submission(tenant=TENANT, submission_id=draft.id)

    assert (moved.view.version, moved.view.answers) == (2, {"shop": "河畔小馆"})
    assert [one.key for one in moved.carried_over] == ["shop"]
    assert [(one.label, one.words, one.version) for one in moved.view.left_over] == [
        ("问题sort", "甲", 1),
        ("问题why", "原因", 1),
    ]
    assert api.upgrade_submission(tenant=TENANT, submission_id=draft.id).left_over == ()


def test_lines_and_tables_for_papers(draft: api.SubmissionView) -> None:
    view = save(draft, name="河畔小馆", people=[{"name": "张一"}, {}])

    lines = {one.key: words for _title, fields in view.lines() for one, words in fields}

    assert lines["name"] == "河畔小馆"
    assert lines["people"] == "第 1 行：问题name：张一；问题card：未填写；问题hint：未填写"
    assert [one.key for one, rows in view.tables() if len(rows) == 1] == ["people"]


def test_another_tenant_finds_nothing(draft: api.SubmissionView) -> None:
    with pytest.raises(NotFound):
        api.upgrade_submission(tenant="980724", submission_id=draft.id)
    upload = checked_upload("a.png", picture())
    with pytest.raises(NotFound):
        api.attach_file(tenant="980724", submission_id=draft.id, path="photo", upload=upload)
