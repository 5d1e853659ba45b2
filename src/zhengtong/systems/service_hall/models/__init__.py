"""Tables of the hall, by subject."""

from zhengtong.systems.service_hall.models.applications import (
    Application,
    DayCounter,
    FailedLookup,
    MaterialFile,
    SupplementNotice,
)
from zhengtong.systems.service_hall.models.corrections import CorrectionRequest
from zhengtong.systems.service_hall.models.counter import OriginalSeen, Sitting
from zhengtong.systems.service_hall.models.delivery import Delivery, DeliveryEvent
from zhengtong.systems.service_hall.models.figures import CaseFigure, MonthlyReport
from zhengtong.systems.service_hall.models.licences import LicenceMeasure, LicenceReminder
from zhengtong.systems.service_hall.models.phrases import Phrase
from zhengtong.systems.service_hall.models.promises import BrokenPledge, Pledge
from zhengtong.systems.service_hall.models.special import PublicObjection, SpecialPhoto, SpecialStep
from zhengtong.systems.service_hall.models.township import PassedBatch, PassedPapers

__all__ = [
    "Application",
    "BrokenPledge",
    "CaseFigure",
    "CorrectionRequest",
    "DayCounter",
    "Delivery",
    "DeliveryEvent",
    "FailedLookup",
    "LicenceMeasure",
    "LicenceReminder",
    "MaterialFile",
    "MonthlyReport",
    "OriginalSeen",
    "PassedBatch",
    "PassedPapers",
    "Phrase",
    "Pledge",
    "PublicObjection",
    "Sitting",
    "SpecialPhoto",
    "SpecialStep",
    "SupplementNotice",
]
