"""What a migration found and did, in words and row by row."""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet

from zhengtong.kernel.sheets import Sheet, csv_lines
from zhengtong.systems.sites.constants import RowOutcome, RowVerdict
from zhengtong.systems.sites.models import GovernmentSite, Migration, MigrationRow

#: number in ``Migration.counts`` → how it is called
_LABELS: Final = {
    **{one.value: str(one.label) for one in RowVerdict},
    "held": "其中存为草稿",
    "pictures": "正文里的图片",
    "documents": "附件",
    "outcome_written": "已导入",
    "outcome_held": "已存为草稿",
    "outcome_refused": "没有导入",
    "files": "已收下的图片和附件",
    "files_lost": "没有收下的图片和附件",
}
_DROPPED: Final = {
    "dropped_scripts": "去掉的脚本",
    "dropped_styles": "去掉的样式",
    "dropped_trackers": "去掉的统计和跟踪代码",
    "dropped_hidden": "去掉的隐藏内容",
    "dropped_frames": "去掉的嵌入内容",
    "dropped_forms": "去掉的表单",
    "dropped_drawings": "去掉的矢量图形",
    "dropped_inline_pictures": "去掉的网页内图片",
    "dropped_wide_tables": "改为文字的宽表格",
}
REPORT: Final = (
    {"key": "number", "label": "序号", "kind": "number"},
    {"key": "address", "label": "旧网址"},
    {"key": "title", "label": "标题"},
    {"key": "column", "label": "栏目"},
    {"key": "verdict", "label": "试运行结果"},
    {"key": "outcome", "label": "导入结果"},
    {"key": "reason", "label": "原因"},
    {"key": "losses", "label": "没有带入的内容"},
)


def newest(tenant: str, number: int = 50) -> list[Migration]:
    """The migrations of a county, the newest first."""
    return list(Migration.objects.filter(tenant=tenant).select_related("site").order_by("-created_at")[:number])


def sites_to_choose(tenant: str) -> list[GovernmentSite]:
    """The open sites, by code."""
    return list(GovernmentSite.objects.filter(tenant=tenant, state="open").order_by("kind", "code"))


def count_words(row: Migration) -> list[tuple[str, int]]:
    """What was found and done, counted, in the order people ask for it."""
    known = {**_LABELS, **_DROPPED}
    always = set(RowVerdict.values)
    return [(label, row.counts.get(key, 0)) for key, label in known.items() if key in always or row.counts.get(key)]


def rows_of(row: Migration, verdict: str = "") -> "QuerySet[MigrationRow]":
    """The rows of a migration; ``lossy``: those that lost something."""
    rows = MigrationRow.objects.filter(migration=row).order_by("number")
    if verdict == "lossy":
        return rows.exclude(losses=[])
    return rows.filter(verdict=verdict) if verdict in RowVerdict.values else rows


def told(row: MigrationRow) -> dict[str, Any]:
    """A row as the report prints it."""
    return {
        "number": row.number,
        "address": row.address,
        "title": row.title,
        "column": row.column,
        "verdict": RowVerdict(row.verdict).label,
        "outcome": RowOutcome(row.outcome).label if row.outcome else "",
        "reason": row.reason,
        "losses": "；".join(row.losses),
    }


def report_lines(row: Migration) -> Iterator[str]:
    """The whole report as CSV, a line at a time."""
    columns = {str(one["key"]): str(one["label"]) for one in REPORT}
    yield from csv_lines(Sheet("迁移报告", columns, (told(one) for one in rows_of(row).iterator(chunk_size=500))))
