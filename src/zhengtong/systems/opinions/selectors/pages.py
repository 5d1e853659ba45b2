"""What the page of one consultation or survey shows its reader: the time line, and what he may do."""

import dataclasses
import datetime as dt

from zhengtong.kernel.actors import Actor
from zhengtong.systems.opinions.constants import SIGNERS, Phase
from zhengtong.systems.opinions.models import Announced, Topic
from zhengtong.systems.opinions.permissions import in_unit, may_sign
from zhengtong.systems.opinions.selectors.finding import phase


@dataclasses.dataclass(frozen=True)
class ActLine:
    """A line of the time line."""

    at: dt.datetime
    title: str
    who: str
    text: str


def act_lines(row: Announced) -> list[ActLine]:
    """The time line, newest first."""
    acts = row.acts.order_by("-created_at")  # type: ignore[attr-defined]  # both kinds have a time line
    return [
        ActLine(one.created_at, one.get_kind_display(), f"{one.org_name} {one.person_name}".strip(), one.text)
        for one in acts
    ]


def acts_now(actor: Actor, row: Announced) -> frozenset[str]:
    """The acts this reader may do now."""
    if not in_unit(actor, row):
        return frozenset()
    stands, signs = phase(row), actor.has_role(*SIGNERS)
    first = may_sign(actor, row, row.written_by_id, row.stood_for_id)
    acts = set()
    if stands == Phase.DRAFT:
        acts |= {"edit", "attach", "submit", "withdraw"}
    if stands == Phase.SUBMITTED:
        acts |= {"withdraw"} | ({"publish", "return"} if first else set())
        acts |= {"return"} if actor.person_id == row.written_by_id else set()
    if stands in (Phase.WAITING, Phase.OPEN) and signs:
        acts |= {"extend", "withdraw"}
    if stands == Phase.CLOSED and isinstance(row, Topic):
        acts |= {"feedback"} | ({"withdraw"} if signs else set())
        if row.feedback and may_sign(actor, row, row.feedback_by_id, row.feedback_for_id):
            acts |= {"publish_feedback"}
    if stands in (Phase.OPEN, Phase.CLOSED):
        acts |= {"reply"}
    return frozenset(acts)
