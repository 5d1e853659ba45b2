"""What becomes of the cards: units explain and put right, supervisors confirm and close, some too late."""

import uuid
from collections.abc import Callable, Iterator

from zhengtong.entry.simulator import behaviour
from zhengtong.entry.simulator.stage import Does, Stage, Work
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import DomainError
from zhengtong.systems.supervision import api as supervision

Move = Callable[[Actor, uuid.UUID], None]

_EXPLAINED = "经核对办理记录，情况属实：当时窗口人手不足，没有及时处理，已经提醒当班人员。"
_RIGHTED = "已经调整值班安排，到期前一天由科室负责人逐件过问，办件已经办结。"
_CONFIRMED = "经核对事件和时限推算，情况属实，予以认定。"
_CLOSED = "复查办理记录，整改属实，予以销号。"
#: warnings settle themselves with their cases
_WARNING = "-near"
#: share of the cards in a state that are taken up on a day, and of those that no unit ever explains
_TAKEN_UP, _IGNORED = 0.45, 0.06
_MOST = 500


class Cards:
    """A daily round of the units and of the supervisors through the cards that wait for them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def does(self) -> dict[str, Does]:
        """The acts by their names."""
        return {"cards": self.go_through}

    def go_through(self, _work: Work) -> Iterator[Work]:
        """Whoever's turn it is acts on some of the cards; again on the next working morning."""
        for state, party, move in (
            ("rectified", "supervisor", _close),
            ("confirmed", "unit", _put_right),
            ("explained", "supervisor", _confirm),
            ("raised", "unit", _explain),
        ):
            self._act_on(state, party, move)
        yield Work(behaviour.next_morning(clock.now(), 1, self._stage.calendar), "cards", "")

    def _act_on(self, state: str, party: str, move: Move) -> None:
        wanted = supervision.CardFilter(state=state)
        for row in supervision.cards(self._stage.platform, wanted, size=_MOST).rows:
            ignored = self._stage.dice("ignored", row.number).random() < _IGNORED
            taken = self._stage.dice(f"{state}:{clock.local_date()}", row.number).random() < _TAKEN_UP
            if row.rule_key.endswith(_WARNING) or ignored or not taken:
                continue
            town = self._stage.town
            actor = town.supervisors()[0] if party == "supervisor" else town.official(row.org_id, "clerk", row.number)
            if actor is not None and not (party == "supervisor" and actor.org_id == row.org_id):
                self._move(move, actor, row.id)

    @staticmethod
    def _move(move: Move, actor: Actor, card_id: uuid.UUID) -> None:
        """One that is not open today may be open tomorrow."""
        try:
            move(actor, card_id)
        except DomainError:
            return


def _explain(actor: Actor, card_id: uuid.UUID) -> None:
    supervision.explain_card(actor=actor, card_id=card_id, text=_EXPLAINED)


def _confirm(actor: Actor, card_id: uuid.UUID) -> None:
    supervision.confirm_card(actor=actor, card_id=card_id, reason=_CONFIRMED)


def _put_right(actor: Actor, card_id: uuid.UUID) -> None:
    supervision.report_correction(actor=actor, card_id=card_id, text=_RIGHTED)


def _close(actor: Actor, card_id: uuid.UUID) -> None:
    supervision.close_card(actor=actor, card_id=card_id, reason=_CLOSED)
