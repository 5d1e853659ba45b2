"""The state folder and what a start prepares in it."""

import os
from pathlib import Path

import pytest

from zhengtong.entry.runtime import preparation
from zhengtong.entry.runtime.first_accounts import FirstAccount, show_each
from zhengtong.entry.runtime.problems import StartProblem
from zhengtong.entry.runtime.state_folder import StateFolder


def test_the_first_start_decides_between_demonstration_and_production(tmp_path: Path) -> None:
    demo, production = StateFolder(tmp_path / "demo"), StateFolder(tmp_path / "production")
    for state in (demo, production):
        state.open(create=True)

    assert demo.settle_kind({"ZHENGTONG_DEMO": "1"}) is True
    assert production.settle_kind({}) is False
    assert demo.settle_kind({}) is True
    with pytest.raises(StartProblem, match="正式环境"):
        production.settle_kind({"ZHENGTONG_DEMO": "1"})
    with pytest.raises(StartProblem, match="演示环境"):
        demo.settle_kind({"ZHENGTONG_DEMO": "0"})


def test_a_folder_that_must_exist_is_not_made(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / "absent")

    with pytest.raises(StartProblem, match="不存在"):
        state.open(create=False)

    assert not state.path.exists()


def test_the_option_goes_before_the_environment(tmp_path: Path) -> None:
    environ = {"ZHENGTONG_VAR": str(tmp_path / "environment")}

    assert StateFolder.chosen(str(tmp_path / "option"), environ).path == tmp_path / "option"
    assert StateFolder.chosen(None, environ).path == tmp_path / "environment"


def test_the_address_of_a_dead_instance_is_forgotten(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.note_address("http://127.0.0.1:8000")
    assert state.running_address() == "http://127.0.0.1:8000"

    # the highest number is never given to a process
    state.address_file.write_text('{"process": 4194304, "address": "http://127.0.0.1:8000"}', encoding="utf-8")

    assert state.running_address() == ""


def test_only_the_own_note_is_taken_away(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.address_file.write_text(
        f'{{"process": {os.getppid()}, "address": "http://127.0.0.1:8001"}}', encoding="utf-8"
    )

    state.forget_address()

    assert state.address_file.exists()


def test_the_digest_of_migrations_counts_names_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "zhengtong"
    (package / "app" / "migrations").mkdir(parents=True)
    (package / "app" / "migrations" / "0001_first.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(preparation.zhengtong, "__file__", str(package / "__init__.py"))
    before = preparation.migration_files_digest()

    (package / "app" / "migrations" / "0001_first.py").write_text("# edited", encoding="utf-8")
    edited = preparation.migration_files_digest()
    (package / "app" / "migrations" / "0002_second.py").write_text("", encoding="utf-8")

    assert edited == before
    assert preparation.migration_files_digest() != before


def test_first_accounts_are_shown_as_a_table_that_lines_up() -> None:
    text = "\n".join(
        show_each([FirstAccount("市场监管局窗口", "window", "pw-1"), FirstAccount("管理员", "admin", "pw-2")])
    )

    rows = [line for line in text.splitlines() if "pw-" in line]
    columns = [len(row[: row.index("pw-")].encode("gbk")) for row in rows]
    assert len(set(columns)) == 1
    assert "只显示这一次" in text


def test_each_password_is_shown_before_the_next_step_can_fail() -> None:
    def interrupted():
        yield FirstAccount("管理员", "admin", "pw-1")
        raise KeyboardInterrupt

    seen: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        seen.extend(show_each(interrupted()))

    assert any("pw-1" in line for line in seen)
