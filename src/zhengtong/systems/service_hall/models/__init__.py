"""Tables of the hall, by subject."""

from zhengtong.systems.service_hall.models.applications import (
    Application,
    DayCounter,
    MaterialFile,
    ScannedPage,
    SupplementNotice,
)
from zhengtong.systems.service_hall.models.corrections import CorrectionRequest
from zhengtong.systems.service_hall.models.counter import OriginalSeen, Representation, Sitting
from zhengtong.systems.service_hall.models.delivery import CarrierCall, Delivery, DeliveryEvent
from zhengtong.systems.service_hall.models.erasures import ErasureRequest
from zhengtong.systems.service_hall.models.figures import CaseFigure, MonthlyReport
from zhengtong.systems.service_hall.models.licences import LicenceMeasure, LicenceReminder
from zhengtong.systems.service_hall.models.phrases import Phrase
from zhengtong.systems.service_hall.models.promises import BrokenPledge, Pledge
from zhengtong.systems.service_hall.models.special import PublicObjection, SpecialPhoto, SpecialStep
from zhengtong.systems.service_hall.models.township import PassedBatch, PassedPapers
from zhengtong.systems.service_hall.models.training import TrainingRun

__all__ = [
    "Application",
    "BrokenPledge",
    "CarrierCall",
    "CaseFigure",
    "CorrectionRequest",
    "DayCounter",
    "Delivery",
    "DeliveryEvent",
    "ErasureRequest",
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
    "Representation",
    "ScannedPage",
    "Sitting",
    "SpecialPhoto",
    "SpecialStep",
    "SupplementNotice",
    "TrainingRun",
]
