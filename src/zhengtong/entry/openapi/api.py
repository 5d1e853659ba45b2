"""One interface of all routers; errors are sentences, as on pages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError

from zhengtong.capabilities.catalogue.rest import router as items
from zhengtong.kernel.errors import Conflict, DomainError, NotFound, NotPermitted

_STATUS: dict[type[DomainError], int] = {NotFound: 404, NotPermitted: 403, Conflict: 409}


class OpenInterface(NinjaAPI):
    """The interface below ``/api/``, where the page that describes it stands too."""

    def get_root_path(self, path_params: Any) -> str:
        """The address all operations begin with."""
        return "/api/"


openapi = OpenInterface(
    title=f"{settings.ZHENGTONG_SITE['portal_name']}开放接口",
    version="1",
    description="只读、公开，不含个人信息。",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="openapi",
)
openapi.add_router("", items)


@openapi.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal as its sentence."""
    status = _STATUS.get(type(error), 400)
    return openapi.create_response(request, {"message": error.message}, status=status)


@openapi.exception_handler(ValidationError)
def unclear(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which parameter is wrong, one sentence for all."""
    names = sorted({str(each["loc"][-1]) for each in error.errors})
    sentence = _("参数不对：%(names)s。请对照接口说明填写。") % {"names": "、".join(names)}
    body: dict[str, Any] = {"message": sentence, "parameters": names}
    return openapi.create_response(request, body, status=422)
