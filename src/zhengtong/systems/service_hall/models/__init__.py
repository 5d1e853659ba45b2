"""Tables of the hall, by subject."""

from zhengtong.systems.service_hall.models.applications import (
    Application,
    DayCounter,
    FailedLookup,
    MaterialFile,
    SupplementNotice,
)

__all__ = ["Application", "DayCounter", "FailedLookup", "MaterialFile", "SupplementNotice"]
