"""``zhengtong health`` and the checks behind it."""

import datetime as dt
import json
import types

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import OperationalError

from zhengtong.capabilities.documents.tests import factories as papers
from zhengtong.entry.commands import health as command
from zhengtong.entry.console import health, running
from zhengtong.entry.console.findings import Finding
from zhengtong.entry.main import build_parser, discover, main
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import recording_time


def called(*words: str) -> int:
    return command.handle(build_parser(discover()).parse_args(["health", *words]))


@pytest.fixture
def lamps(monkeypatch):
    """The findings that the command is to print."""
    rows = [Finding("磁盘", "green", "够"), Finding("备份", "yellow", "还没有备份", "请备份。")]
    monkeypatch.setattr(health, "findings", lambda: rows)
    return rows


@pytest.mark.django_db
def test_the_exit_code_is_one_only_while_something_is_red(lamps, capsys):
    assert called() == 0
    assert capsys.readouterr().out == "[正常] 磁盘：够\n[留意] 备份：还没有备份\n       请备份。\n"

    lamps.append(Finding("账本", "red", "坏了"))
    assert called("--quiet") == 1
    shown = capsys.readouterr().out
    assert "磁盘" not in shown
    assert "[处理] 账本：坏了" in shown


@pytest.mark.django_db
def test_programs_read_json(lamps, capsys):
    assert called("--json") == 0

    body = json.loads(capsys.readouterr().out)
    assert body["ok"]
    assert [row["lamp"] for row in body["findings"]] == ["green", "yellow"]


def test_a_stopped_platform_is_red_and_is_not_started(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("DATABASE_URL")

    assert main(["health", "--var", str(tmp_path)]) == 1

    assert "没有运行" in capsys.readouterr().out
    assert not (tmp_path / "postgres" / "cluster" / "data").exists()


@pytest.mark.django_db
def test_a_check_that_breaks_is_a_red_line_and_the_others_go_on(monkeypatch):
    def broken():
        raise OperationalError("x")
        yield

    monkeypatch.setattr(health, "_CHECKS", (("甲", broken), ("磁盘", health._disk)))

    found = health.findings()

    assert (found[0].name, found[0].lamp) == ("甲", "red")
    assert "连接" in found[0].value
    assert found[1].name == "磁盘"


def pem(days: float) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site")])
    at = recording_time()
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - dt.timedelta(days=400))
        .not_valid_after(at + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(("days", "lamp"), [(90, "green"), (12, "yellow"), (-1, "red")])
def test_the_certificate_of_the_site_is_watched(settings, tmp_path, days, lamp):
    path = tmp_path / "site.pem"
    path.write_bytes(pem(days))
    settings.ZHENGTONG_TLS_CERTIFICATE, settings.ZHENGTONG_UPPER_CERTIFICATE = str(path), ""

    (found,) = health._certificate_files()

    assert found.lamp == lamp


def test_a_certificate_that_cannot_be_read_is_red(settings, tmp_path):
    settings.ZHENGTONG_TLS_CERTIFICATE, settings.ZHENGTONG_UPPER_CERTIFICATE = str(tmp_path / "absent"), ""

    (found,) = health._certificate_files()

    assert found.lamp == "red"


def test_keys_that_others_may_read_are_red(settings, tmp_path):
    settings.ZHENGTONG_VAR = str(tmp_path)
    (tmp_path / "secrets").mkdir()
    key = tmp_path / "secrets" / "field_key"
    key.write_text("x")
    key.chmod(0o644)
    assert [found.lamp for found in health._keys()] == ["red"]

    key.chmod(0o600)
    assert [found.lamp for found in health._keys()] == ["green"]


@pytest.mark.django_db
def test_migrations_that_wait_and_those_from_later_are_told_apart(monkeypatch):
    from django.db.migrations.recorder import MigrationRecorder

    assert running.migrations() == ([], [])
    known = MigrationRecorder.applied_migrations

    def later(self):
        found = dict(known(self))
        found["cases", "9999_from_later"] = types.SimpleNamespace()
        del found["inspections", max(name for app, name in found if app == "inspections")]
        return found

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", later)

    waiting, unknown = running.migrations()
    assert len(waiting) == 1
    assert unknown == ["cases.9999_from_later"]
    (found,) = running.versions()
    assert found.lamp == "red"
    assert "较新的版本" in found.advice


@pytest.mark.django_db
def test_a_clock_that_differs_from_the_databases_is_red(monkeypatch):
    real = running.recording_time
    monkeypatch.setattr(running, "recording_time", lambda: real() + dt.timedelta(seconds=30))

    (found,) = running.clock()

    assert found.lamp == "red"
    assert "30.0 秒" in found.value


@pytest.mark.django_db
def test_papers_without_the_seal_they_should_bear_are_named(settings):
    assert [one.lamp for one in health._papers()] == ["green"]

    papers.issued(kind="supervision_letter", object_ref=ObjectRef(kind="supervision_letter", id="1"))
    papers.issued(kind="receipt", object_ref=ObjectRef(kind="case", id="2"))

    (found,) = health._papers()
    assert (found.lamp, found.value) == ("yellow", "没有加盖电子印章：监察建议书 1 份")
