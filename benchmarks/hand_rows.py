"""The rows of a case as a programmer makes them by hand: every row that the platform writes, with the same columns.

``same_rows`` writes them step by step, ``generator`` loads them by the hundred thousand. Nothing of the services is
used; that both write the same is what a test compares.
"""

import dataclasses
import datetime as dt
import functools
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from zhengtong.kernel.fields import blind_index
from zhengtong.kernel.ids import new_id

Row = dict[str, Any]
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_LIMITS = {"acceptance": 5, "promised": 8, "statutory": 20, "delivery": 10, "supplement": 15}
TITLE, ITEM_CODE = "开办餐饮店一件事", "1198072300720319364980131801000"


class Unit(NamedTuple):
    """An organisation."""

    id: uuid.UUID
    name: str


class Author(NamedTuple):
    """Who acts."""

    kind: str
    person_id: uuid.UUID | None
    name: str
    post_name: str = ""
    org_id: uuid.UUID | None = None
    org_name: str = ""


class Step(NamedTuple):
    """A task of the matter; ``days`` is its own limit in working days, None where a limit of the case counts."""

    name: str
    phase: str
    role: str
    unit: Unit
    days: int | None = None


@dataclasses.dataclass(frozen=True)
class Matter:
    """What all its cases have in common; ``free_days`` are the days of rest beside Saturday and Sunday.

    ``work_days`` are the Saturdays and Sundays that are worked.
    """

    tenant: str
    process_id: uuid.UUID
    lead: Unit
    steps: Mapping[str, Step]
    free_days: frozenset[dt.date]
    work_days: frozenset[dt.date]
    departments: tuple[str, ...] = ()
    step_limits: Mapping[str, str] = dataclasses.field(default_factory=dict)
    new_key: Callable[[], uuid.UUID] = new_id

    def with_keys(self, new_key: Callable[[], uuid.UUID]) -> "Matter":
        """The same with another way to make keys."""
        return dataclasses.replace(self, new_key=new_key)

    def case(self, case_id: uuid.UUID, number: str, at: dt.datetime, *, marking: Any) -> Row:
        """A case that has just been opened."""
        plan = {
            "limits": {kind: f"{days} WD" for kind, days in _LIMITS.items()},
            "bases": {},
            "steps": dict(self.step_limits),
        }
        return {
            "id": case_id,
            "tenant": self.tenant,
            "created_at": at,
            "number": number,
            "title": TITLE,
            "item_code": ITEM_CODE,
            "process_id": self.process_id,
            "marking": json.dumps(marking),
            "variables": json.dumps({"departments": list(self.departments)}),
            "rev": 0,
            "status": "open",
            "outcome": "",
            "org_id": self.lead.id,
            "org_name": self.lead.name,
            "subject_kind": "application",
            "subject_id": number,
            "clock_plan": json.dumps(plan),
            "accepted_on": None,
            "deemed_accepted": False,
            "closed_at": None,
        }

    def item(self, case: Row, node: str, token: int, at: dt.datetime, cause: uuid.UUID | None) -> Row:
        """An open task."""
        step = self.steps[node]
        days = _LIMITS["acceptance"] if step.phase == "accept" else step.days
        return {
            "id": self.new_key(),
            "tenant": self.tenant,
            "created_at": at,
            "case_id": case["id"],
            "token": token,
            "node": node,
            "step": step.name,
            "phase": step.phase,
            "role": step.role,
            "org_id": step.unit.id,
            "org_name": step.unit.name,
            "status": "open",
            "outcome": "",
            "opened_at": at,
            "due_at": None if days is None else _end_of(self.last_day(at, days)),
            "done_by": "",
            "done_post": "",
            "cause_id": cause,
        }

    def deadline(self, case: Row, kind: str, at: dt.datetime, item: Row | None = None) -> Row:
        """A limit that runs: one of the case, or that of a task."""
        days = _LIMITS[kind] if item is None else self.steps[item["node"]].days or 0
        due_on = self.last_day(at, days)
        warned = kind not in ("statutory", "supplement")
        return {
            "id": self.new_key(),
            "tenant": self.tenant,
            "created_at": at,
            "case_id": case["id"],
            "work_item_id": item and item["id"],
            "kind": kind,
            "amount": days,
            "unit": "WD",
            "basis": "",
            "started_at": at,
            "start_day": at.astimezone(_SHANGHAI).date(),
            "due_on": due_on,
            "due_at": _end_of(due_on),
            "yellow_at": _end_of(due_on) - dt.timedelta(days=1) if warned else None,
            "next_at": _end_of(due_on) - dt.timedelta(days=1 if warned else 0),
            "hint_at": self._hint(at, days) if warned else None,
            "provisional": False,
            "level": "",
            "state": "running",
            "ended_at": None,
        }

    def _hint(self, at: dt.datetime, days: int) -> dt.datetime | None:
        """A working day before the last one, where yellow (nine tenths) does not come as early."""
        if not 1 < days < 10:
            return None
        return _end_of(self.last_day(at, days - 1)) - dt.timedelta(days=1)

    def opinion(self, case: Row, item: Row, author: Author, at: dt.datetime, said: tuple[str, str, str]) -> Row:
        """What was written on a task: outcome, its label, text."""
        outcome, label, text = said
        return {
            "id": self.new_key(),
            "tenant": self.tenant,
            "created_at": at,
            "case_id": case["id"],
            "work_item_id": item["id"],
            "outcome": outcome,
            "outcome_label": label,
            "text": text,
            "author": author.name,
            "author_id": author.person_id,
            "post_name": author.post_name,
            "org_name": author.org_name,
        }

    def event(self, name: str, case: Row, at: dt.datetime, **own: Any) -> Row:
        """An event that waits to be delivered."""
        data = {
            "case_id": case["id"],
            "number": case["number"],
            "title": case["title"],
            "item_code": case["item_code"],
            "org_id": case["org_id"],
            "org_name": case["org_name"],
            **own,
        }
        return {
            "event_id": self.new_key(),
            "tenant": self.tenant,
            "name": f"cases.{name}.v1",
            "object_kind": "case",
            "object_id": str(case["id"]),
            "at": at,
            "data": json.dumps(data, default=_plain),
            "attempts": 0,
            "last_error": "",
        }

    def opened(self, case: Row, item: Row, at: dt.datetime) -> Row:
        """The event that a task has opened."""
        return self.event("step_opened", case, at, **_of_step(item), due_at=item["due_at"], why="", adhoc="")

    def received(self, case: Row, at: dt.datetime) -> Row:
        """The event that the case was opened."""
        return self.event("case_opened", case, at, process_id=str(self.process_id))

    def done(self, case: Row, item: Row, author: Author, at: dt.datetime, said: tuple[str, str, str]) -> Row:
        """The event that a task is done."""
        more = {
            "outcome": said[0],
            "post_name": author.post_name,
            "person_id": author.person_id,
            "opened_at": item["opened_at"],
            "with_opinion": bool(said[2]),
            "opinion_length": len(said[2]),
            "opinion_digest": blind_index(said[2]),
        }
        return self.event("step_done", case, at, **_of_step(item), **more)

    def accepted(self, case: Row, dues: Iterable[Row], at: dt.datetime) -> Row:
        """The event that the case was accepted."""
        more = {f"{row['kind']}_due_at": row["due_at"] for row in dues}
        return self.event("case_accepted", case, at, accepted_on=self.day(at), deemed=False, **more)

    def closed(self, case: Row, at: dt.datetime) -> Row:
        """The event that the case has ended."""
        return self.event("case_closed", case, at, outcome="approved", opened_at=case["created_at"], in_time=True)

    def entry(self, author: Author, act: str, case: Row, at: dt.datetime, content: str, salt: bytes) -> tuple[Row, Row]:
        """The entry in the ledger and its content; what is committed to is salt and content."""
        key = self.new_key()
        entry = {
            "uuid": key,
            "tenant": self.tenant,
            "at": at,
            "actor_kind": author.kind,
            "actor_person_id": author.person_id,
            "actor_name": author.name if author.kind != "citizen" else author.name[:1] + "*",
            "actor_post_id": None,
            "actor_post_name": author.post_name,
            "actor_org_id": author.org_id,
            "actor_org_name": author.org_name,
            "act": act,
            "object_kind": "case",
            "object_id": str(case["id"]),
            "purpose": "",
            "basis": "",
            "commitment": hashlib.sha256(salt + content.encode()).digest(),
        }
        return entry, {"entry": key, "salt": salt, "content": content}

    def day(self, at: dt.datetime) -> dt.date:
        """The legal day of an instant."""
        return at.astimezone(_SHANGHAI).date()

    def last_day(self, at: dt.datetime, days: int) -> dt.date:
        """The last day of a limit in working days; the first day does not count."""
        return _counted(self.day(at), days, self.free_days, self.work_days)


def content_of(author: Author, payload: Mapping[str, Any]) -> str:
    """The content of an entry in its one written form."""
    whole = {"actor_name": author.name, "on_behalf_of": "", "payload": payload}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@functools.lru_cache(maxsize=65_536)
def _counted(day: dt.date, days: int, free: frozenset[dt.date], worked: frozenset[dt.date]) -> dt.date:
    while days:
        day += dt.timedelta(days=1)
        days -= day in worked or (day.weekday() < 5 and day not in free)
    return day


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), _SHANGHAI)


def _of_step(item: Row) -> Row:
    names = {"work_item_id": "id", "step_org_id": "org_id", "step_org_name": "org_name"}
    return {
        **{new: item[old] for new, old in names.items()},
        **{name: item[name] for name in ("node", "step", "phase")},
    }


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
