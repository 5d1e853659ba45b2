"""The command zhengtong: every subcommand explains itself."""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhengtong.entry.main import build_parser, discover, main

COMMANDS = discover()
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from _parsers(child)


def test_the_expected_commands_exist() -> None:
    assert {"run", "migrate", "worker", "shell", "database"} <= set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])

    shown = capsys.readouterr().out
    assert end.value.code == 0
    # argparse breaks lines where it likes
    assert "".join(COMMANDS[name].HELP.split()) in "".join(shown.split())
    assert "用法：" in shown


def test_every_argument_of_every_command_has_a_chinese_help_line() -> None:
    silent = [
        f"{parser.prog}: {action.dest}"
        for parser in _parsers(build_parser(COMMANDS))
        for action in parser._actions
        if not isinstance(action, argparse._SubParsersAction) and not CHINESE.search(action.help or "")
    ]

    assert silent == []


def test_every_nested_command_has_a_chinese_help_line() -> None:
    silent = [
        f"{parser.prog} {name}"
        for parser in _parsers(build_parser(COMMANDS))
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name in action.choices
        if not any(choice.dest == name and CHINESE.search(choice.help or "") for choice in action._choices_actions)
    ]

    assert silent == []


def test_without_a_command_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([])

    shown = capsys.readouterr().out
    assert code == 0
    assert all(name in shown for name in COMMANDS)


def test_a_wrong_argument_is_refused_with_the_way_to_the_explanation(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["database", "restart"])

    assert end.value.code == 2
    assert "zhengtong database --help" in capsys.readouterr().err


def test_a_refusal_is_one_sentence_not_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["database", "status", "--var", str(tmp_path / "absent")])

    shown = capsys.readouterr().err
    assert code == 1
    assert shown.startswith("错误：")
    assert "Traceback" not in shown


def test_asking_for_help_does_not_load_django() -> None:
    code = "import sys; from zhengtong.entry.main import discover; discover(); print('django' in sys.modules)"

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["database"], "参数不正确：缺少 action"),
        (["database", "restart"], "参数不正确：“action”不能是“restart”，可以是 'status', 'start', 'stop'"),
        (["simulate", "--days", "三"], "参数不正确：“--days”的取值“三”看不懂"),
        (["parameter", "set", "a", "1", "--from", "明天"], "参数不正确：“--from”的取值“明天”看不懂"),
        (["simulate", "--days"], "参数不正确：“--days”后面缺少取值"),
        (["run", "--fast"], "参数不正确：不认识 --fast"),
        (["restore", "set"], "参数不正确：缺少 --into"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_said_in_chinese(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)

    assert end.value.code == 2
    assert capsys.readouterr().err.splitlines()[0] == said
