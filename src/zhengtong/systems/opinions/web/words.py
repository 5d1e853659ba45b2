"""What several pages say: ways, periods, errors of a refusal, files."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.opinions.models import Announced
from zhengtong.systems.opinions.selectors.pages import act_lines
from zhengtong.systems.opinions.services.reading import OpenedFile


def crumbs(*parts: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the portal to a public page."""
    start = [{"label": _("首页"), "url": "/"}, {"label": _("民意征集"), "url": reverse("opinions:home")}]
    return [*start, *({"label": label, "url": url} for label, url in parts)]


def desk_crumbs(*parts: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the queue to a page of the desk."""
    start = {"label": _("民意征集"), "url": reverse("opinions:desk")}
    return [start, *({"label": label, "url": url} for label, url in parts)]


def period(row: Announced) -> str:
    """From when until when."""
    return _("%(a)s至%(b)s") % {"a": cn_date(row.opens_on), "b": cn_date(row.closes_on)}


def facts(*pairs: tuple[str, Any]) -> list[dict[str, Any]]:
    """Names and values for the component; those without a value are left out."""
    return [{"label": label, "value": value} for label, value in pairs if value]


def time_line(row: Announced) -> list[dict[str, Any]]:
    """Acts, newest first, for the component."""
    return [{"at": one.at, "title": one.title, "who": one.who, "note": one.text} for one in act_lines(row)]


def add_errors(form: forms.Form, refusal: Invalid) -> None:
    """The sentences of the service at their fields; what has no field stands above the form."""
    told = refusal.errors or {refusal.field: refusal.message}
    for field, words in told.items():
        form.add_error(field if field in form.fields else None, words)


def errors_of(refusal: Invalid | Conflict) -> dict[str, str]:
    """The sentences by field."""
    if not isinstance(refusal, Invalid):
        return {}
    return dict(refusal.errors) if refusal.errors else {refusal.field: refusal.message} if refusal.field else {}


def status_of(refusal: Invalid | Conflict) -> int:
    """409 for what came at the wrong moment, 422 for what was typed wrong."""
    return 409 if isinstance(refusal, Conflict) else 422


def shown_file(found: OpenedFile) -> HttpResponse:
    """A file for the browser to save."""
    response = HttpResponse(found.content, content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def asked(request: HttpRequest, name: str, most: int = 100) -> str:
    """A word of the address, without what nobody types."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:most]
