"""Moving a card: the unit speaks, the supervisor judges; each act is kept word by word."""

import uuid
from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound
from zhengtong.kernel.models import StoredFile
from zhengtong.kernel.uploads import CheckedUpload, checked_upload
from zhengtong.systems.supervision import permissions
from zhengtong.systems.supervision.models import Card
from zhengtong.systems.supervision.rules import Move, NotAllowed, next_state
from zhengtong.systems.supervision.selectors.standings import standings
from zhengtong.systems.supervision.services.acting import Done, write_acts
from zhengtong.systems.supervision.services.doubting import settle
from zhengtong.systems.supervision.services.telling import add_news

SHORTEST_REASON = 5
LONGEST_TEXT = 2000
MOST_FILES = 5
#: acts of the supervisor of which the unit is told, and of the unit of which the supervisors are told
_TOLD = {"confirm": True, "cancel": True, "send_back": True, "close": True, "appeal": False}
Check = Callable[[Actor, Card], None]
Papers = Sequence[tuple[str, bytes]]  # name and content


def explain_card(*, actor: Actor, card_id: uuid.UUID, text: str, files: Papers = ()) -> None:
    """说明: the responsible unit says how it came about; its papers are kept with it, their digests in the ledger.

    Raises NotPermitted, Invalid, Conflict, NotFound.
    """
    move_card(actor, card_id, "explain", text, permissions.check_unit, files)


def appeal_card(*, actor: Actor, card_id: uuid.UUID, text: str, files: Papers = ()) -> None:
    """申诉: the responsible unit holds that the card is wrong; once more, and in time, after it was confirmed."""
    move_card(actor, card_id, "appeal", text, permissions.check_unit, files)


def report_correction(*, actor: Actor, card_id: uuid.UUID, text: str, files: Papers = ()) -> None:
    """整改报告: the responsible unit says what it has put right. Raises as ``explain_card``."""
    move_card(actor, card_id, "rectify", text, permissions.check_unit, files)


def confirm_card(*, actor: Actor, card_id: uuid.UUID, reason: str) -> None:
    """认定: the card stands; only after the unit has spoken or its time to speak is over."""
    move_card(actor, card_id, "confirm", reason, permissions.check_judge)


def cancel_card(*, actor: Actor, card_id: uuid.UUID, reason: str) -> None:
    """撤销: the card does not stand; it stays visible with the reason and does not score."""
    move_card(actor, card_id, "cancel", reason, permissions.check_judge)


def send_card_back(*, actor: Actor, card_id: uuid.UUID, reason: str) -> None:
    """复查不通过: what was put right is not enough; the unit's time to do it begins anew."""
    move_card(actor, card_id, "send_back", reason, permissions.check_judge)


def close_card(*, actor: Actor, card_id: uuid.UUID, reason: str) -> None:
    """销号: the matter was put right and checked again."""
    move_card(actor, card_id, "close", reason, permissions.check_judge)


def transfer_card(*, actor: Actor, card_id: uuid.UUID, reason: str) -> None:
    """转督查: inspection takes the matter up; the card goes on meanwhile.

    The unit is not told and does not see it before inspection has answered: an inspection comes unannounced.
    """
    move_card(actor, card_id, "transfer", reason, permissions.check_judge)


def keep_card(*, actor: Actor, card_id: uuid.UUID, reason: str) -> None:
    """维持: what the card rested on changed, and yet it stands; the reason says why."""
    move_card(actor, card_id, "keep", reason, permissions.check_judge)


@transaction.atomic
def confirm_cards(*, actor: Actor, card_ids: Sequence[uuid.UUID], reason: str) -> tuple[int, dict[str, str]]:
    """批量认定: cards of one rule are confirmed for one reason; how many, and by number why the others were not."""
    return _move_several(actor, card_ids, "confirm", reason, permissions.check_judge, alike=True)


@transaction.atomic
def explain_cards(*, actor: Actor, card_ids: Sequence[uuid.UUID], text: str) -> tuple[int, dict[str, str]]:
    """批量说明: the unit explains several of its cards by one cause; as ``confirm_cards``."""
    return _move_several(actor, card_ids, "explain", text, permissions.check_unit, alike=False)


def move_card(actor: Actor, card_id: uuid.UUID, move: Move, text: str, check: Check, files: Papers = ()) -> Card:
    """Carry one move out; raises NotPermitted, Invalid, Conflict, NotFound."""
    papers = _papers(files)
    with transaction.atomic():
        card = locked_card(actor, card_id)
        check(actor, card)
        words = checked(text)
        state = _next(card, move)
        kept = tuple(storage.store_upload(tenant=actor.tenant, upload=one) for one in papers)
        _write(actor, move, words, [(card, state)], kept)
    return card


def _papers(files: Papers) -> tuple[CheckedUpload, ...]:
    """The papers, checked; Invalid for too many, and for one that may not come in."""
    if len(files) > MOST_FILES:
        raise Invalid(_("附件最多 %(n)d 个，请减少后再提交。") % {"n": MOST_FILES}, field="file")
    return tuple(checked_upload(name, content) for name, content in files)


def locked_card(actor: Actor, card_id: uuid.UUID) -> Card:
    """The card in the actor's scope, locked until the transaction ends; raises NotFound."""
    rows = Card.objects.select_for_update(of=("self",)).select_related("rule")
    card = rows.filter(permissions.visible_cards(actor), pk=card_id).first()
    if card is None:
        raise NotFound(_("没有找到这张牌，或者它的责任单位不是您所在的单位。"))
    return card


def checked(text: str, *, field: str = "reason") -> str:
    """What somebody wrote, trimmed; Invalid when it says too little or too much."""
    words = text.replace("\x00", "").strip()
    if len(words) < SHORTEST_REASON:
        raise Invalid(_("请写明理由，至少 %(n)s 个字。") % {"n": SHORTEST_REASON}, field=field)
    if len(words) > LONGEST_TEXT:
        raise Invalid(_("内容超过 %(n)s 个字，请删减后再提交。") % {"n": LONGEST_TEXT}, field=field)
    return words


def _next(card: Card, move: Move) -> str:
    try:
        return next_state(card.state, move, standings([card])[card.id])
    except NotAllowed as refusal:
        raise Conflict(str(refusal)) from refusal


def _move_several(
    actor: Actor, card_ids: Sequence[uuid.UUID], move: Move, text: str, check: Check, *, alike: bool
) -> tuple[int, dict[str, str]]:
    words = checked(text)
    rows = Card.objects.select_for_update(of=("self",)).select_related("rule").order_by("id")
    cards = list(rows.filter(permissions.visible_cards(actor), pk__in=list(card_ids)))
    if not cards:
        raise Invalid(_("请先在清单中勾选要处理的牌。"), field="cards")
    if alike and len({card.rule_key for card in cards}) > 1:
        raise Invalid(_("一次只能认定同一条规则的牌，请按“情形”筛选后再勾选。"), field="cards")
    moves, left = [], dict[str, str]()
    known = standings(cards)
    for card in cards:
        try:
            check(actor, card)
            moves.append((card, next_state(card.state, move, known[card.id])))
        except (DomainError, NotAllowed) as refusal:
            left[card.number] = str(refusal)
    _write(actor, move, words, moves)
    return len(moves), left


def _write(
    actor: Actor,
    move: Move,
    words: str,
    moves: Sequence[tuple[Card, str]],
    files: tuple[StoredFile, ...] = (),
) -> None:
    write_acts(actor, [Done(card, move, words, state, files) for card, state in moves])
    cards = [card for card, _state in moves]
    if move in ("cancel", "keep"):
        settle(cards)
    if move in _TOLD:
        add_news(cards, move, text=words, to_unit=_TOLD[move])
