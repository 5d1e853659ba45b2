"""Tables of inspections: plans and draws, visits and findings, rectification, the time line."""

from zhengtong.systems.inspections.models.plans import (
    CheckPoint,
    Draw,
    InspectionAct,
    InspectionCounter,
    Plan,
    RiskSignal,
    Target,
)
from zhengtong.systems.inspections.models.rectifying import Evidence, Measure, Rectification, RectificationReport
from zhengtong.systems.inspections.models.visits import Finding, Inspector, PointPhoto, PointResult, Visit

__all__ = [
    "CheckPoint",
    "Draw",
    "Evidence",
    "Finding",
    "InspectionAct",
    "InspectionCounter",
    "Inspector",
    "Measure",
    "Plan",
    "PointPhoto",
    "PointResult",
    "Rectification",
    "RectificationReport",
    "RiskSignal",
    "Target",
    "Visit",
]
