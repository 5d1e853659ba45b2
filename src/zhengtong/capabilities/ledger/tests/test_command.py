"""``zhengtong ledger`` from the outside."""

from pathlib import Path

import psycopg
import pytest

from zhengtong.capabilities.ledger.services import seal_batch
from zhengtong.capabilities.ledger.tests.factories import record_many, seal_all
from zhengtong.entry.commands import ledger
from zhengtong.entry.main import build_parser


def run(*words: str) -> int:
    return ledger.handle(build_parser({"ledger": ledger}).parse_args(["ledger", *words]))


@pytest.mark.django_db
def test_an_empty_ledger_has_no_checkpoint(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify") == 0
    assert run("checkpoint") == 1
    assert "还没有检查点" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_sound_ledger_passes_with_the_checkpoint_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record_many(5)
    seal_batch()
    assert run("checkpoint") == 0
    kept = tmp_path / "kept.json"
    kept.write_text(capsys.readouterr().out, encoding="utf-8")
    record_many(5)
    seal_batch()

    assert run("verify", "--checkpoint", str(kept)) == 0

    said = capsys.readouterr().out
    assert "共核验账目 10 条（内容已抹除 0 条）、检查点 2 个" in said
    assert "核验通过" in said


@pytest.mark.django_db
def test_an_unreadable_kept_checkpoint_is_no_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kept.json").write_text("not json", encoding="utf-8")

    assert run("verify", "--checkpoint", str(tmp_path / "kept.json")) == 2
    assert run("verify", "--checkpoint", str(tmp_path / "absent.json")) == 2
    assert "没有开始核验" in capsys.readouterr().err


def test_a_fault_is_told_and_ends_with_one(
    superuser_connection: psycopg.Connection[tuple[object, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    record_many(5)
    seal_all(5)
    superuser_connection.execute("set zhengtong.ledger_maintenance = 'on'")
    superuser_connection.execute("update ledger_entry set act = 'x' where act = 'case.step_2'")

    assert run("verify") == 1

    said = capsys.readouterr().out
    assert "× 第 3 号账目" in said
    assert "核验未通过：发现 1 处问题" in said
