"""Results of a survey as the chart component takes them: finding in words, columns, the same numbers beneath."""

from typing import Any

from django.utils.translation import gettext as _

from zhengtong.kernel.ui.exports import Table
from zhengtong.systems.opinions.constants import QuestionKind
from zhengtong.systems.opinions.rules.polls import Count
from zhengtong.systems.opinions.selectors.polls import Result, Results


def shown_results(found: Results) -> list[dict[str, Any]]:
    """Each question with a sentence that says the finding, and bars for its choices."""
    return [_shown(one) for one in found.questions]


def result_tables(found: Results) -> list[Table]:
    """The same as tables for a workbook: one for each question that is chosen or given points."""
    columns = (
        {"key": "label", "label": _("选项")},
        {"key": "count", "label": _("人次"), "kind": "number"},
        {"key": "share", "label": _("占答题人的 %"), "kind": "text"},
    )
    return [
        Table(
            f"{one.question.no}",
            columns,
            [
                {"label": one.question.words, "count": one.answered, "share": _("答了这一题的人")},
                *({"label": each.label, "count": each.count, "share": each.share} for each in one.counts),
            ],
        )
        for one in found.questions
    ]


def finding_of(one: Result) -> str:
    """The sentence of a chart: what stands out; equal firsts are both named."""
    if not one.answered:
        return _("还没有人回答")
    if one.question.kind == QuestionKind.SCALE:
        return _("平均 %(n)s 分") % {"n": one.average}
    most = max(each.count for each in one.counts)
    first = [each for each in one.counts if each.count == most]
    words = {"names": "、".join(f"“{each.label}”" for each in first[:3]), "share": first[0].share}
    return _("选%(names)s的最多，占 %(share)s%%") % words


def _shown(one: Result) -> dict[str, Any]:
    kind = QuestionKind(one.question.kind)
    written = kind == QuestionKind.TEXT
    return {
        "no": one.question.no,
        "words": one.question.words,
        "kind": kind.label,
        "written": written,
        "answered": one.answered,
        "scale": kind == QuestionKind.SCALE,
        "finding": "" if written else finding_of(one),
        "series": [{"key": "value", "label": _("人次")}],
        "points": [{"label": each.label, "value": each.count} for each in one.counts],
        "bars": [{"label": each.label, "value": each.count, "note": _note(each)} for each in one.counts],
        "excerpts": one.excerpts,
    }


def _note(each: Count) -> str:
    return f"{each.share}%" if each.share != "—" else each.share
