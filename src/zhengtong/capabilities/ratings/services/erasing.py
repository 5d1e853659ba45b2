"""Who rated, his words and his telephone: taken out of ratings, which stay as figures."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from zhengtong.capabilities.ratings.constants import RATING, RATING_KIND
from zhengtong.capabilities.ratings.models import FollowUpAct, Rating, ReplyInvitation
from zhengtong.kernel import retention
from zhengtong.kernel.erasure import ERASED, Eraser, Fate, Finding, Subject
from zhengtong.kernel.retention import Sweep
from zhengtong.kernel.traces import Traces

_NOBODY = Q(person_id__isnull=True, text="", phone="")


def rating_eraser() -> Eraser:
    """Ratings the person gave signed in, and those of his matters whoever gave them."""
    covers = frozenset(model._meta.label for model in (Rating, FollowUpAct, ReplyInvitation))
    return Eraser(turn=60, covers=covers, preview=_preview, erase=_erase)


def _preview(subject: Subject) -> list[Finding]:
    count = Rating.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids).count()
    return [Finding(label="服务评价的评价人、文字和电话", count=count, fate=Fate.HIDE, reason="满意度的数量不变")]


def _erase(subject: Subject, traces: Traces) -> None:
    theirs = Q(person_id__in=subject.person_ids)
    about = Q(pk__in=[])
    for ref in traces.matters:
        about |= Q(subject_kind=ref.kind, subject_id=ref.id)
    rows = list(Rating.objects.filter(theirs | about, tenant=subject.tenant).exclude(_NOBODY))
    ReplyInvitation.objects.filter(about, tenant=subject.tenant).delete()
    _hide(rows, traces)
    traces.count("服务评价", len(rows))


def _hide(rows: Collection[Any], left: Traces) -> None:
    keys = [row.pk for row in rows]
    Rating.objects.filter(pk__in=keys).update(person_id=None, text="", phone="")
    FollowUpAct.objects.filter(follow_up__rating__in=keys).exclude(text=ERASED).update(text=ERASED)
    left.forget(RATING_KIND, keys)


def _rated_long_ago(tenant: str, before: dt.datetime) -> "QuerySet[Rating]":
    return Rating.objects.filter(tenant=tenant, created_at__lt=before).exclude(_NOBODY)


def _invitations(tenant: str, before: dt.datetime) -> "QuerySet[ReplyInvitation]":
    return ReplyInvitation.objects.filter(tenant=tenant, created_at__lt=before)


def _hide_batch(rows: Sequence[Any], left: Traces) -> None:
    _hide(rows, left)


def register_sweeps() -> None:
    """What of ratings goes by age."""
    for key, label, does, period, rows, take in (
        ("ratings", "评价人和文字评价", "隐去", RATING.period, _rated_long_ago, _hide_batch),
        ("invitations", "短信评价邀请", "删除", RATING.period, _invitations, retention.delete),
    ):
        sweep = Sweep(label=label, period=period, does=does, rows=rows, take=take)
        retention.sweeps.register(f"ratings.{key}", sweep)
