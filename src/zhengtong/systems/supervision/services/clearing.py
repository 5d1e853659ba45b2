"""Warnings go away by themselves: the limit was met in time, or it passed and a graver card stands for it."""

import uuid
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import system
from zhengtong.systems.supervision.constants import CardState
from zhengtong.systems.supervision.models import Card, WatchedCase
from zhengtong.systems.supervision.registry import Sighting
from zhengtong.systems.supervision.services.acting import Done, write_acts

_UNJUDGED = (CardState.RAISED, CardState.EXPLAINED)
_PASSED = ("red", "breach")


def clear_warnings(seen: Sighting, case: WatchedCase) -> int:
    """Take away warnings whose limit was met in time, or was passed and so gave a graver card; returns how many."""
    if seen.change == "deadline":
        return clear_passed(case.tenant, [seen])
    warnings = Q(case_id=case.case_id)
    if seen.change != "closed":
        of_case = Q(deadline_kind__in=[kind for kind in seen.met if kind != "step"])
        of_step = Q(deadline_kind="step", step_id=seen.step_id) if "step" in seen.met else Q(pk__in=[])
        warnings &= of_case | of_step
    return _clear(case.tenant, warnings, _("已在期限内办理。"))


def clear_passed(tenant: str, sightings: Iterable[Sighting]) -> int:
    """Take away the warnings of limits that have passed now; returns how many."""
    passed: Sequence[uuid.UUID] = [
        seen.deadline_id for seen in sightings if seen.deadline_id is not None and seen.level in _PASSED
    ]
    if not passed:
        return 0
    return _clear(tenant, Q(deadline_id__in=passed) & ~Q(level__in=_PASSED), _("期限已过，不再预警。"))


def _clear(tenant: str, wanted: Q, why: str) -> int:
    rows = Card.objects.filter(wanted, tenant=tenant, warning=True, state__in=_UNJUDGED).order_by("id")
    cards = list(rows.select_for_update(of=("self",)).select_related("rule"))
    write_acts(system(tenant), [Done(card, "clear", why, CardState.CLOSED) for card in cards])
    return len(cards)
