"""The desk of the catalogue: what is due to be opened, one entry with its review, the unit's guide."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.fields import DayField
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.constants import (
    AUTHORITY,
    SIGNERS,
    WRITERS,
    EntryKind,
    EntryState,
    ReviewResult,
    Validity,
)
from zhengtong.systems.disclosure.models import CatalogueEntry
from zhengtong.systems.disclosure.selectors import catalogue as reads
from zhengtong.systems.disclosure.web.desk_acts import read_day_of

_COLUMNS = (
    {"key": "title", "label": gettext_lazy("名称")},
    {"key": "org", "label": gettext_lazy("单位")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "due", "label": gettext_lazy("最迟公开"), "kind": "lamp"},
    {"key": "made_on", "label": gettext_lazy("生成日期"), "kind": "date"},
    {"key": "index_number", "label": gettext_lazy("索引号")},
)


class EntryForm(forms.Form):
    """What an officer writes of a piece of information."""

    category = forms.ChoiceField(label=_("类别"))
    title = forms.CharField(label=_("名称"), max_length=200)
    kind = forms.ChoiceField(label=_("种类"), choices=EntryKind.choices, initial=EntryKind.OTHER)
    document_number = forms.CharField(label=_("文号"), required=False, max_length=80)
    maker = forms.CharField(
        label=_("发文机关"), required=False, max_length=120, help_text=_("留空为本单位；联合发文的写牵头机关。")
    )
    summary = forms.CharField(label=_("内容概述"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    subject = forms.CharField(label=_("主题"), required=False, max_length=80)
    responsible = forms.CharField(label=_("责任人"), required=False, max_length=60)
    made_on = DayField(
        label=_("生成日期"), widget=forms.DateInput, help_text=_("形成或者变更之日，20 个工作日内应当公开。")
    )
    address = forms.CharField(
        label=_("全文网址"), max_length=500, help_text=_("本县网站上的网页以 /gov/ 开头：网页撤下，条目随之撤下。")
    )

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["category"].choices = categories  # type: ignore[attr-defined]  # a ChoiceField


class GuideForm(forms.Form):
    """信息公开指南 as Article 12 wants it."""

    classification = forms.CharField(label=_("信息分类"), widget=forms.Textarea(attrs={"rows": 3}))
    arrangement = forms.CharField(label=_("编排体系"), widget=forms.Textarea(attrs={"rows": 3}))
    obtaining = forms.CharField(label=_("获取方式"), widget=forms.Textarea(attrs={"rows": 4}))
    office = forms.CharField(label=_("信息公开工作机构"), max_length=120)
    address = forms.CharField(label=_("办公地址"), max_length=200)
    hours = forms.CharField(label=_("办公时间"), max_length=120)
    phone = forms.CharField(label=_("联系电话"), max_length=60)
    fax = forms.CharField(label=_("传真"), required=False, max_length=60)
    internet = forms.CharField(label=_("互联网联系方式"), max_length=200)


@requires(AUTHORITY, *WRITERS)
@never_cache
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The unit's entries, what is due first; for the authority of all units."""
    actor = actor_of(request)
    page = page_of(reads.desk_entries(actor), request.GET.get("page", 1))
    context: dict[str, Any] = {
        "desk_title": _("信息公开目录"),
        "breadcrumbs": [{"label": _("信息公开目录"), "url": ""}],
        "writes": actor.has_role(*WRITERS),
        "signs": actor.has_role(*SIGNERS),
        "authority": actor.has_role(AUTHORITY),
        "late": reads.late_entries(actor.tenant).count() if actor.has_role(AUTHORITY) else 0,
        "pages": list(reads.pages_without_entry(actor)[:20]),
        "columns": _COLUMNS,
        "rows": [_row(one) for one in page.rows],
        "page": page,
        "total": _("共 %(n)d 条") % {"n": page.total},
        "empty": {"title": _("还没有条目"), "why": _("信息形成或者变更后 20 个工作日内应当公开。")},
    }
    return render(request, "disclosure/entries.html", context)


@requires(*WRITERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_entry(request: HttpRequest) -> HttpResponse:
    """Begin an entry; ``?address=`` is a page of the site it is about."""
    initial = {"made_on": local_date(), "address": request.GET.get("address", "")[:500]}
    return _write(request, None, initial)


@requires(AUTHORITY, *WRITERS)
@never_cache
@require_safe
def one_entry(request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
    """One entry, and what this reader may do."""
    return _page(request, reads.desk_entry(actor_of(request), entry_id))


@requires(*WRITERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_entry(request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
    """Change one that is not open yet."""
    row = reads.desk_entry(actor_of(request), entry_id)
    return _write(request, row, {name: getattr(row, name) for name in EntryForm.base_fields})


@requires(*SIGNERS)
@never_cache
@require_POST
def entry_act(request: HttpRequest, entry_id: uuid.UUID, act: str) -> HttpResponse:
    """Review, publish, end, withdraw; nothing typed is lost by a refusal."""
    actor = actor_of(request)
    row = reads.desk_entry(actor, entry_id)
    if act not in _DONE:
        raise NotFound(_("没有这项操作。"))
    try:
        _do(request, actor, row, act)
    except (Invalid, Conflict) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(request, row, failed=act, problem=refusal.message, status=status)
    messages.success(request, str(_DONE[act]))
    return redirect("disclosure:desk_entry", entry_id=row.id)


@requires(*SIGNERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_guide(request: HttpRequest) -> HttpResponse:
    """The unit's guide: what stands now, to be changed and published anew."""
    actor = actor_of(request)
    now = reads.guide_of(actor.tenant, actor.org_code)
    initial = {name: getattr(now, name) for name in GuideForm.base_fields} if now else {}
    form = GuideForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                api.publish_guide(actor=actor, words=form.cleaned_data)
            except Invalid as refusal:
                _add(form, refusal)
            else:
                messages.success(request, _("信息公开指南已公布。"))
                return redirect("disclosure:guide", org_code=actor.org_code)
    context: dict[str, Any] = {
        "desk_title": _("信息公开目录"),
        "title": _("本单位的信息公开指南"),
        "act": _("公布"),
        "form": form,
        "breadcrumbs": _crumbs((_("信息公开指南"), "")),
    }
    return render(request, "disclosure/entry_form.html", context, status=status)


@requires(AUTHORITY)
@never_cache
@require_POST
def open_year(request: HttpRequest) -> HttpResponse:
    """Lay down this year's categories."""
    made = api.open_year(actor=actor_of(request), year=local_date().year)
    messages.success(request, _("本年度的类别已编制。") if made else _("本年度的类别已经有了。"))
    return redirect("disclosure:entries")


_DONE = {
    "review": gettext_lazy("审查结论已记录。"),
    "publish": gettext_lazy("已公开，目录和检索里可以看到。"),
    "end": gettext_lazy("已标明有效性。"),
    "withdraw": gettext_lazy("已撤下。"),
}


def _do(request: HttpRequest, actor: Actor, row: CatalogueEntry, act: str) -> None:
    said = request.POST
    if act == "review":
        api.review_entry(actor=actor, entry_id=row.id, result=said.get("result", ""), note=said.get("note", ""))
    elif act == "publish":
        api.publish_entry(actor=actor, entry_id=row.id)
    elif act == "end":
        api.end_entry(
            actor=actor,
            entry_id=row.id,
            validity=said.get("validity", ""),
            ended_on=read_day_of(request, "ended_on"),
            replaced_by=said.get("replaced_by", ""),
        )
    else:
        api.withdraw_entry(actor=actor, entry_id=row.id, reason=said.get("reason", ""))


def _write(request: HttpRequest, row: CatalogueEntry | None, initial: dict[str, Any]) -> HttpResponse:
    actor = actor_of(request)
    choices = [("", _("请选择")), *((one.code, one.title) for one in reads.categories(actor.tenant))]
    form = EntryForm(request.POST or None, categories=choices, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = api.write_entry(
                    actor=actor, words=api.EntryWords(**form.cleaned_data), entry_id=row.id if row else None
                )
            except Invalid as refusal:
                _add(form, refusal)
            except Conflict as refusal:
                form.add_error(None, refusal.message)
                status = 409
            else:
                messages.success(request, _("条目已保存，请负责人作公开前审查。"))
                return redirect("disclosure:desk_entry", entry_id=made.id)
    context: dict[str, Any] = {
        "desk_title": _("信息公开目录"),
        "title": _("修改条目") if row else _("编制条目"),
        "act": _("保存"),
        "form": form,
        "breadcrumbs": _crumbs((row.index_number if row else _("编制条目"), "")),
    }
    return render(request, "disclosure/entry_form.html", context, status=status)


def _add(form: forms.Form, refusal: Invalid) -> None:
    for field, words in (refusal.errors or {"": refusal.message}).items():
        form.add_error(field if field in form.fields else None, words)


def _page(
    request: HttpRequest, row: CatalogueEntry, *, failed: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    row.refresh_from_db()
    actor = actor_of(request)
    own = actor.org_id == row.org_id
    context: dict[str, Any] = {
        "desk_title": _("信息公开目录"),
        "breadcrumbs": _crumbs((row.index_number, "")),
        "row": row,
        "facts": _facts(row),
        "writes": own and actor.has_role(*WRITERS) and row.state in (EntryState.DRAFT, EntryState.REVIEWED),
        "signs": own and actor.has_role(*SIGNERS),
        "results": ReviewResult.choices,
        "ends": [choice for choice in Validity.choices if choice[0] != Validity.VALID],
        "failed": failed,
        "problem": problem,
        "typed": request.POST if failed else {},
    }
    return render(request, "disclosure/entry_desk.html", context, status=status)


def _row(one: CatalogueEntry) -> dict[str, Any]:
    waiting = one.state in (EntryState.DRAFT, EntryState.REVIEWED)
    lamp = ("red" if one.due_on < local_date() else "green") if waiting else "none"
    return {
        "title": one.title,
        "org": one.org_name,
        "state": one.get_state_display(),
        "due": {"state": lamp, "note": cn_date(one.due_on) if waiting else ""},
        "made_on": one.made_on,
        "index_number": one.index_number,
        "url": reverse("disclosure:desk_entry", args=[one.id]),
    }


def _facts(row: CatalogueEntry) -> list[dict[str, str]]:
    titles = {one.code: one.title for one in reads.categories(row.tenant)}
    pairs = (
        (_("状态"), row.get_state_display()),
        (_("索引号"), row.index_number),
        (_("类别"), titles.get(row.category, row.category)),
        (_("种类"), row.get_kind_display()),
        (_("发文机关"), row.maker),
        (_("文号"), row.document_number),
        (_("内容概述"), row.summary),
        (_("生成日期"), cn_date(row.made_on)),
        (_("最迟公开日"), cn_date(row.due_on)),
        (_("公开日期"), cn_date(row.published_at) if row.published_at else ""),
        (_("全文网址"), row.address),
        (_("有效性"), f"{row.get_validity_display()} {cn_date(row.ended_on) if row.ended_on else ''}".strip()),
        (_("主题"), row.subject),
        (_("责任人"), row.responsible),
        (_("编制人"), row.written_by),
        (_("公开前审查"), f"{row.get_review_display()} {row.review_note} {row.reviewed_by}".strip()),
        (_("撤下原因"), row.withdrawn_why),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def _crumbs(*parts: tuple[str, str]) -> list[dict[str, str]]:
    start = {"label": _("信息公开目录"), "url": reverse("disclosure:entries")}
    return [start, *({"label": label, "url": url} for label, url in parts)]
