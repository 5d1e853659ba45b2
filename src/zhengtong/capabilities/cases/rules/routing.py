"""派件规则：to which officer a task of a unit goes, and the sentence that says why. Plain data and functions."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

FIXED, TURN, LOAD, FAMILIAR = "fixed", "turn", "load", "familiar"


@dataclasses.dataclass(frozen=True)
class Away:
    """Why an officer is passed over, until when (inclusive; None: not known), and who does his work meanwhile."""

    why: str
    until: dt.date | None = None
    substitute_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True)
class Officer:
    """Somebody who can do the task: open tasks in hand, like tasks done lately, and whether he is away.

    ``deputy`` acts in his post by delegation, so that what is given to him is done all the same.
    """

    id: uuid.UUID
    name: str
    load: int = 0
    done: int = 0
    away: Away | None = None
    deputy: str = ""


@dataclasses.dataclass(frozen=True)
class Rule:
    """What a unit's leader decided: ``mode``, and ``officers`` as (id, name) in his order (all who can when empty).

    ``item_code``, ``phase`` and ``area`` (the beginning of a division's code) say for what; empty is anything.
    ``last_id`` is the officer at whom the turn stands.
    """

    mode: str
    officers: tuple[tuple[uuid.UUID, str], ...] = ()
    last_id: uuid.UUID | None = None
    item_code: str = ""
    phase: str = ""
    area: str = ""

    def covers(self, *, item_code: str, phase: str, area: str) -> bool:
        """Whether a task of this item, phase and place falls under the rule."""
        return (
            self.item_code in ("", item_code)
            and self.phase in ("", phase)
            and (not self.area or area.startswith(self.area))
        )

    @property
    def weight(self) -> tuple[bool, int, bool]:
        """How special the rule is: an item before a place, the smaller place first, a place before a phase."""
        return bool(self.item_code), len(self.area), bool(self.phase)

    @property
    def words(self) -> str:
        """For what it was made, in two words."""
        if self.item_code:
            return "本事项"
        return "本片区" if self.area else "本环节" if self.phase else "本单位"


@dataclasses.dataclass(frozen=True)
class Choice:
    """Who gets the task (None: nobody is there), why, and where the turn stands afterwards (None: unchanged)."""

    officer: Officer | None
    sentence: str
    turn_id: uuid.UUID | None = None


def rule_for(rules: Sequence[Rule], *, item_code: str, phase: str, area: str) -> Rule | None:
    """The most special rule that covers a task, None where the unit has none for it."""
    found = [rule for rule in rules if rule.covers(item_code=item_code, phase=phase, area=area)]
    return max(found, key=lambda rule: rule.weight, default=None)


def choose(rule: Rule, officers: Sequence[Officer], *, before_id: uuid.UUID | None = None) -> Choice:
    """Who gets a task; ``officers`` are all who can do it today, ``before_id`` who did this step of the case before.

    Work that comes back goes to who knows it. Who is away is passed over: by a rule that names officers in his order
    his substitute comes in for him at once, else the next one, and a substitute only when nobody else is there.
    """
    there = {officer.id: officer for officer in officers}
    known = there.get(before_id) if before_id else None
    if known is not None and known.away is None:
        return Choice(known, _sentence(known, "上一轮由他办理", []))
    order, missing = _order(rule, officers)
    passed = [f"{name}已不在岗" for name in missing]
    for officer in order:
        if officer.away is None:
            turn = officer.id if rule.mode == TURN else None
            return Choice(officer, _sentence(officer, _why(rule, officer), passed), turn)
        passed.append(_away(officer))
        stand_in = _substitute(officer, there) if rule.mode == FIXED else None
        if stand_in is not None:
            return Choice(stand_in, _sentence(stand_in, f"{_why(rule, officer)}，代{officer.name}办理", passed))
    for officer in order:
        stand_in = _substitute(officer, there)
        if stand_in is not None:
            turn = officer.id if rule.mode == TURN else None
            return Choice(stand_in, _sentence(stand_in, f"代{officer.name}办理", passed), turn)
    reasons = "；".join(passed) or "没有在岗的人员"
    return Choice(None, f"没有可以分派的人员：{reasons}。留在本单位待签收，请负责人指派")


def _order(rule: Rule, officers: Sequence[Officer]) -> tuple[list[Officer], list[str]]:
    """Whom to ask one after the other, and the names of those the rule names who can no longer do it."""
    there = {officer.id: officer for officer in officers}
    pool = [there[key] for key, _name in rule.officers if key in there] if rule.officers else list(officers)
    missing = [name for key, name in rule.officers if key not in there]
    if rule.mode == TURN:
        keys = [key for key, _name in rule.officers] or [officer.id for officer in officers]
        start = keys.index(rule.last_id) + 1 if rule.last_id in keys else 0
        places = {key: (index - start) % len(keys) for index, key in enumerate(keys)}
        pool.sort(key=lambda officer: places[officer.id])
    elif rule.mode == LOAD:
        pool.sort(key=lambda officer: officer.load)
    elif rule.mode == FAMILIAR:
        pool.sort(key=lambda officer: (-officer.done, officer.load))
    return pool, missing


def _why(rule: Rule, officer: Officer) -> str:
    return {
        TURN: "按轮流次序",
        LOAD: f"在办最少（{officer.load} 件）",
        FAMILIAR: f"办过同一事项 {officer.done} 件",
    }.get(rule.mode, f"{rule.words}指定")


def _substitute(officer: Officer, there: dict[uuid.UUID, Officer]) -> Officer | None:
    key = officer.away.substitute_id if officer.away else None
    found = there.get(key) if key else None
    return found if found is not None and found.away is None else None


def _away(officer: Officer) -> str:
    away = officer.away
    if away is None:
        return ""
    until = f"至{away.until.month}月{away.until.day}日" if away.until else ""
    return f"{officer.name}{away.why}{until}"


def _sentence(officer: Officer, why: str, passed: Sequence[str]) -> str:
    deputy = f"（{officer.deputy}代行）" if officer.deputy else ""
    return "；".join([f"由{officer.name}承办{deputy}：{why}", *passed])
