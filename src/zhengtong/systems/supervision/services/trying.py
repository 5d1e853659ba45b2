"""Trying a rule over the past: every event of the period judged as it would have been, nothing raised."""

import dataclasses
import datetime as dt
import hashlib
import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.calendar import WorkCalendar, end_of_day, start_of_day
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.supervision.constants import DRAFT_KIND, DraftState, TrialState
from zhengtong.systems.supervision.models import Card, CardAct, RuleDraft, RuleTrial, WatchedEvent
from zhengtong.systems.supervision.permissions import check_supervisor
from zhengtong.systems.supervision.registry import Sighting
from zhengtong.systems.supervision.rules import Condition, estimated, responsible, sentence
from zhengtong.systems.supervision.selectors.log import Histories, Logged, LogRow, rows_at, rows_of_cases
from zhengtong.systems.supervision.services.judging import Judge, flagged
from zhengtong.systems.supervision.services.raising import words_for
from zhengtong.systems.supervision.services.rulebook import what_is_wrong, wrong_fields

TRY_RULE = "supervision.try_rule"
_CHUNK = 1000
_CASES = 500
_SAMPLE = 20
#: a trial that has told nothing for so long was broken off with its worker
_LOST_AFTER = dt.timedelta(minutes=30)


@dataclasses.dataclass(frozen=True)
class TriedRule:
    """The part of a rule's content that judges and speaks."""

    event: str
    condition: Condition
    explanation: str
    level: str
    scope: str
    window_days: int | None = None
    once_per_case: bool = False

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "TriedRule":
        """From the content of a draft or the columns of a version."""
        days = content.get("window_days")
        return cls(
            event=str(content["event"]),
            condition=content["condition"],
            explanation=str(content["explanation"]),
            level=str(content["level"]),
            scope=str(content["scope"]),
            window_days=int(days) if days else None,
            once_per_case=bool(content.get("once_per_case")),
        )


@dataclasses.dataclass(frozen=True)
class Flag:
    """One event that a rule would have flagged, with the facts it named and the unit that would answer."""

    row: Logged
    found: Mapping[str, Any]
    org_id: uuid.UUID | None
    org_name: str


def replayed(
    rule: TriedRule,
    tenant: str,
    *,
    since: dt.datetime,
    until: dt.datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Flag]:
    """What a rule flags among the events from ``since`` until before ``until``, case by case.

    The same as live: one card for one limit and level, one for a case where the rule says so.
    """
    for _number, flag in replay([rule], tenant, since=since, until=until, progress=progress):
        yield flag


def replay(
    rules: Sequence[TriedRule],
    tenant: str,
    *,
    since: dt.datetime,
    until: dt.datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[int, Flag]]:
    """What each of several rules flags, with its place among them; every event is read once, whatever the rules.

    Some hundred cases at a time are read whole: what a fact must know of its case is in hand.
    """
    stored = WatchedEvent.objects.filter(
        tenant=tenant, name__among=[rule.event for rule in rules], occurred_at__gte=since, occurred_at__lt=until
    )
    total, done = stored.count(), 0
    judges = [_Replay(rule) for rule in rules]
    calendar = cases.calendar_of(tenant)
    for rows, whole in _parts(stored, tenant, until):
        judged: dict[str, list[LogRow]] = defaultdict(list)
        for row in rows:
            if row.occurred_at >= since:
                judged[row.name].append(row)
        histories = Histories(rows, whole=whole)
        for number, judge in enumerate(judges):
            for flag in judge.flags(judged.get(judge.rule.event, []), calendar, histories):
                yield number, flag
        done += sum(len(judged[name]) for name in {rule.event for rule in rules} if name in judged)
        if progress is not None:
            progress(done, total)


def _parts(stored: "QuerySet[WatchedEvent]", tenant: str, until: dt.datetime) -> Iterator[tuple[list[LogRow], bool]]:
    """The events to be judged, some hundred cases at a time with all that belongs to these, then those of no case."""
    named = stored.filter(case_id__isnull=False).order_by("case_id").values_list("case_id", flat=True).distinct()
    case_ids = [case_id for case_id in named if case_id is not None]
    for begin in range(0, len(case_ids), _CASES):
        yield rows_of_cases(tenant, case_ids[begin : begin + _CASES], until=until), True
    positions = list(stored.filter(case_id__isnull=True).order_by("position").values_list("position", flat=True))
    for begin in range(0, len(positions), _CHUNK):
        yield rows_at(positions[begin : begin + _CHUNK]), False


class _Replay:
    """One rule being replayed: what it has flagged already it does not flag again."""

    def __init__(self, rule: TriedRule) -> None:
        self.rule, self._judge = rule, Judge(rule)
        self._limits, self._matters = set[object](), set[object]()

    def flags(self, rows: Sequence[LogRow], calendar: WorkCalendar, histories: Histories) -> Iterator[Flag]:
        """What it flags among events of its kind."""
        rule = self.rule
        for row, found in self._judge.flagged(rows, calendar, histories) if rows else ():
            limit = row.fields.get("deadline_id")
            twice = (limit is not None and limit in self._limits) or (
                rule.once_per_case and row.case_id is not None and row.case_id in self._matters
            )
            if twice:
                continue
            self._limits.add(limit)
            self._matters.add(row.case_id)
            org_id, org_name = responsible(
                rule.scope,
                (row.org_id, row.org_name),  # type: ignore[arg-type]  # an event of nobody would have raised no card
                (row.step_org_id, row.step_org_name),
            )
            if org_id is not None:
                yield Flag(row, found, org_id, org_name)


def explained(rule: TriedRule, flag: Flag) -> str:
    """What the card would have said."""
    row = flag.row
    due = row.fields.get("due_at")
    seen = Sighting(
        change="noted",
        case_id=row.case_id,
        number=row.number,
        org_id=flag.org_id or uuid.UUID(int=0),
        org_name=flag.org_name,
        title=str(row.fields.get("title", "")),
        due_at=dt.datetime.fromisoformat(due) if isinstance(due, str) else None,
    )
    return sentence(rule.explanation, words_for(rule.explanation, {**row.fields, **flag.found}, seen, flag.org_name))


def digest_of(content: Mapping[str, Any]) -> str:
    """Names a content: a trial counts for exactly what was tried."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def check_complete(draft: RuleDraft) -> None:
    """Invalid, field by field, for a draft that cannot judge anybody yet."""
    wrong = wrong_fields({"key": draft.key, **draft.content})
    if wrong:
        raise Invalid(_("规则还不完整：%(why)s") % {"why": "".join(wrong.values())}, errors=wrong)


@transaction.atomic
def start_trial(*, actor: Actor, draft_id: uuid.UUID, from_day: dt.date, until_day: dt.date) -> RuleTrial:
    """Ask for a trial of a draft as it stands over whole days; a job does it. Raises Invalid, Conflict, NotFound."""
    check_supervisor(actor)
    draft = RuleDraft.objects.select_for_update().get(tenant=actor.tenant, pk=draft_id)
    if draft.state not in (DraftState.DRAFT, DraftState.SUBMITTED):
        raise Conflict(_("这份草稿已经了结，不用再试算。"))
    if from_day > until_day:
        raise Invalid(_("结束日期早于开始日期。请更正试算的时间范围。"), field="until_day")
    if from_day > local_date():
        raise Invalid(_("开始日期在今天以后，那时还没有事件。请更正试算的时间范围。"), field="from_day")
    check_complete(draft)
    waiting = draft.trials.filter(state__in=[TrialState.WAITING, TrialState.RUNNING])
    if waiting.filter(created_at__gt=now() - _LOST_AFTER).exists():
        raise Conflict(_("这份草稿正在试算，请等结果出来以后再试。"))
    waiting.update(state=TrialState.FAILED, ended_at=now())
    trial = RuleTrial.objects.create(
        tenant=actor.tenant,
        draft=draft,
        content=draft.content,
        digest=digest_of(draft.content),
        from_day=from_day,
        until_day=until_day,
        asked_by=actor.name,
    )
    ledger.append(
        actor=actor,
        act="supervision.try_rule",
        object_ref=ObjectRef(kind=DRAFT_KIND, id=str(draft.id)),
        payload={"key": draft.key, "from": from_day.isoformat(), "until": until_day.isoformat()},
    )
    jobs.configure_task(TRY_RULE).defer(tenant=actor.tenant, trial_id=str(trial.id))
    return trial


def run_trial(*, tenant: str, trial_id: uuid.UUID) -> None:
    """Do a trial from its beginning to its end, telling how far it is; safe to repeat."""
    trial = RuleTrial.objects.filter(tenant=tenant, pk=trial_id).first()
    if trial is None or trial.state in (TrialState.DONE, TrialState.FAILED):
        return
    trial.state, trial.looked_at, trial.flagged = TrialState.RUNNING, 0, 0
    trial.save(update_fields=["state", "looked_at", "flagged"])

    def tell(done: int, total: int) -> None:
        trial.looked_at, trial.total = done, total
        trial.save(update_fields=["looked_at", "total"])

    rule = TriedRule.of(trial.content)
    tally = _Tally(trial.draft.key)
    since, until = start_of_day(trial.from_day), end_of_day(trial.until_day)
    for flag in replayed(rule, tenant, since=since, until=until, progress=tell):
        tally.add(rule, flag)
    tally.judge_rest(tenant)
    trial.flagged, trial.result = tally.flagged, tally.result()
    trial.state, trial.ended_at = TrialState.DONE, now()
    trial.save(update_fields=["flagged", "result", "state", "ended_at"])


class _Tally:
    """Sums up what a trial flags: by unit and month, a sample spread over all, what became of such cards before."""

    def __init__(self, key: str) -> None:
        self._key = key
        self.flagged = 0
        self._units, self._months = Counter[str](), Counter[str]()
        self._judged, self._overlap = Counter[str](), Counter[str]()
        self._sample: list[tuple[str, dict[str, Any]]] = []
        self._pending: list[uuid.UUID] = []
        self._tenant = ""

    def add(self, rule: TriedRule, flag: Flag) -> None:
        """One more flagged event."""
        row = flag.row
        self.flagged += 1
        self._tenant = row.tenant
        self._units[flag.org_name] += 1
        self._months[f"{local_date(row.occurred_at):%Y-%m}"] += 1
        self._pending.append(row.event_id)
        if len(self._pending) >= _CHUNK:
            self.judge_rest(row.tenant)
        place = hashlib.sha256(row.event_id.bytes).hexdigest()
        if len(self._sample) < _SAMPLE or place < self._sample[-1][0]:
            self._sample.append((place, _told(rule, flag)))
            self._sample = sorted(self._sample, key=lambda one: one[0])[:_SAMPLE]

    def judge_rest(self, tenant: str) -> None:
        """What became of cards that earlier rules raised for the same events."""
        raised = list(
            Card.objects.filter(tenant=tenant, event_id__in=self._pending).values_list(
                "id", "rule_key", "rule__name", "state"
            )
        )
        upheld = set(
            CardAct.objects.filter(card_id__in=[one[0] for one in raised], kind="confirm").values_list(
                "card_id", flat=True
            )
        )
        for card_id, rule_key, name, state in raised:
            if rule_key != self._key:
                self._overlap[name] += 1
            if state == "cancelled":
                self._judged["cancelled"] += 1
            elif state == "confirmed" or card_id in upheld:
                self._judged["confirmed"] += 1
            else:
                self._judged["open"] += 1
        self._pending = []

    def result(self) -> dict[str, Any]:
        """What is kept of the trial."""
        confirmed, cancelled = self._judged["confirmed"], self._judged["cancelled"]
        precision = estimated(confirmed, cancelled)
        return {
            "units": self._units.most_common(),
            "months": sorted(self._months.items()),
            "confirmed": confirmed,
            "cancelled": cancelled,
            "open": self._judged["open"],
            "precision": None if precision is None else str(precision),
            "overlap": self._overlap.most_common(),
            "sample": [told for _place, told in self._sample],
        }


def _told(rule: TriedRule, flag: Flag) -> dict[str, Any]:
    row = flag.row
    return {
        "at": row.occurred_at.isoformat(),
        "number": row.number,
        "case_id": str(row.case_id) if row.case_id else "",
        "unit": flag.org_name,
        "text": explained(rule, flag),
        "facts": dict(flag.found),
        "fields": {name: value for name, value in row.fields.items() if not isinstance(value, dict | list)},
    }


def preview(tenant: str, content: Mapping[str, Any], *, most: int = 3, among: int = 500) -> Sequence[tuple[Flag, str]]:
    """The newest real events a draft would flag, among the newest of its kind, with what its card would say."""
    if what_is_wrong({"key": "preview", **content}):
        return []
    rule = TriedRule.of(content)
    rows = list(WatchedEvent.objects.filter(tenant=tenant, name=rule.event).order_by("-occurred_at")[:among])
    found = []
    for row, facts in flagged(rule, rows, cases.calendar_of(tenant)):
        if row.org_id is not None:
            unit = responsible(rule.scope, (row.org_id, row.org_name), (row.step_org_id, row.step_org_name))
            flag = Flag(row, facts, *unit)
            found.append((flag, explained(rule, flag)))
    return sorted(found, key=lambda one: one[0].row.occurred_at, reverse=True)[:most]
