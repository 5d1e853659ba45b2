"""Where a courier's system reports what has become of a parcel."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.policy import public
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.registry import BadReport

log = logging.getLogger(__name__)

_LONGEST = 16 * 1024
_STATUS = {"unknown": 404, "replayed": 409}


@csrf_exempt  # a courier's system posts here; its signature is what counts
@public
@require_POST
@never_cache
def report(request: HttpRequest, carrier: str) -> HttpResponse:
    """A signed report: 200 taken (also told before), 400 not signed, 404 none of ours, 409 replayed, 413 too long."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LONGEST:
        return JsonResponse({"result": "too_long"}, status=413)
    try:
        outcome = api.take_carrier_report(carrier=carrier, body=request.body[:_LONGEST], headers=request.headers)
    except NotFound:
        return JsonResponse({"result": "no_carrier"}, status=404)
    except BadReport as error:
        log.warning("a report of %s was refused: %s", carrier[:40], error)
        return JsonResponse({"result": "refused"}, status=400)
    return JsonResponse({"result": outcome}, status=_STATUS.get(outcome, 200))
