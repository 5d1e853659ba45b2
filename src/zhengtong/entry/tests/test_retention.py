"""What is past its period goes, and nothing that is not; the ledger says how many; files leave the disk."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.models import SignIn
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify.models import Delivery, SiteMessage
from zhengtong.entry.main import build_parser, discover
from zhengtong.entry.tests.everywhere import files_with, places_of
from zhengtong.kernel import loose_files, parameters, retention, storage
from zhengtong.kernel.models import ParameterValue, StoredFile
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.complaints import api as complaints
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.tests import county as complaining
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, ScannedPage
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=366)
Callbacks = Callable[..., Any]


@pytest.fixture
def county(settings: Any, tmp_path: Path) -> Iterator[time_machine.Traveller]:
    settings.ZHENGTONG_VAR = str(tmp_path)
    with time_machine.travel(MONDAY, tick=False) as traveller:
        hall.found_county()
        for unit in (complaining.HANDLER, complaining.OFFICE):
            people.organisation(*unit)
        yield traveller
        cases.forget_calendars()


def due() -> dict[str, int]:
    return {one.key: one.count for one in retention.preview(tenant=hall.TENANT) if one.count}


def kept() -> dict[str, int]:
    return identity.keep_retention(tenant=hall.TENANT)


def test_a_draft_goes_a_year_after_the_last_word_with_its_files(
    county: time_machine.Traveller, django_capture_on_commit_callbacks: Callbacks
) -> None:
    owner = people.citizen()
    row = hall.ready_draft(owner)
    [stored] = StoredFile.objects.all()
    county.shift(YEAR - dt.timedelta(days=10))
    assert "service_hall.drafts" not in due()
    api.save_answers(actor=owner, application_id=row.id, answers={"content": "还要办"})
    county.shift(dt.timedelta(days=30))
    assert "service_hall.drafts" not in due()
    county.shift(YEAR)
    assert due()["service_hall.drafts"] == 1
    assert Application.objects.count() == 1  # looking changes nothing

    with django_capture_on_commit_callbacks(execute=True):
        assert kept()["service_hall.drafts"] == 1

    assert Application.objects.count() == 0
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    assert not storage.path_of(stored.digest).exists()
    assert "还要办" not in str(places_of(("还要办",)))
    entry = Entry.objects.get(act="identity.retention_kept", object_id="service_hall.drafts")
    assert entry.object_kind == "retention"
    assert kept() == {}


def test_what_was_handed_in_stays_for_thirty_years(county: time_machine.Traveller) -> None:
    hall.submitted(people.citizen())

    county.shift(YEAR * 9)
    kept()

    assert Application.objects.count() == 1
    assert StoredFile.objects.exists()


def test_sign_ins_stay_half_a_year_whatever_the_county_sets(county: time_machine.Traveller) -> None:
    account = people.account_of(people.citizen())
    SignIn.objects.create(tenant=hall.TENANT, account=account, outcome="signed_in", address="10.0.0.1")
    ParameterValue.objects.create(
        tenant=hall.TENANT, key="retention.sign_ins_days", value=30, source="本县", valid_from=dt.date(2026, 1, 1)
    )
    assert parameters.value("retention.sign_ins_days", tenant=hall.TENANT) == 30

    county.shift(dt.timedelta(days=182))
    assert "identity.sign_ins" not in due()
    county.shift(dt.timedelta(days=2))
    assert kept()["identity.sign_ins"] == 1

    assert not SignIn.objects.exists()


def test_addresses_of_messages_are_hidden_and_messages_read_long_ago_go(county: time_machine.Traveller) -> None:
    owner = people.citizen()
    hall.told(owner)
    do_all_work()
    SiteMessage.objects.update(read_at=MONDAY)
    message = SiteMessage.objects.earliest("created_at")
    sent = {"state": "delivered", "sent_at": MONDAY, "delivered_at": MONDAY, "next_try_at": MONDAY}
    for text, about in (("您的申请需要补正", message), ("验证码 123456", None)):
        Delivery.objects.create(
            tenant=hall.TENANT, message=about, channel="sms", address="13800000001", text=text, **sent
        )

    county.shift(dt.timedelta(days=91))
    assert kept()["notify.addresses"] >= 2

    assert Delivery.objects.filter(state="delivered").count() == 2
    assert not Delivery.objects.exclude(address="").exists()
    assert SiteMessage.objects.exists()
    county.shift(dt.timedelta(days=700))
    kept()
    assert not SiteMessage.objects.exists()


def test_a_closed_complaint_loses_who_wrote_after_five_years(
    county: time_machine.Traveller, django_capture_on_commit_callbacks: Callbacks
) -> None:
    owner = complaining.citizen()
    row = complaining.answered(
        complaining.supervisor(),
        complaining.official("handler", "clerk"),
        actor=owner,
        protection="signed",
        files=[("照片.png", complaining.picture())],
    )
    complaints.satisfy(actor=owner, complaint_id=row.id, satisfaction="satisfied")
    county.shift(dt.timedelta(days=1820))
    assert "complaints.closed" not in due()

    county.shift(dt.timedelta(days=10))
    with django_capture_on_commit_callbacks(execute=True):
        assert kept()["complaints.closed"] == 1

    row = Complaint.objects.get()
    assert (row.person_id, row.name, row.content, row.finding) == (None, "", "（已删除）", "founded")
    assert not files_with((complaining.picture()[:20].decode("latin-1"),))
    assert not StoredFile.objects.exists()
    assert "complaints.closed" not in due()


def test_pages_that_were_dropped_leave_no_file(
    county: time_machine.Traveller, django_capture_on_commit_callbacks: Callbacks
) -> None:
    owner = people.citizen()
    row = hall.draft(owner)
    pages = [("一.pdf", hall.pdf("一")), ("二.pdf", hall.pdf("二")), ("三.pdf", hall.pdf("三"))]
    scans = api.add_scans(actor=owner, application_id=row.id, material_key=hall.REQUIRED, given=pages)
    digests = [page.file.digest for page in scans]

    with django_capture_on_commit_callbacks(execute=True):
        api.remove_scan(actor=owner, application_id=row.id, page_id=scans[0].id)
        api.turn_scan(actor=owner, application_id=row.id, page_id=scans[1].id)
        api.drop_scans(actor=owner, application_id=row.id, material_key=hall.REQUIRED)

    assert not ScannedPage.objects.exists()
    assert not StoredFile.objects.exists()
    assert not any(storage.path_of(digest).exists() for digest in digests)


def test_a_file_is_kept_while_another_names_it_or_has_the_same_content(
    county: time_machine.Traveller, django_capture_on_commit_callbacks: Callbacks
) -> None:
    hall.submitted(people.citizen())
    given = StoredFile.objects.earliest("created_at")
    content = storage.read(tenant=hall.TENANT, file_id=given.pk)[1]
    twin = storage.store(tenant=hall.TENANT, name="同.pdf", content=content, content_type="application/pdf")
    assert twin.digest == given.digest

    with django_capture_on_commit_callbacks(execute=True):
        assert loose_files.let_go(tenant=hall.TENANT, file_ids=[given.pk, twin.pk]) == 1

    assert storage.read(tenant=hall.TENANT, file_id=given.pk)[1] == content


def test_loose_files_and_crumbs_on_the_disk_are_swept(
    county: time_machine.Traveller, tmp_path: Path, django_capture_on_commit_callbacks: Callbacks
) -> None:
    lost = storage.store(tenant=hall.TENANT, name="无主.pdf", content=b"nobody's", content_type="application/pdf")
    crumb = storage.path_of("ab" * 32)
    crumb.parent.mkdir(parents=True)
    partial = crumb.with_name(f"{crumb.name}.x.partial")
    (tmp_path / "keys").mkdir(exist_ok=True)
    half_key, written_now = tmp_path / "keys" / "seal.1a2b3c.partial", partial.with_suffix(".now.partial")
    for path in (crumb, partial, half_key):
        path.write_bytes(b"half")
        os.utime(path, (0, 0))
    written_now.write_bytes(b"half")
    soon = (MONDAY + dt.timedelta(days=2, hours=12)).timestamp()
    os.utime(written_now, (soon, soon))
    assert due() == {}

    county.shift(dt.timedelta(days=3))
    with django_capture_on_commit_callbacks(execute=True):
        assert kept()["kernel.loose_files"] == 1

    assert not StoredFile.objects.filter(pk=lost.pk).exists()
    assert not storage.path_of(lost.digest).exists()
    assert not crumb.exists()
    assert not partial.exists()
    assert not half_key.exists()
    assert written_now.exists()


def test_the_commands_tell_what_is_due_and_what_went(
    county: time_machine.Traveller, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def run(*words: str) -> int:
        modules = discover()
        return int(modules["personal-data"].handle(build_parser(modules).parse_args(["personal-data", *words])))

    hall.ready_draft(people.citizen())
    county.shift(YEAR * 2)

    assert run("due") == 0
    assert "没有提交的申请草稿：保留 365 天，超过期限 1 条" in capsys.readouterr().out
    assert run("keep") == 0
    assert "没有提交的申请草稿：1/1" in capsys.readouterr().out
    assert run("inventory") == 0
    assert "公民身份号码" in capsys.readouterr().out
    assert run("inventory", "--xlsx", str(tmp_path / "list.xlsx")) == 0
    assert (tmp_path / "list.xlsx").read_bytes().startswith(b"PK")
    assert run("inventory", "--xlsx", str(tmp_path / "no" / "list.xlsx")) == 2
    assert "清单没有存成" in capsys.readouterr().err
    assert run("erase-again", "--list", str(tmp_path / "none")) == 2
    assert ledger.verify().ok
