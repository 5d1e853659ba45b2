"""Earlier applications for the same item at the same unit, to judge alike what is alike."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import Q, QuerySet

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import OutOfCalendar
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.ui.formats import mask_name
from zhengtong.systems.service_hall.constants import SIMILAR_MONTHS, ApplicantKind
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.rules import likeness

_COMPARED = 60  # the newest ones whose answers are compared
_ALIKE = 0.5
_MONTH = dt.timedelta(days=30)


@dataclasses.dataclass(frozen=True)
class SimilarCase:
    """An earlier application: masked applicant, what came of it, in how many working days; ``alike`` in per cent.

    ``case_id`` is None where the actor may not see the case.
    """

    number: str
    applicant: str
    submitted_at: dt.datetime
    outcome: str
    days: int | None
    same_applicant: bool
    alike: int
    case_id: uuid.UUID | None


def similar_cases(*, actor: Actor, row: Application, most: int = 8) -> list[SimilarCase]:
    """What the actor's own unit handled of the same item lately: of the same applicant, or with like answers."""
    if actor.org_id is None:
        return []
    months = int(parameters.value(SIMILAR_MONTHS, tenant=actor.tenant))
    rows = Application.objects.filter(
        tenant=row.tenant,
        org_id=actor.org_id,
        item_code=row.item_code,
        submitted_at__gte=now() - months * _MONTH,
        case_id__isnull=False,
    ).exclude(pk=row.pk)
    same = list(rows.filter(of_applicant(row)).order_by("-submitted_at")[:most])
    others = list(rows.exclude(pk__in=[one.pk for one in same]).order_by("-submitted_at")[:_COMPARED])
    scores = _scores(row, [*same, *others])
    alike = sorted((one for one in others if scores[one.pk] >= _ALIKE), key=lambda one: -scores[one.pk])
    found = [*same, *alike][:most]
    seen = cases.visible_of(actor=actor, case_ids=[one.case_id for one in found if one.case_id])
    ids = {one.pk for one in same}
    return [_view(one, scores[one.pk], same=one.pk in ids, visible=one.case_id in seen) for one in found]


def of_applicant(row: Application) -> Q:
    """Applications of the same person, or of the same legal person, as ``permissions.own`` tells them apart."""
    if row.legal_person_id is not None:
        return Q(legal_person_id=row.legal_person_id)
    people = identity.same_person(row.tenant, row.person_id)
    return Q(person_id__in=people, legal_person_id__isnull=True, ward_id=row.ward_id)


def applications_of(row: Application) -> "QuerySet[Application]":
    """All handed-in applications of the applicant of one, that one left out, the newest first."""
    rows = Application.objects.filter(of_applicant(row), tenant=row.tenant, case_id__isnull=False)
    return rows.exclude(pk=row.pk).order_by("-submitted_at")


def _scores(row: Application, others: list[Application]) -> dict[uuid.UUID, float]:
    """How alike each is by its answers; what is personal is never compared."""
    wanted = [row.form_submission_id, *(one.form_submission_id for one in others)]
    filled = forms.submissions(tenant=row.tenant, submission_ids=wanted)
    own = filled[row.form_submission_id]
    plain = {field.key for field in own.definition.fields if field.asks and not field.personal}
    answers = {key: value for key, value in own.answers.items() if key in plain}
    return {one.pk: likeness(answers, filled[one.form_submission_id].answers) for one in others}


def _view(row: Application, score: float, *, same: bool, visible: bool) -> SimilarCase:
    if row.submitted_at is None:
        raise ValueError("a draft is no earlier case")
    return SimilarCase(
        number=row.number or "",
        applicant=mask_name(row.applicant_name) if row.applicant_kind == ApplicantKind.PERSON else row.applicant_name,
        submitted_at=row.submitted_at,
        outcome=row.outcome_label,
        days=_working_days(row),
        same_applicant=same,
        alike=round(score * 100),
        case_id=row.case_id if visible else None,
    )


def _working_days(row: Application) -> int | None:
    if row.submitted_at is None or row.closed_at is None:
        return None
    try:
        return cases.calendar_of(row.tenant).workdays_between(local_date(row.submitted_at), local_date(row.closed_at))
    except OutOfCalendar:
        return (local_date(row.closed_at) - local_date(row.submitted_at)).days
