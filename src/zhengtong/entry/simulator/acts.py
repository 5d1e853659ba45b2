"""What simulated people do, each through the same services as the pages; nothing is written past them."""

import dataclasses
import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.trust import api as trust
from zhengtong.entry.simulator import behaviour, filling
from zhengtong.entry.simulator.cards import Cards
from zhengtong.entry.simulator.counters import Counters
from zhengtong.entry.simulator.fees import Fees
from zhengtong.entry.simulator.people import Town
from zhengtong.entry.simulator.stage import Stage, Work
from zhengtong.entry.simulator.tasks import Tasks
from zhengtong.entry.simulator.voices import Voices
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import DomainError
from zhengtong.systems.service_hall import api as hall

log = logging.getLogger(__name__)

#: how often an item is asked for, by how well known it is; all others share the rest
_FEATURED_WEIGHT, _USUAL_WEIGHT = 9.0, 1.0
_SPLIT = "split_into_three"


class County:
    """The items and people of one tenant, and what they do."""

    def __init__(
        self, tenant: str, seed: int, *, times: Sequence[dt.datetime], until: dt.datetime, applicants: int, first: int
    ) -> None:
        """``times`` is when people come, ``until`` the end of the stretch that is lived through."""
        fates = behaviour.fates(times, until, seed)
        town = Town(tenant, seed, applicants, first)
        self.stage = Stage(tenant, seed, town, {life_of(seed, number): fate for number, fate in fates.items()})
        featured = {summary.code for summary in catalogue.popular(tenant)}
        summaries = catalogue.items(tenant, size=2000).rows
        found = [catalogue.item_version(tenant=tenant, version_id=row.version_id) for row in summaries]
        self._items = {item.code: item for item in found if item.online and item.on_application and item.process_key}
        self._weights = {code: _FEATURED_WEIGHT if code in featured else _USUAL_WEIGHT for code in self._items}
        self._tasks, self._voices, self._fees = Tasks(self.stage), Voices(self.stage), Fees(self.stage)
        self._counters = Counters(self.stage, self._voices)
        self._does = {
            "arrive": self.arrive,
            "arrive_again": self.arrive,
            "accepted": self.accepted,
            "decided": self.decided,
            "answer": self.answer,
            "withdraw": self.withdraw,
            **self._tasks.does(),
            **self._voices.does(),
            **self._fees.does(),
            **self._counters.does(),
            **Cards(self.stage).does(),
        }
        self.failed = 0
        self.broken = 0

    def seal_units(self, lives: Iterable[str]) -> None:
        """Give the units that will decide on these applications their seals, as a county has them before it opens."""
        wanted = {self._item_of(life).org_id: self._item_of(life).org_name for life in lives}
        for org_id, name in wanted.items():
            trust.ensure_seal(actor=self.stage.platform, org_id=org_id, org_name=name, kind="official")

    def _item_of(self, life: str) -> catalogue.ItemVersionView:
        """What a life asks for: something in which its fate can show."""
        fate = self.stage.fate(life)
        kind = behaviour.KINDS.get(fate)
        codes = [code for code, item in self._items.items() if kind is None or _shows(item, kind)] or list(self._items)
        if fate == "copied_opinion":  # by one hand: in the unit whose items are asked for most
            units = [self._items[code].org_code for code in codes]
            codes = [code for code in codes if self._items[code].org_code == max(set(units), key=units.count)]
        weights = [self._weights[code] for code in codes]
        return self._items[behaviour.chosen(codes, weights, self.stage.seed, f"item:{life}")]

    def arrive(self, work: Work) -> Iterator[Work]:
        """Somebody applies for something; what follows from it. Who comes again has ``~`` and a number in his key."""
        stage, (first, _mark, again) = self.stage, work.key.partition("~")
        item = self._item_of(first)
        applicant = stage.town.applicant(first, item.applicant_type)
        dice = stage.dice("form", work.key)
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
        if row.submitted_at is not None:
            yield from self._after_submission(row, row.submitted_at, work, again)
        if row.case_id is not None:
            yield from self._tasks.tasks_of(row.case_id, work.life)

    def _after_submission(self, row: hall.Application, at: dt.datetime, work: Work, again: str) -> Iterator[Work]:
        stage, life = self.stage, work.life
        if again == "2":
            stage.plant(_SPLIT, row.number)
        elif stage.fate(life) == _SPLIT:
            for number, later in enumerate(behaviour.splits(at, stage.dice("split", life)), start=1):
                key = f"{work.key}~{number}"
                yield Work(later, "arrive_again", key, key)
        leaving = behaviour.withdrawing(at, stage.dice("withdraw", life))
        if leaving and not stage.fate(life):
            yield Work(leaving, "withdraw", str(row.id))
        yield from self._voices.after_submission(row, life)
        yield from self._counters.after_submission(row, life)

    def accepted(self, work: Work) -> Iterator[Work]:
        """What follows from an acceptance besides the tasks."""
        yield from self._fees.after_acceptance(self.stage.application(work.key), work.life)

    def decided(self, work: Work) -> Iterator[Work]:
        """What follows from a decision."""
        key, _colon, outcome = work.key.partition(":")
        row, granted = self.stage.application(key), outcome == "approve"
        yield from self._voices.after_decision(row, work.life, granted=granted)
        yield from self._counters.after_decision(row, work.life, granted=granted)

    def answer(self, work: Work) -> Iterator[Work]:
        """An applicant brings what the one-time notice asked for."""
        row = self.stage.application(work.key)
        applicant = self.stage.town.applicant_of(row)
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
        hall.answer_notice(actor=applicant, application_id=row.id, command_key=f"sim{work.key}")
        yield from self._tasks.tasks_of(row.case_id, work.life)

    def withdraw(self, work: Work) -> Iterator[Work]:
        """An applicant thinks better of it."""
        row = self.stage.application(work.key)
        if row.status == "closed":
            return
        hall.withdraw_application(
            actor=self.stage.town.applicant_of(row),
            application_id=row.id,
            reason="计划有变，暂时不办了。",
            command_key=f"sim{work.key}",
        )
        yield from ()

    def lives_here(self, person_id: uuid.UUID) -> bool:
        """Whether a person is one of the simulated ones."""
        return self.stage.town.lives_here(person_id)

    def take_up(self, row: hall.Application) -> Iterator[Work]:
        """What is to be done about an application of which nobody remembers where it came from."""
        if row.case_id is not None:
            yield from self._of_life(self._tasks.tasks_of(row.case_id, str(row.number)), str(row.number))

    def act(self, work: Work) -> list[Work]:
        """Let it happen; one that the house refuses is told in the log and goes no further."""
        try:
            return list(self._of_life(self._does[work.kind](work), work.life))
        except DomainError as refusal:
            self.failed += 1
            log.info("simulated %s of %s was refused on %s: %s", work.kind, work.key, local_date(), refusal.message)
            return []
        except Exception:
            # a fault of ours must not keep a county from starting; tests see that there is none
            self.broken += 1
            log.exception("simulated %s of %s broke", work.kind, work.key)
            return []

    @staticmethod
    def _of_life(following: Iterable[Work], life: str) -> Iterator[Work]:
        return (dataclasses.replace(one, life=one.life or life) for one in following)


def life_of(seed: int, number: int) -> str:
    """The key of the arrival with a number, and of all that comes of it."""
    return f"{seed}:{number}"


def _shows(item: catalogue.ItemVersionView, kind: behaviour.Kind) -> bool:
    """Whether a fault of a kind can be seen in an item in time."""
    promised = item.promised_limit
    fits = promised.amount is None or kind.most == behaviour.ANY or 2 <= promised.amount <= kind.most
    return fits and (not kind.routes or item.process_key in kind.routes)
