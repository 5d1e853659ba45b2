"""Recorded trial runs of a draft: at least one to the end is needed before a drawing is submitted."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import DraftState
from zhengtong.capabilities.cases.models import ProcessDraft, ProcessTrial
from zhengtong.capabilities.cases.permissions import check_may_draw
from zhengtong.capabilities.cases.selectors.processes import compile_drawing
from zhengtong.capabilities.cases.selectors.trials import read_moves, rehearse
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound


def record_trial(*, actor: Actor, draft_id: uuid.UUID, title: str, moves: Sequence[Any]) -> uuid.UUID:
    """Keep a trial that ran to the end of the saved drawing; from then on it is played again whenever that changes.

    Raises Invalid when it does not come to an end, or has no title of its own.
    """
    draft = _draft(actor, draft_id)
    if actor.person_id is None:
        raise NotFound(_("没有找到您的账户。"))
    title = title.strip()
    if not title or len(title) > 120:
        raise Invalid(_("请给试运行起一个名称，最多 120 个字，例如“补正一次后准予”。"), field="title")
    compiled = compile_drawing(draft.tenant, draft.bpmn_xml)
    if compiled.graph is None:
        raise Invalid(_("已保存的图纸还有问题，不能记录试运行。请先按检查结果修改。"))
    try:
        played = rehearse(compiled.graph, read_moves(moves))
    except ValueError as error:
        raise Invalid(str(error)) from None
    if not played.complete:
        raise Invalid(played.fault or _("办件还没有结束，走到结束以后才能保存试运行记录。"))
    try:
        with transaction.atomic():
            trial = ProcessTrial.objects.create(
                tenant=draft.tenant,
                draft=draft,
                title=title,
                moves=list(moves),
                ending=played.ending,
                recorded_by=actor.name,
                recorded_by_id=actor.person_id,
            )
            _record(actor, draft, "cases.record_trial", {"trial": title, "ending": played.ending})
    except IntegrityError:
        raise Invalid(_("已经有同名的试运行记录，请换一个名称。"), field="title") from None
    return trial.id


def remove_trial(*, actor: Actor, draft_id: uuid.UUID, trial_id: uuid.UUID) -> None:
    """Take a trial away that no longer fits what the process shall do; the ledger keeps that it was there."""
    draft = _draft(actor, draft_id)
    with transaction.atomic():
        trial = ProcessTrial.objects.select_for_update().filter(draft=draft, pk=trial_id).first()
        if trial is None:
            raise NotFound(_("没有找到这条试运行记录。"))
        trial.delete()
        _record(actor, draft, "cases.remove_trial", {"trial": trial.title, "ending": trial.ending})


def _draft(actor: Actor, draft_id: uuid.UUID) -> ProcessDraft:
    check_may_draw(actor)
    draft = ProcessDraft.objects.filter(tenant=actor.tenant, pk=draft_id).first()
    if draft is None:
        raise NotFound(_("没有找到这份流程草稿。"))
    if draft.state != DraftState.EDITING:
        raise Conflict(_("这份草稿%(state)s，不能再修改。") % {"state": draft.get_state_display()})
    return draft


def _record(actor: Actor, draft: ProcessDraft, act: str, payload: dict[str, object]) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="process_draft", id=str(draft.id)),
        payload={"key": draft.key, **payload},
    )
