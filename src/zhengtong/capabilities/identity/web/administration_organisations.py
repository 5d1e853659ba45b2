"""Organisations for the administrators: the tree, one organisation with its history, changes by decree."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.constants import OrganisationStatus
from zhengtong.capabilities.identity.models import Organisation, OrganisationChange
from zhengtong.capabilities.identity.selectors import administration as reads
from zhengtong.capabilities.identity.selectors import list_changes
from zhengtong.capabilities.identity.services import (
    Estate,
    abolish_organisation,
    create_post,
    estate_of,
    found_organisation,
    merge_organisations,
    move_organisation,
    rename_organisation,
)
from zhengtong.capabilities.identity.web.administration import SYSTEM, THREE, form_page, history_of, page
from zhengtong.capabilities.identity.web.administration_forms import (
    DecreeForm,
    FoundForm,
    HeirForm,
    MoveForm,
    PostForm,
    RenameForm,
)
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.policy import actor_of, requires

_BOTH = require_http_methods(["GET", "HEAD", "POST"])


@requires(*THREE)
@never_cache
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """The tree, each line as deep as it stands; abolished ones on demand."""
    words, gone = request.GET.get("q", "").strip(), request.GET.get("abolished") == "1"
    found = api.organisations(actor_of(request).tenant, abolished=gone)
    rows = [
        {
            "url": reverse("administration:organisation", args=[one.code]),
            "name": f"{'　' * (one.path.count('/') - 2)}{one.name}",
            "code": one.code,
            "kind": one.kind,
            "state": _state(one.status),
        }
        for one in sorted(found, key=lambda one: one.path)
        if not words or words in one.name or words in one.short_name or words == one.code
    ]
    context = {
        "columns": [
            {"key": "name", "label": _("机构")},
            {"key": "code", "label": _("代码")},
            {"key": "kind", "label": _("类别")},
            {"key": "state", "label": _("状态")},
        ],
        "rows": rows,
        "total": _("共 %(n)d 个") % {"n": len(rows)},
        "filters": [
            {"name": "q", "label": _("名称或代码")},
            {
                "name": "abolished",
                "label": _("范围"),
                "type": "select",
                "options": [("", _("在用")), ("1", _("在用和撤销"))],
            },
        ],
        "add_url": reverse("administration:found") if actor_of(request).has_role(SYSTEM) else "",
        "add_label": _("设立机构"),
        "empty": {"title": _("没有符合条件的机构"), "why": _("请换一个名称，或把范围改为在用和撤销。")},
    }
    return page(request, "identity/administration_list.html", _("机构"), [], **context)


@requires(*THREE)
@never_cache
@require_GET
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation: what it is, its posts, its history, and what may be done."""
    actor = actor_of(request)
    row = reads.find_organisation_row(actor.tenant, code)
    active = row.status == OrganisationStatus.ACTIVE
    acts = [
        (_("更名"), "rename"),
        (_("调整隶属"), "move"),
        (_("并入其他机构"), "merge"),
        (_("撤销"), "abolish"),
        (_("增加岗位"), "add_post"),
    ]
    context = {
        "facts": _facts(row),
        "acts": [
            {"label": label, "url": reverse(f"administration:{name}", args=[code])}
            for label, name in (acts if active and actor.has_role(SYSTEM) else [])
        ],
        "posts": [
            {
                "url": reverse("administration:post", args=[post.id]),
                "title": post.title,
                "roles": "、".join(given.get_role_display() for given in post.roles.all()),
            }
            for post in reads.posts(actor.tenant, org_code=code)
        ],
        "post_columns": [{"key": "title", "label": _("岗位")}, {"key": "roles", "label": _("角色")}],
        "changes": [_line(change) for change in list_changes(actor.tenant, code)],
        "history": history_of(actor, "organisation", row.id),
    }
    return page(request, "identity/administration_organisation.html", row.name, [_up()], **context)


@requires(SYSTEM)
@never_cache
@_BOTH
def found(request: HttpRequest) -> HttpResponse:
    """Found an organisation."""
    form = FoundForm(request.POST or None, organisations=_active(request), initial=_today())

    def act(data: Mapping[str, Any]) -> str:
        names = ("code", "name", "short_name", "uscc", "split_from")
        given = {name: data[name] for name in names}
        found_organisation(actor=actor_of(request), parent_code=data["parent"], decree=form.decree(), **given)
        return reverse("administration:organisation", args=[data["code"]])

    return form_page(
        request, form, act, title=_("设立机构"), crumbs=[_up()], submit=_("设立"), back=_up()[1],
        done=_("机构已设立。接下来可以增加岗位。"),
    )  # fmt: skip


@requires(SYSTEM)
@never_cache
@_BOTH
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Give an organisation a new name."""
    form = RenameForm(request.POST or None, initial=_today())

    def act(data: Mapping[str, Any]) -> None:
        rename_organisation(
            actor=actor_of(request), code=code, name=data["name"], short_name=data["short_name"], decree=form.decree()
        )

    lead = _("原名称记入沿革，用原名称仍能找到这个机构；已经发出的文书不变。")
    return _change(request, code, form, act, title=_("更名"), submit=_("更名"), lead=lead)


@requires(SYSTEM)
@never_cache
@_BOTH
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Put an organisation under another superior."""
    form = MoveForm(request.POST or None, organisations=_active(request, without=code), initial=_today())

    def act(data: Mapping[str, Any]) -> None:
        move_organisation(actor=actor_of(request), code=code, parent_code=data["parent"], decree=form.decree())

    lead = _("下级机构随同调整；数据范围为“本单位及下级”的角色随之变化。")
    return _change(request, code, form, act, title=_("调整隶属"), submit=_("调整"), lead=lead)


@requires(SYSTEM, fresh_factor=True)
@never_cache
@_BOTH
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Merge an organisation into another one, after a look at what goes over."""
    form = HeirForm(request.POST or None, organisations=_active(request, without=code), needed=True, initial=_today())

    def act(data: Mapping[str, Any]) -> None:
        merge_organisations(actor=actor_of(request), codes=[code], into_code=data["successor"], decree=form.decree())

    return _hand_over(request, code, form, act, title=_("并入其他机构"))


@requires(SYSTEM, fresh_factor=True)
@never_cache
@_BOTH
def abolish(request: HttpRequest, code: str) -> HttpResponse:
    """Abolish an organisation, after a look at what goes over to whom."""
    needed = not estate_of(actor_of(request).tenant, code).empty
    form = HeirForm(request.POST or None, organisations=_active(request, without=code), needed=needed, initial=_today())

    def act(data: Mapping[str, Any]) -> None:
        abolish_organisation(actor=actor_of(request), code=code, successor_code=data["successor"], decree=form.decree())

    return _hand_over(request, code, form, act, title=_("撤销"))


@requires(SYSTEM)
@never_cache
@_BOTH
def add_post(request: HttpRequest, code: str) -> HttpResponse:
    """A further post of an organisation."""
    form = PostForm(request.POST or None)

    def act(data: Mapping[str, Any]) -> str:
        post = create_post(actor=actor_of(request), organisation_code=code, title=data["title"])
        return reverse("administration:post", args=[post])

    row = reads.find_organisation_row(actor_of(request).tenant, code)
    return form_page(
        request, form, act, title=_("增加岗位"), crumbs=[_up(), (row.name, _address(code))], submit=_("增加"),
        back=_address(code), done=_("岗位已建立。角色要申请，由安全管理员批准后生效。"),
    )  # fmt: skip


def _change(request: HttpRequest, code: str, form: DecreeForm, act: Any, *, title: str, **context: Any) -> HttpResponse:
    row = reads.find_organisation_row(actor_of(request).tenant, code)

    def done(data: Mapping[str, Any]) -> str:
        act(data)
        messages.success(request, _("已办理：%(what)s。") % {"what": title})
        return _address(code)

    crumbs = [_up(), (row.name, _address(code))]
    return form_page(request, form, done, title=title, crumbs=crumbs, back=_address(code), **context)


def _hand_over(request: HttpRequest, code: str, form: HeirForm, act: Any, *, title: str) -> HttpResponse:
    """The form; then, before anything happens, the page that says who takes over what; then the act."""
    tenant = actor_of(request).tenant
    row, estate = reads.find_organisation_row(tenant, code), estate_of(tenant, code)
    if request.method == "POST" and form.is_valid() and not form.cleaned_data["confirmed"]:
        heir = form.cleaned_data["successor"]
        context = {
            "hidden": [(name, request.POST.get(name, "")) for name in form.fields if name != "confirmed"],
            "estate": _estate_rows(estate),
            "heir": reads.find_organisation_row(tenant, heir).name if heir else "",
            "name": row.name,
            "back": request.path,
        }
        crumbs = [_up(), (row.name, _address(code)), title]
        return page(request, "identity/administration_heir.html", _("谁承接"), crumbs, **context)
    lead = _("先选择承接机构；下一页列出要移交的全部内容，确认后才办理。")
    return _change(
        request, code, form, act, title=title, submit=_("下一步：看看谁承接"), lead=lead, estate=_estate_rows(estate)
    )


def _estate_rows(estate: Estate) -> list[dict[str, str]]:
    rows = [{"label": work.label, "value": _("%(n)d 件") % {"n": work.count}} for work in estate.work]
    if not estate.work:
        rows.append({"label": _("在办事项"), "value": _("没有")})
    rows.append({"label": _("下级机构"), "value": "、".join(estate.children) or _("没有")})
    rows.append({"label": _("岗位"), "value": "、".join(estate.posts) or _("没有")})
    rows.append({"label": _("在岗人员"), "value": _("%(n)d 人") % {"n": estate.people}})
    return rows


def _facts(row: Organisation) -> list[dict[str, Any]]:
    aliases = "、".join(f"{a['name']}（{a['mark']}）" if a.get("mark") else a["name"] for a in row.aliases)
    rows: list[dict[str, Any]] = [
        {"label": _("机构代码"), "value": row.code},
        {"label": _("统一社会信用代码"), "value": row.uscc or "—"},
        {"label": _("简称"), "value": row.short_name or "—"},
        {"label": _("其他名称"), "value": aliases or "—"},
        {"label": _("状态"), "value": _state(row.status)},
    ]
    for label, other in ((_("上级机构"), row.parent), (_("承接机构"), row.successor)):
        if other is not None:
            rows.append({"label": label, "value": other.name, "url": _address(other.code)})
    return rows


def _line(change: OrganisationChange) -> dict[str, Any]:
    said = {
        "renamed": _("由“%(before)s”更名为“%(after)s”") % {"before": change.name_before, "after": change.name_after},
        "moved": _("改隶属于%(other)s") % {"other": change.other.name if change.other else _("县（无上级机构）")},
        "merged": _("并入%(other)s") % {"other": change.other.name if change.other else ""},
        "founded": _("由%(other)s分设") % {"other": change.other.name} if change.other else _("设立"),
        "abolished": _("撤销，由%(other)s承接") % {"other": change.other.name} if change.other else _("撤销"),
    }[change.kind]
    note = "；".join(filter(None, [change.document_number, change.reason]))
    return {"at": change.effective_on, "title": said, "note": note}


def _state(status: str) -> str:
    return str(OrganisationStatus(status).label)


def _active(request: HttpRequest, *, without: str = "") -> list[tuple[str, str]]:
    found = api.organisations(actor_of(request).tenant)
    return [(one.code, f"{one.name}（{one.code}）") for one in found if one.code != without]


def _today() -> dict[str, Any]:
    return {"effective_on": local_date()}


def _up() -> tuple[str, str]:
    return _("机构"), reverse("administration:organisations")


def _address(code: str) -> str:
    return reverse("administration:organisation", args=[code])
