"""What every template knows: the site's own words, the person at the screen, the simulated clock."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.notify import api as notify
from zhengtong.entry.menus import Group, desk_groups, first_link
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.cookies import host_cookie
from zhengtong.kernel.ui.traditional import wants_traditional
from zhengtong.kernel.ui.views import LARGE_PRINT_COOKIE


def site(request: HttpRequest) -> dict[str, Any]:
    """Names of the site, menus for the actor, the reader's choices, and the demo's clock when it was moved."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        **settings.ZHENGTONG_SITE,
        "demo": settings.ZHENGTONG_DEMO,
        "actor": actor,
        # pages of one's own account stand in the frame one works in
        "reader_base": f"ui/base_{'desk' if actor is not None and actor.kind == 'official' else 'public'}.html",
        "large_print": request.COOKIES.get(host_cookie(LARGE_PRINT_COOKIE)) == "1",
        "traditional": wants_traditional(request),
        "simulated_now": clock.now() if clock.simulated_offset() else None,
        "main_nav": SimpleLazyObject(lambda: _links(request, _MAIN)),
        "footer_links": SimpleLazyObject(lambda: _links(request, _FOOTER)),
        "user_menu": SimpleLazyObject(lambda: _user_menu(request, actor)),
        "desk_nav": SimpleLazyObject(lambda: _desk_nav(request, desk_groups(actor))),
    }


#: so many links are looked over at one glance
_FEW = 9
_MAIN = (
    ("portal:home", gettext_lazy("首页")),
    ("catalogue:items", gettext_lazy("办事服务")),
    ("service_hall:home", gettext_lazy("我的办事")),
    ("service_hall:track", gettext_lazy("进度查询")),
    ("complaints:home", gettext_lazy("咨询投诉")),
    ("disclosure:home", gettext_lazy("信息公开")),
    ("opinions:home", gettext_lazy("民意征集")),
    ("documents:verify", gettext_lazy("证照查验")),
    ("service_centre:home", gettext_lazy("便民服务中心")),
)
_FOOTER = (
    ("portal:about", gettext_lazy("网站地图与系统目录")),
    ("portal:privacy", gettext_lazy("个人信息保护")),
    ("catalogue:powers", gettext_lazy("权责清单")),
    ("ratings:published", gettext_lazy("政务服务满意度")),
    ("inspections:home", gettext_lazy("督查公开")),
    ("openapi", gettext_lazy("开放接口")),
    ("ledger:public", gettext_lazy("账本公示")),
    ("trust:authority", gettext_lazy("数字证书公示")),
)


def _user_menu(request: HttpRequest, actor: Actor | None) -> list[dict[str, str]]:
    if actor is None or not actor.signed_in:
        return _links(request, (("account_login", _("登录")), ("account_signup", _("注册"))))
    unread = notify.unread(actor=actor)
    own = _("我的消息（%(count)d 条未读）") % {"count": unread} if unread else _("我的消息")
    office = first_link(actor) if actor.kind == "official" else None
    # an official's name already stands at the top of the desk
    name = _("我的账户") if actor.kind == "official" else actor.on_behalf_of or actor.name
    links = [*([office] if office else []), ("notify:inbox", own), ("account_home", name)]
    out = [{"label": _("退出"), "url": reverse("account_logout"), "method": "post"}]
    return _links(request, links) + out


def _desk_nav(request: HttpRequest, groups: list[Group]) -> list[dict[str, Any]]:
    """The links one below the other while they are few, else under the headings of their systems."""
    found: list[dict[str, Any]] = [{"label": group.label, "links": _links(request, group.links)} for group in groups]
    links: list[dict[str, Any]] = [link for group in found for link in group["links"]]
    # a page below one of the menu belongs to it
    near = max((link["url"] for link in links if request.path.startswith(link["url"])), key=len, default="")
    for link in links:
        link["current"] = "page" if link["active"] else "true" if link["url"] == near else ""
    if len(links) <= _FEW:
        return links
    for place, group in enumerate(found):
        here = any(link["current"] for link in group["links"])
        group |= {"open": here or (place == 0 and not near), "here": here}
    return found


def _links(request: HttpRequest, pairs: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for name, label in pairs:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"label": label, "url": url, "active": request.path == url})
    return found
