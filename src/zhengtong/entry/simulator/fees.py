"""Fees of applications: made out, paid at the simulated gateway, now and then given back in part."""

import uuid
from collections.abc import Iterator
from decimal import Decimal

from zhengtong.capabilities.payments import api as payments
from zhengtong.entry.simulator.stage import Does, Stage, Work
from zhengtong.systems.service_hall import api as hall

_GATEWAY = "simulated"
#: fen for one unit, and units, where the item leaves both to the official
_USUAL_FEN, _USUAL_QUANTITY = 120, (8, 60)
#: share of those who pay in time, and of the orders of which a part goes back
_PAYING, _COMING_BACK = 0.93, 0.2
_REASON = "现场复核的占用面积小于申请面积，多收的部分退回"


class Fees:
    """Clerks make out orders, applicants pay, leaders decide on what goes back."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def does(self) -> dict[str, Does]:
        """The acts by their names."""
        return {
            "raise_fees": self.raise_fees,
            "pay": self.pay,
            "ask_gateway": self.ask_gateway,
            "ask_refund": self.ask_refund,
            "decide_refund": self.decide_refund,
            "carry_refund": self.carry_refund,
        }

    def after_acceptance(self, row: hall.Application, life: str) -> Iterator[Work]:
        """What the item charges is made out some hours after it was accepted."""
        if hall.proposed_fees(row) and payments.simulation_allowed():
            yield Work(self._stage.office_time(self._stage.dice("fees", life)), "raise_fees", str(row.id))

    def raise_fees(self, work: Work) -> Iterator[Work]:
        """A clerk of the unit makes the orders out and works out what the item leaves to him."""
        row, dice = self._stage.application(work.key), self._stage.dice("raise", work.life)
        clerk = self._stage.town.official(row.org_id, "clerk", f"fees:{work.life}")
        if clerk is None:
            return
        chosen = {
            fee.key: hall.ChosenFee(
                unit_fen=fee.unit_fen or _USUAL_FEN,
                quantity=fee.quantity or Decimal(dice.randint(*_USUAL_QUANTITY)),
            )
            for fee in hall.proposed_fees(row)
            if not fee.ordered
        }
        orders = hall.raise_fees(actor=clerk, application_id=row.id, chosen=chosen, command_key=f"sim{work.key}")
        for order in orders:
            if dice.random() < _PAYING:
                yield Work(self._stage.later(hours=dice.uniform(1, 70)), "pay", f"{row.id}:{order.id}")

    def pay(self, work: Work) -> Iterator[Work]:
        """The applicant pays on the gateway's page; the platform learns of it by asking."""
        application, _colon, order = work.key.partition(":")
        applicant = self._stage.town.applicant_of(self._stage.application(application))
        payment = payments.start_payment(actor=applicant, order_id=uuid.UUID(order), gateway=_GATEWAY)
        payments.pay_simulated(token=payment.redirect_url.rstrip("/").rpartition("/")[2], outcome="lost")
        yield Work(self._stage.later(minutes=2), "ask_gateway", order)

    def ask_gateway(self, work: Work) -> Iterator[Work]:
        """The loop that asks for what no callback has told of; of some orders a part goes back later."""
        payments.query_waiting()
        dice = self._stage.dice(f"back:{work.key}", work.life)
        if dice.random() < _COMING_BACK:
            yield Work(self._stage.office_time(dice, dice.randrange(1, 4)), "ask_refund", work.key)

    def ask_refund(self, work: Work) -> Iterator[Work]:
        """A clerk of the unit that collects asks that a third of a charge goes back."""
        order = payments.FeeOrder.objects.get(tenant=self._stage.tenant, pk=uuid.UUID(work.key))
        clerk = self._stage.town.official(order.payee_org_id, "clerk", f"refund:{work.life}")
        line = order.lines.order_by("no").first()
        if clerk is None or line is None or line.amount_fen < 3:
            return
        amounts = {line.pk: line.amount_fen // 3}
        refund = payments.ask_refund(actor=clerk, order_id=order.pk, amounts=amounts, reason=_REASON)
        at = self._stage.office_time(self._stage.dice("refund", work.life), 1)
        yield Work(at, "decide_refund", f"{order.payee_org_id}:{refund.pk}")

    def decide_refund(self, work: Work) -> Iterator[Work]:
        """The leader of that unit approves it."""
        unit, _colon, refund = work.key.partition(":")
        leader = self._stage.town.official(uuid.UUID(unit), "leader", f"refund:{work.life}")
        if leader is not None:
            payments.decide_refund(actor=leader, refund_id=uuid.UUID(refund), approve=True)
            yield Work(self._stage.later(minutes=1), "carry_refund", refund)

    def carry_refund(self, work: Work) -> Iterator[Work]:
        """The loop that hands approved refunds to the gateway."""
        payments.run_refunds()
        yield from ()
