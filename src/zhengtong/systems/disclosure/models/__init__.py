"""Tables of disclosure: requests, their clock, what was done; the catalogue; yearly reports."""

from zhengtong.systems.disclosure.models.catalogue import (
    CatalogueEntry,
    DisclosureCategory,
    DisclosureGuide,
    SitePageSeen,
)
from zhengtong.systems.disclosure.models.clocks import RequestClock, RequestExtension, RequestPause
from zhengtong.systems.disclosure.models.handling import (
    AnswerDraft,
    Consultation,
    DisclosureLetter,
    HandlingFee,
    Remedy,
    RequestAct,
    RequestFile,
)
from zhengtong.systems.disclosure.models.report import YearlyReport
from zhengtong.systems.disclosure.models.requests import DisclosureCounter, DisclosureRequest

__all__ = [
    "AnswerDraft",
    "CatalogueEntry",
    "Consultation",
    "DisclosureCategory",
    "DisclosureCounter",
    "DisclosureGuide",
    "DisclosureLetter",
    "DisclosureRequest",
    "HandlingFee",
    "Remedy",
    "RequestAct",
    "RequestClock",
    "RequestExtension",
    "RequestFile",
    "RequestPause",
    "SitePageSeen",
    "YearlyReport",
]
