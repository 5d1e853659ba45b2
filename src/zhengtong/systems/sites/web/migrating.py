"""Taking over old sites on the desk: begin, rules with samples, trial run, import, the report row by row."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.kernel.errors import Conflict, DomainError, Invalid
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.sheets import CSV
from zhengtong.kernel.ui.exports import MOST_ROWS, download, sheet_of
from zhengtong.systems.sites.constants import ADMIN, MigrationState, RowVerdict, SourceKind
from zhengtong.systems.sites.engine.old_site.selector_rules import LONGEST, SelectorRules, rules_of
from zhengtong.systems.sites.models import Migration
from zhengtong.systems.sites.selectors import migrating as selectors
from zhengtong.systems.sites.services import migrating as services
from zhengtong.systems.sites.services import old_sources
from zhengtong.systems.sites.services.old_pages import columns_of

_REFRESH, _OLD_SHOWN, _LEAF = 4, 6000, 50
_RULES = tuple(SelectorRules().as_json())
_UNDER_WAY = (MigrationState.PLANNING, MigrationState.WRITING)
_LIST = (
    {"key": "site", "label": _("导入到"), "kind": "link"},
    {"key": "kind", "label": _("来源")},
    {"key": "state", "label": _("状态")},
    {"key": "at", "label": _("开始时间"), "kind": "datetime"},
    {"key": "who", "label": _("办理人")},
)


@requires(ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def migrations(request: HttpRequest) -> HttpResponse:
    """The runs of the county, and how to begin one."""
    actor, errors = actor_of(request), dict[str, str]()
    if request.method == "POST":
        try:
            upload = request.FILES.get("file")
            row = services.begin_migration(
                actor=actor,
                site_id=_chosen(request),
                place=request.POST.get("place", "")[:255],
                name=upload.name or "" if upload else "",
                content=upload.read() if upload else b"",
                files_place=request.POST.get("files_place", "")[:255],
            )
        except DomainError as refusal:
            errors = {refusal.field or "file": refusal.message}
        else:
            return redirect("sites_desk:migration", row.pk)
    places = [(name, name) for name in old_sources.places()]
    context = {
        "columns": _LIST,
        "rows": [_listed(one) for one in selectors.newest(actor.tenant)],
        "sites": [("", _("请选择")), *((str(one.pk), one.name) for one in selectors.sites_to_choose(actor.tenant))],
        "places": [("", _("不用")), *places],
        "errors": errors,
        "typed": request.POST,
    }
    return render(request, "sites/migrating/list.html", context, status=422 if errors else 200)


@requires(ADMIN)
@require_GET
def migration(request: HttpRequest, migration_id: uuid.UUID) -> HttpResponse:
    """One run: how far it is, its rules, its report."""
    return _shown(request, migration_id)


@requires(ADMIN)
@require_POST
def rules(request: HttpRequest, migration_id: uuid.UUID) -> HttpResponse:
    """Keep the rules, then show samples by them."""
    sent = {name: request.POST.get(name, "") for name in _RULES}

    def act() -> None:
        services.save_rules(actor=actor_of(request), migration_id=migration_id, rules=sent)

    return _acted(request, migration_id, act, _("规则已经保存，请对照样例。"), then="migration_samples", typed=sent)


@requires(ADMIN)
@require_POST
def plan(request: HttpRequest, migration_id: uuid.UUID) -> HttpResponse:
    """The trial run."""

    def act() -> None:
        services.plan_migration(actor=actor_of(request), migration_id=migration_id)

    return _acted(request, migration_id, act, _("试运行已经开始，网站内容不会改变。"))


@requires(ADMIN)
@require_POST
def start(request: HttpRequest, migration_id: uuid.UUID) -> HttpResponse:
    """The import."""

    def act() -> None:
        services.start_migration(actor=actor_of(request), migration_id=migration_id)

    return _acted(request, migration_id, act, _("导入已经开始，可以离开这个页面。"))


@requires(ADMIN)
@require_POST
def stop(request: HttpRequest, migration_id: uuid.UUID) -> HttpResponse:
    """Behind the batch under way."""

    def act() -> None:
        services.stop_migration(actor=actor_of(request), migration_id=migration_id)

    return _acted(request, migration_id, act, _("已经停止，导入过的内容都在。"))


@requires(ADMIN)
@require_GET
def samples(request: HttpRequest, migration_id: uuid.UUID) -> HttpResponse:
    """A few old pages beside what they would be here."""
    actor = actor_of(request)
    row = services.migration_in_reach(actor, migration_id)
    try:
        found, refusal = services.samples(actor=actor, migration_id=migration_id), ""
    except Invalid as fault:
        found, refusal = [], fault.message
    shown = [
        {
            "old": one.old,
            "new": one.new,
            "words": _old_words(one.old.html),
            "parts": [_part(*part) for part in one.new.text.parts],
        }
        for one in found
    ]
    context = {"row": row, "samples": shown, "refusal": refusal, "may_plan": row.state == MigrationState.NEW}
    return render(request, "sites/migrating/samples.html", context)


@requires(ADMIN)
@require_GET
def report(request: HttpRequest, migration_id: uuid.UUID) -> HttpResponse | StreamingHttpResponse:
    """The whole report as CSV; as a workbook where it is short enough for one."""
    row = services.migration_in_reach(actor_of(request), migration_id)
    if request.GET.get("form") == "xlsx" and selectors.rows_of(row).count() <= MOST_ROWS:
        return download(
            _("迁移报告"), sheet_of(_("迁移报告"), selectors.REPORT, map(selectors.told, selectors.rows_of(row)))
        )
    answer = StreamingHttpResponse(selectors.report_lines(row), content_type=CSV)
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{_('迁移报告')}.csv") or "attachment"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _acted(
    request: HttpRequest,
    migration_id: uuid.UUID,
    act: Callable[[], None],
    said: str,
    *,
    then: str = "migration",
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    try:
        act()
    except Invalid as refusal:
        return _shown(request, migration_id, errors={refusal.field: refusal.message}, typed=typed, status=422)
    except Conflict as refusal:
        return _shown(request, migration_id, refusal=refusal.message, status=409)
    messages.success(request, said)
    return redirect(f"sites_desk:{then}", migration_id)


def _shown(
    request: HttpRequest,
    migration_id: uuid.UUID,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    row = services.migration_in_reach(actor_of(request), migration_id)
    verdict = request.GET.get("verdict", "")
    leaf = page_of(selectors.rows_of(row, verdict), request.GET.get("page"), size=_LEAF)
    begun = row.rows.exclude(outcome="").exists()
    slugs = sorted({(path, one.title) for path, one in columns_of(row.site).items()})
    context = {
        "row": row,
        "running": row.state in _UNDER_WAY,
        "has_rules": row.kind in (SourceKind.CRAWL, SourceKind.WARC),
        "fields": typed or _typed(row),
        "slugs": slugs,
        "counts": selectors.count_words(row),
        "columns": selectors.REPORT,
        "leaf": leaf,
        "told": [selectors.told(one) for one in leaf.rows],
        "filters": [
            {
                "name": "verdict",
                "label": _("结果"),
                "type": "select",
                "options": [("", _("全部")), *RowVerdict.choices, ("lossy", _("有内容没有带入"))],
            }
        ],
        "may_start": row.state in (MigrationState.PLANNED, MigrationState.STOPPED) and row.total,
        "may_plan": row.state not in _UNDER_WAY and not begun,
        "may_rule": row.state not in _UNDER_WAY and not begun,
        "errors": errors or {},
        "refusal": refusal,
    }
    answer = render(request, "sites/migrating/one.html", context, status=status)
    if row.state in _UNDER_WAY:
        answer.headers["Refresh"] = str(_REFRESH)
    return answer


def _listed(row: Migration) -> dict[str, Any]:
    return {
        "site": row.site.name,
        "url": reverse("sites_desk:migration", args=[row.pk]),
        "kind": f"{row.get_kind_display()}：{row.place}",
        "state": row.get_state_display(),
        "at": row.created_at,
        "who": row.person_name,
    }


def _typed(row: Migration) -> dict[str, str]:
    """The rules as they are typed."""
    kept = rules_of(row.rules)
    said = {name: getattr(kept, name) for name in _RULES}
    return {
        **said,
        "patterns": "\n".join(kept.patterns),
        "only": "\n".join(kept.only),
        "columns": "\n".join(f"{word}={slug}" for word, slug in kept.columns),
    }


def _chosen(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("site", "")[:40])
    except ValueError:
        raise Invalid(_("请选择导入到哪个网站。"), field="site") from None


def _old_words(markup: str) -> str:
    """The words of the old page, without its looks."""
    return old_sources.plain_words(markup)[:_OLD_SHOWN]


def _part(kind: str, value: Any) -> dict[str, Any]:
    """A part of the new page for the template; its text holds only marks the cleaner wrote."""
    if kind == "text":
        return {"kind": kind, "text": _safe(value)}
    if kind == "table":
        return {"kind": kind, "rows": [line.split("\t") for line in value]}
    return {"kind": kind, "address": value[0][:LONGEST], "words": value[1]}


def _safe(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308  # every mark and every sign in it was written by the cleaner
