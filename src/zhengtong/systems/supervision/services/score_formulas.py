"""Formulas of scores: drafted by one supervisor, enabled by another; a change is a new version."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.supervision import permissions
from zhengtong.systems.supervision.constants import FORMULA_KIND, FormulaState
from zhengtong.systems.supervision.models import ScoreFormula
from zhengtong.systems.supervision.registry import score_inputs
from zhengtong.systems.supervision.rules.score_formulas import MODELS, default_content, wrong_with
from zhengtong.systems.supervision.services.moving import checked
from zhengtong.systems.supervision.services.scores import second_person

_NAME_MAX, _SOURCE_MAX = 80, 200
_SOURCES = {
    "A": "地方绩效测评办法（九个部分、百分制；待本县文件核实）",
    "B": "地方绩效测评办法（季度评定四个等次，分数线待核实）",
    "C": "地方通报办法（按亮牌和按期办结率排名）",
}


@transaction.atomic
def install_formulas(*, actor: Actor) -> int:
    """Put the three shipped models in force where a tenant has none of that key; returns how many were added."""
    if actor.kind != "system":
        raise NotPermitted(_("预置的评分办法由系统管理命令装入。"))
    added = 0
    for model, name in MODELS.items():
        key = f"model-{model.lower()}"
        if ScoreFormula.objects.filter(tenant=actor.tenant, key=key).exists():
            continue
        instant = now()
        row = ScoreFormula.objects.create(
            tenant=actor.tenant,
            key=key,
            version=1,
            name=name,
            content=default_content(model),
            source=_SOURCES[model],
            state=FormulaState.ENABLED,
            drafted_by=actor.name or _("系统"),
            changed_at=instant,
            valid_from=instant,
        )
        _record(actor, row, "supervision.enable_formula")
        added += 1
    return added


@transaction.atomic
def draft_formula(*, actor: Actor, key: str) -> ScoreFormula:
    """Begin the next version of a formula, as the newest stands; gives the open draft where there is one."""
    permissions.check_supervisor(actor)
    rows = ScoreFormula.objects.select_for_update().filter(tenant=actor.tenant, key=key)
    newest = rows.order_by("-version").first()
    if newest is None:
        raise NotFound(_("没有找到这个评分办法。"))
    open_one = rows.filter(state__in=[FormulaState.DRAFT, FormulaState.SUBMITTED]).first()
    if open_one is not None:
        return open_one
    base = rows.filter(state=FormulaState.ENABLED).first() or newest
    row = ScoreFormula.objects.create(
        tenant=actor.tenant,
        key=key,
        version=newest.version + 1,
        name=base.name,
        content=base.content,
        source=base.source,
        confirmed=base.confirmed,
        drafted_by_id=permissions.person_of(actor),
        drafted_for_id=actor.delegator_id,
        drafted_by=actor.name,
        changed_at=now(),
    )
    _record(actor, row, "supervision.draft_formula")
    return row


@transaction.atomic
def save_formula(
    *, actor: Actor, formula_id: uuid.UUID, content: Mapping[str, Any], name: str, source: str, confirmed: bool
) -> ScoreFormula:
    """Keep what the drafter set; only a sound formula is kept. Raises NotPermitted, NotFound, Conflict, Invalid."""
    row = _own(actor, formula_id)
    errors = wrong_with(content, {key for key, _one in score_inputs.items()})
    if not 2 <= len(name.strip()) <= _NAME_MAX:
        errors["name"] = _("请填写办法名称，不超过 80 个字。")
    if not 2 <= len(source.strip()) <= _SOURCE_MAX:
        errors["source"] = _("请写明依据的文件，不超过 200 个字。")
    if errors:
        raise Invalid(_("评分办法没有保存，请改正标出的内容。"), errors=errors)
    row.content, row.name, row.source = dict(content), name.strip(), source.strip()
    row.confirmed, row.changed_at = confirmed, now()
    row.save()
    return row


@transaction.atomic
def move_formula(*, actor: Actor, formula_id: uuid.UUID, move: str, reason: str = "") -> ScoreFormula:
    """Submit, return, drop, enable or retire; the second person enables and returns.

    Raises NotPermitted, NotFound, Conflict, Invalid.
    """
    permissions.check_supervisor(actor)
    if move in ("submit", "drop"):
        row = _own(actor, formula_id)
        row.state = FormulaState.SUBMITTED if move == "submit" else FormulaState.DROPPED
    elif move in ("return", "enable"):
        row = _locked(actor, formula_id)
        if row.state != FormulaState.SUBMITTED:
            raise Conflict(_("这份评分办法现在不在待批准状态。"))
        second_person(actor, row.drafted_by_id, row.drafted_for_id)
        if move == "return":
            row.state, row.reason = FormulaState.DRAFT, checked(reason)
        else:
            _enable(actor, row)
    elif move == "retire":
        row = _locked(actor, formula_id)
        if row.state != FormulaState.ENABLED:
            raise Conflict(_("这个评分办法现在没有启用。"))
        row.state, row.reason, row.valid_until = FormulaState.RETIRED, checked(reason), now()
        row.decided_by = actor.name
    else:
        raise NotFound(_("没有这项操作。"))
    row.changed_at = now()
    row.save()
    _record(actor, row, f"supervision.{move}_formula")
    return row


def _enable(actor: Actor, row: ScoreFormula) -> None:
    instant = now()
    current = ScoreFormula.objects.filter(tenant=row.tenant, key=row.key, state=FormulaState.ENABLED).first()
    if current is not None:
        current.state, current.valid_until, current.changed_at = FormulaState.RETIRED, instant, instant
        current.save()
    row.state, row.valid_from, row.decided_by, row.reason = FormulaState.ENABLED, instant, actor.name, ""


def _locked(actor: Actor, formula_id: uuid.UUID) -> ScoreFormula:
    row = ScoreFormula.objects.select_for_update().filter(tenant=actor.tenant, pk=formula_id).first()
    if row is None:
        raise NotFound(_("没有找到这份评分办法。"))
    return row


def _own(actor: Actor, formula_id: uuid.UUID) -> ScoreFormula:
    permissions.check_supervisor(actor)
    row = _locked(actor, formula_id)
    if row.drafted_by_id != actor.person_id or actor.person_id is None:
        raise NotPermitted(_("这份评分办法由%(name)s起草，只有起草人可以修改。") % {"name": row.drafted_by})
    if row.state != FormulaState.DRAFT:
        raise Conflict(_("这份评分办法已经提交或者了结，不能再修改。"))
    return row


def _record(actor: Actor, row: ScoreFormula, act: str) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=FORMULA_KIND, id=str(row.id)),
        payload={
            "key": row.key,
            "version": row.version,
            "name": row.name,
            "content": row.content,
            "reason": row.reason,
        },
        basis=row.source,
    )
