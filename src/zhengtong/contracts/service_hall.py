"""What the service hall tells. No personal data: numbers, items and units only."""

import dataclasses
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(Event):
    """An application was handed in; ``online`` as opposed to the counter.

    ``applicant`` is a keyed digest of whose application it is: those of one applicant meet, and nobody is named.
    """

    NAME: ClassVar[str] = "service_hall.application_submitted.v1"
    application_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    item_code: str
    org_id: uuid.UUID
    org_name: str
    online: bool = True
    applicant: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupplementTold(Event):
    """A one-time notice was given; ``no`` counts the notices of this application."""

    NAME: ClassVar[str] = "service_hall.supplement_told.v1"
    application_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    org_id: uuid.UUID
    org_name: str
    no: int
    points: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class LicenceMeasureMoved(Event):
    """The authority means to revoke, cancel, lift or correct a licence, or has decided on it.

    ``kind`` is revoke, cancel, lift or correct; ``step`` proposed, carried, refused or dropped; ``ground`` the key of
    the ground in law.
    """

    NAME: ClassVar[str] = "service_hall.licence_measure_moved.v1"
    measure_id: uuid.UUID
    document_id: uuid.UUID
    kind: str
    step: str
    ground: str
    title: str
    number: str
    item_code: str
    org_id: uuid.UUID
    org_name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpecialStepMoved(Event):
    """An inspection, expert review or public notice (``kind``) was opened or closed (``step``)."""

    NAME: ClassVar[str] = "service_hall.special_step_moved.v1"
    application_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    org_id: uuid.UUID
    org_name: str
    step_id: uuid.UUID
    kind: str
    step: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReportMade(Event):
    """A monthly report, or a new version of one, was made; its paper is typeset after the act."""

    NAME: ClassVar[str] = "service_hall.report_made.v1"
    report_id: uuid.UUID
    month: str
    version: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingFinished(Event):
    """An exercise was done without a mistake in a post for the first time; names nobody.

    ``result`` is first_try or later, ``tries`` counts the handlings until then.
    """

    NAME: ClassVar[str] = "service_hall.training_finished.v1"
    org_id: uuid.UUID
    org_name: str
    post_id: uuid.UUID
    post_name: str
    exercise: str
    result: str
    tries: int
