"""The menu of the desks, by system: for each role the pages it works with, and how much waits there."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.exchange import api as exchange
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ratings import api as ratings
from zhengtong.entry.landing import landing_name
from zhengtong.kernel.actors import Actor
from zhengtong.systems.complaints import api as complaints
from zhengtong.systems.disclosure import api as disclosure
from zhengtong.systems.inspections import api as inspections
from zhengtong.systems.opinions import api as opinions
from zhengtong.systems.service_centre import api as centre
from zhengtong.systems.service_hall import api as service_hall
from zhengtong.systems.sites import api as sites

#: (name of the address, label)
Link = tuple[str, str]

_OFFICERS = ("clerk", "leader", "reviewer")


@dataclasses.dataclass(frozen=True)
class Group:
    """The pages of one system that an official works with."""

    label: str
    links: tuple[Link, ...]


def desk_groups(actor: Actor | None) -> list[Group]:
    """The pages an official works with, the system he begins in first; nothing for strangers."""
    if actor is None:
        return []
    groups = []
    for label, part in _GROUPS:
        links = dict(part(actor))
        if links:
            groups.append(Group(str(label), tuple(links.items())))
    start = landing_name(actor)
    return sorted(groups, key=lambda group: start not in dict(group.links))


def first_link(actor: Actor) -> Link | None:
    """The page an official begins with, None for others; asks for no more than the menu has before it."""
    start, first = landing_name(actor), None
    for link in (link for _label, part in _GROUPS for link in part(actor)):
        if link[0] == start:
            return link
        first = first or link
    return first


def _handling(actor: Actor) -> Iterator[Link]:
    if actor.has_role(*_OFFICERS):
        yield "service_hall:desk", _("我的待办")
    if actor.has_role("counter", "clerk"):
        yield "service_hall:counter", _("窗口代录")
        yield "service_hall:delivery", _("证照送达")
    if actor.has_role("counter", "clerk", "reviewer"):
        yield "account_guardianships", _("监护核验")
    if actor.has_role("leader", "supervisor", "hall_manager", "process_admin"):
        yield "service_hall:figures", _("办件统计")
        yield "service_hall:reports", _("办件月报")
    if actor.has_role(*_OFFICERS):
        yield "administration:my_delegations", _("委托代理")


def _watching(actor: Actor) -> Iterator[Link]:
    if actor.has_role("supervisor"):
        yield "supervision:desk", _("监察工作台")
        yield "supervision:board", _("监察看板")
        yield "supervision:cards", _("预警纠错")
        yield "supervision:rules", _("监察规则")
        yield "supervision:drill", _("亮牌分布")
        yield "supervision_scores:ranking", _("监察得分")
        yield "supervision:bulk", _("批量撤销")
        yield "supervision:wall", _("大屏")
    if actor.has_role(*_OFFICERS):
        yield "supervision:mine", _("本单位监察")
        yield "supervision_scores:mine", _("本单位得分")
    if actor.has_role("supervisor", *_OFFICERS):
        yield "supervision:reports", _("电子监察月报")
        yield "supervision_scores:targets", _("年度目标")


def _hearing_people(actor: Actor) -> Iterator[Link]:
    if actor.has_role("supervisor", *_OFFICERS):
        waiting = complaints.waiting(actor)
        yield "complaints:desk", _("咨询投诉（%(n)d 件待办）") % {"n": waiting} if waiting else _("咨询投诉")
    if actor.has_role("counter", "supervisor"):
        yield "complaints:intake", _("登记来件")
    if actor.has_role("supervisor", "leader"):
        yield "supervision:paths", _("办理路径")
        yield "complaints:figures", _("咨询投诉统计")
    if actor.has_role("supervisor", *_OFFICERS):
        waiting = ratings.waiting(actor=actor) if actor.has_role(*_OFFICERS) else 0
        yield "ratings:desk", _("差评整改（%(n)d 个待处理）") % {"n": waiting} if waiting else _("差评整改")
    if actor.has_role("process_admin", "leader"):
        yield "ratings:devices", _("评价器")


def _inspecting(actor: Actor) -> Iterator[Link]:
    if actor.has_role("supervisor", *_OFFICERS):
        waiting = inspections.waiting(actor)
        yield "inspections:desk", _("定期督查（%(n)d 件待办）") % {"n": waiting} if waiting else _("定期督查")
    if actor.has_role("supervisor", "leader"):
        yield "inspections:plans", _("督查计划")
        yield "inspections:figures", _("督查统计")


def _halls(actor: Actor) -> Iterator[Link]:
    if actor.has_role("hall_manager"):
        yield "service_centre:board", _("大厅管理")
    if actor.has_role("hall_manager", "counter") or (actor.has_role("clerk") and centre.works_in_a_hall(actor)):
        yield "service_centre:duty", _("我的值班")


def _processes(actor: Actor) -> Iterator[Link]:
    if actor.has_role("process_admin", "leader"):
        waiting = cases.drafts_to_decide(actor)
        if waiting:
            yield "processes:list", _("流程管理（%(n)d 份待批准）") % {"n": waiting}
        elif actor.has_role("process_admin"):
            yield "processes:list", _("流程管理")
        yield "processes:interventions", _("流程干预")
    if actor.has_role("process_admin", "supervisor", "leader"):
        yield "processes:monitor", _("流程监控")
        short = actor.has_role("process_admin") and cases.calendar_outlook(actor.tenant).lamp != "green"
        yield "calendar:overview", _("工作日历（须录入）") if short else _("工作日历")


def _items(actor: Actor) -> Iterator[Link]:
    if actor.has_role("item_editor", "item_admin", "legal_reviewer", "leader"):
        drafts = len(catalogue.review_tasks(actor=actor))
        if drafts:
            yield "catalogue_desk:desk_reviews", _("事项审核（%(n)d 件待办）") % {"n": drafts}
        yield "catalogue_desk:desk", _("事项编制")
    if actor.has_role("item_editor", "item_admin"):
        yield "forms:list", _("表单")
    if actor.has_role("item_admin"):
        yield "notify:templates", _("消息模板")
    if actor.has_role("item_admin", "item_editor", "legal_reviewer", "leader", "supervisor", "process_admin"):
        yield "catalogue:online", _("网上办理率")
        yield "catalogue:improvements", _("流程优化")


def _disclosing(actor: Actor) -> Iterator[Link]:
    if actor.has_role("site_admin", *_OFFICERS):
        waiting = disclosure.waiting(actor)
        yield "disclosure:desk", _("信息公开申请（%(n)d 件待办）") % {"n": waiting} if waiting else _("信息公开申请")
        yield "disclosure:figures", _("信息公开申请统计")
        yield "disclosure:desk_reports", _("信息公开年度报告")
    if actor.has_role("clerk", "counter", "site_admin"):
        yield "disclosure:intake", _("登记信息公开申请")
    if actor.has_role("site_admin", "site_editor", "site_publisher", *_OFFICERS):
        yield "disclosure:entries", _("信息公开目录")


def _asking(actor: Actor) -> Iterator[Link]:
    if actor.has_role("site_admin", "site_editor", "site_publisher", *_OFFICERS):
        waiting, late = opinions.waiting(actor), opinions.late(actor)
        words = _("民意征集（%(n)d 件待办）") % {"n": waiting} if waiting else _("民意征集")
        yield "opinions:desk", _("民意征集（%(n)d 件超期）") % {"n": late} if late else words
        yield "opinions:figures", _("民意征集统计")


def _sites(actor: Actor) -> Iterator[Link]:
    if actor.has_role("site_publisher", "site_admin"):
        waiting = len(sites.waiting_to_be_signed(actor))
        yield "sites_desk:desk", _("网站工作台（%(n)d 页待签发）") % {"n": waiting} if waiting else _("网站工作台")
    elif actor.has_role("site_editor"):
        yield "sites_desk:desk", _("网站工作台")
    if actor.has_role("site_editor", "site_publisher", "site_admin", "supervisor", "leader"):
        yield "sites_desk:inspection", _("网站监测")


def _keeping(actor: Actor) -> Iterator[Link]:
    if actor.has_role("audit_admin"):
        yield "ledger:entries", _("责任认定")
    if actor.has_role("sec_admin", "audit_admin"):
        yield "ledger:witnesses", _("共签机构")
    if actor.has_role(*identity.THREE_ADMINISTRATORS):
        yield "administration:home", _("机构与权限")
        yield "console:personal-data", _("个人信息清单")
    if actor.has_role("sec_admin"):
        waiting = service_hall.erasures_to_decide(actor=actor)
        yield (
            "service_hall:desk-erasures",
            _("个人信息删除（%(n)d 件待办）") % {"n": waiting} if waiting else _("个人信息删除"),
        )
    if actor.has_role("sec_admin", "leader", "clerk"):
        yield "trust:seals", _("电子印章")


def _running(actor: Actor) -> Iterator[Link]:
    if actor.has_role(*identity.THREE_ADMINISTRATORS, *identity.OPERATORS):
        yield "console:health", _("运行状况")
    if actor.has_role("application_operator"):
        yield "notify:deliveries", _("通知投递")
    if actor.has_role("application_operator", "supervisor"):
        yield "exchange:reports", _("数据上报")
    elif actor.has_role("clerk", "leader"):
        waiting = exchange.rows_to_correct(actor=actor)
        if waiting:
            yield "exchange:refused", _("上报退回（%(n)d 条待更正）") % {"n": waiting}


#: heading → what stands under it
_GROUPS: tuple[tuple[Any, Callable[[Actor], Iterator[Link]]], ...] = (
    (gettext_lazy("网上审批"), _handling),
    (gettext_lazy("电子监察"), _watching),
    (gettext_lazy("咨询投诉与评价"), _hearing_people),
    (gettext_lazy("定期督查"), _inspecting),
    (gettext_lazy("政务大厅"), _halls),
    (gettext_lazy("审批流程"), _processes),
    (gettext_lazy("权力清单"), _items),
    (gettext_lazy("政务信息公开"), _disclosing),
    (gettext_lazy("民意征集"), _asking),
    (gettext_lazy("网站群"), _sites),
    (gettext_lazy("权限与印章"), _keeping),
    (gettext_lazy("运行与上报"), _running),
)
