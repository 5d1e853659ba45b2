"""Moving a card: the unit speaks, the supervisor judges; each act is kept word by word."""

import uuid
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.supervision import CardMoved
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.outbox import publish
from zhengtong.systems.supervision import permissions
from zhengtong.systems.supervision.constants import CARD_KIND
from zhengtong.systems.supervision.models import Card, CardAct
from zhengtong.systems.supervision.rules import Move, NotAllowed, next_state
from zhengtong.systems.supervision.services.board import touch
from zhengtong.systems.supervision.services.raising import event_fields

SHORTEST_REASON = 5
LONGEST_TEXT = 2000


def explain_card(*, actor: Actor, card_id: uuid.UUID, text: str) -> None:
    """说明: the responsible unit says how it came about. Raises NotPermitted, Invalid, Conflict, NotFound."""
    _move(actor, card_id, "explain", text, permissions.check_unit)


def appeal_card(*, actor: Actor, card_id: uuid.UUID, text: str) -> None:
    """申诉: the responsible unit holds that the card is wrong. Raises as ``explain_card``."""
    _move(actor, card_id, "appeal", text, permissions.check_unit)


def report_correction(*, actor: Actor, card_id: uuid.UUID, text: str) -> None:
    """整改报告: the responsible unit says what it has put right. Raises as ``explain_card``."""
    _move(actor, card_id, "rectify", text, permissions.check_unit)


def confirm_card(*, actor: Actor, card_id: uuid.UUID, reason: str) -> None:
    """认定: the card stands; only after the unit has spoken or its time to speak is over."""
    _move(actor, card_id, "confirm", reason, permissions.check_judge)


def cancel_card(*, actor: Actor, card_id: uuid.UUID, reason: str) -> None:
    """撤销: the card does not stand; it stays visible with the reason and does not score."""
    _move(actor, card_id, "cancel", reason, permissions.check_judge)


def close_card(*, actor: Actor, card_id: uuid.UUID, reason: str) -> None:
    """销号: the matter was put right and checked again."""
    _move(actor, card_id, "close", reason, permissions.check_judge)


@transaction.atomic
def _move(actor: Actor, card_id: uuid.UUID, move: Move, text: str, check: Callable[[Actor, Card], None]) -> None:
    rows = Card.objects.select_for_update(of=("self",)).select_related("rule")
    card = rows.filter(permissions.visible_cards(actor), pk=card_id).first()
    if card is None:
        raise NotFound(_("没有找到这张牌，或者它的责任单位不是您所在的单位。"))
    check(actor, card)
    words = _checked(text)
    try:
        card.state = next_state(card.state, move, today=local_date(), explain_until=card.explain_until)
    except NotAllowed as refusal:
        raise Conflict(str(refusal)) from refusal
    card.state_at = now()
    if move == "cancel":
        card.cancel_reason = words
    card.save(update_fields=["state", "state_at", "cancel_reason"])
    CardAct.objects.create(
        tenant=card.tenant,
        card=card,
        no=card.acts.count() + 1,
        kind=move,
        text=words,
        state_after=card.state,
        person_id=actor.person_id,
        person_name=actor.name,
        post_name=actor.post_name,
        org_id=actor.org_id,
        org_name=actor.org_name,
    )
    ledger.append(
        actor=actor,
        act=f"supervision.{move}",
        object_ref=ObjectRef(kind=CARD_KIND, id=str(card.id)),
        payload={"number": card.number, "state": str(card.state), "text": words},
        basis=card.rule.basis or card.rule.source,
    )
    publish(CardMoved(**event_fields(card), rule_version=card.rule.version, act=move, state=str(card.state)))
    touch(card.tenant)


def _checked(text: str) -> str:
    words = text.replace("\x00", "").strip()
    if len(words) < SHORTEST_REASON:
        raise Invalid(_("请写明理由，至少 %(n)s 个字。") % {"n": SHORTEST_REASON}, field="reason")
    if len(words) > LONGEST_TEXT:
        raise Invalid(_("内容超过 %(n)s 个字，请删减后再提交。") % {"n": LONGEST_TEXT}, field="reason")
    return words
