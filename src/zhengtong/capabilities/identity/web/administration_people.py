"""Officials for the administrators: who they are, which posts they hold, how one comes and goes."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.constants import default_scope
from zhengtong.capabilities.identity.models import Account, Appointment, Person, Post
from zhengtong.capabilities.identity.selectors import administration as reads
from zhengtong.capabilities.identity.selectors import open_personal_work
from zhengtong.capabilities.identity.services import (
    create_staff_account,
    end_appointment,
    hand_over_personal_work,
    request_appointment,
)
from zhengtong.capabilities.identity.web.administration import (
    SECURITY,
    SYSTEM,
    THREE,
    form_page,
    history_of,
    page,
)
from zhengtong.capabilities.identity.web.administration_forms import (
    AppointForm,
    EndForm,
    PurposeForm,
    StaffForm,
)
from zhengtong.capabilities.identity.web.administration_words import account_state, reach_words
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, mask_phone

_SHOWN = 3
_BOTH = require_http_methods(["GET", "HEAD", "POST"])


@requires(*THREE)
@never_cache
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Officials by name, with posts and the state of their account; telephone numbers masked."""
    tenant = actor_of(request).tenant
    wanted = {"words": request.GET.get("q", "").strip(), "org_code": request.GET.get("org", "").strip()}
    found = page_of(reads.staff(tenant, **wanted), request.GET.get("page"), size=30)
    held = reads.posts_held(tenant, [person.id for person in found.rows])
    rows = [
        {
            "url": reverse("administration:person", args=[person.id]),
            "name": person.name,
            "username": account.username if account else "",
            "phone": mask_phone(person.phone),
            "posts": _posts(held.get(person.id, [])),
            "state": account_state(account),
        }
        for person, account in ((person, _account(person)) for person in found.rows)
    ]
    context = {
        "columns": [
            {"key": "name", "label": _("姓名")},
            {"key": "username", "label": _("用户名")},
            {"key": "posts", "label": _("岗位")},
            {"key": "phone", "label": _("手机号")},
            {"key": "state", "label": _("账户")},
        ],
        "rows": rows,
        "page": found,
        "total": _("共 %(n)d 人") % {"n": found.total},
        "filters": [{"name": "q", "label": _("姓名或用户名")}, {"name": "org", "label": _("机构代码")}],
        "add_url": reverse("administration:add_person") if actor_of(request).has_role(SYSTEM) else "",
        "add_label": _("登记工作人员"),
        "empty": {"title": _("没有符合条件的工作人员"), "why": _("请换一个姓名、用户名或机构代码。")},
    }
    return page(request, "identity/administration_list.html", _("人员与岗位"), [], **context)


@requires(*THREE)
@never_cache
@require_GET
def person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """One official: account, posts, what may be done; personal data masked."""
    return _person_page(request, person_id)


@requires(SYSTEM, SECURITY)
@never_cache
@require_http_methods(["POST"])
def read(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """The person's data in the clear, once, with a purpose that goes into the ledger."""
    reads.find_staff(actor_of(request).tenant, person_id)
    form = PurposeForm(request.POST)
    contact = None
    if form.is_valid():
        contact = api.person_contact(person_id, actor=actor_of(request), purpose=form.cleaned_data["purpose"])
    return _person_page(request, person_id, contact=contact, purpose=form)


@requires(SYSTEM, fresh_factor=True)
@never_cache
@sensitive_post_parameters("phone")
@_BOTH
def add(request: HttpRequest) -> HttpResponse:
    """Register an official and open his account; the first password is shown this once."""
    form = StaffForm(request.POST or None)
    secret: dict[str, str] = {}

    def act(data: Mapping[str, Any]) -> str:
        made = create_staff_account(actor=actor_of(request), **data)
        secret.update(username=data["username"], password=made.password, person=str(made.person_id))
        return ""

    response = form_page(
        request, form, act, title=_("登记工作人员"), crumbs=[_up()], submit=_("登记并开通账户"), back=_up()[1],
        lead=_("登记后系统给出一次性密码，请当面交给本人；本人首次登录必须修改密码并绑定动态口令。"),
    )  # fmt: skip
    if not secret:
        return response
    context = secret | {"next": reverse("administration:appoint", args=[secret["person"]]), "next_label": _("申请任职")}
    return page(request, "identity/administration_secret.html", _("一次性密码"), [_up()], **context)


@requires(SYSTEM)
@never_cache
@_BOTH
def appoint(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Ask that the person be given a post."""
    tenant = actor_of(request).tenant
    who = reads.find_staff(tenant, person_id)
    choices = [(str(post.id), f"{post.organisation.name} {post.title}{_roles(post)}") for post in reads.posts(tenant)]
    form = AppointForm(request.POST or None, posts=choices)

    def act(data: Mapping[str, Any]) -> str:
        request_id = request_appointment(
            actor=actor_of(request), person_id=person_id, post_id=uuid.UUID(data["post"]), reason=data["reason"],
            valid_from=data["valid_from"], valid_until=data["valid_until"],
        )  # fmt: skip
        return reverse("administration:request", args=[request_id])

    return form_page(
        request, form, act, title=_("申请任职"), crumbs=[_up(), (who.name, _address(person_id))],
        submit=_("提出申请"), back=_address(person_id), done=_("申请已提出，安全管理员批准后生效。"),
        lead=_("任职带来岗位的全部角色，由安全管理员审批。"),
    )  # fmt: skip


@requires(SYSTEM, SECURITY, fresh_factor=True)
@never_cache
@_BOTH
def end(request: HttpRequest, person_id: uuid.UUID, post_id: uuid.UUID) -> HttpResponse:
    """End an appointment; what the person has in hand goes to a colleague."""
    tenant = actor_of(request).tenant
    held = [row for row in reads.posts_held(tenant, [person_id]).get(person_id, []) if row.post_id == post_id]
    if not held:
        raise NotFound(_("此人现在没有担任这个岗位。"))

    def act(data: Mapping[str, Any]) -> None:
        end_appointment(
            actor=actor_of(request), person_id=person_id, post_id=post_id, receiver_id=_receiver(data),
            reason=data["reason"],
        )  # fmt: skip

    return _leaving(request, person_id, held[0].post, act, title=_("结束任职"), done=_("任职已结束。"))


@requires(SYSTEM, SECURITY)
@never_cache
@_BOTH
def hand_over(request: HttpRequest, person_id: uuid.UUID, post_id: uuid.UUID) -> HttpResponse:
    """What somebody left behind when his appointment ran out goes to a colleague."""
    post = reads.find_post(actor_of(request).tenant, post_id)

    def act(data: Mapping[str, Any]) -> None:
        hand_over_personal_work(
            actor=actor_of(request), person_id=person_id, post_id=post_id, receiver_id=_receiver(data),
            reason=data["reason"],
        )  # fmt: skip

    return _leaving(request, person_id, post, act, title=_("移交在办事项"), done=_("在办事项已移交。"))


def _leaving(
    request: HttpRequest, person_id: uuid.UUID, post: Post, act: Any, *, title: str, done: str
) -> HttpResponse:
    tenant = actor_of(request).tenant
    who = reads.find_staff(tenant, person_id)
    work = open_personal_work(tenant, person_id, post.organisation_id)
    receivers = [(str(one.id), one.name) for one in reads.colleagues(tenant, post.organisation_id, without=person_id)]
    form = EndForm(request.POST or None, receivers=receivers, needed=bool(work))

    def go_on(data: Mapping[str, Any]) -> str:
        act(data)
        return _address(person_id)

    rows = [{"label": one.label, "value": _("%(n)d 件") % {"n": one.count}} for one in work]
    return form_page(
        request, form, go_on, title=title, crumbs=[_up(), (who.name, _address(person_id))], submit=title,
        back=_address(person_id), done=done,
        lead=_("%(name)s：%(org)s %(post)s") % {"name": who.name, "org": post.organisation.name, "post": post.title},
        estate=rows or [{"label": _("在办事项"), "value": _("没有")}],
    )  # fmt: skip


def _receiver(data: Mapping[str, Any]) -> uuid.UUID | None:
    return uuid.UUID(data["receiver"]) if data.get("receiver") else None


def _person_page(
    request: HttpRequest,
    person_id: uuid.UUID,
    *,
    contact: api.PersonContact | None = None,
    purpose: PurposeForm | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    who = reads.find_staff(actor.tenant, person_id)
    account = _account(who)
    latest = reads.last_sign_in(account)
    masked = api.masked(actor.tenant, person_id)
    number, phone = (contact.citizen_number, contact.phone) if contact else (masked.citizen_number, masked.phone)
    held = reads.posts_held(actor.tenant, [person_id]).get(person_id, [])
    ends = {row.id: _may_end(actor, row) for row in held}
    context = {
        "person": who,
        "facts": [
            {"label": _("姓名"), "value": who.name},
            {"label": _("公民身份号码"), "value": number or _("未登记")},
            {"label": _("手机号"), "value": phone or _("未登记")},
            {"label": _("用户名"), "value": account.username if account else "—"},
            {"label": _("账户"), "value": account_state(account)},
            {"label": _("最近登录"), "value": cn_datetime(latest) if latest else _("没有登录过")},
        ],
        "posts": [_post_row(row, main=place == 0, may_end=ends[row.id]) for place, row in enumerate(held)],
        "purpose": (purpose or PurposeForm()) if actor.has_role(SYSTEM, SECURITY) and contact is None else None,
        "account_acts": _account_acts(actor, account),
        "may_appoint": actor.has_role(SYSTEM),
        "history": history_of(actor, "person", person_id)
        + (history_of(actor, "account", account.pk) if account else []),
    }
    status = 422 if purpose and purpose.errors else 200
    if contact:
        messages.info(request, _("查看已记入责任认定。离开本页后不再显示。"))
    return page(request, "identity/administration_person.html", who.name, [_up()], status=status, **context)


def _may_end(actor: Actor, row: Appointment) -> bool:
    """The three administrators' appointments are ended by the security administrator alone."""
    three = any(given.role in THREE for given in row.post.roles.all())
    return actor.has_role(SECURITY) or (actor.has_role(SYSTEM) and not three)


def _post_row(row: Appointment, *, main: bool, may_end: bool) -> dict[str, Any]:
    roles = [
        f"{given.get_role_display()}（{reach_words(given.scope or default_scope(given.role))}）"
        for given in row.post.roles.all()
    ]
    until = cn_date(row.valid_until) if row.valid_until else _("长期")
    return {
        "title": f"{row.post.organisation.name} {row.post.title}",
        "note": _("主岗") if main else _("兼任"),
        "roles": "、".join(roles) or _("没有角色"),
        "period": f"{cn_date(row.valid_from)} — {until}",
        "end_url": reverse("administration:end", args=[row.person_id, row.post_id]) if may_end else "",
    }


def _account_acts(actor: Actor, account: Account | None) -> list[dict[str, str]]:
    if account is None:
        return []
    system, security = actor.has_role(SYSTEM), actor.has_role(SECURITY)
    locked = account_state(account) == _("已锁定")
    acts = []
    administrator = reads.administrator_post(account.person_id) is not None
    if (security or (system and not administrator)) and not locked and account.is_active:
        acts.append(("lock", _("锁定")))
    if security and locked:
        acts.append(("unlock", _("解锁")))
    if system and account.is_active:
        acts += [("disable", _("申请停用") if administrator else _("停用")), ("reset-password", _("重置密码"))]
    if security and not account.is_active:
        acts.append(("enable", _("启用")))
    return [
        {"label": label, "url": reverse("administration:account_act", args=[account.pk, act])} for act, label in acts
    ]


def _posts(held: list[Appointment]) -> str:
    """The first few posts; some hold one in every unit."""
    named = "；".join(f"{row.post.organisation.name} {row.post.title}" for row in held[:_SHOWN])
    more = _(" 等 %(n)d 个岗位") % {"n": len(held)} if len(held) > _SHOWN else ""
    return named + more


def _account(person: Person) -> Account | None:
    return getattr(person, "account", None)


def _roles(post: Post) -> str:
    names = "、".join(given.get_role_display() for given in post.roles.all())
    return f"（{names}）" if names else ""


def _up() -> tuple[str, str]:
    return _("人员与岗位"), reverse("administration:people")


def _address(person_id: uuid.UUID) -> str:
    return reverse("administration:person", args=[person_id])
