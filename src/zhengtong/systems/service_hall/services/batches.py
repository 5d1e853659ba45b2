"""Several tasks at one stroke: each in its own transaction, with its own opinion and its own entries."""

import dataclasses
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, DomainError, Invalid
from zhengtong.systems.service_hall.constants import BATCH_LIMIT
from zhengtong.systems.service_hall.rules import BATCH_OUTCOMES
from zhengtong.systems.service_hall.selectors.batches import refusal_of
from zhengtong.systems.service_hall.services.handling import complete_task


@dataclasses.dataclass(frozen=True)
class BatchAct:
    """One task of a batch with the opinion for it; ``command_key`` stays with its page."""

    work_item_id: uuid.UUID
    opinion: str
    command_key: str


@dataclasses.dataclass(frozen=True)
class BatchResult:
    """What became of one task: done, or why not."""

    work_item_id: uuid.UUID
    item: cases.WorkItemView | None
    refusal: str

    @property
    def done(self) -> bool:
        """True when it was completed."""
        return not self.refusal


def complete_batch(
    *, actor: Actor, outcome: str, acts: Sequence[BatchAct], decisions: bool = False
) -> list[BatchResult]:
    """Complete each task with the same good conclusion; what is refused stays open and comes back with its reason.

    ``decisions``: the actor has just shown his second factor, and only decisions are completed; without it none is.
    Raises Invalid for a conclusion that must be said to each applicant for itself, Conflict for too many at once.
    """
    if outcome not in BATCH_OUTCOMES:
        raise Invalid(_("补正、不予受理、不同意等结论要逐件办理并写明理由，不能批量办理。"))
    most = int(parameters.value(BATCH_LIMIT, tenant=actor.tenant))
    if len(acts) > most:
        raise Conflict(_("一次最多批量办理 %(most)d 件，请减少以后重新提交。") % {"most": most})
    return [_complete(actor, outcome, act, decisions=decisions) for act in acts]


def _complete(actor: Actor, outcome: str, act: BatchAct, *, decisions: bool) -> BatchResult:
    item = None
    try:
        item = cases.work_item(actor=actor, work_item_id=act.work_item_id)
        refusal = refusal_of(actor, item, outcome, decisions=decisions)
        if not refusal:
            complete_task(
                actor=actor,
                work_item_id=act.work_item_id,
                outcome=outcome,
                opinion=act.opinion,
                command_key=act.command_key,
            )
    except DomainError as error:
        refusal = error.message
    return BatchResult(act.work_item_id, item, refusal)
