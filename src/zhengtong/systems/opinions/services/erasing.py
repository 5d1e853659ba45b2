"""Who gave opinions, and the words: taken out long after the feedback; number, verdict and time stay."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from zhengtong.kernel import retention
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.erasure import ERASED, Eraser, Fate, Finding, Subject
from zhengtong.kernel.retention import Sweep
from zhengtong.kernel.traces import Traces
from zhengtong.systems.opinions.constants import COMMENT, MARKS, OPINION, State
from zhengtong.systems.opinions.models import BallotText, Comment, VoterMark


def comment_eraser() -> Eraser:
    """Opinions given signed in."""
    return Eraser(turn=23, covers=frozenset({Comment._meta.label}), preview=_preview, erase=_erase)


def _preview(subject: Subject) -> list[Finding]:
    rows = _theirs(subject)
    over = rows.filter(topic__state__in=[State.ANSWERED, State.WITHDRAWN]).count()
    return [
        Finding(
            label="还没有公布结果的公众意见", count=rows.count() - over, fate=Fate.OPEN, reason="公布结果以后才能删除"
        ),
        Finding(label="公众意见", count=over, fate=Fate.HIDE, reason="条数和采纳情况用于公布的结果"),
    ]


def _erase(subject: Subject, traces: Traces) -> None:
    rows = list(_theirs(subject).filter(topic__state__in=[State.ANSWERED, State.WITHDRAWN]).select_for_update())
    traces.concern(COMMENT, [row.pk for row in rows])
    _take(rows, traces)
    traces.count("公众意见", len(rows))


def _take(rows: Sequence[Any], left: Traces) -> None:
    for row in rows:
        row.person_id, row.name, row.phone, row.answers, row.erased_at = None, "", "", "", now()
        row.content = ERASED
        row.save(update_fields=["person_id", "name", "phone", "answers", "content", "erased_at"])
    left.forget(COMMENT, [row.pk for row in rows])


def _theirs(subject: Subject) -> "QuerySet[Comment]":
    return Comment.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids)


def _answered_long_ago(tenant: str, before: dt.datetime) -> "QuerySet[Comment]":
    rows = Comment.objects.filter(tenant=tenant, erased_at__isnull=True)
    return rows.filter(topic__answered_at__lt=before) | rows.filter(topic__withdrawn_at__lt=before)


def _texts(tenant: str, before: dt.datetime) -> "QuerySet[BallotText]":
    return BallotText.objects.filter(tenant=tenant, question__poll__closes_on__lt=local_date(before))


def _marks(tenant: str, before: dt.datetime) -> "QuerySet[VoterMark]":
    return VoterMark.objects.filter(tenant=tenant, poll__closes_on__lt=local_date(before))


def register_sweeps() -> None:
    """What of opinions goes by age."""
    for key, label, period, does, rows, take in (
        ("comments", "公众意见", OPINION.period, "隐去", _answered_long_ago, _take),
        ("texts", "调查文字答案", OPINION.period, "删除", _texts, retention.delete),
        ("marks", "调查已答标记", MARKS.period, "删除", _marks, retention.delete),
    ):
        retention.sweeps.register(
            f"opinions.{key}",
            Sweep(label=label, period=period, does=does, rows=rows, take=take),
        )
