"""What stands for a whole hall: the version live pages compare, and the hold on when it is open.

Lock order everywhere: opening, ticket or slot, window, hall.
"""

import uuid

from django.db.models import F

from zhengtong.kernel.transactions import hold
from zhengtong.systems.service_centre.models import Place


def touch(place_id: uuid.UUID) -> None:
    """Tell the live pages of a hall that something changed; the last write of the caller's transaction."""
    Place.objects.filter(pk=place_id).update(version=F("version") + 1)


def hold_opening(place_id: uuid.UUID, *, shared: bool) -> None:
    """Nobody books (``shared``, beside others) while the hall is being closed, or he books what nobody gives back."""
    hold(f"service_centre:opening:{place_id}", shared=shared)
