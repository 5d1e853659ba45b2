"""A line of a log can be believed: written by the platform, at a time anybody can compare."""

import io
import logging
import logging.config
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.entry.runtime.supervisor import Child, Pace, Supervisor
from zhengtong.kernel.errors import NotPermitted
from zhengtong.kernel.log_lines import one_line
from zhengtong.kernel.refusals import refusal_page
from zhengtong.kernel.tracing import Lines

_BEGINNING = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ \S+ ")
_FORGED = "2026-11-22T08:00:00.000Z INFO zhengtong.identity sec_admin signed in"


def _written(message: str, *args: Any, fault: BaseException | None = None) -> str:
    formatter = Lines()
    info = (type(fault), fault, fault.__traceback__) if fault else None
    return formatter.format(logging.LogRecord("zhengtong.x", logging.WARNING, "x.py", 1, message, args, info))  # type: ignore[arg-type]  # an exception as logging keeps it


def test_a_line_has_its_time_in_utc_its_level_and_its_place() -> None:
    line = _written("refused %s", "GET")

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING zhengtong\.x refused GET", line)


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_line_break_from_outside_begins_no_line(mark: str) -> None:
    lines = _written("problem at %s", f"/x{mark}{_FORGED}").splitlines()

    assert len(lines) == 2
    assert lines[1] == f"  | {_FORGED}"


def test_a_traceback_stays_behind_its_line_whatever_the_exception_says() -> None:
    try:
        raise ValueError(f"bad value\n{_FORGED}")
    except ValueError as error:
        lines = _written("failed", fault=error).splitlines()

    assert _BEGINNING.match(lines[0])
    assert not [line for line in lines[1:] if not line.startswith("  | ")]
    assert any("ValueError: bad value" in line for line in lines)


@pytest.mark.parametrize("mark", ["\x1b", "\x00", "\x9b", "\u202e", "\u2066", "\u200b"])
def test_a_terminal_gets_no_command_and_no_reader_is_misled(mark: str) -> None:
    assert one_line(f"a{mark}b") == f"a\\u{ord(mark):04x}b"


@given(st.text())
def test_whatever_comes_only_the_first_line_begins_like_a_record(text: str) -> None:
    lines = _written("%s", text).splitlines()

    assert _BEGINNING.match(lines[0])
    assert not [line for line in lines[1:] if not line.startswith("  | ")]


def test_everything_goes_to_the_one_place_in_the_one_form() -> None:
    described = settings.LOGGING
    loggers = [described["root"], *described["loggers"].values()]

    assert {name for one in loggers for name in one.get("handlers", [])} == {"stderr"}
    assert {handler["formatter"] for handler in described["handlers"].values()} == {"line"}
    assert not [name for name in logging.root.manager.loggerDict if logging.getLogger(name).handlers and _is_ours(name)]


def _is_ours(name: str) -> bool:
    return name.split(".")[0] in {"zhengtong", "django", "allauth", "procrastinate"}


def test_a_path_somebody_made_up_forges_no_line(rf: RequestFactory) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    ours = logging.getLogger("zhengtong.kernel.refusals")
    ours.addHandler(handler)
    try:
        refusal_page(rf.get(f"/x%0A{_FORGED.replace(' ', '%20')}/"), NotPermitted("这里不能进入。"))
    finally:
        ours.removeHandler(handler)

    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert _BEGINNING.match(lines[0])
    assert lines[1].startswith(f"  | {_FORGED}")


def test_log_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir(mode=0o755)
    child = Child("web", "网站服务", [sys.executable, "-c", "print('said')"])
    pace = Pace(waits=(0.01,), give_up_after=1)

    Supervisor([child], environ={}, log_folder=folder, say=lambda _text: None, pace=pace).run(
        announce=lambda _run: None
    )

    assert "said" in (folder / "web.log").read_text(encoding="utf-8")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "web.log").stat().st_mode & 0o777 == 0o600
