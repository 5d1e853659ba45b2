"""``{% load ui %}``: the component tags and the formats of dates, money and masked personal data."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template import Context
from django.utils.translation import gettext as _

from zhengtong.kernel.ui import charts, fields, formats, tables
from zhengtong.kernel.ui.clock_bar import cells_of, legend_of
from zhengtong.kernel.ui.lamps import lamp_of
from zhengtong.kernel.ui.state_words import MATERIAL_WORDS, OPINION_WORDS, SEAL_WORDS, STEP_WORDS, WAITING_WORDS, Words

register = template.Library()

for _name in ("cn_date", "cn_day", "cn_time", "cn_datetime", "money", "group4", "mask_name", "mask_id", "mask_phone"):
    register.filter(_name, getattr(formats, _name), is_safe=False)

Items = Iterable[Mapping[str, Any]]


def _query(context: Context) -> QueryDict | None:
    request = context.get("request")
    return request.GET if request is not None else None


def _moment(value: object) -> str:
    """Times and dates in our form, any other text as the caller wrote it."""
    if isinstance(value, dt.datetime):
        return formats.cn_datetime(value)
    return formats.cn_date(value) if isinstance(value, dt.date) else str(value or "")


def _word(words: Words, item: Mapping[str, Any], state: str) -> str:
    return str(item.get("state_label") or words.get(state, state))


@register.inclusion_tag("ui/components/section_title.html")
def section_title(
    text: str, *, more_url: str = "", more_label: str = "", note: str = "", level: int = 2, anchor: str = ""
) -> dict[str, Any]:
    """Title of a part of the page with its rule; ``level`` 1 to 4."""
    label = more_label or _("更多")
    return {"text": text, "more_url": more_url, "more_label": label, "note": note, "tag": f"h{level}", "anchor": anchor}


@register.inclusion_tag("ui/components/news_list.html")
def news_list(items: Items, *, empty: str = "") -> dict[str, Any]:
    """Titles with their dates at the right: ``{title, url, date, tag?}``."""
    return {"items": list(items), "empty": empty or _("这里还没有内容。")}


@register.inclusion_tag("ui/components/service_tile.html")
def service_tile(*, title: str, url: str, note: str = "", mark: str = "", meta: str = "") -> dict[str, Any]:
    """A service to choose; ``mark`` is one character, the first of the title by default."""
    return {"title": title, "url": url, "note": note, "mark": (mark or title)[:1], "meta": meta}


@register.inclusion_tag("ui/components/search_box.html")
def search_box(
    *,
    action: str = "/search/",
    value: str = "",
    label: str = "",
    hint: str = "",
    hot: Items | None = None,
    field_id: str = "page-search",
    suggest: str = "/search/suggest/",
    hidden: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The large search of a start page; ``hot`` are ``{label, url}`` under it, ``hidden`` is sent with the words.

    ``suggest`` answers with what goes on from what was typed so far; empty for a box without suggestions.
    """
    label = label or _("搜索")
    return {
        "action": action,
        "value": value,
        "label": label,
        "hint": hint,
        "hot": list(hot or ()),
        "field_id": field_id,
        "suggest": suggest,
        "hidden": dict(hidden or {}),
    }


@register.inclusion_tag("ui/components/step_list.html")
def step_list(items: Items, *, layout: str = "column") -> dict[str, Any]:
    """Steps ``{label, state: done|current|todo, waiting?: you|us, note?, time?, state_label?}`` in a row or column."""
    steps = []
    for item in items:
        state, waiting = str(item.get("state") or "todo"), str(item.get("waiting") or "")
        word = str(item.get("state_label") or WAITING_WORDS.get(waiting) or STEP_WORDS.get(state, state))
        steps.append({**item, "state": state, "waiting": waiting, "word": word, "time": _moment(item.get("time"))})
    return {"steps": steps, "layout": layout}


@register.inclusion_tag("ui/components/clock.html")
def clock(days: Items, *, sentence: str = "", why: str = "", caption: str = "", legend: bool = True) -> dict[str, Any]:
    """A bar of days ``{day, state: counted|paused|holiday|remaining|overdue, label?, today?, due?}``."""
    cells = cells_of(days)
    return {
        "cells": cells,
        "sentence": sentence,
        "why": why,
        "caption": caption,
        "legend": legend_of(cells) if legend else [],
    }


@register.inclusion_tag("ui/components/lamp.html")
def lamp(state: object, *, label: str = "", note: str = "") -> dict[str, Any]:
    """A lamp: green|yellow|red|deep_red, or normal|due_soon|overdue|statutory_breach, or none."""
    return {"lamp": (found := lamp_of(state)), "label": label or found.word, "note": note}


@register.inclusion_tag("ui/components/receipt_card.html")
def receipt_card(
    *,
    number: str,
    code: str = "",
    title: str = "",
    qr_svg: str = "",
    qr_label: str = "",
    rows: Items | None = None,
    note: str = "",
) -> dict[str, Any]:
    """Number and query code in groups of four; ``qr_svg`` is printed only as far as the caller marked it safe."""
    return {
        "title": title or _("回执"),
        "number": number,
        "code": code,
        "qr_svg": qr_svg,
        "qr_label": qr_label or _("二维码，扫码查询"),
        "rows": list(rows or ()),
        "note": note,
    }


@register.inclusion_tag("ui/components/opinion_thread.html")
def opinion_thread(items: Items) -> dict[str, Any]:
    """Opinions ``{who, post, unit, at, verdict?: agree|return|refuse|waiting, text, files?: [{name, url}], lamp?}``."""
    opinions = []
    for item in items:
        verdict = str(item.get("verdict") or "")
        word = _word(OPINION_WORDS, item, verdict) if verdict else ""
        opinions.append({**item, "verdict": verdict, "word": word, "at": _moment(item.get("at"))})
    return {"opinions": opinions}


@register.inclusion_tag("ui/components/material_row.html")
def material_row(item: Mapping[str, Any]) -> dict[str, Any]:
    """One paper ``{name, state, note?, required?, file?: {name, url, size?}, reason?, act?: {label, url}}``."""
    state = str(item.get("state") or "missing")
    return {"item": {**item, "state": state, "word": _word(MATERIAL_WORDS, item, state)}}


@register.inclusion_tag("ui/components/material_list.html")
def material_list(items: Items) -> dict[str, Any]:
    """Papers one below the other; items as in ``material_row``."""
    return {"items": list(items)}


@register.inclusion_tag("ui/components/file_upload.html")
def file_upload(
    *,
    name: str,
    label: str,
    field_id: str = "",
    allowed: str = "",
    accept: str = "",
    help_text: str = "",
    error: str = "",
    required: bool = True,
    multiple: bool = False,
    camera: bool = False,
    current: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A place for a file; ``allowed`` says before choosing what may be sent, ``current`` is ``{name, url}``."""
    return {
        "field": _plain_field(
            name=name, label=label, field_id=field_id, help_text=help_text, error=error, required=required
        ),
        "name": name,
        "allowed": allowed,
        "accept": accept,
        "multiple": multiple,
        "camera": camera,
        "current": current,
    }


def _plain_field(
    *, name: str, label: str, field_id: str, help_text: str, error: str, required: bool
) -> fields.FieldView:
    return fields.FieldView(
        kind="control",
        id=field_id or f"id_{name}",
        label=label,
        required=required,
        help=help_text,
        errors=(error,) if error else (),
    )


@register.inclusion_tag("ui/components/form_field.html")
def form_field(
    *,
    name: str,
    label: str,
    value: object = "",
    kind: str = "text",
    field_id: str = "",
    help_text: str = "",
    error: str = "",
    required: bool = True,
    width: str = "",
    rows: int = 4,
    choices: Sequence[tuple[str, str]] = (),
    autocomplete: str = "",
) -> dict[str, Any]:
    """A field without a Django form.

    Kind text|textarea|select|radio|checkbox|date|month|datetime-local|number|tel|email|password|search.
    """
    plain = _plain_field(name=name, label=label, field_id=field_id, help_text=help_text, error=error, required=required)
    field_view = dataclasses.replace(plain, written=fields.WRITTEN.get(kind, ""))
    return {
        "field": field_view,
        "name": name,
        "kind": kind,
        "value": value,
        "width": width,
        "rows": rows,
        "choices": [{"value": key, "label": text, "chosen": str(key) == str(value)} for key, text in choices],
        "autocomplete": autocomplete,
        # a list whose first entry is an answer already cannot be left without one: HTML allows no "required" there
        "answered": kind == "select" and bool(choices) and choices[0][0] != "",
    }


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField, *, help_text: str = "", width: str = "") -> dict[str, Any]:
    """A field of a Django form in our markup; width short or medium, else the full column."""
    return {"field": fields.view_of(bound, help_text), "width": width}


@register.inclusion_tag("ui/components/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """All fields of a Django form in order, error summary on top."""
    return {"form": form}


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(source: BaseForm | Items | Mapping[str, str] | None) -> dict[str, Any]:
    """What has to be corrected, with links: a Django form, ``{name: sentence}``, or ``[{text, href}]``."""
    if isinstance(source, BaseForm):
        items = [{"text": str(text), "href": ""} for text in source.non_field_errors()]
        for view in map(fields.view_of, source.visible_fields()):
            items += [{"text": view.named(text), "href": f"#{view.target}"} for text in view.errors]
        return {"items": items}
    if isinstance(source, Mapping):
        return {"items": [{"text": text, "href": f"#id_{name}" if name else ""} for name, text in source.items()]}
    return {"items": list(source or ())}


@register.inclusion_tag("ui/components/filter_bar.html", takes_context=True)
def filter_bar(
    context: Context, filters: Items | BaseForm, *, action: str = "", total: str = "", prefix: str = "filter"
) -> dict[str, Any]:
    """Filters kept in the address: a form, or ``{name, label, type: text|select|date|month, options?, value?}``."""
    query = _query(context)
    if isinstance(filters, BaseForm):
        return {"form": filters, "action": action, "total": total, "sort": query.get(tables.SORT) if query else ""}
    items = []
    for item in filters:
        value = str(item["value"] if "value" in item else (query or {}).get(item["name"], ""))
        options = [{"value": key, "label": text, "chosen": str(key) == value} for key, text in item.get("options", ())]
        written = fields.WRITTEN.get(item.get("type", ""), "")
        found = {"value": value, "options": options, "id": f"{prefix}-{item['name']}", "written": written}
        items.append({**item, **found})
    return {"items": items, "action": action, "total": total, "sort": query.get(tables.SORT) if query else ""}


@register.inclusion_tag("ui/components/tab_links.html")
def tab_links(tabs: Items, *, label: str = "") -> dict[str, Any]:
    """Pages of one subject beside each other: ``{label, url, active?}``; ``label`` names them for a screen reader."""
    return {"tabs": tabs, "label": label or _("分类")}


@register.inclusion_tag("ui/components/data_table.html", takes_context=True)
def data_table(
    context: Context,
    columns: Items,
    rows: Iterable[object],
    *,
    caption: str,
    show_caption: bool = False,
    total: str = "",
    totals: Mapping[str, Any] | None = None,
    empty: Mapping[str, str] | None = None,
    export_url: str = "",
    stack: bool = False,
    keys: bool = False,
    pick_form: str = "",
    whole: bool = False,
) -> dict[str, Any]:
    """Columns ``{key, label, kind?, sortable?}``; rows mappings or objects with ``url?``, ``active?``; see README.

    ``whole``: shown to its last row, as a report is, instead of scrolling below its head.
    """
    heads = tables.columns_of(columns, _query(context))
    return {
        "columns": heads,
        "rows": tables.rows_of(heads, rows),
        "caption": caption,
        "show_caption": show_caption,
        "total": total,
        "totals": tables.totals_of(heads, totals or {}),
        "empty": empty or {"title": _("没有记录"), "why": ""},
        "export_url": export_url,
        "stack": stack,
        "keys": keys,
        "pick_form": pick_form,
        "whole": whole,
    }


@register.inclusion_tag("ui/components/empty_state.html")
def empty_state(*, title: str, why: str = "", act_label: str = "", act_url: str = "") -> dict[str, Any]:
    """Why there is nothing here, and what to do."""
    return {"title": title, "why": why, "act_label": act_label, "act_url": act_url}


@register.inclusion_tag("ui/components/confirm_reason.html")
def confirm_reason(
    *,
    action: str,
    title: str,
    consequence: str,
    confirm_label: str,
    cancel_url: str = "",
    reason_label: str = "",
    name: str = "reason",
    min_length: int = 5,
    value: str = "",
    error: str = "",
    hidden: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A POST form for what cannot be undone: the reason has to be typed, at least ``min_length`` characters."""
    label = reason_label or _("理由")
    return {
        "action": action,
        "title": title,
        "consequence": consequence,
        "confirm_label": confirm_label,
        "cancel_url": cancel_url,
        "field": _plain_field(name=name, label=label, field_id="", help_text="", error=error, required=True),
        "name": name,
        "min_length": min_length,
        "value": value,
        "hidden": dict(hidden or {}),
    }


@register.inclusion_tag("ui/components/seal_badge.html")
def seal_badge(state: str, *, title: str = "", text: str = "", rows: Items | None = None) -> dict[str, Any]:
    """The result of a verification: valid|invalid|revoked|unknown, a sentence, and facts ``{label, value}``."""
    state = state if state in SEAL_WORDS else "unknown"
    shape, word = SEAL_WORDS[state]
    return {"state": state, "shape": shape, "title": title or word, "text": text, "rows": list(rows or ())}


@register.inclusion_tag("ui/components/time_line.html")
def time_line(items: Items) -> dict[str, Any]:
    """What happened, newest as the caller orders it: ``{at, title, who?, note?, url?, lamp?, links?}``."""
    return {"items": [{**item, "at": _moment(item.get("at"))} for item in items]}


@register.inclusion_tag("ui/components/ranked_bar.html")
def ranked_bar(
    items: Items, *, caption: str, unit: str = "", label_head: str = "", value_head: str = ""
) -> dict[str, Any]:
    """Bars from long to short ``{label, value, note?, url?, lamp?}``, also a table for those who cannot see them."""
    ranked = sorted(items, key=lambda item: -float(item["value"]))
    longest = max((float(item["value"]) for item in ranked), default=0.0) or 1.0
    rows = []
    for item in ranked:
        share = round(max(float(item["value"]), 0.0) / longest * 100, 1)
        rows.append({**item, "share": f"{share:g}%", "tone": lamp_of(item.get("lamp")).key if item.get("lamp") else ""})
    heads = {"label_head": label_head or _("名称"), "value_head": value_head or unit or _("数量")}
    return {"rows": rows, "caption": caption, "unit": unit, **heads}


@register.inclusion_tag("ui/components/chart.html", takes_context=True)
def chart(
    context: Context,
    points: Sequence[Mapping[str, Any]],
    series: Sequence[Mapping[str, str]],
    *,
    caption: str,
    kind: charts.Kind = "columns",
    unit: str = "",
    label_head: str = "",
) -> dict[str, Any]:
    """Columns or lines of points ``{label, <key>: number|None}`` for series ``{key, label}``, the same as a table."""
    heads = [{"key": "label", "label": label_head or _("时间")}]
    return {
        "request": context.get("request"),
        "chart": charts.chart_of(points, series, kind=kind),
        "points": points,
        "series": series,
        "columns": [*heads, *({**one, "kind": "number"} for one in series)],
        "caption": caption,
        "unit": unit,
    }


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Any, *, param: str = "page") -> dict[str, Any]:
    """Page links that keep the filters in the address; ``page`` has number, pages, total, has_next, has_previous."""
    return tables.page_links(_query(context) or QueryDict(), page, param)


@register.inclusion_tag("ui/components/notice.html")
def notice(
    text: str, *, title: str = "", tone: str = "plain", act_label: str = "", act_url: str = ""
) -> dict[str, Any]:
    """A message in the page, never a passing toast; tone plain|green|yellow|red."""
    return {"text": text, "title": title, "tone": tone, "act_label": act_label, "act_url": act_url}


@register.inclusion_tag("ui/components/facts.html")
def facts(rows: Items, *, layout: str = "") -> dict[str, Any]:
    """Names and values ``{label, value, url?, note?}``; layout ``two`` sets them in two columns on wide screens."""
    return {"rows": [{**row, "value": _moment(row.get("value"))} for row in rows], "layout": layout}


@register.inclusion_tag("ui/components/figure.html")
def figure(
    value: object, *, label: str, unit: str = "", note: str = "", tone: str = "", url: str = ""
) -> dict[str, Any]:
    """One large number with what it counts; tone green|yellow|red|deep_red colours it and names its lamp."""
    shown = f"{value:,}" if isinstance(value, int) else str(value)
    found = lamp_of(tone) if tone else None
    return {"value": shown, "label": label, "unit": unit, "note": note, "lamp": found, "url": url}


@register.inclusion_tag("ui/components/breadcrumb.html")
def breadcrumb(items: Items | None) -> dict[str, Any]:
    """Where the page stands: ``{label, url}``, the last one is the page itself."""
    return {"items": list(items or ())}


@register.inclusion_tag("ui/components/progress.html")
def progress(items: Items) -> dict[str, Any]:
    """Sections of a long form by name: ``{label, url?, state: done|current|todo}``."""
    sections = [{**item, "word": STEP_WORDS.get(str(item.get("state")), "")} for item in items]
    return {"sections": sections}


@register.inclusion_tag("ui/components/autosave_status.html")
def autosave_status(saved_at: dt.datetime | None = None) -> dict[str, Any]:
    """The line a form with ``data-autosave-url`` writes its saved time into."""
    return {"saved_at": saved_at}


@register.simple_tag(takes_context=True)
def address_with(context: Context, **changes: object) -> str:
    """The query string of this page with changes; ``None`` takes a key out."""
    return tables.address_with(_query(context) or QueryDict(), **changes)
