"""办事大厅规则, by subject; plain Python."""

from zhengtong.contracts.catalogue import is_online_form
from zhengtong.systems.service_hall.rules.applications import (
    application_number,
    licence_validity,
    material_state,
    notice_problem,
    pin_lines,
    standing,
    unprintable,
)
from zhengtong.systems.service_hall.rules.batches import BATCH_OUTCOMES, batch_outcome
from zhengtong.systems.service_hall.rules.counter import channel_of_level, relation_errors, relation_proofs
from zhengtong.systems.service_hall.rules.delivery import (
    CARRIER_STEPS,
    address_errors,
    masked_address,
    may_choose_delivery,
    may_move_delivery,
    reminder_due,
    state_after_report,
)
from zhengtong.systems.service_hall.rules.likeness import likeness
from zhengtong.systems.service_hall.rules.phrases import DEFAULTS, Words, offered, used_in
from zhengtong.systems.service_hall.rules.township import batch_number, paper_place

__all__ = [
    "BATCH_OUTCOMES",
    "CARRIER_STEPS",
    "DEFAULTS",
    "Words",
    "address_errors",
    "application_number",
    "batch_number",
    "batch_outcome",
    "channel_of_level",
    "is_online_form",
    "licence_validity",
    "likeness",
    "masked_address",
    "material_state",
    "may_choose_delivery",
    "may_move_delivery",
    "notice_problem",
    "offered",
    "paper_place",
    "pin_lines",
    "relation_errors",
    "relation_proofs",
    "reminder_due",
    "standing",
    "state_after_report",
    "unprintable",
    "used_in",
]
