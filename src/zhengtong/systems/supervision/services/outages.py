"""系统故障时段: nobody answers for a limit that passed while the systems were down until somebody has judged it."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.supervision import permissions
from zhengtong.systems.supervision.constants import OUTAGE_KIND, CardActKind, HeldState
from zhengtong.systems.supervision.models import HeldCard, Outage
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.services.acting import Done, write_acts
from zhengtong.systems.supervision.services.doubting import doubt_outage
from zhengtong.systems.supervision.services.moving import checked
from zhengtong.systems.supervision.services.placing import card_from, place_cards

#: who declares a maintenance: no person
_PLATFORM = uuid.UUID(int=0)
_SHORTEST = dt.timedelta(milliseconds=1)


def areas() -> list[str]:
    """The supervised domains that an outage may concern."""
    return sorted({source.area for _name, source in event_sources.items() if source.area})


@transaction.atomic
def declare_outage(
    *,
    actor: Actor,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    concerned: Sequence[str],
    reason: str,
    evidence: str,
) -> Outage:
    """登记系统故障时段, under way or over: limits within it wait for judgement, cards already raised are marked."""
    permissions.check_supervisor(actor)
    words, proof = checked(reason), checked(evidence, field="evidence")
    if starts_at > now():
        raise Invalid(_("开始时间不能晚于现在；计划内的停机请在开始以后登记。"), field="starts_at")
    _check_end(starts_at, ends_at)
    if set(concerned) - set(areas()):
        raise Invalid(_("影响的领域不在监察范围内。"), field="areas")
    return _declared(
        actor,
        Outage(
            tenant=actor.tenant,
            areas=sorted(concerned),
            starts_at=starts_at,
            ends_at=ends_at,
            reason=words,
            evidence=proof,
            declared_by_id=permissions.person_of(actor),
            declared_by=actor.name,
        ),
    )


@transaction.atomic
def declare_maintenance(*, actor: Actor, starts_at: dt.datetime, reason: str) -> uuid.UUID:
    """维护时段: the platform itself says that it was taken out of service; all domains, under way until it is ended.

    Whether what passed within it counts is still a supervisor's word, as with every outage.
    """
    if actor.kind != "system":
        raise NotPermitted(_("维护时段由平台自己登记；其他故障请由监察员登记。"))
    row = Outage(
        tenant=actor.tenant,
        areas=[],
        starts_at=min(starts_at, now()),
        reason=checked(_("平台维护：%(reason)s") % {"reason": reason}),
        evidence=_("维护模式的开始和结束由平台自动登记，见责任认定账目。"),
        declared_by_id=_PLATFORM,
        declared_by=actor.name,
    )
    return _declared(actor, row).id


@transaction.atomic
def end_maintenance(*, actor: Actor, outage_id: uuid.UUID) -> None:
    """The platform is back; where a supervisor ended the outage before, his word stays."""
    row = Outage.objects.select_for_update().filter(tenant=actor.tenant, pk=outage_id).first()
    if row is None or row.ends_at is not None:
        return
    row.ends_at, row.ended_by = max(now(), row.starts_at + _SHORTEST), actor.name
    row.save(update_fields=["ends_at", "ended_by"])
    _record(actor, row, "end_outage", row.reason)


def _declared(actor: Actor, row: Outage) -> Outage:
    row.save(force_insert=True)
    _record(actor, row, "declare_outage", row.reason)
    doubt_outage(row)
    return row


@transaction.atomic
def end_outage(*, actor: Actor, outage_id: uuid.UUID, ends_at: dt.datetime) -> Outage:
    """系统恢复: the outage is over; later limits raise cards again."""
    permissions.check_supervisor(actor)
    row = _locked(actor, outage_id)
    if row.ends_at is not None:
        raise Conflict(_("这次故障已经由%(who)s登记恢复。") % {"who": row.ended_by or row.declared_by})
    _check_end(row.starts_at, ends_at)
    row.ends_at, row.ended_by = ends_at, actor.name
    row.save(update_fields=["ends_at", "ended_by"])
    _record(actor, row, "end_outage", row.reason)
    return row


@transaction.atomic
def judge_held(
    *, actor: Actor, outage_id: uuid.UUID, held_ids: Sequence[uuid.UUID], raised: bool, reason: str
) -> tuple[int, int]:
    """核定故障时段内的牌: raise them after all, or not, for a reason; how many, and how many others had judged before.

    Held cards of the supervisor's own unit are left to another supervisor.
    """
    permissions.check_supervisor(actor)
    words = checked(reason)
    outage = _locked(actor, outage_id)
    rows = list(
        outage.held.select_for_update(of=("self",))
        .select_related("rule")
        .filter(pk__in=list(held_ids), state=HeldState.WAITING)
        .order_by("at", "id")
    )
    rows = [row for row in rows if row.draft["org_id"] != str(actor.org_id)]
    if not rows:
        raise Invalid(_("没有可以核定的牌：请先勾选；本单位的牌请由其他监察员核定。"), field="held")
    for row in rows:
        row.state = HeldState.RAISED if raised else HeldState.DROPPED
        row.judged_by, row.judged_at, row.judged_reason = actor.name, now(), words
    HeldCard.objects.bulk_update(rows, ["state", "judged_by", "judged_at", "judged_reason"])
    if raised:
        drafts = [card_from(row.draft, row.rule) for row in rows]
        cards = place_cards(actor.tenant, drafts, actor=actor)
        write_acts(actor, [Done(card, CardActKind.RAISE, words, card.state) for card in cards])
    ledger.append(
        actor=actor,
        act="supervision.judge_held",
        object_ref=ObjectRef(kind=OUTAGE_KIND, id=str(outage.id)),
        payload={"raised": raised, "events": [str(row.event_id) for row in rows], "text": words},
    )
    return len(rows), len(held_ids) - len(rows)


def _locked(actor: Actor, outage_id: uuid.UUID) -> Outage:
    row = Outage.objects.select_for_update().filter(tenant=actor.tenant, pk=outage_id).first()
    if row is None:
        raise NotFound(_("没有找到这次故障的登记。"))
    return row


def _check_end(starts_at: dt.datetime, ends_at: dt.datetime | None) -> None:
    if ends_at is not None and not starts_at < ends_at <= now():
        raise Invalid(_("恢复时间要晚于开始时间，并且不能晚于现在；还没有恢复的请留空。"), field="ends_at")


def _record(actor: Actor, row: Outage, act: str, words: str) -> None:
    ledger.append(
        actor=actor,
        act=f"supervision.{act}",
        object_ref=ObjectRef(kind=OUTAGE_KIND, id=str(row.id)),
        payload={
            "areas": row.areas,
            "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat() if row.ends_at else "",
            "text": words,
            "evidence": row.evidence,
        },
    )
