"""Rules of forms, plain Python: what a declaration means, which answers are right, how they read."""

from zhengtong.capabilities.forms.rules.answers import (
    asked,
    citizen_number_problem,
    clean,
    normalise,
    read_definition,
    shown,
)
from zhengtong.capabilities.forms.rules.declaration import Check, Condition, Definition, Field, Formula, Section

__all__ = [
    "Check",
    "Condition",
    "Definition",
    "Field",
    "Formula",
    "Section",
    "asked",
    "citizen_number_problem",
    "clean",
    "normalise",
    "read_definition",
    "shown",
]
