"""Opinions as pages show them: masked, with what became of them, and counted."""

import dataclasses
import datetime as dt
import json
import uuid
from typing import Any

from django.db.models import Count, QuerySet

from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.ui.formats import mask_name, mask_phone
from zhengtong.systems.opinions.constants import State, Verdict
from zhengtong.systems.opinions.models import Comment, Reply, Topic
from zhengtong.systems.opinions.rules.feedback import Figures, figures_of


@dataclasses.dataclass(frozen=True)
class CommentView:
    """An opinion as the desk shows it: who gave it masked."""

    id: uuid.UUID
    no: int
    voice: str
    who: str
    phone: str
    has_contact: bool
    content: str
    answers: tuple[tuple[str, str], ...]
    received_at: dt.datetime
    reply: Reply | None

    @property
    def purpose_id(self) -> str:
        """The id of the field in which one writes why one looks who gave it."""
        return f"purpose{self.no}"


@dataclasses.dataclass(frozen=True)
class ReplyView:
    """A reply with how many opinions it answers."""

    no: int
    gist: str
    verdict: str
    verdict_label: str
    reason: str
    count: int


def figures(topic: Topic) -> Figures:
    """The figures of a consultation: as frozen when it was answered, counted before."""
    if topic.state == State.ANSWERED and topic.figures:
        return Figures(**topic.figures)
    counted = topic.comments.order_by().values_list("reply__verdict").annotate(n=Count("pk"))
    return figures_of({verdict or "": n for verdict, n in counted})


def comments(topic: Topic, *, which: str, page: object) -> Page[Any]:
    """One leaf of the opinions: ``waiting`` those without a verdict, a verdict, or all; the oldest first."""
    rows: QuerySet[Comment] = topic.comments.select_related("reply").order_by("no")
    if which == "waiting":
        rows = rows.filter(reply__isnull=True)
    elif which in Verdict.values:
        rows = rows.filter(reply__verdict=which)
    found = page_of(rows, page, size=20)
    return dataclasses.replace(found, rows=[comment_view(topic, one) for one in found.rows])


def comment_view(topic: Topic, one: Comment) -> CommentView:
    """An opinion with its answers beside their questions."""
    told = json.loads(one.answers) if one.answers.startswith("[") else []
    return CommentView(
        id=one.pk,
        no=one.no,
        voice=one.get_voice_display(),
        who=mask_name(one.name) if one.name else "",
        phone=mask_phone(one.phone) if one.phone else "",
        has_contact=bool(one.name or one.phone),
        content=one.content,
        answers=tuple((q, a) for q, a in zip(topic.questions, told, strict=False) if a),
        received_at=one.received_at,
        reply=one.reply,
    )


def replies(topic: Topic, *, public: bool = False) -> list[ReplyView]:
    """The replies with their numbers; the public does not read those about other matters."""
    rows = topic.replies.annotate(count=Count("comments")).order_by("no")
    if public:
        rows = rows.exclude(verdict=Verdict.UNRELATED)
    return [ReplyView(one.no, one.gist, one.verdict, one.get_verdict_display(), one.reason, one.count) for one in rows]


def own_comments(tenant: str, person_id: uuid.UUID) -> "QuerySet[Comment]":
    """What a person gave signed in."""
    rows = Comment.objects.filter(tenant=tenant, person_id=person_id)
    return rows.select_related("topic", "reply").order_by("-received_at")
