"""The one-row version of a hall: what live pages compare. Lock order everywhere: ticket or slot, window, hall."""

import uuid

from django.db.models import F

from zhengtong.systems.service_centre.models import Place


def touch(place_id: uuid.UUID) -> None:
    """Tell the live pages of a hall that something changed; the last write of the caller's transaction."""
    Place.objects.filter(pk=place_id).update(version=F("version") + 1)
