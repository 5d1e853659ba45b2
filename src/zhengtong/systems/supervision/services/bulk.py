"""批量撤销: one supervisor proposes a list, a second confirms it, a job carries it out; nobody undoes it."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.transactions import hold
from zhengtong.systems.supervision import permissions
from zhengtong.systems.supervision.constants import BULK_KIND, OPEN_STATES, CardState, Cause, ProposalState
from zhengtong.systems.supervision.models import BulkCancel, BulkCancelCard, Card
from zhengtong.systems.supervision.rules.weighing import digest_of
from zhengtong.systems.supervision.selectors.bulk import MOST_CARDS, Choice, chosen, effect_on, effect_to
from zhengtong.systems.supervision.services.acting import Done, write_acts
from zhengtong.systems.supervision.services.doubting import settle
from zhengtong.systems.supervision.services.moving import checked
from zhengtong.systems.supervision.services.telling import add_news

BULK_CANCEL = "supervision.bulk_cancel"
_CHUNK = 200


@transaction.atomic
def propose_bulk_cancel(*, actor: Actor, choice: Choice, cause: str, reason: str, evidence: str) -> BulkCancel:
    """提出批量撤销: fixes the list. Cards of the proposer's own unit are left out (回避).

    Raises NotPermitted, Invalid.
    """
    permissions.check_supervisor(actor)
    if cause not in Cause.values:
        raise Invalid(_("请选择撤销的原因类别。"), field="cause")
    words, proof = checked(reason), checked(evidence, field="evidence")
    # before the first of a year there is no row to lock; and a card is on one list at a time
    hold(f"supervision:bulk:{actor.tenant}")
    rows = chosen(actor.tenant, choice)
    if actor.org_id:
        rows = rows.exclude(org_id=actor.org_id)
    cards = dict(rows.order_by("id").values_list("id", "number")[: MOST_CARDS + 1])
    if not cards:
        raise Invalid(_("没有符合条件、可以撤销的牌。请先选定规则、时段、单位或者“依据已变”的牌。"), field="choice")
    if len(cards) > MOST_CARDS:
        raise Invalid(_("一次最多撤销 %(n)d 张，请缩短时段分批提出。") % {"n": MOST_CARDS}, field="choice")
    row = BulkCancel.objects.create(
        tenant=actor.tenant,
        number=_next_number(actor.tenant),
        cause=cause,
        reason=words,
        evidence=proof,
        chosen=choice.to_json(),
        effect=[effect_to(one) for one in effect_on(actor.tenant, cards)],
        digest=digest_of(cards.values()),
        total=len(cards),
        proposed_by_id=permissions.person_of(actor),
        proposed_by=actor.name,
        proposed_for_id=actor.delegator_id,
        proposed_post=actor.post_name,
        proposed_org=actor.org_name,
    )
    BulkCancelCard.objects.bulk_create(
        BulkCancelCard(tenant=actor.tenant, batch=row, card_id=card_id) for card_id in cards
    )
    _record(actor, row, "propose_bulk_cancel", words)
    return row


def _next_number(tenant: str) -> str:
    year = local_date().year
    newest = BulkCancel.objects.filter(tenant=tenant, number__startswith=f"C{year}-")
    last = newest.order_by("-number").values_list("number", flat=True).first()
    return f"C{year}-{int(last.rpartition('-')[2]) + 1 if last else 1:04d}"


@transaction.atomic
def decide_bulk_cancel(*, actor: Actor, batch_id: uuid.UUID, agreed: bool, reason: str, digest: str) -> BulkCancel:
    """核准批量撤销: a second supervisor agrees to exactly the list he saw (``digest``); the job then carries it out.

    One of a unit whose cards are on the list stands aside (回避). Raises NotPermitted, NotFound, Conflict, Invalid.
    """
    permissions.check_supervisor(actor)
    row = BulkCancel.objects.select_for_update().filter(tenant=actor.tenant, pk=batch_id).first()
    if row is None:
        raise NotFound(_("没有找到这一批撤销。"))
    words = checked(reason)
    if row.state != ProposalState.PROPOSED:
        raise Conflict(_("这一批已经由%(who)s处理。") % {"who": row.decided_by})
    permissions.check_second(actor, row.proposed_by_id, row.proposed_for_id)
    if actor.org_id and row.cards.filter(card__org_id=actor.org_id).exists():
        raise NotPermitted(_("清单中有您所在单位的牌，应当回避，请由其他监察员核准。"))
    if digest != row.digest:
        raise Conflict(_("清单与您看到的不一致，没有核准。请刷新页面重新查看。"))
    row.state = ProposalState.APPROVED if agreed else ProposalState.REFUSED
    row.decided_by_id, row.decided_by, row.decided_post = actor.person_id, actor.name, actor.post_name
    row.decided_at, row.decision = now(), words
    row.save()
    _record(actor, row, "approve_bulk_cancel" if agreed else "refuse_bulk_cancel", words)
    if agreed:
        jobs.configure_task(BULK_CANCEL).defer(tenant=row.tenant, batch_id=str(row.id))
    return row


@transaction.atomic
def carry_out_bulk_cancel(*, tenant: str, batch_id: uuid.UUID) -> bool:
    """Cancel the next cards of an approved list; True while more are left. Safe to repeat.

    Each card keeps an act of its own in the words of the batch; the ledger has one entry for the whole list.
    """
    row = BulkCancel.objects.select_for_update().get(tenant=tenant, pk=batch_id)
    if row.state != ProposalState.APPROVED:
        return False
    items = list(row.cards.filter(outcome="").order_by("id")[:_CHUNK])
    locked = Card.objects.select_for_update(of=("self",)).select_related("rule").order_by("id")
    cards = {card.id: card for card in locked.filter(pk__in=[item.card_id for item in items])}
    actor = _second(row)
    text = _("%(cause)s（批次 %(number)s）：%(reason)s") % {
        "cause": Cause(row.cause).label,
        "number": row.number,
        "reason": row.reason,
    }
    done = []
    for item in items:
        card = cards[item.card_id]
        if card.state not in OPEN_STATES:
            item.outcome = _("此前已经了结（%(state)s），没有撤销") % {"state": card.get_state_display()}
        else:
            item.outcome = _("已撤销")
            done.append(Done(card, "cancel", text, CardState.CANCELLED))
    write_acts(actor, done, in_ledger=False)
    settle([one.card for one in done])
    BulkCancelCard.objects.bulk_update(items, ["outcome"])
    row.done += len(items)
    row.cancelled += len(done)
    more = row.cards.filter(outcome="").exists()
    if not more:
        row.state, row.finished_at = ProposalState.DONE, now()
        _record(actor, row, "bulk_cancel", row.reason)
        told = Card.objects.filter(pk__in=row.cards.values("card_id"), state=CardState.CANCELLED)
        add_news(told, "cancel", text=text)
    row.save()
    return more


def _second(row: BulkCancel) -> Actor:
    """Who confirmed the list: the cancellation is his act."""
    return Actor(
        tenant=row.tenant,
        kind="official",
        person_id=row.decided_by_id,
        name=row.decided_by,
        post_name=row.decided_post,
    )


def _record(actor: Actor, row: BulkCancel, act: str, words: str) -> None:
    ledger.append(
        actor=actor,
        act=f"supervision.{act}",
        object_ref=ObjectRef(kind=BULK_KIND, id=str(row.id)),
        payload={
            "number": row.number,
            "cause": row.cause,
            "total": row.total,
            "cancelled": row.cancelled,
            "digest": row.digest,
            "text": words,
            "evidence": row.evidence,
        },
    )
