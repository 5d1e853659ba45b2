"""``zhengtong supervision``: rebuilding twice changes nothing, planted faults are measured, wrong words are refused."""

import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
import time_machine

from zhengtong.entry.commands.supervision import handle
from zhengtong.entry.main import build_parser, discover
from zhengtong.kernel.loops import run_until_idle
from zhengtong.systems.supervision.models import Card, WatchedCase, WatchedEvent, WatchedStep
from zhengtong.systems.supervision.tests import scored_county
from zhengtong.systems.supervision.tests.county import FIRE, TENANT, Matter, install

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def supervision(*words: object) -> int:
    return handle(build_parser(discover()).parse_args(["supervision", *map(str, words)]))


def late_town() -> None:
    """Three cases; the step of the first passes its limit, the second is told twice what is missing."""
    install()
    matters = [Matter(f"980723-2026-{number}") for number in range(3)]
    for matter in matters:
        step = uuid.uuid4()
        matter.opened()
        matter.step_opened(step)
        if matter is matters[0]:
            matter.deadline("step", "red", item=step, org=FIRE)
        if matter is matters[1]:
            matter.supplement_told(2)
        matter.step_done(step)
    run_until_idle()


def picture() -> list[list[dict[str, Any]]]:
    kept = [
        WatchedEvent.objects.order_by("position"),
        WatchedCase.objects.order_by("number"),
        WatchedStep.objects.order_by("step_id"),
        Card.objects.order_by("number"),
    ]
    moving = {"id", "created_at", "case_id"}
    return [[{k: v for k, v in row.items() if k not in moving} for row in rows.values()] for rows in kept]


def test_rebuilding_twice_gives_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    late_town()
    before = picture()
    WatchedCase.objects.all().delete()
    WatchedEvent.objects.all().delete()

    assert supervision("rebuild") == 0
    first, told = picture(), capsys.readouterr().out
    assert supervision("rebuild") == 0

    assert first == before
    assert picture() == first
    assert capsys.readouterr().out == told
    assert "重建办件 3 件" in told
    assert "补齐亮牌 0 张" in told


def planted(folder: Path, *rows: tuple[str, str]) -> Path:
    path = folder / "planted.jsonl"
    path.write_text("".join(json.dumps({"fault": fault, "case": case}) + "\n" for fault, case in rows), "utf-8")
    return path


def test_what_was_planted_is_told_as_found_missed_and_false(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late_town()
    path = planted(tmp_path, ("reviewed_late", "980723-2026-0"), ("reviewed_late", "980723-2026-2"))

    assert supervision("measure", "--planted", path) == 0

    line = next(row for row in capsys.readouterr().out.splitlines() if row.startswith("环节超期"))
    assert line == "环节超期、超过承诺办结时限：查出 1，漏掉 1，误报 0；准确率 100%、查全率 50%"

    assert supervision("measure", "--json", "--planted", planted(tmp_path, ("decided_late", "980723-2026-1"))) == 0
    rows = {tuple(row["rules"]): row for row in json.loads(capsys.readouterr().out)}
    late = rows["21-step-late", "31-case-late"]
    assert (late["found"], late["missed"], late["false"]) == (0, 1, 1)
    assert (late["precision"], late["recall"]) == (0.0, 0.0)
    assert rows["58-split",]["recall"] is None


def test_without_a_file_the_one_in_the_state_folder_is_measured(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    (tmp_path / "simulation").mkdir()
    planted(tmp_path / "simulation", ("reviewed_late", "980723-2026-0"))
    late_town()

    assert supervision("measure") == 0
    assert "查出 1，漏掉 0，误报 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "没有找到文件"), ("不是 JSON", "不是模拟器写的文件"), ('{"fault": "x"}\n', "每行应有 fault 和 case")],
)
def test_a_file_of_something_else_is_refused_in_a_sentence(
    content: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "planted.jsonl"
    if content is not None:
        path.write_text(content, "utf-8")

    assert supervision("measure", "--planted", path) == 1

    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_a_folder_instead_of_a_file_is_refused_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert supervision("measure", "--planted", tmp_path) == 1
    assert "不是模拟器写的文件" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--month", "2026-13"], "请用 --month 写明月份"),
        (["--year", "26", "--out", "x"], "请用 --year 写明四位年度"),
        (["--year", "2026"], "--out 写明导出到哪个文件夹"),
    ],
)
def test_an_export_needs_its_month_or_its_year(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert supervision("export-scores", *words) == 2
    assert said in capsys.readouterr().err


def test_scores_are_exported_to_a_file_or_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scored_county.prepared()
    month, year = tmp_path / "month.json", tmp_path / "year"

    assert supervision("export-scores", "--month", "2026-10", "--out", month) == 0
    assert supervision("export-scores", "--year", "2026", "--out", year) == 0
    assert supervision("export-scores", "--year", "2026", "--out", month) == 2

    assert json.loads(month.read_text("utf-8"))["month"] == "2026-10"
    assert json.loads((year / "2026.json").read_text("utf-8"))["months"] == []
    assert "写不到" in capsys.readouterr().err
    assert supervision("export-scores", "--year", "2026", "--formula", "none", "--out", year) == 1
    assert TENANT not in capsys.readouterr().err
