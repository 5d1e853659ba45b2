"""How the messages about a matter fare, on the page where officials handle it."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from zhengtong.capabilities.notify import selectors
from zhengtong.capabilities.notify.constants import FAILED
from zhengtong.capabilities.notify.web.deliveries import table_rows
from zhengtong.kernel.pages import Matter
from zhengtong.kernel.policy import actor_of


def deliveries_block(request: HttpRequest, matter: Matter) -> str | None:
    """A section with the deliveries about the matter; None while there are none the reader may see."""
    rows = selectors.deliveries_about(actor=actor_of(request), object_ref=matter.ref)
    if not rows:
        return None
    failed = sum(row.state in FAILED for row in rows)
    context = {"rows": table_rows(rows), "failed": failed}
    return render_to_string("notify/matter_block.html", context, request=request)
