"""What the platform holds about a person who asked signed in, and who has opened his name."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.personal_data import Holding, Readable
from zhengtong.systems.disclosure.constants import OBJECT_KIND
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.selectors.requests import own_list

_SHOWN = ("name", "identity_number", "phone", "email", "address", "title", "content", "use", "reasons", "answer")


def holdings_of_applicant(actor: Actor) -> list[Holding]:
    """The requests he made signed in."""
    rows = own_list(actor)
    return [
        Holding(
            key="disclosure",
            label=_("信息公开申请"),
            count=rows.count(),
            purpose=_("办理您提出的政府信息公开申请"),
            kept=_("办结后十年"),
            rows=lambda: [_row(row) for row in rows],
            url=reverse("disclosure:mine"),
        )
    ]


def readables_of_applicant(actor: Actor) -> list[Readable]:
    """Who opened his name and his files."""
    ids = [str(key) for key in own_list(actor).values_list("id", flat=True)]
    return [Readable(kind=OBJECT_KIND, ids=ids, acts=("disclosure.read_identity", "disclosure.open_file"))]


def _row(row: DisclosureRequest) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in _SHOWN}
    return {
        "number": row.number,
        "to": row.org_name,
        "received_at": row.received_at.isoformat(),
        "state": row.get_state_display(),
        "outcome": row.get_outcome_display(),
        **said,
    }
