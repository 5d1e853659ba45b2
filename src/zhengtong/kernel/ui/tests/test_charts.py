"""Charts drawn on the server, and tables as workbooks."""

import datetime as dt
import io
from itertools import pairwise

import pytest
from django.template import Context, Template
from openpyxl import load_workbook

from zhengtong.kernel.ui.charts import HEIGHT, WIDTH, chart_of, scale_of
from zhengtong.kernel.ui.exports import download, sheet_of

SERIES = [{"key": "in", "label": "收件"}, {"key": "out", "label": "办结"}]


@pytest.mark.parametrize(
    ("highest", "scale"),
    [
        (0, [0, 1]),
        (1, [0, 0.25, 0.5, 0.75, 1]),
        (7, [0, 2, 4, 6, 8]),
        (97, [0, 25, 50, 75, 100]),
        (1234, [0, 500, 1000, 1500]),
        (0.8, [0, 0.2, 0.4, 0.6, 0.8]),
    ],
)
def test_a_scale_has_few_round_values_and_reaches_over_the_highest(highest: float, scale: list[float]) -> None:
    assert scale_of(highest) == pytest.approx(scale)


@pytest.mark.parametrize(
    ("highest", "scale"),
    [(1, [0, 1]), (3, [0, 1, 2, 3]), (7, [0, 2, 4, 6, 8]), (9, [0, 5, 10]), (97, [0, 25, 50, 75, 100])],
)
def test_what_is_counted_in_pieces_has_no_halves_on_its_axis(highest: int, scale: list[float]) -> None:
    assert scale_of(highest, whole=True) == pytest.approx(scale)
    points = [{"label": "1日", "in": highest}, {"label": "2日", "in": 1}]
    assert [tick.label for tick in chart_of(points, SERIES[:1], kind="columns").ticks] == [f"{one:g}" for one in scale]


@pytest.mark.parametrize("label", ["{}日", "11月{}日", "2026年11月{}日"])
@pytest.mark.parametrize("days", [1, 7, 28, 30, 31])
def test_labels_stand_clear_of_each_other_and_of_the_edge(label: str, days: int) -> None:
    points = [{"label": label.format(day), "in": day} for day in range(1, days + 1)]

    labels = chart_of(points, SERIES[:1], kind="columns").labels

    wide = [
        (x, 7 * sum(one.isdigit() for one in text) + 12 * sum(not one.isdigit() for one in text)) for x, text in labels
    ]
    assert all(x + half / 2 + 4 <= after - other / 2 for (x, half), (after, other) in pairwise(wide))
    assert wide[-1][0] + wide[-1][1] / 2 <= WIDTH
    assert labels[0][1] == label.format(1)


def test_columns_stand_side_by_side_and_grow_with_their_values() -> None:
    points = [{"label": "9月", "in": 10, "out": 5}, {"label": "10月", "in": 20, "out": 0}]

    made = chart_of(points, SERIES, kind="columns")

    tall = {mark.said: mark.height for mark in made.marks}
    assert tall["10月 收件 20"] == pytest.approx(2 * tall["9月 收件 10"])
    assert tall["10月 办结 0"] == 0
    first, second = made.marks[0], made.marks[2]
    assert first.x + first.width <= second.x
    assert all(0 <= mark.y <= HEIGHT for mark in made.marks)


def test_a_line_breaks_where_a_value_is_missing() -> None:
    points = [{"label": str(n), "in": value} for n, value in enumerate([1, 2, None, 3])]

    made = chart_of(points, SERIES[:1], kind="lines")

    assert [letter for letter in made.paths[0][1] if letter.isalpha()] == ["M", "L", "M"]
    assert len(made.marks) == 3


def test_an_empty_chart_and_many_points_are_drawn() -> None:
    assert chart_of([], SERIES, kind="lines").labels == []
    assert len(chart_of([{"label": str(n), "in": n} for n in range(31)], SERIES, kind="columns").labels) <= 12


def test_the_same_numbers_are_read_in_a_table() -> None:
    source = "{% load ui %}{% chart points series caption=finding unit='件' %}"

    points = [{"label": "9月", "in": 3, "out": None}]
    html = Template(source).render(Context({"points": points, "series": SERIES, "finding": "办结<多>"}))

    assert "<figcaption>\n    办结&lt;多&gt;" in html
    assert html.count("<td") == 3
    assert "style=" not in html


def test_a_table_becomes_a_workbook_with_its_masks_and_words() -> None:
    columns = [
        {"key": "who", "label": "申请人"},
        {"key": "due", "label": "时限", "kind": "lamp"},
        {"key": "at", "label": "时间"},
    ]
    at = dt.datetime(2026, 11, 1, 16, 30, tzinfo=dt.UTC)

    response = download(
        "待办 清单", sheet_of("待办", columns, [{"who": "张*", "due": {"state": "red", "note": "超 2 天"}, "at": at}])
    )

    rows = list(load_workbook(io.BytesIO(response.content)).active.values)
    assert rows == [("申请人", "时限", "时间"), ("张*", "超期 超 2 天", dt.datetime.fromisoformat("2026-11-02T00:30"))]
    assert "%E5%BE%85%E5%8A%9E" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
