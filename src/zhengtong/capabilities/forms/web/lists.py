"""Forms and their versions: the list, a new one, one form with its versions and users, publishing, comparing."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.forms.constants import COUNTY_EDITOR, TITLE_LIMIT, UNIT_EDITOR
from zhengtong.capabilities.forms.registry import users_of_form
from zhengtong.capabilities.forms.rules import editing
from zhengtong.capabilities.forms.selectors import declarations as selectors
from zhengtong.capabilities.forms.services import declaring
from zhengtong.capabilities.forms.web import outline
from zhengtong.capabilities.forms.web.builder import read_rev
from zhengtong.capabilities.forms.web.cards import title_error
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime

EXAMPLE = "example"  # the form that shows every kind of question
_COLUMNS = [
    {"key": "title", "label": gettext_lazy("表单")},
    {"key": "version", "label": gettext_lazy("现行版本")},
    {"key": "published", "label": gettext_lazy("发布")},
    {"key": "draft", "label": gettext_lazy("正在编辑")},
]


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@never_cache
@require_safe
def form_list(request: HttpRequest) -> HttpResponse:
    """Every form with its newest version, and what is being worked on."""
    actor = actor_of(request)
    drafts = {draft.key: draft for draft in selectors.form_drafts(actor=actor)}
    published = selectors.form_keys(tenant=actor.tenant)
    rows = [
        {
            "title": draft.title,
            "version": _("还没有发布"),
            "published": "",
            "draft": _draft_words(draft),
            "url": reverse("forms:draft", args=[draft.id]),
        }
        for key, draft in drafts.items()
        if key not in {one.key for one in published}
    ]
    rows += [
        {
            "title": one.title,
            "version": _("第 %(n)d 版") % {"n": one.version},
            "published": _published_words(one),
            "draft": _draft_words(drafts[one.key]) if one.key in drafts else "",
            "url": reverse("forms:form", args=[one.key]),
        }
        for one in published
    ]
    context = {
        "desk_title": _("表单"),
        "breadcrumbs": [{"label": _("表单"), "url": ""}],
        "columns": _COLUMNS,
        "rows": rows,
        "empty": {"title": _("还没有表单"), "why": _("从空白、已有的表单或者示例新建一张。")},
    }
    return render(request, "forms/builder/list.html", context)


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A form from nothing, as a copy of another, or from the example."""
    actor = actor_of(request)
    published = selectors.form_keys(tenant=actor.tenant)
    title, base = request.POST.get("title", "").strip(), request.POST.get("base", "")
    errors: dict[str, str] = {}
    if request.method == "POST":
        source = next((one for one in published if one.key == base), None)
        if not 0 < len(title) <= TITLE_LIMIT:
            errors["title"] = title_error(title)
        else:
            declaration = editing.with_title(source.declaration, title) if source else editing.blank(title)
            draft = declaring.save_form_draft(actor=actor, key=f"f{uuid.uuid4().hex[:10]}", definition=declaration)
            return redirect("forms:draft", draft.id)
    bases = [{"value": "", "label": _("空白表单"), "note": "", "chosen": not base}]
    for one in sorted(published, key=lambda one: one.key != EXAMPLE):
        note = _("有每一种问题，可以删去不要的") if one.key == EXAMPLE else ""
        label = _("示例“%(title)s”") if one.key == EXAMPLE else _("复制“%(title)s”")
        bases.append({"value": one.key, "label": label % {"title": one.title}, "note": note, "chosen": one.key == base})
    context = {
        "desk_title": _("表单"),
        "breadcrumbs": [*_home(), {"label": _("新建表单"), "url": ""}],
        "title": title,
        "bases": bases,
        "errors": errors,
    }
    return render(request, "forms/builder/new.html", context, status=422 if errors else 200)


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@never_cache
@require_safe
def form_page(request: HttpRequest, key: str) -> HttpResponse:
    """The versions of a form, what changed between them, and who uses it."""
    actor = actor_of(request)
    versions = selectors.form_versions(tenant=actor.tenant, key=key)
    newest = selectors.form_version(tenant=actor.tenant, key=key)
    draft = next((one for one in selectors.form_drafts(actor=actor) if one.key == key), None)
    before = {one.version: versions[place + 1].version for place, one in enumerate(versions[:-1])}
    rows = [
        {
            "version": _("第 %(n)d 版") % {"n": one.version} + (_("（现行）") if one.active else ""),
            "published": _published_words(one),
            "questions": str(sum(field.asks for field in one.definition.fields)),
            "compare": _("和上一版比较") if one.version in before else "",
            "url": reverse("forms:compare", args=[key, before[one.version], one.version])
            if one.version in before
            else "",
        }
        for one in versions
    ]
    context: dict[str, Any] = {
        "desk_title": _("表单"),
        "breadcrumbs": [*_home(), {"label": newest.title, "url": ""}],
        "form": newest,
        "facts": [
            {"label": _("现行版本"), "value": _("第 %(n)d 版") % {"n": newest.version}},
            {"label": _("发布"), "value": _published_words(newest)},
            {"label": _("正在编辑"), "value": _draft_words(draft) if draft else _("没有")},
        ],
        "draft_url": reverse("forms:draft", args=[draft.id]) if draft else "",
        "may_edit": selectors.may_edit_form(actor=actor, key=key),
        "version_columns": [
            {"key": "version", "label": _("版本")},
            {"key": "published", "label": _("发布")},
            {"key": "questions", "label": _("问题数"), "kind": "number"},
            {"key": "compare", "label": _("改了什么")},
        ],
        "versions": rows,
        "users": users_of_form(actor.tenant, key),
    }
    return render(request, "forms/builder/form.html", context)


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@require_POST
def revise(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a draft with the newest version, or take up the one at work."""
    actor = actor_of(request)
    draft = next((one for one in selectors.form_drafts(actor=actor) if one.key == key), None)
    draft = draft or declaring.draft_from_version(actor=actor, key=key)
    return redirect("forms:draft", draft.id)


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """What publishing means and changes; the press freezes the version."""
    actor = actor_of(request)
    draft = selectors.form_draft(actor=actor, draft_id=draft_id)
    refused, status = "", 200
    if request.method == "POST":
        try:
            made = declaring.publish_form(actor=actor, draft_id=draft.id, revision=read_rev(request.POST))
        except (Invalid, Conflict) as refusal:
            refused, status = refusal.message, 409 if isinstance(refusal, Conflict) else 422
        else:
            messages.success(request, _("已发布“%(title)s”第 %(n)d 版。") % {"title": made.title, "n": made.version})
            return redirect("forms:form", made.key)
    context = {
        "desk_title": _("表单"),
        "breadcrumbs": [*_home(), {"label": draft.title, "url": reverse("forms:draft", args=[draft.id])}],
        "draft": draft,
        "refused": refused,
        "faults": outline.outline_of(draft.definition).faults,
        "differences": [one.words for one in selectors.draft_differences(actor=actor, draft_id=draft.id)],
    }
    return render(request, "forms/builder/publish.html", context, status=status)


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@require_POST
def discard(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away; the published versions stay."""
    actor = actor_of(request)
    draft = selectors.form_draft(actor=actor, draft_id=draft_id)
    declaring.discard_form_draft(actor=actor, draft_id=draft.id)
    messages.success(request, _("已删除“%(title)s”的草稿。") % {"title": draft.title})
    return redirect("forms:list")


@requires(UNIT_EDITOR, COUNTY_EDITOR)
@never_cache
@require_safe
def compare(request: HttpRequest, key: str, old: int, new: int) -> HttpResponse:
    """Two versions side by side, in words."""
    tenant = actor_of(request).tenant
    versions = [selectors.form_version(tenant=tenant, key=key, version=number) for number in (old, new)]
    found = selectors.form_differences(tenant=tenant, key=key, old=old, new=new)
    context = {
        "desk_title": _("表单"),
        "breadcrumbs": [*_home(), {"label": versions[1].title, "url": reverse("forms:form", args=[key])}],
        "form": versions[1],
        "old": versions[0],
        "new": versions[1],
        "differences": [one.words for one in found],
    }
    return render(request, "forms/builder/compare.html", context)


def _home() -> list[dict[str, str]]:
    return [{"label": _("表单"), "url": reverse("forms:list")}]


def _draft_words(draft: selectors.FormDraftView) -> str:
    words = {"name": draft.updated_by, "time": cn_datetime(draft.updated_at)}
    return _("%(name)s，%(time)s保存") % words


def _published_words(one: selectors.FormVersionView) -> str:
    return f"{cn_date(one.created_at)} {one.published_by}".strip()
