"""Applications that one person begins, one after the other."""

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.transactions import hold


def begin_alone(applicant: Actor) -> None:
    """Who begins an application waits for what he has just begun: there is no row yet that could be locked."""
    hold(f"service_hall.begin {applicant.tenant} {applicant.person_id}")
