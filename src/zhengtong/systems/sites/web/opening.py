"""Opening sites on the desk: one by a form, many by ticking units, with what each kind starts with."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.sites.constants import ADMIN, SiteKind
from zhengtong.systems.sites.rules.blueprints import BLUEPRINTS
from zhengtong.systems.sites.selectors.coverage import coverage
from zhengtong.systems.sites.services import opening as services

#: what a browser waits for without doubting; more go by ``zhengtong sites create-from``
MOST_AT_ONCE: Final = 30
_TYPED = {"org_code": 20, "kind": 12, "code": 60, "name": 200, "host": 300}


@requires(ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest) -> HttpResponse:
    """The form for one site, and the units that have none."""
    if request.method != "POST":
        return _shown(request)
    typed = {name: request.POST.get(name, "").strip()[:most] for name, most in _TYPED.items()}
    try:
        if typed["kind"] not in SiteKind.values:
            raise Invalid(_("请选择网站的类别。"), field="kind")
        site = services.open_site(actor=actor_of(request), **typed)
    except NotFound:
        return _shown(request, {"org_code": _("请选择主办单位。")}, typed)
    except (Invalid, Conflict) as refusal:
        return _shown(request, {_field(refusal, typed["kind"]): refusal.message}, typed)
    messages.success(request, _("“%(name)s”已经开通，栏目和首页都已备好，可以开始写文章。") % {"name": site.name})
    return redirect("sites_desk:site", site_id=site.pk)


@requires(ADMIN)
@require_POST
def open_many(request: HttpRequest) -> HttpResponse:
    """Sites for the ticked units, each of the kind that fits."""
    codes = list(dict.fromkeys(code[:20] for code in request.POST.getlist("units")))
    if not codes:
        return _shown(request, {"units": _("请勾选要开通网站的单位。")})
    if len(codes) > MOST_AT_ONCE:
        return _shown(request, {"units": _("一次最多开通 %(most)d 个，请分几次勾选。") % {"most": MOST_AT_ONCE}})
    try:
        found = services.open_sites(actor=actor_of(request), org_codes=codes)
    except NotFound as refusal:
        return _shown(request, {"units": refusal.message})
    said = _("新开通 %(new)d 个网站，原来就有 %(there)d 个。") % {"new": len(found.new), "there": len(found.there)}
    messages.success(request, said)
    for code, why in found.left_out:
        messages.warning(request, _("%(code)s 没有开通：%(why)s") % {"code": code, "why": why})
    return redirect("sites_desk:opening")


def _field(refusal: DomainError, kind: str) -> str:
    """The field a refusal stands at: of the code where it names it, else of the unit or the portal."""
    return refusal.field or ("kind" if kind == SiteKind.PORTAL else "org_code")


def _shown(
    request: HttpRequest, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    tenant = actor_of(request).tenant
    reach = coverage(tenant)
    context: dict[str, Any] = {
        "reach": reach,
        "units": [("", _("请选择")), *((one.code, one.name) for one in identity.organisations(tenant))],
        "kinds": [("", _("请选择")), *SiteKind.choices],
        "plans": [
            (kind.label, "、".join(column.title for column in BLUEPRINTS[kind].columns), len(BLUEPRINTS[kind].modules))
            for kind in SiteKind
        ],
        "ticks": [(one.code, f"{one.name}（{one.kind.label}）") for one in reach.without],
        "ticked": request.POST.getlist("units")[: MOST_AT_ONCE * 10],
        "most": MOST_AT_ONCE,
        "errors": errors or {},
        "typed": typed or {},
    }
    return render(request, "sites/keeping/opening.html", context, status=422 if errors else 200)
