"""Events identity sends; they cross systems and live in ``contracts``."""

from zhengtong.contracts.identity import (
    AccountLocked,
    AgencyDeclared,
    AppointmentEnded,
    CitizenRegistered,
    OrganisationChanged,
    OrganisationsChanged,
    PersonAppointed,
    PostRoleChanged,
)

__all__ = [
    "AccountLocked",
    "AgencyDeclared",
    "AppointmentEnded",
    "CitizenRegistered",
    "OrganisationChanged",
    "OrganisationsChanged",
    "PersonAppointed",
    "PostRoleChanged",
]
