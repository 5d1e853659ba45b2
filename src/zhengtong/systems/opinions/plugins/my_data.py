"""What the platform holds about a person who gave opinions signed in, and who has looked who he is."""

from typing import Any

from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.personal_data import Holding, Readable
from zhengtong.systems.opinions.constants import COMMENT
from zhengtong.systems.opinions.models import Comment
from zhengtong.systems.opinions.selectors.comments import own_comments


def holdings_of_person(actor: Actor) -> list[Holding]:
    """The opinions he gave signed in; answers to surveys cannot be told apart and are nobody's."""
    if actor.person_id is None or actor.kind == "official":
        return []
    rows = own_comments(actor.tenant, actor.person_id)
    return [
        Holding(
            key="opinions",
            label=_("公众意见"),
            count=rows.count(),
            purpose=_("公开征求意见"),
            kept=_("公布结果后三年"),
            rows=lambda: [_row(row) for row in rows],
        )
    ]


def readables_of_person(actor: Actor) -> list[Readable]:
    """Who looked who he is."""
    if actor.person_id is None or actor.kind == "official":
        return []
    ids = [str(key) for key in own_comments(actor.tenant, actor.person_id).values_list("pk", flat=True)]
    return [Readable(kind=COMMENT, ids=ids, acts=("opinions.read_contact",))]


def _row(row: Comment) -> dict[str, Any]:
    return {
        "topic": row.topic.title,
        "to": row.topic.org_name,
        "received_at": row.received_at.isoformat(),
        "name": row.name,
        "phone": row.phone,
        "content": row.content,
        "answers": row.answers,
        "outcome": row.reply.get_verdict_display() if row.reply else "",
    }
