"""Rules of forms, plain Python: what a declaration means, which answers are right, how they read."""

from zhengtong.capabilities.forms.rules.answers import asked, clean, computed, met
from zhengtong.capabilities.forms.rules.declaration import (
    COLUMN_KINDS,
    DIVISION_LEVELS,
    KIND_LABELS,
    LIST_KINDS,
    Check,
    Condition,
    Definition,
    Field,
    Formula,
    Section,
    empty_value,
    is_empty,
)
from zhengtong.capabilities.forms.rules.faults import declaration_faults, outside_faults
from zhengtong.capabilities.forms.rules.logic_faults import Fault
from zhengtong.capabilities.forms.rules.messages import messages
from zhengtong.capabilities.forms.rules.reading import frozen_definition, read_condition, read_definition
from zhengtong.capabilities.forms.rules.reading_out import amount_in_words, shown, shown_rows
from zhengtong.capabilities.forms.rules.texts import normalise
from zhengtong.capabilities.forms.rules.values import citizen_number_problem

__all__ = [
    "COLUMN_KINDS",
    "DIVISION_LEVELS",
    "KIND_LABELS",
    "LIST_KINDS",
    "Check",
    "Condition",
    "Definition",
    "Fault",
    "Field",
    "Formula",
    "Section",
    "amount_in_words",
    "asked",
    "citizen_number_problem",
    "clean",
    "computed",
    "declaration_faults",
    "empty_value",
    "frozen_definition",
    "is_empty",
    "messages",
    "met",
    "normalise",
    "outside_faults",
    "read_condition",
    "read_definition",
    "shown",
    "shown_rows",
]
