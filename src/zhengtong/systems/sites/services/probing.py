"""Whether the home of each site opens: asked every hour through the platform's own handler, without the network.

What stands on the shelf is sent from there, as the web server does; everything else is rendered as for a visitor. A
failure of the network or of the web server's process is not seen from here.
"""

import datetime as dt
import io
import logging
import time
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.http import HttpResponse

from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.sites.constants import PROBE_MINUTES, PROBE_SECONDS, SiteState
from zhengtong.systems.sites.engine.shelf import Place
from zhengtong.systems.sites.models import GovernmentSite, SiteReach
from zhengtong.systems.sites.services.editions import shelf

log = logging.getLogger(__name__)
_BATCH: Final = 20
_OK: Final = 200
_handler: list[WSGIHandler] = []


def probe_due() -> int:
    """Open the homes that are due in the county this installation answers for, some at a time; returns how many."""
    tenant: str = settings.ZHENGTONG_TENANT
    day = local_date()
    minutes = int(parameters.value(PROBE_MINUTES, tenant=tenant, on=day))
    recent = SiteReach.objects.filter(site=OuterRef("pk"), day=day, last_at__gt=now() - dt.timedelta(minutes=minutes))
    due = list(
        GovernmentSite.objects.filter(~Exists(recent), tenant=tenant, state=SiteState.OPEN).order_by("pk")[:_BATCH]
    )
    for site in due:
        probe(site)
    return len(due)


def probe(site: GovernmentSite) -> str:
    """Open the home of a site and count it; returns what was wrong, empty when nothing."""
    problem = problem_of(site)
    day, moment = local_date(), now()
    with transaction.atomic():
        SiteReach.objects.bulk_create(
            [SiteReach(tenant=site.tenant, site=site, day=day, last_at=moment)], ignore_conflicts=True
        )
        SiteReach.objects.filter(site=site, day=day).update(
            tries=F("tries") + 1, failures=F("failures") + int(bool(problem)), last_at=moment, problem=problem[:200]
        )
    return problem


def problem_of(site: GovernmentSite) -> str:
    """What is wrong with the home of a site as a visitor gets it now; empty when nothing is."""
    if shelf().find(Place(site.tenant, site.code, "", host=site.host)) is not None:
        return ""
    seconds = int(parameters.value(PROBE_SECONDS, tenant=site.tenant))
    begun = time.monotonic()
    try:
        status, body = _asked(site)
    except Exception:
        log.exception("the home of %s cannot be rendered", site.code)
        return "网页出错"
    if status != _OK:
        return f"回答 {status}"
    if time.monotonic() - begun > seconds:
        return f"超过 {seconds} 秒"
    return "" if site.name in body else "网页里没有网站名称"


def _asked(site: GovernmentSite) -> tuple[int, str]:
    """The answer of the whole stack to a stranger's request of a site's home: by its host, or by path."""
    if not _handler:
        _handler.append(WSGIHandler())
    base = urlsplit(settings.ZHENGTONG_BASE_URL)
    asked: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/" if site.host else site.url,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": site.host or base.hostname or "localhost",
        "SERVER_PORT": str(base.port or (443 if base.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_FORWARDED_PROTO": "https",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    if site.host:
        asked["HTTP_HOST"] = site.host
    # not called as the web server does: that closes the connection to the database, which here is the caller's
    answer = _handler[0].get_response(WSGIRequest(asked))
    body = answer.content if isinstance(answer, HttpResponse) else b""
    return answer.status_code, body.decode(errors="replace")
