"""What every template knows: the site's own words, the person at the screen, the simulated clock."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from zhengtong.kernel import clock


def site(request: HttpRequest) -> dict[str, Any]:
    """Names of the site, the actor, the large-print choice, and the demo's clock when it was moved."""
    return {
        **settings.ZHENGTONG_SITE,
        "demo": settings.ZHENGTONG_DEMO,
        "actor": getattr(request, "actor", None),
        "large_print": request.COOKIES.get("zt_large_print") == "1",
        "simulated_now": clock.now() if clock.simulated_offset() else None,
    }
