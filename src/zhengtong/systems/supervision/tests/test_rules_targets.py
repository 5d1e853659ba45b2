"""What a typed row of a yearly target says, and which of its fields are wrong."""

from decimal import Decimal

import pytest

from zhengtong.systems.supervision.rules.score_targets import typed_target

ROW = {
    "year": "2026",
    "period": "全年",
    "unit_name": "青禾县消防救援大队",
    "name": "业务培训",
    "measure": "单位自报",
    "bound": "不低于",
    "goal": "4",
    "unit": "次",
    "weight": "40",
    "basis": "",
}
MEASURES = {"单位自报": "self"}


def test_a_row_in_order_sets_numbers() -> None:
    found, wrong = typed_target({**ROW, "goal": "1,234.50"}, measures=MEASURES)

    assert not wrong
    assert (found["goal"], found["weight"]) == (Decimal("1234.50"), Decimal(40))


@pytest.mark.parametrize("text", ["9" * 30, "9" * 400, "1e309", "-1e309", "NaN", "Infinity", "1e-400", "0.001", "-1"])
@pytest.mark.parametrize("key", ["goal", "weight"])
def test_a_number_nobody_can_mean_is_told_at_its_field(key: str, text: str) -> None:
    _found, wrong = typed_target({**ROW, key: text}, measures=MEASURES)

    assert list(wrong) == [key]
    assert "最多两位小数" in wrong[key]
