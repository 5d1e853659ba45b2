"""Writing what was done with cards: state, act, ledger, event and limits, for one card or thousands, few statements.

The callers have locked the cards and checked that the move is allowed.
"""

import dataclasses
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Max

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.supervision import CardMoved
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.many import insert_all
from zhengtong.kernel.models import StoredFile
from zhengtong.kernel.outbox import publish_all
from zhengtong.systems.supervision.constants import CARD_KIND, CardActKind, CardState
from zhengtong.systems.supervision.models import Card, CardAct, CardFile
from zhengtong.systems.supervision.services.board import touch
from zhengtong.systems.supervision.services.limits import move_limits

_MOVE = (
    "update supervision_card c set state = v.state, state_at = %s, cancel_reason = v.why"
    " from unnest(%s::uuid[], %s::text[], %s::text[]) v(id, state, why) where c.id = v.id"
)


@dataclasses.dataclass(frozen=True)
class Done:
    """An act on a card: what was done, in which words, with which papers, and the state it leads to."""

    card: Card
    move: str
    text: str
    state: str
    files: tuple[StoredFile, ...] = ()


def write_acts(actor: Actor, done: Sequence[Done], *, in_ledger: bool = True) -> None:
    """Write acts on locked cards of one tenant; part of the caller's transaction.

    Without ``in_ledger`` the caller writes one entry for all of them.
    """
    if not done:
        return
    moved = [one for one in done if one.state != one.card.state]
    for one in moved:
        one.card.state, one.card.state_at = one.state, now()
        one.card.cancel_reason = one.text if one.state == CardState.CANCELLED else ""
    _write_states([one.card for one in moved])
    acts = _acts(actor, done)
    insert_all(acts)
    insert_all([row for act, one in zip(acts, done, strict=True) for row in _files(act, one)])
    if in_ledger:
        ledger.append_all(actor=actor, entries=[_entry(one) for one in done])
    publish_all(
        [
            CardMoved(
                **event_fields(one.card),
                rule_version=one.card.rule.version,
                act=one.move,
                state=str(one.state),
                **_for_inspection(one),
            )
            for one in done
        ]
    )
    groups: dict[tuple[str, str], list[Card]] = defaultdict(list)
    for one in done:
        groups[one.move, str(one.state)].append(one.card)
    for (move, state), cards in groups.items():
        move_limits(cards, move, state)
    touch(done[0].card.tenant)


def _write_states(cards: Sequence[Card]) -> None:
    if not cards:
        return
    with connection.cursor() as cursor:
        columns = zip(*((card.id, str(card.state), card.cancel_reason) for card in cards), strict=True)
        cursor.execute(_MOVE, [now(), *(list(column) for column in columns)])


def _acts(actor: Actor, done: Sequence[Done]) -> list[CardAct]:
    keys = {one.card.id for one in done}
    rows = CardAct.objects.filter(card__in=keys).values("card_id").annotate(last=Max("no"))
    last: dict[uuid.UUID, int] = {row["card_id"]: row["last"] for row in rows}
    acts = []
    for one in done:
        last[one.card.id] = last.get(one.card.id, 0) + 1
        acts.append(
            CardAct(
                tenant=one.card.tenant,
                card=one.card,
                no=last[one.card.id],
                kind=one.move,
                text=one.text,
                state_after=one.state,
                person_id=actor.person_id,
                person_name=actor.name,
                post_name=actor.post_name,
                org_id=actor.org_id,
                org_name=actor.org_name,
            )
        )
    return acts


def _files(act: CardAct, one: Done) -> list[CardFile]:
    return [
        CardFile(tenant=act.tenant, act=act, no=no, file_id=file.id, name=file.name)
        for no, file in enumerate(one.files, start=1)
    ]


def _entry(one: Done) -> ledger.NewEntry:
    card = one.card
    papers = {"files": [file.digest for file in one.files]} if one.files else {}
    return ledger.NewEntry(
        act=f"supervision.{one.move}",
        object_ref=ObjectRef(kind=CARD_KIND, id=str(card.id)),
        payload={"number": card.number, "state": str(one.state), "text": one.text, **papers},
        basis=card.rule.basis or card.rule.source,
    )


def _for_inspection(one: Done) -> dict[str, Any]:
    """What inspection needs to know of a card that is handed to it."""
    if one.move != CardActKind.TRANSFER:
        return {}
    return {"rule_name": one.card.rule.name, "to_inspect": one.text}


def event_fields(card: Card) -> dict[str, Any]:
    """What every event of a card carries, its rule's version apart."""
    return {
        "tenant": card.tenant,
        "object_ref": ObjectRef(kind=CARD_KIND, id=str(card.id)),
        "at": now(),
        "card_id": card.id,
        "card_number": card.number,
        "rule_key": card.rule_key,
        "level": card.level,
        "case_id": card.case_id,
        "case_number": card.case_number,
        "org_id": card.org_id,
        "org_name": card.org_name,
    }
