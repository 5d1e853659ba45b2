"""Supervision's cards and founded complaints weigh in the draw."""

from zhengtong.contracts.complaints import ComplaintAnswered
from zhengtong.contracts.supervision import CardMoved, CardRaised
from zhengtong.systems.inspections.registry import RiskSource, Signal, register_risk_source

#: levels of cards that count: a mere hint says nothing against a unit
_LEVELS = ("yellow", "red", "breach")
_FOUNDED = ("founded", "partly")


def register() -> None:
    """Called in ``apps.ready()``."""
    register_risk_source(RiskSource(CardRaised, _raised, lambda event: str(event.card_id)))
    register_risk_source(RiskSource(CardMoved, _cancelled, lambda event: str(event.card_id), withdraws=True))
    register_risk_source(RiskSource(ComplaintAnswered, _founded, lambda event: event.object_ref.id))


def _raised(event: CardRaised) -> Signal | None:
    if event.level not in _LEVELS:
        return None
    return Signal(kind="card", org_id=event.org_id, case_number=event.case_number)


def _cancelled(event: CardMoved) -> Signal | None:
    return Signal(kind="card", org_id=event.org_id) if event.state == "cancelled" else None


def _founded(event: ComplaintAnswered) -> Signal | None:
    """The complained-about unit; whose case it was stays unknown."""
    if event.finding not in _FOUNDED or event.accused_org_id is None:
        return None
    return Signal(kind="complaint", org_id=event.accused_org_id)
