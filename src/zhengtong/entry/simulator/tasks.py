"""What officials do with the tasks of cases, rightly and wrongly."""

import datetime as dt
import uuid
from collections.abc import Generator, Iterator

from zhengtong.capabilities.cases import api as cases
from zhengtong.entry.simulator import behaviour
from zhengtong.entry.simulator.stage import Does, Stage, Work
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.systems.service_hall import api as hall

_WANTING = ("内容不清楚，请重新提供清晰完整的文件。", "缺少签名和日期，请补齐。")
_AT_ONCE = dt.timedelta(minutes=8)
_PAUSED_DAYS = 2
#: phase of a task → what it is called when it is done after its limit, planted or not
_LATE = {"accept": "accepted_late", "review": "reviewed_late", "decide": "decided_late"}


class Tasks:
    """The open tasks of cases and the officials who do them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def does(self) -> dict[str, Does]:
        """The acts by their names."""
        return {"handle": self.handle, "pause": self.pause, "resume": self.resume}

    def tasks_of(self, case_id: uuid.UUID, life: str) -> Iterator[Work]:
        """When the open tasks of a case will be done, and by whom: an official, or the applicant himself."""
        case = cases.case_view(actor=self._stage.platform, case_id=case_id)
        for task in case.open_items:
            if task.org_id is not None:
                stopped = yield from self._pause(case, task, life)
                yield Work(stopped or self._handling(case, task, life).at, "handle", str(task.id))
                continue
            answered = behaviour.answering(task.opened_at, self._stage.dice("answer", life))
            if answered:
                yield Work(answered, "answer", task.subject.id)

    def _pause(
        self, case: cases.CaseView, task: cases.WorkItemView, life: str
    ) -> Generator[Work, None, dt.datetime | None]:
        """The stop of the clock that is planted on the last day of a case's promise; when its task is done after it."""
        due = _promised(case)
        if self._stage.fate(life) != "paused_on_last_day" or task.phase != "review" or due is None or case.paused:
            return None
        at = behaviour.last_day(due)
        if at <= task.opened_at:
            return None
        again = behaviour.next_morning(at, _PAUSED_DAYS, self._stage.calendar)
        yield Work(at, "pause", str(task.id))
        yield Work(again, "resume", str(task.id))
        return again + dt.timedelta(minutes=20)

    def pause(self, work: Work) -> Iterator[Work]:
        """An official stops the clock when there is no time left."""
        task = cases.work_item(actor=self._stage.platform, work_item_id=uuid.UUID(work.key))
        official = self._official(task, work.life)
        if official is not None and task.status == "open":
            cap = cases.Limit(10, cases.Unit.WD)
            note = "需要专家评审，所需时间另行告知。"
            cases.pause_clock(actor=official, case_id=task.case_id, reason_code="expert_review", note=note, cap=cap)
            self._stage.plant("paused_on_last_day", task.number)
        yield from ()

    def resume(self, work: Work) -> Iterator[Work]:
        """The clock runs again."""
        task = cases.work_item(actor=self._stage.platform, work_item_id=uuid.UUID(work.key))
        official = self._official(task, work.life)
        if official is not None and task.status == "open":
            cases.resume_clock(actor=official, case_id=task.case_id)
        yield from ()

    def handle(self, work: Work) -> Iterator[Work]:
        """An official does a task; the tasks that follow from it, and what becomes of the whole case."""
        task = cases.work_item(actor=self._stage.platform, work_item_id=uuid.UUID(work.key))
        if task.status != "open" or task.org_id is None:
            return
        official = self._official(task, work.life)
        if official is None:
            return
        case = cases.case_view(actor=self._stage.platform, case_id=task.case_id)
        how = self._handling(case, task, work.life)
        row = hall.complete_task(
            actor=official,
            work_item_id=task.id,
            outcome=how.outcome,
            opinion=how.opinion,
            command_key=f"sim{work.key}",
            points=self._missing(task, work.life) if how.outcome == "supplement" else None,
        )
        self._note(case, task, how, official, work.life)
        yield from self.tasks_of(task.case_id, work.life)
        if task.phase == "accept" and how.outcome == "accept":
            yield Work(clock.now(), "accepted", str(row.id))
        if task.phase == "decide" and how.outcome in ("approve", "reject"):
            yield Work(clock.now(), "decided", f"{row.id}:{how.outcome}")

    def _official(self, task: cases.WorkItemView, life: str) -> Actor | None:
        """Who does a task: one of those who may; where that is planted the leader himself takes in what he decides."""
        if task.org_id is None:
            return None
        fate, town = self._stage.fate(life), self._stage.town
        if fate == "decided_by_who_accepted" and task.phase == "accept":
            return town.second_post(task.org_id)
        # what is copied has one hand
        return town.official(task.org_id, task.role, "copied" if fate == "copied_opinion" else f"{life}:{task.node}")

    def _handling(self, case: cases.CaseView, task: cases.WorkItemView, life: str) -> behaviour.Handling:
        turns = [one for one in case.work_items if (one.node, one.org_id) == (task.node, task.org_id)]
        due_at, days = _due(case, task), None
        if due_at is not None:
            last = local_date(due_at - dt.timedelta(microseconds=1))
            days = self._stage.calendar.workdays_between(local_date(task.opened_at), last)
        told = any(one.phase == "supplement" for one in case.work_items) or case.deemed_accepted
        asked = behaviour.Task(
            key=f"{life}:{task.node}:{task.org_name}:{len(turns)}",
            phase=task.phase,
            outcomes=tuple(code for code, _label in task.outcomes if not (told and code == "supplement")),
            opened_at=task.opened_at,
            days=days,
            fate=self._stage.fate(life),
        )
        return behaviour.handling(asked, self._stage.seed, self._stage.calendar)

    def _missing(self, task: cases.WorkItemView, life: str) -> dict[str, str]:
        """One or two points of a one-time notice, about papers that may be asked for."""
        view = hall.view_of(self._stage.application(task.subject.id), actor=self._stage.platform)
        open_to = [one.key for one in view.materials if one.state not in ("shared", "not_needed", "online")]
        dice = self._stage.dice("points", life)
        told = dice.sample(open_to, min(len(open_to), dice.choice((1, 1, 2)))) or [view.materials[0].key]
        return {one: dice.choice(_WANTING) for one in told}

    def _note(
        self, case: cases.CaseView, task: cases.WorkItemView, how: behaviour.Handling, official: Actor, life: str
    ) -> None:
        """Write down what was planted, where it can be seen: the first to write a text has copied it from nobody.

        What is late is late, whether that was meant or came of a long queue.
        """
        stage, fault, number = self._stage, how.fault, task.number
        shows, due_at = bool(fault) and fault not in _LATE.values(), _due(case, task)
        if due_at is not None and clock.now() >= due_at:
            stage.plant(_LATE[task.phase], number)
        if fault == "copied_opinion":
            copyist = str(official.person_id)
            shows = copyist in stage.copyists
            stage.copyists.add(copyist)
        elif fault == "refused_in_two_words":
            shows = how.outcome == "refuse"
        elif fault == "entered_afterwards":
            shows = self._went_all_at_once(task.case_id)
        if shows:
            stage.plant(fault, number)
        whole = stage.fate(life) == "decided_by_who_accepted" and task.phase == "decide"
        if whole and self._took_in(official, task.case_id):
            stage.plant("decided_by_who_accepted", number)

    def _took_in(self, official: Actor, case_id: uuid.UUID) -> bool:
        case = cases.case_view(actor=self._stage.platform, case_id=case_id)
        return any(one.phase == "accept" and one.done_by_id == official.person_id for one in case.work_items)

    def _went_all_at_once(self, case_id: uuid.UUID) -> bool:
        """Whether taking in, reviewing and deciding followed each other without any work between them."""
        case = cases.case_view(actor=self._stage.platform, case_id=case_id)
        done = [one for one in case.work_items if one.done_at is not None and one.phase != "supplement"]
        accepted = [one.done_at for one in done if one.phase == "accept" and one.outcome == "accept" and one.done_at]
        return bool(accepted) and len(done) > 2 and clock.now() - accepted[-1] < _AT_ONCE


def _due(case: cases.CaseView, task: cases.WorkItemView) -> dt.datetime | None:
    """When a task must be done: by its own limit, or with the promise of the case; None where neither runs."""
    of_case = _promised(case) if task.phase in ("review", "decide") else None
    known = [at for at in (task.due_at, of_case) if at is not None]
    return min(known, default=None)


def _promised(case: cases.CaseView) -> dt.datetime | None:
    """When the promise of a case is over, None where none runs."""
    return next((one.due_at for one in case.clocks if one.kind == "promised" and one.running), None)
