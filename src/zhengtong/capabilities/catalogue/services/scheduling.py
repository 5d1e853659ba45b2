"""Versions that come into force on a later day, at 00:00 local time of it."""

import uuid

from django.db import transaction

from zhengtong.capabilities.catalogue.constants import VersionStatus
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.selectors import UnitDirectory, draft_of
from zhengtong.capabilities.catalogue.services.drafting import locked_version
from zhengtong.capabilities.catalogue.services.publishing import enter_into_force, prepare
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.loops import each


def switch_scheduled() -> int:
    """Put every version whose day has come in force; returns how many. One that fails holds up no other.

    Raises RuntimeError at the end where some failed, so that the loop waits and tries again.
    """
    due = ItemVersion.objects.filter(status=VersionStatus.SCHEDULED, valid_from__lte=local_date())
    return each(_switch, due.order_by("valid_from", "id").values_list("id"))


@transaction.atomic
def _switch(version_id: uuid.UUID) -> int:
    """0 when it is no longer due: somebody else switched it, or it was taken back."""
    row = locked_version(version_id)
    if row.status != VersionStatus.SCHEDULED:
        return 0
    prepared = prepare(draft_of(row), UnitDirectory(row.tenant))
    enter_into_force(system(row.tenant), row, prepared)
    return 1
