"""Applications may be rated: by whom, and which of their service events have happened."""

import datetime as dt
import uuid

from django.urls import reverse

from zhengtong.capabilities.ratings.constants import ServiceEvent
from zhengtong.capabilities.ratings.registry import RateableSubject
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.permissions import is_own


class RateableApplications:
    """What ratings ask of an application that was handed in."""

    def subject(self, tenant: str, ref: ObjectRef) -> RateableSubject | None:
        """The application with the service events so far; None for a draft and for what is none."""
        row = _application(tenant, ref)
        if row is None or row.case_id is None:
            return None
        return RateableSubject(
            ref=ref,
            title=row.item_name,
            number=row.number or "",
            org_id=row.org_id,
            org_name=row.org_name,
            item_code=row.item_code,
            events=_events(row),
            case_id=row.case_id,
            own_url=reverse("service_hall:application", args=[row.id]),
            desk_url=reverse("service_hall:case", args=[row.case_id]),
        )

    def may_rate(self, actor: Actor, ref: ObjectRef) -> bool:
        """The applicant, or who speaks for the legal person that applied."""
        row = _application(actor.tenant, ref)
        return row is not None and is_own(actor, row)


def _application(tenant: str, ref: ObjectRef) -> Application | None:
    try:
        key = uuid.UUID(ref.id)
    except ValueError:
        return None
    return Application.objects.filter(tenant=tenant, pk=key).first()


def _events(row: Application) -> dict[str, dt.datetime]:
    """Submission, the latest supplement that was answered, and the end of the case."""
    answered = row.notices.filter(answered_at__isnull=False).order_by("-no").values_list("answered_at", flat=True)
    found = {
        ServiceEvent.APPLY: row.submitted_at,
        ServiceEvent.SUPPLEMENT: answered.first(),
        ServiceEvent.CLOSE: row.closed_at,
    }
    return {str(event): at for event, at in found.items() if at is not None}
