"""From a change to a verified row up there: signed, in order, once, with every row's verdict."""

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gmssl_pyx
import pytest
import time_machine
from asn1crypto import pem, x509
from django.db import DatabaseError, connection, transaction

from zhengtong.capabilities.exchange import api
from zhengtong.capabilities.exchange.constants import PackageState, Verdict
from zhengtong.capabilities.exchange.engine.packages import Envelope, canonical, read_manifest, read_rows, sm3
from zhengtong.capabilities.exchange.models import (
    ChangedRow,
    ReportedRow,
    ReportPackage,
    ReportReceipt,
    ReportStream,
)
from zhengtong.capabilities.exchange.selectors.packages import checks_of, download_parts
from zhengtong.capabilities.exchange.services.ways import signer_of
from zhengtong.capabilities.exchange.tests.upper import CODE, OPERATOR, TENANT, Reporting, numbered
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted

pytestmark = pytest.mark.django_db


def acts_of(package: ReportPackage) -> list[str]:
    ref = ObjectRef(kind="report_package", id=str(package.id))
    return [entry.act for entry in ledger.entries_of(ref, TENANT)]


def test_a_change_goes_up_and_its_verdict_comes_back(reporting: Reporting) -> None:
    reporting.change("a", "b")

    package = reporting.build()
    assert package is not None
    assert reporting.send() == 1

    package.refresh_from_db()
    assert (package.state, package.sequence, package.accepted, package.refused) == (PackageState.SETTLED, 1, 2, 0)
    assert reporting.upper_rows() == reporting.book.values
    assert not ChangedRow.objects.exists()
    assert sorted(acts_of(package)) == [
        "exchange.package_built",
        "exchange.package_sent",
        "exchange.receipt_taken",
    ]
    assert all(check.good for check in checks_of(package))


def test_openssl_and_gmssl_accept_the_signature(reporting: Reporting, tmp_path: Path) -> None:
    reporting.change("a")
    package = reporting.build()
    assert package is not None
    reporting.send()
    parts = download_parts(package)
    for name, content in parts.items():
        (tmp_path / name).write_bytes(content)

    def openssl(*words: str) -> str:
        return subprocess.run(
            ["openssl", *words], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
        ).stdout

    receipt = next(name.removesuffix(".json") for name in parts if name.startswith("receipt-"))
    for certificate, signature, data in (
        ("certificate.pem", "manifest.sig", "manifest.json"),
        (f"{receipt}.pem", f"{receipt}.sig", f"{receipt}.json"),
    ):
        (tmp_path / "key.pem").write_text(openssl("x509", "-in", certificate, "-pubkey", "-noout"))
        checking = ("dgst", "-sm3", "-verify", "key.pem", "-sigopt", "distid:1234567812345678")
        assert openssl(*checking, "-signature", signature, data).strip() == "Verified OK"
        (tmp_path / "changed").write_bytes((tmp_path / data).read_bytes() + b" ")
        assert openssl(*checking, "-signature", signature, "changed").strip() != "Verified OK"
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert manifest["digest"] in openssl("dgst", "-sm3", "rows.jsonl")
    certificate = x509.Certificate.load(pem.unarmor(parts["certificate.pem"])[2])
    point = certificate.public_key["public_key"].native[1:]
    assert gmssl_pyx.sm2_verify(point, parts["manifest.json"], parts["manifest.sig"])


def test_packages_are_chained_and_numbered_without_gaps(reporting: Reporting) -> None:
    packages = []
    for key in ("a", "b", "c"):
        reporting.change(key)
        packages.append(reporting.build())

    manifests = [read_manifest(package.manifest) for package in packages]
    assert [one.sequence for one in manifests] == [1, 2, 3]
    assert [one.previous for one in manifests[1:]] == [sm3(package.manifest.encode()) for package in packages[:2]]
    for _ in range(3):
        reporting.send()
    assert reporting.sequences() == [1, 2, 3]


def test_the_same_again_is_not_reported_again(reporting: Reporting) -> None:
    reporting.change("a")
    reporting.build()
    reporting.change("a")

    assert reporting.build() is None
    assert not ChangedRow.objects.exists()
    reporting.change("a", name="改过")
    again = reporting.build()

    assert again is not None
    line = again.lines.get()
    assert (line.operation, line.latest) == ("U", True)
    assert ReportedRow.objects.filter(latest=True).count() == 1


def test_an_answer_that_is_lost_doubles_nothing(reporting: Reporting) -> None:
    reporting.faults.lose_every = 1
    reporting.change("a")
    package = reporting.build()
    assert package is not None

    assert reporting.send() == 0
    package.refresh_from_db()
    assert (package.state, package.attempts) == (PackageState.BUILT, 1)
    assert ReportStream.objects.get().failures == 1
    assert reporting.sequences() == [1]
    reporting.faults.lose_every = 0
    reporting.send()

    package.refresh_from_db()
    assert (package.state, package.attempts) == (PackageState.SETTLED, 2)
    assert ReportStream.objects.get().failures == 0
    assert reporting.sequences() == [1]


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_goes_wrong_nothing_is_lost_and_nothing_doubled(reporting: Reporting, seed: int) -> None:
    chance = random.Random(seed)
    faults = reporting.faults
    keys = numbered(12)
    for _ in range(18):
        reporting.change(*chance.sample(keys, 3), name=f"第{chance.randrange(4)}次")
        faults.down = chance.random() < 0.2
        faults.fail_every = chance.choice([0, 0, 2])
        faults.lose_every = chance.choice([0, 0, 3])
        faults.refuse_every = chance.choice([0, 0, 4])
        reporting.line.cut = chance.random() < 0.2
        if chance.random() < 0.7:
            reporting.build()
        reporting.send()
        if chance.random() < 0.15:
            kept = reporting.store.packages.get((TENANT, CODE), [])
            del kept[len(kept) // 2 :]  # the upper platform put an old backup back

    faults.down = reporting.line.cut = False
    faults.fail_every = faults.lose_every = faults.refuse_every = 0
    for _ in range(80):
        refused = ReportedRow.objects.filter(latest=True, verdict=Verdict.REFUSED).values_list("pk", flat=True)
        if refused:
            api.resend_rows(actor=OPERATOR, row_ids=list(refused), reason="已经更正，重报")
        built, sent = reporting.build(), reporting.send()
        if not built and not sent and not refused:
            break
    reporting.change("zz")  # tells of a backup put back since the last package
    reporting.build()
    for _ in range(80):
        reporting.send()

    sent = ReportPackage.objects.order_by("sequence")
    assert {package.state for package in sent} == {PackageState.SETTLED}
    assert reporting.sequences() == [package.sequence for package in sent] == list(range(1, sent.count() + 1))
    assert reporting.upper_rows() == reporting.book.values
    assert not ReportedRow.objects.filter(verdict=Verdict.WAITING).exists()
    assert not ChangedRow.objects.exists()


def test_a_refused_row_is_put_right_and_goes_up_again(reporting: Reporting) -> None:
    reporting.faults.refuse_every = 2
    reporting.change("a", "b")
    package = reporting.build()
    assert package is not None
    reporting.send()
    package.refresh_from_db()
    refused = ReportedRow.objects.get(verdict=Verdict.REFUSED)

    assert (package.accepted, package.refused, refused.reason_code) == (1, 1, "UPPER")
    assert set(reporting.upper_rows()) == {"a", "b"} - {refused.row_key}
    with pytest.raises(Invalid):
        api.resend_rows(actor=OPERATOR, row_ids=[refused.pk], reason="改")
    assert api.resend_rows(actor=OPERATOR, row_ids=[refused.pk], reason="上级代码表已补齐") == 1
    reporting.faults.refuse_every = 0
    again = reporting.build()
    assert again is not None
    reporting.send()

    assert [line.operation for line in again.lines.all()] == ["I"]
    assert reporting.upper_rows() == reporting.book.values
    assert not ReportedRow.objects.filter(latest=True, verdict=Verdict.REFUSED).exists()
    with pytest.raises(Conflict):
        api.resend_rows(actor=OPERATOR, row_ids=[refused.pk], reason="再来一次看看")


def test_a_row_that_is_not_as_declared_is_held_and_shown(reporting: Reporting) -> None:
    reporting.change("good")
    reporting.change("bad", kind="9", name="")

    package = reporting.build()

    assert package is not None
    assert [line.row_key for line in package.lines.all()] == ["good"]
    held = ChangedRow.objects.get()
    assert (held.row_key, held.problems) == ("bad", [["REQUIRED", "name"], ["DICTIONARY", "kind"]])
    assert reporting.build() is None
    reporting.change("bad")
    reporting.build()
    assert not ChangedRow.objects.exists()


def test_verdicts_that_take_their_time_are_asked_for(reporting: Reporting) -> None:
    reporting.faults.verify_after = 60
    reporting.change("a")
    package = reporting.build()
    assert package is not None

    with time_machine.travel("2026-11-24 09:00:00+08:00", tick=False):
        reporting.change("b")
        reporting.build()
        reporting.send()
        reporting.send()
    package.refresh_from_db()
    assert package.state == PackageState.RECEIVED
    assert reporting.sequences() == [1, 2]
    with time_machine.travel("2026-11-24 09:02:00+08:00", tick=False):
        reporting.send()
        reporting.send()

    assert set(ReportPackage.objects.values_list("state", flat=True)) == {PackageState.SETTLED}
    assert [receipt.kind for receipt in package.receipts.order_by("created_at")] == ["received", "verified"]


def test_after_long_failure_sending_stops_and_waits_for_a_person(reporting: Reporting) -> None:
    reporting.line.cut = True
    with time_machine.travel("2026-11-20 09:00:00+08:00", tick=False) as clock:
        reporting.change("a")
        package = reporting.build()
        assert package is not None
        reporting.send()
        clock.move_to("2026-11-24 09:00:00+08:00")
        reporting.send()
        reporting.change("b")
        reporting.build()
        asked = len(reporting.line.asked)
        reporting.send()

        package.refresh_from_db()
        assert package.state == PackageState.GIVEN_UP
        assert "连不上" in package.reason
        assert len(reporting.line.asked) == asked  # the next one does not overtake it
        reporting.line.cut = False
        with pytest.raises(Invalid):
            api.resend_package(actor=OPERATOR, package_id=package.id, reason="")
        api.resend_package(actor=OPERATOR, package_id=package.id, reason="上级平台已经恢复")
        reporting.send()
        reporting.send()

    assert reporting.upper_rows() == reporting.book.values
    assert {"exchange.package_given_up", "exchange.package_resent"} <= set(acts_of(package))
    with pytest.raises(Conflict):
        api.resend_package(actor=OPERATOR, package_id=package.id, reason="再发一次看看")


def test_an_answer_that_is_not_the_upper_platforms_is_not_believed(reporting: Reporting) -> None:
    reporting.change("a")
    package = reporting.build()
    assert package is not None
    real = reporting.line.forge
    signer = signer_of(TENANT)
    question = canonical({"sender": TENANT, "dataset": CODE, "day": "2026-11-20"})
    stale = Envelope(content=question.decode(), signature=signer.sign(question), certificate=signer.certificate).body()
    told = []

    for forge in (
        lambda body: body.replace(b"verified", b"verifi3d"),
        lambda body: b"<html>",
        lambda body: reporting.platform.answer("totals", stale, at=now()),
    ):
        reporting.line.forge = forge
        reporting.send()
        told.append(ReportStream.objects.get().last_error)

    package.refresh_from_db()
    assert package.state == PackageState.BUILT
    assert not ReportReceipt.objects.exists()
    assert "签名与内容不符" in told[0]
    assert "无法识别" in told[1]
    assert "不是这一次请求" in told[2]
    reporting.line.forge = real
    reporting.line.certificate = package.certificate  # another body's certificate is trusted instead
    reporting.send()
    assert "不在信任之列" in ReportStream.objects.get().last_error


def test_other_content_under_a_number_that_is_taken_is_rejected(reporting: Reporting) -> None:
    reporting.change("a")
    first = reporting.build()
    assert first is not None
    reporting.send()
    kept = reporting.store.packages[TENANT, CODE]
    kept.append(kept[0])  # somebody else's second package is there already
    reporting.change("b")
    second = reporting.build()
    assert second is not None

    reporting.send()

    second.refresh_from_db()
    assert (second.state, second.reason_code) == (PackageState.REJECTED, "CONFLICT")
    assert reporting.send() == 0


def test_comparing_a_day_finds_what_is_missing_and_mends_it(reporting: Reporting) -> None:
    with time_machine.travel("2026-11-20 09:00:00+08:00", tick=False) as clock:
        for key in ("a", "b", "c"):
            reporting.change(key)
            reporting.build()
            reporting.send()
        day = local_date()
        assert [row.differences for row in api.reconcile(actor=OPERATOR, day=day)] == [[]]
        del reporting.store.packages[TENANT, CODE][1:]

        clock.move_to("2026-11-21 02:00:00+08:00")
        found = api.reconcile(actor=OPERATOR, day=day)[0]
        assert found.differences == [[2, "missing_there"], [3, "missing_there"]]
        assert (found.our_rows, found.their_rows) == (3, 1)
        reporting.send()
        reporting.send()

        assert reporting.sequences() == [1, 2, 3]
        assert api.reconcile_due() == 0  # looked at already today
        clock.move_to("2026-11-22 02:00:00+08:00")
        assert api.reconcile_due() == 1
        assert api.reconcile(actor=OPERATOR, day=day)[0].differences == []


def test_rows_that_were_there_before_are_found_once(reporting: Reporting) -> None:
    reporting.book.values = {key: {"name": key} for key in numbered(450)}

    assert api.sweep_due() == 450
    assert api.sweep_due() == 0
    assert api.build_due() == 0  # neither does it fill a package nor has it waited long
    assert len(api.build_now(actor=OPERATOR, dataset=CODE)) == 1
    reporting.send()

    assert len(reporting.upper_rows()) == 450
    with pytest.raises(Conflict):
        api.build_now(actor=OPERATOR, dataset=CODE)


def test_the_worker_builds_what_is_old_enough(reporting: Reporting) -> None:
    with time_machine.travel("2026-11-20 09:00:00+08:00", tick=False) as clock:
        reporting.change("a")
        assert api.build_due() == 0
        clock.shift(121)
        assert api.build_due() == 1


def test_without_a_way_nothing_is_built_and_nothing_lost(reporting: Reporting, settings: Any) -> None:
    reporting.change("a")
    settings.ZHENGTONG_UPPER_WAY = ""

    assert "没有设置上级平台" in api.why_not_reporting()
    assert (api.build_due(), api.send_due(), api.sweep_due(), api.reconcile_due()) == (0, 0, 0, 0)
    with pytest.raises(Conflict):
        api.build_now(actor=OPERATOR, dataset=CODE)
    settings.ZHENGTONG_UPPER_WAY = "simulated"
    settings.ZHENGTONG_DEMO = False
    assert "正式运行环境不能向模拟" in api.why_not_reporting()
    assert ChangedRow.objects.count() == 1


def test_in_production_nothing_is_signed_with_a_development_certificate(reporting: Reporting, settings: Any) -> None:
    reporting.change("a")
    settings.ZHENGTONG_DEMO = False

    with time_machine.travel("2026-12-20 09:00:00+08:00", tick=False):
        assert api.build_due() == 0

    assert not ReportPackage.objects.exists()
    assert ChangedRow.objects.count() == 1
    settings.ZHENGTONG_CERTIFICATE_AUTHORITY = "file"
    ReportStream.objects.get_or_create(tenant=TENANT, dataset=CODE)
    with time_machine.travel("2026-12-20 09:00:00+08:00", tick=False):
        assert api.build_due() == 0
    assert "没有数据交换证书" in ReportStream.objects.get().last_error


def test_what_was_signed_cannot_be_changed(reporting: Reporting) -> None:
    reporting.change("a")
    package = reporting.build()
    assert package is not None
    reporting.send()

    for change in (
        lambda: ReportPackage.objects.update(manifest="{}"),
        lambda: ReportedRow.objects.update(digest="0"),
        lambda: ReportReceipt.objects.update(content="{}"),
        lambda: ReportReceipt.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_package_holds_what_its_lines_say(reporting: Reporting) -> None:
    reporting.change("b", "a")
    package = reporting.build()
    assert package is not None

    lines = read_rows(download_parts(package)["rows.jsonl"].decode())

    assert [(line.number, line.key, line.digest) for line in lines] == list(
        package.lines.order_by("number").values_list("number", "row_key", "digest")
    )


def test_only_operators_change_anything(reporting: Reporting) -> None:
    reporting.change("a")
    package = reporting.build()
    assert package is not None
    stranger = Actor(tenant=TENANT, kind="official", name="孙八", roles=frozenset({"supervisor"}))

    for act in (
        lambda: api.build_now(actor=stranger, dataset=CODE),
        lambda: api.reconcile(actor=stranger, day=local_date()),
        lambda: api.resend_package(actor=stranger, package_id=package.id, reason="没有这个权限"),
        lambda: api.record_download(actor=stranger, package_id=package.id, reason="没有这个权限"),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_what_goes_into_a_package_while_the_standing_is_read_is_counted_once(reporting: Reporting) -> None:
    reporting.change("a")
    built: list[bool] = []

    def meanwhile(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        done = execute(sql, *more)
        if "exchange_changedrow" in sql and not built:
            built.append(True)
            reporting.build()
        return done

    with connection.execute_wrapper(meanwhile):
        (standing,) = (one for one in api.standings(tenant=TENANT) if one.dataset.code == CODE)

    assert built
    assert standing.waiting + standing.open_packages == 1
