"""What every template knows: the site's own words, the person at the screen, the simulated clock."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.notify import api as notify
from zhengtong.capabilities.ratings import api as ratings
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_centre import api as centre

_OFFICERS = ("clerk", "leader", "reviewer")


def site(request: HttpRequest) -> dict[str, Any]:
    """Names of the site, menus for the actor, the large-print choice, and the demo's clock when it was moved."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        **settings.ZHENGTONG_SITE,
        "demo": settings.ZHENGTONG_DEMO,
        "actor": actor,
        "large_print": request.COOKIES.get("zt_large_print") == "1",
        "simulated_now": clock.now() if clock.simulated_offset() else None,
        "main_nav": _links(request, _MAIN),
        "footer_links": _links(request, _FOOTER),
        "user_menu": SimpleLazyObject(lambda: _user_menu(request, actor)),
        "desk_nav": SimpleLazyObject(lambda: _links(request, _desk_links(actor))),
    }


_MAIN = (
    ("portal:home", gettext_lazy("首页")),
    ("catalogue:items", gettext_lazy("办事服务")),
    ("service_hall:home", gettext_lazy("我的办事")),
    ("service_hall:track", gettext_lazy("进度查询")),
    ("documents:verify", gettext_lazy("证照查验")),
    ("service_centre:home", gettext_lazy("便民服务中心")),
)
_FOOTER = (
    ("portal:about", gettext_lazy("网站地图与系统目录")),
    ("portal:privacy", gettext_lazy("个人信息保护")),
    ("catalogue:powers", gettext_lazy("权责清单")),
    ("ratings:published", gettext_lazy("政务服务满意度")),
    ("openapi", gettext_lazy("开放接口")),
    ("ledger:public", gettext_lazy("账本公示")),
    ("trust:authority", gettext_lazy("数字证书公示")),
)


def _desk_links(actor: Actor | None) -> Iterable[tuple[str, Any]]:
    if actor is None:
        return
    if actor.has_role(*_OFFICERS):
        yield "service_hall:desk", _("我的待办")
        yield "supervision:mine", _("本单位监察")
        waiting = ratings.waiting(actor=actor)
        yield "ratings:desk", _("差评整改（%(n)d 个待处理）") % {"n": waiting} if waiting else _("差评整改")
    if actor.has_role("counter", "clerk"):
        yield "service_hall:counter", _("窗口代录")
        yield "service_hall:delivery", _("证照送达")
    if actor.has_role("supervisor"):
        yield "supervision:board", _("监察看板")
        yield "supervision:cards", _("预警纠错")
        yield "supervision:rules", _("监察规则")
        yield "supervision:wall", _("大屏")
        yield "ratings:desk", _("差评整改")
    if actor.has_role("hall_manager"):
        yield "service_centre:board", _("大厅管理")
    if actor.has_role("hall_manager", "counter") or (actor.has_role("clerk") and centre.works_in_a_hall(actor)):
        yield "service_centre:duty", _("我的值班")
    if actor.has_role("process_admin", "leader"):
        waiting = cases.drafts_to_decide(actor)
        if waiting:
            yield "processes:list", _("流程管理（%(n)d 份待批准）") % {"n": waiting}
        elif actor.has_role("process_admin"):
            yield "processes:list", _("流程管理")
    if actor.has_role("process_admin", "supervisor", "leader"):
        yield "processes:monitor", _("流程监控")
    if actor.has_role("process_admin", "leader"):
        yield "ratings:devices", _("评价器")
    if actor.has_role("process_admin", "leader"):
        yield "processes:interventions", _("流程干预")
    if actor.has_role("process_admin", "supervisor", "leader"):
        short = actor.has_role("process_admin") and cases.calendar_outlook(actor.tenant).lamp != "green"
        yield "calendar:overview", _("工作日历（须录入）") if short else _("工作日历")
    if actor.has_role("item_editor", "item_admin", "legal_reviewer", "leader"):
        drafts = len(catalogue.review_tasks(actor=actor))
        if drafts:
            yield "catalogue_desk:desk_reviews", _("事项审核（%(n)d 件待办）") % {"n": drafts}
        yield "catalogue_desk:desk", _("事项编制")
    if actor.has_role("item_editor", "item_admin"):
        yield "forms:list", _("表单")
    if actor.has_role("item_admin"):
        yield "notify:templates", _("消息模板")
    if actor.has_role("clerk", "reviewer"):
        yield "account_guardianships", _("监护核验")
    if actor.has_role("sec_admin", "leader", "clerk"):
        yield "trust:seals", _("电子印章")
    if actor.has_role("item_admin", "item_editor", "legal_reviewer", "leader", "supervisor", "process_admin"):
        yield "catalogue:online", _("网上办理率")
        yield "catalogue:improvements", _("流程优化")
    if actor.has_role("audit_admin"):
        yield "ledger:entries", _("责任认定")
    if actor.has_role("sec_admin", "audit_admin"):
        yield "ledger:witnesses", _("共签机构")
    if actor.has_role(*identity.THREE_ADMINISTRATORS):
        yield "administration:home", _("机构与权限")
    if actor.has_role(*identity.THREE_ADMINISTRATORS, *identity.OPERATORS):
        yield "console:health", _("运行状况")
    if actor.has_role("application_operator", "sys_admin"):
        yield "notify:deliveries", _("通知投递")
    if actor.has_role(*_OFFICERS):
        yield "administration:my_delegations", _("委托代理")


def _user_menu(request: HttpRequest, actor: Actor | None) -> list[dict[str, str]]:
    if actor is None or not actor.signed_in:
        return _links(request, (("account_login", _("登录")), ("account_signup", _("注册"))))
    unread = notify.unread(actor=actor)
    own = _("我的消息（%(count)d 条未读）") % {"count": unread} if unread else _("我的消息")
    office = next(iter(_desk_links(actor)), None) if actor.kind == "official" else None
    # an official's name already stands at the top of the desk
    name = _("我的账户") if actor.kind == "official" else actor.on_behalf_of or actor.name
    links = [*([office] if office else []), ("notify:inbox", own), ("account_home", name)]
    out = [{"label": _("退出"), "url": reverse("account_logout"), "method": "post"}]
    return _links(request, links) + out


def _links(request: HttpRequest, pairs: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for name, label in pairs:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"label": label, "url": url, "active": request.path == url})
    return found
