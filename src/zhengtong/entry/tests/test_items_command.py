"""``zhengtong items import``: dry run, report, drafts, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from zhengtong.capabilities.catalogue.models import Item, ItemList
from zhengtong.capabilities.catalogue.tests import county, sheets
from zhengtong.capabilities.catalogue.tests.sheets import HEAD, item
from zhengtong.entry.commands.items import handle
from zhengtong.entry.main import build_parser, discover

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path / "var")
    county.found_county()


def items(*words: object) -> int:
    return handle(build_parser(discover()).parse_args(["items", "import", *map(str, words)]))


def file_of(folder: Path, *rows: list[Any]) -> Path:
    path = folder / "清单.xlsx"
    path.write_bytes(sheets.saved(sheets.book(("表", [HEAD, *rows]))))
    return path


def test_a_dry_run_reports_and_writes_nothing(tmp_path: Path, capsys: Any) -> None:
    path, out = file_of(tmp_path, item(1, "甲许可"), item(2, "乙许可", basis=None)), tmp_path / "out.json"

    assert items(path, "--dry-run", "--report", out) == 1

    report = json.loads(out.read_text(encoding="utf-8"))
    assert [(row["sheet"], row["row"], row["verdict"]) for row in report["rows"]] == [
        ("表", 2, "accepted"),
        ("表", 3, "held"),
    ]
    assert report["rows"][0] == {
        "sheet": "表",
        "row": 2,
        "verdict": "accepted",
        "name": "甲许可",
        "department": "青禾县民政局",
        "statutory_limit": {"value": 20, "unit": "WD"},
        "promised_limit": {"value": 8, "unit": "WD"},
        "problems": report["rows"][0]["problems"],
    }
    assert (report["summary"]["accepted"], report["summary"]["held"]) == (1, 1)
    assert "没有填写设定依据" in capsys.readouterr().out
    assert not Item.objects.exists()
    assert not ItemList.objects.exists()


def test_good_rows_enter_once_however_often_it_is_run(tmp_path: Path, capsys: Any) -> None:
    path = file_of(tmp_path, item(1, "甲许可"), item(2, "乙许可"))

    assert items(path) == 0
    assert "新增草稿 2 项" in capsys.readouterr().out
    assert items(path) == 0

    assert "没有变化 2 项" in capsys.readouterr().out
    assert Item.objects.count() == 2


@pytest.mark.parametrize(("content", "words"), [(b"%PDF-1.7", "不是表格文件"), (None, "打不开")])
def test_files_that_cannot_be_read_end_with_two(tmp_path: Path, capsys: Any, content: bytes | None, words: str) -> None:
    path = tmp_path / "x.xlsx"
    if content is not None:
        path.write_bytes(content)

    assert items(path) == 2

    assert words in capsys.readouterr().err
