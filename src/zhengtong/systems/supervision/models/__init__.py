"""Tables of electronic supervision: what is watched (rebuildable), rules, cards."""

from zhengtong.systems.supervision.models.cards import Card, CardAct, CardFile
from zhengtong.systems.supervision.models.drafts import RuleDraft, RuleTrial
from zhengtong.systems.supervision.models.judging import (
    Accountability,
    BulkCancel,
    BulkCancelCard,
    Doubt,
    HeldCard,
    Letter,
    Outage,
)
from zhengtong.systems.supervision.models.limits import CardLimit, News
from zhengtong.systems.supervision.models.log import WatchedEvent
from zhengtong.systems.supervision.models.paths import CasePath, PathDue, PathVariant, StepTally, StepTime, TalliedMonth
from zhengtong.systems.supervision.models.reports import SupervisionReport
from zhengtong.systems.supervision.models.rules import RuleVersion
from zhengtong.systems.supervision.models.scores import (
    ScoreAppeal,
    ScoreFormula,
    ScoreRow,
    ScoreRun,
    Target,
    TargetReport,
    YearDeduction,
)
from zhengtong.systems.supervision.models.watched import Board, WatchedCase, WatchedStep

__all__ = [
    "Accountability",
    "Board",
    "BulkCancel",
    "BulkCancelCard",
    "Card",
    "CardAct",
    "CardFile",
    "CardLimit",
    "CasePath",
    "Doubt",
    "HeldCard",
    "Letter",
    "News",
    "Outage",
    "PathDue",
    "PathVariant",
    "RuleDraft",
    "RuleTrial",
    "RuleVersion",
    "ScoreAppeal",
    "ScoreFormula",
    "ScoreRow",
    "ScoreRun",
    "StepTally",
    "StepTime",
    "SupervisionReport",
    "TalliedMonth",
    "Target",
    "TargetReport",
    "WatchedCase",
    "WatchedEvent",
    "WatchedStep",
    "YearDeduction",
]
