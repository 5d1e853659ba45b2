"""办事大厅规则, by subject; plain Python."""

from zhengtong.systems.service_hall.rules.applications import (
    application_number,
    is_online_form,
    licence_validity,
    material_state,
    notice_problem,
    pin_lines,
    standing,
    unprintable,
)

__all__ = [
    "application_number",
    "is_online_form",
    "licence_validity",
    "material_state",
    "notice_problem",
    "pin_lines",
    "standing",
    "unprintable",
]
