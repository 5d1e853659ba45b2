"""What was planted against what was flagged, without a town."""

from pathlib import Path

import pytest

from zhengtong.entry.simulator import behaviour
from zhengtong.entry.simulator.measuring import FINDERS, measured, planted_in
from zhengtong.kernel.errors import Invalid
from zhengtong.systems.supervision.api import FlaggedRule, Found


def rule(key: str, *cases: str) -> tuple[str, FlaggedRule]:
    return key, FlaggedRule(key, f"规则 {key}", frozenset(cases))


def test_each_rule_is_measured_by_what_was_planted_for_it() -> None:
    planted = [
        ("reviewed_in_seconds", "1"),
        ("reviewed_in_seconds", "2"),
        ("reviewed_late", "3"),
        ("decided_late", "4"),
        ("accepted_late", "5"),
        ("something_else", "6"),
    ]
    flagged = dict([rule("50-in-seconds", "2", "9"), rule("21-step-late", "3"), rule("31-case-late", "4")])

    found = {one.rules: one for one in measured(planted, flagged)}

    seconds = found["50-in-seconds",]
    assert (seconds.result, seconds.name) == (Found(1, 1, 1), "规则 50-in-seconds")
    assert seconds.to_json()["precision"] == 50.0
    late = found["21-step-late", "31-case-late"]
    assert (late.result, late.faults) == (Found(2, 0, 0), ("reviewed_late", "decided_late"))
    assert found["11-acceptance-late",].result == Found(0, 1, 0)
    assert found["58-split",].to_json()["recall"] is None


def test_every_fault_has_a_rule_that_looks_for_it() -> None:
    assert set(behaviour.KINDS) == set(FINDERS)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text('{"a": 1}\n')

    with pytest.raises(Invalid, match="fault 和 case"):
        planted_in(tmp_path / "x")
    with pytest.raises(Invalid, match="没有找到文件"):
        planted_in(tmp_path / "none")
