"""The page of a site on the desk: reviews by column, who answers for what, handing it over, closing it."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.sites.constants import ADMIN, MOST_REVIEWS, PUBLISHER, STAFF_ROLES, Theme
from zhengtong.systems.sites.rules.facts import LENGTHS
from zhengtong.systems.sites.selectors import keeping as selectors
from zhengtong.systems.sites.services import closing, duties, handing_over, review_plans
from zhengtong.systems.sites.services import facts as services
from zhengtong.systems.sites.services.hosts import set_host
from zhengtong.systems.sites.web.reading import number

_TYPED = ("org_code", "moved_to", "moved_url", "handover_reason", "closing_reason", "opinion", "host")
#: more than a name can have, so that what is wrong with it is said
_HOST_MOST = 500


@requires(*STAFF_ROLES)
@require_GET
def site(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """What is laid down for a site, and who keeps it."""
    return _shown(request, site_id)


@requires(PUBLISHER, ADMIN)
@require_POST
def reviews(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """How many reviews the site or a column asks for."""

    def act() -> None:
        review_plans.set_reviews(
            actor=actor_of(request),
            site_id=site_id,
            column_id=number(request, "column"),
            reviews=number(request, "reviews"),
        )

    return _acted(request, site_id, act, _("审核级数已经设定，已送审的网页仍按原来的级数办理。"))


@requires(PUBLISHER, ADMIN)
@require_POST
def facts(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """Name, look, the marks of the foot."""
    sent = {field: request.POST.get(field, "")[: most * 2] for field, most in LENGTHS.items()}
    try:
        services.set_facts(actor=actor_of(request), site_id=site_id, words=sent)
    except Invalid as refusal:
        return _shown(request, site_id, errors=dict(refusal.errors), sent=sent, status=422)
    messages.success(request, _("网站资料已经保存，网站的每一页都已更新。"))
    return redirect("sites_desk:site", site_id=site_id)


@requires(ADMIN)
@require_POST
def host(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """A host of its own, another, or none."""

    def act() -> None:
        set_host(actor=actor_of(request), site_id=site_id, host=request.POST.get("host", "")[:_HOST_MOST])

    return _acted(request, site_id, act, _("域名已经保存，网站原来的网址自动跳转到新的网址。"))


@requires(PUBLISHER, ADMIN)
@require_POST
def duty(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """Who answers for the site or a column; nobody where none is chosen."""

    def act() -> None:
        column, person = number(request, "column"), _person(request, "person_id")
        if person is None:
            duties.end_duty(actor=actor_of(request), site_id=site_id, column_id=column)
            return
        duties.set_duty(
            actor=actor_of(request),
            site_id=site_id,
            column_id=column,
            person_id=person,
            backup_id=_person(request, "backup_id"),
            cycle_days=number(request, "cycle_days"),
        )

    return _acted(request, site_id, act, _("栏目责任人已经设定。"))


@requires(ADMIN)
@require_POST
def hand_over(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """To another unit."""

    def act() -> None:
        code, reason = request.POST.get("org_code", "").strip()[:20], request.POST.get("handover_reason", "")
        try:
            handing_over.hand_over_site(actor=actor_of(request), site_id=site_id, org_code=code, reason=reason)
        except NotFound as refusal:
            raise Invalid(refusal.message, field="org_code") from refusal

    return _acted(request, site_id, act, _("网站已经移交，新的主办单位现在就能管理。"), reason="handover_reason")


@requires(PUBLISHER, ADMIN)
@require_POST
def ask_to_close(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """Ask that a site be closed."""

    def act() -> None:
        closing.ask_to_close(
            actor=actor_of(request),
            site_id=site_id,
            reason=request.POST.get("closing_reason", ""),
            moved_to=request.POST.get("moved_to", ""),
            moved_url=request.POST.get("moved_url", ""),
        )

    return _acted(request, site_id, act, _("关停申请已经提出，由网站群管理员审核。"), reason="closing_reason")


@requires(ADMIN)
@require_POST
def decide_closing(request: HttpRequest, site_id: uuid.UUID, closing_id: uuid.UUID) -> HttpResponse:
    """A second person says yes or no."""
    agree = request.POST.get("decision") == "agree"

    def act() -> None:
        opinion = request.POST.get("opinion", "")
        closing.decide_closing(actor=actor_of(request), closing_id=closing_id, agree=agree, opinion=opinion)

    said = _("已经同意，公告即日起显示在网站的每一页。") if agree else _("已经不同意，网站照常开办。")
    return _acted(request, site_id, act, said, reason="opinion")


@requires(ADMIN)
@require_POST
def close(request: HttpRequest, site_id: uuid.UUID, closing_id: uuid.UUID) -> HttpResponse:
    """After the notice: archived and closed."""

    def act() -> None:
        closing.close_site(actor=actor_of(request), closing_id=closing_id)

    return _acted(request, site_id, act, _("网站已经归档、关停，内容全部保留。"))


def _acted(
    request: HttpRequest, site_id: uuid.UUID, act: Callable[[], None], said: str, *, reason: str = "reason"
) -> HttpResponse:
    try:
        act()
    except Invalid as refusal:
        field = reason if refusal.field == "reason" else refusal.field
        return _shown(request, site_id, errors={field: refusal.message}, status=422)
    except Conflict as refusal:
        return _shown(request, site_id, refusal=refusal.message, status=409)
    messages.success(request, said)
    return redirect("sites_desk:site", site_id=site_id)


def _person(request: HttpRequest, name: str) -> uuid.UUID | None:
    text = request.POST.get(name, "").strip()[:40]
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid(_("请从名单里选择一个人。"), field=name) from None


def _shown(
    request: HttpRequest,
    site_id: uuid.UUID,
    *,
    errors: dict[str, str] | None = None,
    refusal: str = "",
    sent: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    found = selectors.site_in_reach(actor, site_id)
    people = [(str(key), name) for key, name in duties.candidates(found).items()]
    row = selectors.closing_of(found)
    context = {
        "site": found,
        "facts": sent or {field: getattr(found, field) for field in LENGTHS},
        "themes": Theme.choices,
        "places": selectors.places(found),
        "signs": actor.has_role(PUBLISHER, ADMIN),
        "keeps_group": actor.has_role(ADMIN),
        "levels": [
            ("", _("随上一级")),
            ("0", _("直接签发")),
            *((str(n), f"{n} 审") for n in range(1, MOST_REVIEWS + 1)),
        ],
        "people": [("", _("未设定")), *people],
        "units": [("", _("请选择")), *((one.code, one.name) for one in identity.organisations(actor.tenant))]
        if actor.has_role(ADMIN)
        else [],
        "closing": row,
        "may_close": row is not None and row.notice_until is not None and local_date() > row.notice_until,
        "typed": {name: request.POST.get(name, "")[:500] for name in _TYPED},
        "errors": errors or {},
        "refusal": refusal,
    }
    return render(request, "sites/keeping/site.html", context, status=status)
