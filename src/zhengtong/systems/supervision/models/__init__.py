"""Tables of electronic supervision: what is watched (rebuildable), rules, cards."""

from zhengtong.systems.supervision.models.cards import Card, CardAct
from zhengtong.systems.supervision.models.rules import RuleVersion
from zhengtong.systems.supervision.models.watched import Board, WatchedCase, WatchedStep

__all__ = ["Board", "Card", "CardAct", "RuleVersion", "WatchedCase", "WatchedStep"]
