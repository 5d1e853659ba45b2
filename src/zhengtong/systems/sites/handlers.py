"""What the site group hears from others."""

from zhengtong.contracts.cases import CaseEvent
from zhengtong.systems.sites.services.reviewing import follow_review


def review_moved(event: CaseEvent) -> None:
    """A review was moved by another hand than ours (a jump, a hand-over): its submission follows."""
    follow_review(tenant=event.tenant, case_id=event.case_id)
