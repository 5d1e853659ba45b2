"""What waits at the desk of inspections."""

from zhengtong.kernel.actors import Actor
from zhengtong.systems.inspections.constants import LEADER, SUPERVISOR
from zhengtong.systems.inspections.selectors.pages import plans_waiting, visits_waiting
from zhengtong.systems.inspections.selectors.referrals import referrals_waiting


def waiting(actor: Actor) -> int:
    """How many visits, plans and referred cards wait for an act of this person."""
    decides = actor.has_role(SUPERVISOR, LEADER)
    more = plans_waiting(actor).count() + referrals_waiting(actor).count() if decides else 0
    return visits_waiting(actor) + more
