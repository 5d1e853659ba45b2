"""Fees are paid for applications: who pays, which officials make out orders, where the pages are."""

import uuid

from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.payments.registry import Payer
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.service_hall.constants import UNDER_WAY, ApplicantKind, ApplicationStatus
from zhengtong.systems.service_hall.models import Application


class FeesOfApplications:
    """What payments ask of an application; see ``payments.registry.FeeSubject``."""

    def payer(self, tenant: str, ref: ObjectRef) -> Payer:
        """The applicant."""
        row = Application.objects.get(tenant=tenant, pk=ref.id)
        return Payer(
            kind="legal" if row.applicant_kind == ApplicantKind.LEGAL else "person",
            person_id=row.person_id,
            name=row.applicant_name,
            legal_person_id=row.legal_person_id,
            ward_id=row.ward_id,
            email=row.email,
        )

    def may_raise(self, actor: Actor, ref: ObjectRef) -> bool:
        """Clerks and reviewers of the unit that answers for it, while it runs and after it was granted."""
        row = Application.objects.filter(tenant=actor.tenant, pk=ref.id).first()
        return (
            row is not None
            and actor.org_id == row.org_id
            and actor.has_role(Role.CLERK, Role.REVIEWER)
            and identity.may_handle_item(actor, row.item_code)
            and _runs_or_granted(row)
        )

    def may_read(self, actor: Actor, ref: ObjectRef) -> bool:
        """Whoever may see the case."""
        return _case(actor, ref) is not None

    def numbered(self, tenant: str, number: str) -> list[str]:
        """The application of a case number."""
        found = Application.objects.filter(tenant=tenant, number=number).values_list("pk", flat=True)
        return [str(key) for key in found]

    def payer_url(self, ref: ObjectRef) -> str:
        """The applicant's page."""
        return reverse("service_hall:application", args=[ref.id])

    def desk_url(self, actor: Actor, ref: ObjectRef) -> str:
        """The case's page, for who takes part."""
        case = _case(actor, ref)
        return reverse("service_hall:case", args=[case.id]) if case else ""


def _runs_or_granted(row: Application) -> bool:
    if row.status in UNDER_WAY:
        return True
    if row.status != ApplicationStatus.CLOSED or row.case_id is None:
        return False
    case = cases.case_view(actor=system(row.tenant), case_id=row.case_id, as_applicant=True)
    return case.outcome == "approved"


def _case(actor: Actor, ref: ObjectRef) -> cases.CaseView | None:
    row = Application.objects.filter(tenant=actor.tenant, pk=uuid.UUID(ref.id), case_id__isnull=False).first()
    if row is None or row.case_id is None:
        return None
    try:
        return cases.case_view(actor=actor, case_id=row.case_id)
    except NotFound:
        return None
