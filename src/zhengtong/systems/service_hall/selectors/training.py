"""Reading training: one's own progress and mistakes; for who answers for a unit, who has finished what."""

import collections
import dataclasses
import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.service_hall.models import TrainingRun
from zhengtong.systems.service_hall.permissions import HANDLERS
from zhengtong.systems.service_hall.rules.practice import MISTAKES
from zhengtong.systems.service_hall.rules.practice_samples import SAMPLES, Sample

#: who sees who has finished: a leader his unit, supervision and the hall's manager the county
TRAINING_WATCHERS = (Role.LEADER, Role.SUPERVISOR, Role.HALL_MANAGER)


@dataclasses.dataclass(frozen=True)
class Exercise:
    """An exercise and how far the actor has come with it."""

    sample: Sample
    tries: int
    finished: bool
    first_try: bool
    mistakes: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Mistake:
    """A kind of mistake: how often it was made, what it is and why it is one."""

    label: str
    why: str
    count: int


@dataclasses.dataclass(frozen=True)
class Learner:
    """Somebody in a post and how many exercises he has done."""

    org_name: str
    post_name: str
    name: str
    done: int
    first_tries: int
    of: int


def own_exercises(actor: Actor) -> list[Exercise]:
    """All exercises with the actor's progress in his present post."""
    runs = {run.exercise: run for run in _own(actor)}
    return [_exercise(sample, runs.get(sample.key)) for sample in SAMPLES]


def own_mistakes(actor: Actor) -> list[Mistake]:
    """The mistakes the actor has made, the most frequent first."""
    return _mistakes(_own(actor))


def unit_mistakes(actor: Actor) -> list[Mistake]:
    """Typical mistakes in the units the actor answers for; of no single person."""
    return _mistakes(list(_watched(actor)))


def learners(actor: Actor) -> list[Learner]:
    """Who handles cases in the actor's reach and how many exercises he has done; NotPermitted for everybody else."""
    runs = collections.defaultdict(list)
    for run in _watched(actor):
        runs[run.person_id, run.post_id].append(run)
    keys = {sample.key for sample in SAMPLES}
    found = []
    for unit in _units(actor):
        people = {
            (one.person_id, one.post_id): one
            for role in HANDLERS
            for one in identity.people_in(actor.tenant, unit.id, role)
        }
        for key, one in people.items():
            done = [run for run in runs.get(key, ()) if run.finished_at is not None and run.exercise in keys]
            firsts = sum(run.first_try for run in done)
            found.append(Learner(unit.name, one.post_name, one.name, len(done), firsts, len(keys)))
    return sorted(found, key=lambda one: (one.org_name, -one.done, one.name))


def _units(actor: Actor) -> list[identity.OrganisationInfo]:
    if actor.kind != "official" or not actor.has_role(*TRAINING_WATCHERS):
        raise NotPermitted(_("本单位的练习情况由负责人查看，全县的由监察员和政务大厅管理员查看。"))
    if not actor.has_role(Role.SUPERVISOR, Role.HALL_MANAGER):
        return [identity.organisation(actor.tenant, actor.org_code)]
    units: dict[uuid.UUID, identity.OrganisationInfo] = {}
    for role in HANDLERS:
        units |= {unit.id: unit for unit in identity.units_with_role(actor.tenant, role)}
    return list(units.values())


def _watched(actor: Actor) -> list[TrainingRun]:
    ids = [unit.id for unit in _units(actor)]
    return list(TrainingRun.objects.filter(tenant=actor.tenant, org_id__in=ids))


def _own(actor: Actor) -> list[TrainingRun]:
    if actor.person_id is None or actor.post_id is None:
        return []
    rows = TrainingRun.objects.filter(tenant=actor.tenant, person_id=actor.person_id, post_id=actor.post_id)
    return list(rows)


def _exercise(sample: Sample, run: TrainingRun | None) -> Exercise:
    if run is None:
        return Exercise(sample, 0, finished=False, first_try=False, mistakes=())
    made = tuple(MISTAKES[key][0] for key in run.mistakes if key in MISTAKES)
    return Exercise(sample, run.tries, finished=run.finished_at is not None, first_try=run.first_try, mistakes=made)


def _mistakes(runs: list[TrainingRun]) -> list[Mistake]:
    counts = collections.Counter[str]()
    for run in runs:
        counts.update({key: count for key, count in run.mistakes.items() if key in MISTAKES})
    return [Mistake(*MISTAKES[key], count) for key, count in counts.most_common()]
