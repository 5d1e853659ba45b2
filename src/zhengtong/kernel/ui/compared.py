"""Figures of a time beside those of other times: the columns and rows of a page or workbook, the table of a paper."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from zhengtong.kernel.measures import Counted, Measure

T = TypeVar("T", bound=Counted)


def columns(names: Sequence[str]) -> list[dict[str, str]]:
    """The name of each figure, its value in the times, and its formula."""
    heads = [{"key": f"t{place}", "label": name} for place, name in enumerate(names)]
    return [{"key": "label", "label": _("指标")}, *heads, {"key": "formula", "label": _("算法")}]


def rows(measures: Iterable[Measure[T]], tallies: Sequence[T]) -> list[dict[str, Any]]:
    """The lines of these columns, each figure in words."""
    return [
        {
            "label": measure.label,
            **{f"t{place}": measure.said(tally) for place, tally in enumerate(tallies)},
            "formula": measure.formula,
        }
        for measure in measures
    ]


def paper_table(title: str, measures: Iterable[Measure[T]], tallies: Sequence[T]) -> dict[str, Any]:
    """A table of a monthly report: this month, the one before, the same month a year ago."""
    return {
        "title": title,
        "heads": [_("指标"), _("本月"), _("上月"), _("去年同月")],
        "rows": [{"cells": [one.label, *(one.said(tally) for tally in tallies)]} for one in measures],
    }
