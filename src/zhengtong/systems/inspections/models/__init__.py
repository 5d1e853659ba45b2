"""Tables of inspections: plans and draws, visits and findings, rectification, referrals, the time line."""

from zhengtong.systems.inspections.models.limits import Limited
from zhengtong.systems.inspections.models.plans import (
    Act,
    CheckPoint,
    Draw,
    InspectionAct,
    InspectionCounter,
    Plan,
    RiskSignal,
    Target,
)
from zhengtong.systems.inspections.models.rectifying import Evidence, Measure, Rectification, RectificationReport
from zhengtong.systems.inspections.models.referrals import Referral, ReferralAct
from zhengtong.systems.inspections.models.visits import Finding, Inspector, PointPhoto, PointResult, Visit

__all__ = [
    "Act",
    "CheckPoint",
    "Draw",
    "Evidence",
    "Finding",
    "InspectionAct",
    "InspectionCounter",
    "Inspector",
    "Limited",
    "Measure",
    "Plan",
    "PointPhoto",
    "PointResult",
    "Rectification",
    "RectificationReport",
    "Referral",
    "ReferralAct",
    "RiskSignal",
    "Target",
    "Visit",
]
