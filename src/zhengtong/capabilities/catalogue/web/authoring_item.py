"""An item on the desk: where it stands, who changed what when, versions side by side, the guide as people see it."""

import dataclasses
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.catalogue import api, rules
from zhengtong.capabilities.catalogue.constants import REASON_MAX, VersionStatus
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.permissions import may_edit
from zhengtong.capabilities.catalogue.selectors import draft_of, version_view
from zhengtong.capabilities.catalogue.selectors.desk import desk_item, item_versions
from zhengtong.capabilities.catalogue.web import authoring_frame as frames
from zhengtong.capabilities.catalogue.web import files
from zhengtong.capabilities.catalogue.web import guide as guide_parts
from zhengtong.capabilities.catalogue.web.authoring_versions import chosen_pair, label_of, rounds_of, version_changes
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_datetime

_FRAMED = (
    "default-src 'self'; script-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@requires(*frames.READERS)
@require_GET
@never_cache
def item(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Where an item stands, what may be done, and all its versions."""
    actor = actor_of(request)
    work = frames.work_of(actor, item_id)
    mine = may_edit(actor, org_code=work.item.org_code)
    review = api.review_view(actor=actor, version_id=work.row.id) if work.row.reviews else None
    context = frames.frame(request, actor, work=work)
    context["breadcrumbs"][-1] = {"label": work.row.name}
    context |= {
        "facts": _facts(work),
        "versions": [_version_line(row) for row in work.versions],
        "standing": frames.standing(actor, work.row),
        "review": review,
        "rounds": rounds_of(review),
        "may_change": mine,
        "may_begin": mine and work.row.status not in (VersionStatus.DRAFT, VersionStatus.REVIEW),
        "may_withdraw": mine and work.row.status == VersionStatus.REVIEW,
        "may_retire": work.in_force is not None and frames.may_retire(actor, work.item),
        "parts": frames.part_links(work) if work.editable else [],
        "may_cancel": work.row.status == VersionStatus.SCHEDULED and actor.has_role(Role.ITEM_ADMIN),
        "comparable": len(work.versions) > 1,
    }
    return render(request, "catalogue/desk/item.html", context)


@requires(*frames.EDITORS)
@require_POST
@never_cache
def begin(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Start a draft from the version in force, or from an earlier one that is named."""
    actor = actor_of(request)
    item_ = desk_item(actor, item_id)
    versions = item_versions(item_)
    wanted = request.POST.get("version", "")
    row = next((each for each in versions if str(each.id) == wanted), None) if wanted else versions[0]
    if row is None:
        raise NotFound(_("没有这个事项版本。"))
    api.draft_from_version(actor=actor, version_id=row.id)
    messages.success(request, _("已从%(version)s建立暂存稿，可以开始修改。") % {"version": label_of(row)})
    return redirect(frames.part_url(item_id, "basic"))


@requires(*frames.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def discard(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Give a draft up, with a reason; the version in force stays as it is."""
    actor = actor_of(request)
    work = frames.open_work(actor, item_id)
    typed, problem = frames.written(request, "reason"), ""
    if request.method == "POST":
        try:
            frames.check_length(typed, REASON_MAX)
            api.discard_draft(actor=actor, version_id=work.row.id, reason=typed)
        except Invalid as refusal:
            problem = refusal.message
        else:
            messages.success(
                request, _("“%(name)s”的暂存稿已作废，内容仍可在版本记录里查看。") % {"name": work.row.name}
            )
            return redirect("catalogue_desk:desk")
    context = frames.frame(request, actor, work=work)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": _("作废暂存稿")}]
    context |= {"typed": typed, "problem": problem}
    return render(request, "catalogue/desk/discard.html", context, status=422 if problem else 200)


@requires(*frames.READERS)
@require_GET
@never_cache
def compare(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Any two versions of an item side by side; ``old`` and ``new`` name them."""
    actor = actor_of(request)
    work = frames.work_of(actor, item_id)
    newer, older = chosen_pair(request, work.versions)
    context = frames.frame(request, actor, work=work)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": _("版本比较")}]
    choices = [(str(row.id), _named(row)) for row in work.versions]
    context |= {
        "choices": choices,
        "newer": newer,
        "older": older,
        "changes": version_changes(actor, older, newer) if older else None,
        "before_label": _named(older) if older else "",
        "after_label": _named(newer),
    }
    return render(request, "catalogue/desk/compare.html", context)


@requires(*frames.READERS)
@require_GET
@never_cache
def preview(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """The guide as a citizen will see it, at the width of a desk and of a phone."""
    actor = actor_of(request)
    work = frames.work_of(actor, item_id)
    row = _version(work.versions, request.GET.get("version", "")) or work.row
    context = frames.frame(request, actor, work=work)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": _("预览办事指南")}]
    return render(request, "catalogue/desk/preview.html", context | {"row": row, "row_label": _named(row)})


@requires(*frames.READERS)
@require_GET
@never_cache
@xframe_options_sameorigin
def preview_guide(request: HttpRequest, item_id: uuid.UUID, version_id: uuid.UUID) -> HttpResponse:
    """The guide of one version for the frames of the preview; nothing in it can be pressed."""
    actor = actor_of(request)
    row = _version(item_versions(desk_item(actor, item_id)), str(version_id))
    if row is None:
        raise NotFound(_("没有这个事项版本。"))
    view = version_view(_as_published(row))
    context = guide_parts.context(view) | {"apply_url": "", "breadcrumbs": [], "user_menu": [], "no_scripts": True}
    context["limits"] = [_stated(limit, text) for limit, text in zip(context["limits"], _limits(row), strict=True)]
    response = render(request, "catalogue/guide.html", context)
    response.headers["Content-Security-Policy"] = _FRAMED
    return response


@requires(*frames.READERS)
@require_GET
@never_cache
def file(request: HttpRequest, item_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A blank form or a sample of any version of the item."""
    actor = actor_of(request)
    wanted = str(file_id)
    rows = item_versions(desk_item(actor, item_id))
    if not any(wanted in (each.get("blank_file"), each.get("sample_file")) for row in rows for each in row.materials):
        raise NotFound(_("没有找到这个文件。"))
    return files.answer(actor.tenant, file_id)


def _version(versions: list[ItemVersion], wanted: str) -> ItemVersion | None:
    return next((row for row in versions if str(row.id) == wanted), None)


def _as_published(row: ItemVersion) -> ItemVersion:
    """The row with what its item gets at publication: a draft moves nothing of the item before."""
    header = row.header
    if header:
        row.item.code = header["code"]
        row.item.kind = header["kind"]
        row.item.power_type = header["power_type"]
        row.item.org_name = header["department"]
    row.process_key = rules.with_route(draft_of(row)).process_key
    return row


def _limits(row: ItemVersion) -> tuple[str, str]:
    """Promised and statutory limit as written, in the order of the guide."""
    return row.promised_limit, row.statutory_limit


def _stated(limit: guide_parts.LimitView, text: str) -> guide_parts.LimitView:
    """A limit that is not complete yet must not look as if the law had none."""
    if rules.is_limit(text):
        return limit
    return dataclasses.replace(limit, value=_("还没有填写"), note="")


def _facts(work: frames.Work) -> list[dict[str, Any]]:
    draft, row = work.draft, work.row
    found = [
        {"label": _("实施部门"), "value": draft.department},
        {"label": _("事项类型"), "value": version_view(row).power_type},
        {"label": _("实施编码"), "value": draft.code or _("还没有")},
        {"label": _("最近保存"), "value": _saved(row)},
        {"label": _("修改理由"), "value": row.change_reason},
        {"label": _("来源"), "value": str(row.get_origin_display())},
    ]
    return [each for each in found if each["value"]]


def _saved(row: ItemVersion) -> str:
    moment = row.saved_at or row.published_at or row.created_at
    return f"{cn_datetime(moment)} {row.author_name}".strip()


def _version_line(row: ItemVersion) -> dict[str, Any]:
    return {
        "id": row.id,
        "label": label_of(row) if row.version else _("未编号"),
        "state": str(row.get_status_display()),
        "from": row.valid_from,
        "until": row.valid_until,
        "who": row.author_name,
        "why": row.change_reason,
        "saved": row.saved_at or row.published_at or row.created_at,
        "case_id": row.case_id,
        "number": row.version,
    }


def _named(row: ItemVersion) -> str:
    label = label_of(row)
    return _("%(label)s（%(state)s）") % {"label": label, "state": row.get_status_display()} if row.version else label
