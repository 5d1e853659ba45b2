"""What simulated people do, each through the same services as the pages; nothing is written past them."""

import dataclasses
import datetime as dt
import logging
import uuid
from collections.abc import Generator, Iterable, Iterator

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.ratings import api as ratings
from zhengtong.capabilities.trust import api as trust
from zhengtong.entry.simulator import behaviour, filling
from zhengtong.entry.simulator.people import Town
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import DomainError
from zhengtong.systems.service_hall import api as hall

log = logging.getLogger(__name__)

#: how often an item is asked for, by how well known it is; all others share the rest
_WORDS = {
    "very_satisfied": ("一次就办好了。", "答复很快，一次也没有跑。", ""),
    "satisfied": ("办得顺利。", ""),
    "fairly_satisfied": ("基本可以，补正了一次。", ""),
    "dissatisfied": ("比承诺的时间晚。", "打电话问了两次才有答复。"),
    "very_dissatisfied": ("等得太久，没有人主动联系。",),
}
_WANTING = ("内容不清楚，请重新提供清晰完整的文件。", "缺少签名和日期，请补齐。")
_AT_ONCE = dt.timedelta(minutes=8)
_FEATURED_WEIGHT, _USUAL_WEIGHT = 9.0, 1.0


@dataclasses.dataclass(frozen=True)
class Work:
    """Something that is to happen: ``kind`` names the act, ``key`` what it is about."""

    at: dt.datetime
    kind: str
    key: str


class County:
    """The items and people of one tenant, and what they do."""

    def __init__(self, tenant: str, seed: int, applicants: int, first: int) -> None:
        self._tenant, self._seed = tenant, seed
        self._town = Town(tenant, seed, applicants, first)
        featured = {summary.code for summary in catalogue.popular(tenant)}
        found = [catalogue.item_version(tenant=tenant, version_id=row.version_id) for row in _summaries(tenant)]
        self._items = {item.code: item for item in found if item.online and item.on_application and item.process_key}
        self._weights = [_FEATURED_WEIGHT if code in featured else _USUAL_WEIGHT for code in self._items]
        self.calendar = cases.calendar_of(tenant)
        #: (fault, number of the case): what was planted, for whoever measures what is found
        self.planted: list[tuple[str, str]] = []
        self.failed = 0
        self.broken = 0
        self._copyists: frozenset[uuid.UUID | None] = frozenset()

    def seal_units(self, keys: Iterable[str]) -> None:
        """Give the units that will decide on these applications their seals, as a county has them before it opens."""
        wanted = {self._item_of(key).org_id: self._item_of(key).org_name for key in keys}
        for org_id, name in wanted.items():
            trust.ensure_seal(actor=self._platform, org_id=org_id, org_name=name, kind="official")

    def _item_of(self, key: str) -> catalogue.ItemVersionView:
        return self._items[behaviour.chosen(list(self._items), self._weights, self._seed, f"item:{key}")]

    def arrive(self, key: str) -> Iterator[Work]:
        """Somebody applies for something; what follows from it. Who comes again has ``~`` and a number in his key."""
        first, _mark, again = key.partition("~")
        item = self._item_of(first)
        applicant = self._town.applicant(first, item.applicant_type)
        dice = behaviour.drawn(self._seed, f"form:{key}")
        row = hall.start_application(actor=applicant, item_code=item.code)
        view = hall.own_view(actor=applicant, application_id=row.id)
        answers = filling.answers_for(item.form_key, item.name, dice)
        hall.save_answers(actor=applicant, application_id=row.id, answers=filling.without_known(view.form, answers))
        view = hall.own_view(actor=applicant, application_id=row.id)
        for material in (one for one in view.materials if one.state in ("missing", "may_follow")):
            hall.attach_material(
                actor=applicant,
                application_id=row.id,
                material_key=material.key,
                name=f"{material.name[:40]}.pdf",
                content=filling.paper(dice.randrange(5)),
            )
        row = hall.submit_application(actor=applicant, application_id=row.id)
        if again == "2":
            self.planted.append(("split_into_three", row.number or ""))
        elif not again and row.submitted_at:
            for number, at in enumerate(behaviour.splits(key, row.submitted_at, self._seed), start=1):
                yield Work(at, "arrive_again", f"{key}~{number}")
        leaving = behaviour.withdrawing(str(row.number), row.submitted_at, self._seed) if row.submitted_at else None
        if leaving:
            yield Work(leaving, "withdraw", str(row.id))
        if row.case_id is not None:
            yield from self.tasks_of(row.case_id)

    def tasks_of(self, case_id: uuid.UUID) -> Iterator[Work]:
        """When the open tasks of a case will be done, and by whom: an official, or the applicant himself."""
        case = cases.case_view(actor=self._platform, case_id=case_id)
        for task in case.open_items:
            if task.org_id is not None:
                resumed = yield from self._pause(case, task)
                yield Work(resumed or self._handling(task).at, "handle", str(task.id))
                continue
            answered = behaviour.answering(str(task.id), task.opened_at, self._seed)
            if answered:
                yield Work(answered, "answer", task.subject.id)

    def _pause(self, case: cases.CaseView, task: cases.WorkItemView) -> Generator[Work, None, dt.datetime | None]:
        """The stop of the clock that is planted on the last day of a case's promise; when its task is done after it."""
        due = next((clock.due_at for clock in case.clocks if clock.kind == "promised" and clock.running), None)
        planted = behaviour.case_fault(str(case.id), self._seed) == "paused_on_last_day"
        if not planted or due is None or task.phase != "review" or task.org_id != case.org_id or case.paused:
            return None
        at = behaviour.last_day(due)
        if task.due_at is not None or at <= task.opened_at:
            return None
        yield Work(at, "pause", str(task.id))
        yield Work(at + dt.timedelta(days=2), "resume", str(task.id))
        return at + dt.timedelta(days=2, hours=1)

    def pause(self, key: str) -> Iterator[Work]:
        """An official stops the clock when there is no time left."""
        task = cases.work_item(actor=self._platform, work_item_id=uuid.UUID(key))
        official = self._official(task, key)
        if official is not None and task.status == "open":
            cap = cases.Limit(10, cases.Unit.WD)
            note = "需要专家评审，所需时间另行告知。"
            cases.pause_clock(actor=official, case_id=task.case_id, reason_code="expert_review", note=note, cap=cap)
            row = hall.Application.objects.get(tenant=self._tenant, pk=uuid.UUID(task.subject.id))
            self.planted.append(("paused_on_last_day", row.number or ""))
        yield from ()

    def resume(self, key: str) -> Iterator[Work]:
        """The clock runs again."""
        task = cases.work_item(actor=self._platform, work_item_id=uuid.UUID(key))
        official = self._official(task, key)
        if official is not None and task.status == "open":
            cases.resume_clock(actor=official, case_id=task.case_id)
        yield from ()

    def handle(self, key: str) -> Iterator[Work]:
        """An official does a task; the tasks that follow from it."""
        task = cases.work_item(actor=self._platform, work_item_id=uuid.UUID(key))
        if task.status != "open" or task.org_id is None:
            return
        official = self._official(task, key)
        if official is None:
            return
        how = self._handling(task)
        points = None
        if how.outcome == "supplement":
            points = self._missing(uuid.UUID(task.subject.id), key)
        row = hall.complete_task(
            actor=official,
            work_item_id=task.id,
            outcome=how.outcome,
            opinion=how.opinion,
            command_key=f"sim{key}",
            points=points,
        )
        self._note_faults(task, how, official, row.number or "")
        yield from self.tasks_of(task.case_id)
        if task.phase == "decide" and how.outcome in ("approve", "reject"):
            granted = how.outcome == "approve"
            if behaviour.case_fault(str(task.case_id), self._seed) == "rated_by_staff":
                yield Work(how.at + dt.timedelta(hours=3), "rate_for_him", f"{row.id}:very_satisfied")
                return
            said = behaviour.rating(str(row.number), how.at, self._seed, granted=granted)
            if said:
                yield Work(said[0], "rate", f"{row.id}:{said[1]}")

    def _official(self, task: cases.WorkItemView, key: str) -> Actor | None:
        """Who does a task: one of those who may; where that is planted the leader himself takes in what he decides."""
        if task.org_id is None:
            return None
        whole = behaviour.case_fault(str(task.case_id), self._seed)
        if whole == "decided_by_who_accepted" and task.phase == "accept":
            return self._town.second_post(task.org_id)
        return self._town.official(task.org_id, task.role, key)

    def _note_faults(self, task: cases.WorkItemView, how: behaviour.Handling, official: Actor, number: str) -> None:
        """Write down what was planted, where it can be seen: the first to write a text has copied it from nobody."""
        if how.fault == "copied_opinion":
            copied, self._copyists = official.person_id in self._copyists, self._copyists | {official.person_id}
            if not copied:
                return
        shows = how.fault != "refused_in_two_words" or how.outcome == "refuse"
        if how.fault == "entered_afterwards":
            shows = self._went_all_at_once(task.case_id)
        if how.fault and shows:
            self.planted.append((how.fault, number))
        whole = behaviour.case_fault(str(task.case_id), self._seed)
        if whole == "decided_by_who_accepted" and task.phase == "decide" and self._took_in(official, task.case_id):
            self.planted.append(("decided_by_who_accepted", number))

    def _took_in(self, official: Actor, case_id: uuid.UUID) -> bool:
        case = cases.case_view(actor=self._platform, case_id=case_id)
        return any(one.phase == "accept" and one.done_by_id == official.person_id for one in case.work_items)

    def _went_all_at_once(self, case_id: uuid.UUID) -> bool:
        """Whether taking in, reviewing and deciding followed each other without any work between them."""
        case = cases.case_view(actor=self._platform, case_id=case_id)
        done = [one for one in case.work_items if one.done_at is not None and one.phase != "supplement"]
        accepted = [one.done_at for one in done if one.phase == "accept" and one.outcome == "accept" and one.done_at]
        return bool(accepted) and len(done) > 2 and clock.now() - accepted[-1] < _AT_ONCE

    def rate_for_him(self, key: str) -> Iterator[Work]:
        """Somebody of the unit rates on its evaluator in the applicant's place."""
        application, _colon, grade = key.partition(":")
        row = hall.Application.objects.get(tenant=self._tenant, pk=uuid.UUID(application))
        device = self._town.device(row.org_id)
        if device is not None:
            ratings.give_rating(
                actor=anonymous(self._tenant),
                ref=ObjectRef(kind="application", id=application),
                service="close",
                answer=ratings.Answer(grade=grade),
                channel="tablet",
                device=device,
                bearer=True,
            )
            self.planted.append(("rated_by_staff", row.number or ""))
        yield from ()

    def rate(self, key: str) -> Iterator[Work]:
        """An applicant says how he was served."""
        application, _colon, grade = key.partition(":")
        row = hall.Application.objects.get(tenant=self._tenant, pk=uuid.UUID(application))
        ref = ObjectRef(kind="application", id=application)
        applicant = self._town.applicant_of(row)
        text = behaviour.chosen(_WORDS[grade], [1.0] * len(_WORDS[grade]), self._seed, f"words:{key}")
        answer = ratings.Answer(grade=grade, text=text)
        ratings.give_rating(actor=applicant, ref=ref, service="close", answer=answer, channel="mobile")
        yield from ()

    def answer(self, key: str) -> Iterator[Work]:
        """An applicant brings what the one-time notice asked for."""
        row = hall.Application.objects.get(tenant=self._tenant, pk=uuid.UUID(key))
        applicant = self._town.applicant_of(row)
        view = hall.own_view(actor=applicant, application_id=row.id)
        if view.open_notice is None or row.case_id is None:
            return
        for material_key, name, _reason in view.open_notice.points:
            if any(material.key == material_key and material.state != "online" for material in view.materials):
                hall.attach_material(
                    actor=applicant,
                    application_id=row.id,
                    material_key=material_key,
                    name=f"{name[:40]}（补正）.pdf",
                    content=filling.paper(len(name)),
                )
        corrected = {key: f"{text}（已按告知更正。）" for key, text in view.form.answers.items() if key == "content"}
        hall.save_answers(actor=applicant, application_id=row.id, answers=view.form.answers | corrected)
        hall.answer_notice(actor=applicant, application_id=row.id, command_key=f"sim{key}")
        yield from self.tasks_of(row.case_id)

    def withdraw(self, key: str) -> Iterator[Work]:
        """An applicant thinks better of it."""
        row = hall.Application.objects.get(tenant=self._tenant, pk=uuid.UUID(key))
        if row.status == "closed":
            return
        hall.withdraw_application(
            actor=self._town.applicant_of(row),
            application_id=row.id,
            reason="计划有变，暂时不办了。",
            command_key=f"sim{key}",
        )
        yield from ()

    def lives_here(self, person_id: uuid.UUID) -> bool:
        """Whether a person is one of the simulated ones."""
        return self._town.lives_here(person_id)

    def act(self, work: Work) -> list[Work]:
        """Let it happen; one that the house refuses is told in the log and goes no further."""
        does = {
            "arrive": self.arrive,
            "arrive_again": self.arrive,
            "pause": self.pause,
            "resume": self.resume,
            "rate_for_him": self.rate_for_him,
            "handle": self.handle,
            "answer": self.answer,
            "withdraw": self.withdraw,
            "rate": self.rate,
        }
        try:
            return list(does[work.kind](work.key))
        except DomainError as refusal:
            self.failed += 1
            log.info("simulated %s of %s was refused on %s: %s", work.kind, work.key, local_date(), refusal.message)
            return []
        except Exception:
            # a fault of ours must not keep a county from starting; tests see that there is none
            self.broken += 1
            log.exception("simulated %s of %s broke", work.kind, work.key)
            return []

    def _missing(self, application_id: uuid.UUID, key: str) -> dict[str, str]:
        """One or two points of a one-time notice, about papers that may be asked for."""
        row = hall.Application.objects.get(tenant=self._tenant, pk=application_id)
        view = hall.view_of(row, actor=self._platform)
        open_to = [one.key for one in view.materials if one.state not in ("shared", "not_needed", "online")]
        dice = behaviour.drawn(self._seed, f"points:{key}")
        told = dice.sample(open_to, min(len(open_to), dice.choice((1, 1, 2)))) or [view.materials[0].key]
        return {one: dice.choice(_WANTING) for one in told}

    def _handling(self, task: cases.WorkItemView) -> behaviour.Handling:
        days = None
        if task.due_at is not None:
            days = self.calendar.workdays_between(local_date(task.opened_at), local_date(task.due_at))
        asked = behaviour.Task(
            key=str(task.id),
            phase=task.phase,
            outcomes=tuple(code for code, _label in task.outcomes),
            opened_at=task.opened_at,
            days=days,
            case=str(task.case_id),
        )
        return behaviour.handling(asked, self._seed, self.calendar)

    @property
    def _platform(self) -> Actor:
        return self._town.platform


def _summaries(tenant: str) -> list[catalogue.ItemSummary]:
    return list(catalogue.items(tenant, size=2000).rows)
