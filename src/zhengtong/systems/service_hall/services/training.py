"""Training: an invented application is handled like a real one; kept is only which exercise somebody has done.

Nothing of it reaches ledgers, statistics, cards or citizens: no case, no entry, no message. The one event tells unit,
post, exercise and result; scores may count it.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.service_hall import TrainingFinished
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.kernel.outbox import publish
from zhengtong.systems.service_hall.constants import TRAINING_KIND
from zhengtong.systems.service_hall.models import TrainingRun
from zhengtong.systems.service_hall.permissions import HANDLERS
from zhengtong.systems.service_hall.rules.practice import Finding, judge, sample_of


@transaction.atomic
def take_exercise(
    *, actor: Actor, exercise: str, outcome: str, points: Mapping[str, str], opinion: str
) -> list[Finding]:
    """Handle an invented application; what was right and what was not. NotFound for one there is not.

    The first handling without a mistake finishes the exercise and is told once; more of them change nothing but the
    count.
    """
    sample = sample_of(exercise)
    if sample is None:
        raise NotFound(_("没有这个练习。"))
    run = _run(actor, exercise)
    found = judge(sample, outcome=outcome, points=points, opinion=opinion)
    run.tries += 1
    for mistake in {finding.mistake for finding in found if finding.mistake}:
        run.mistakes[mistake] = run.mistakes.get(mistake, 0) + 1
    finished = run.finished_at is None and all(finding.good for finding in found)
    if finished:
        run.finished_at, run.first_try = now(), run.tries == 1
    run.save()
    if finished:
        _tell(run)
    return found


def _run(actor: Actor, exercise: str) -> TrainingRun:
    """The actor's record of an exercise, locked; raises NotPermitted for who handles no cases."""
    if actor.person_id is None or actor.post_id is None or actor.org_id is None or not actor.has_role(*HANDLERS):
        raise NotPermitted(_("练习由办理业务的工作人员做，您现在的岗位没有。"))
    run, _fresh = TrainingRun.objects.select_for_update().get_or_create(
        tenant=actor.tenant,
        person_id=actor.person_id,
        post_id=actor.post_id,
        exercise=exercise,
        defaults={
            "person_name": actor.name,
            "post_name": actor.post_name,
            "org_id": actor.org_id,
            "org_name": actor.org_name,
        },
    )
    return run


def _tell(run: TrainingRun) -> None:
    publish(
        TrainingFinished(
            tenant=run.tenant,
            object_ref=ObjectRef(kind=TRAINING_KIND, id=str(run.id)),
            at=now(),
            org_id=run.org_id,
            org_name=run.org_name,
            post_id=run.post_id,
            post_name=run.post_name,
            exercise=run.exercise,
            result="first_try" if run.first_try else "later",
            tries=run.tries,
        )
    )
