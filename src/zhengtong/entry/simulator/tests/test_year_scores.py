"""A whole year is lived through, scored and published; an independent script counts every month and the year again."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zhengtong.entry.commands.supervision import handle
from zhengtong.entry.demo import load as loading
from zhengtong.entry.main import build_parser, discover
from zhengtong.entry.simulator import behaviour, running, service
from zhengtong.entry.simulator.running import Run
from zhengtong.kernel import clock, simulation
from zhengtong.kernel.actors import Actor
from zhengtong.systems.supervision import api as supervision
from zhengtong.systems.supervision.services import score_targets

SCRIPT = Path(__file__).parents[5] / "examples" / "score_recompute.py"
TENANT, YEAR, CASES = "980723", 2025, 36
BEGIN, END = (dt.datetime(year, 1, 1, tzinfo=behaviour.LOCAL).astimezone(dt.UTC) for year in (YEAR, YEAR + 1))
SAID = "数据已核对，同意公布。"


@pytest.fixture
def county_of_then(permitted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The county as it was before that year, with rules that were in force then."""
    read = loading._json

    def dated(path: Path) -> Any:
        found = read(path)
        return [row | {"valid_from": "2025-01-01"} for row in found] if path.name == "supervision-rules.json" else found

    monkeypatch.setattr(loading, "_json", dated)
    monkeypatch.setattr(running, "_TICK", dt.timedelta(hours=6))
    with clock.simulated(END):
        list(loading.load(lambda _text: None))


def lived_through() -> tuple[Actor, Actor]:
    """The year; the two supervisors who publish."""
    row = simulation.begin(tenant=TENANT, from_at=BEGIN, until_at=END, wanted=CASES, seed=3)
    run = Run(row, alone=service.deliver)
    while not run.done:
        run.step(20)
    service.deliver()
    assert run.county.broken == 0
    first, second, *_others = run.county.stage.town.supervisors()
    return first, second


def published(first: Actor, second: Actor) -> None:
    for month in (dt.date(YEAR, number, 1) for number in range(1, 13)):
        run = supervision.propose_scores(actor=first, month=month, key="model-a")
        supervision.decide_scores(actor=second, run_id=run.id, agreed=True, reason=SAID, digest=run.inputs_digest)


def weighed(first: Actor, second: Actor, unit: str) -> None:
    """A deduction and three targets for a unit."""
    row = score_targets.propose_deduction(
        actor=first,
        org_name=unit,
        decided_on=f"{YEAR}-05-20",
        kind="warning",
        persons="1",
        document="青纪处〔2025〕3号",
        reason="失职处分一人",
    )
    score_targets.decide_deduction(actor=second, deduction_id=row.id, agreed=True, reason=SAID)
    for name, measure, bound, goal in (
        ("按期办结", "按期办结率", "不低于", "99"),
        ("红牌", "红牌和严重红牌", "不超过", "1"),
        ("提速", "提速率", "不低于", "60"),
        ("得分", "月度得分平均值", "不低于", "101"),
        ("培训", "单位自报", "不低于", "4"),
    ):
        given = dict.fromkeys(score_targets.COLUMNS, "")
        given |= {"year": f"{YEAR}", "unit_name": unit, "name": name, "measure": measure, "bound": bound}
        score_targets.set_target(actor=first, row=given | {"goal": goal, "weight": "20"})


def exported(folder: Path) -> None:
    words = ["supervision", "export-scores", "--year", str(YEAR), "--out", str(folder)]
    assert handle(build_parser(discover()).parse_args(words)) == 0


def recounted(folder: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, SCRIPT, folder], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def changed(path: Path, *where: str | int, to: object) -> str:
    """Change one figure of a file; returns what the file said before."""
    before = path.read_text("utf-8")
    found = json.loads(before)
    inner = found
    for step in where[:-1]:
        inner = inner[step]
    assert inner[where[-1]] != to
    inner[where[-1]] = to
    path.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return before


def has_red_card(path: Path) -> bool:
    cards = json.loads(path.read_text("utf-8"))["cards"]
    return any(card["level"] == "red" and card["state"] != "cancelled" for card in cards)


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_the_scores_of_a_simulated_year_are_those_an_independent_script_counts(
    county_of_then: None, tmp_path: Path
) -> None:
    first, second = lived_through()
    published(first, second)
    folder = tmp_path / "scores"
    exported(folder)
    units = json.loads((folder / f"{YEAR}.json").read_text("utf-8"))["periods"]["year"]
    weighed(first, second, max(units, key=lambda unit: len(unit["name"]))["name"])
    exported(folder)

    code, told = recounted(folder)

    year = json.loads((folder / f"{YEAR}.json").read_text("utf-8"))
    assert code == 0, told
    assert "不一致\t" not in told
    assert len(year["months"]) == 12
    assert told.count("，不一致 0 项。") == 14
    assert len(year["targets"]) == 5
    assert len(year["deductions"]) == 1
    assert all(year["periods"][period] for period in ("year", "h1", "h2", "q1", "q4"))

    month = next(path for path in sorted(folder.glob(f"{YEAR}-*.json")) if has_red_card(path))
    for path, where, to in (
        (month, ("results", 0, "total"), "12.34"),
        (month, ("cards",), []),
        (folder / f"{YEAR}.json", ("periods", "h1", 0, "total"), "12.34"),
        (folder / f"{YEAR}.json", ("targets", 0, "reached"), "12.34"),
        (folder / f"{YEAR}.json", ("deductions", 0, "persons"), 2),
    ):
        before = changed(path, *where, to=to)
        code, told = recounted(folder)
        assert code == 1, (path, where)
        assert "不一致\t" in told
        path.write_text(before, "utf-8")
    assert recounted(folder)[0] == 0
