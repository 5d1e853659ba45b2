"""A table in an article, as it is copied from a spreadsheet: a line a row, tabs between the cells."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

_WIDEST: Final = 20
_LONGEST: Final = 300


class TableBlock(blocks.StructBlock):
    """A table with a caption; its first row heads the columns unless it is said not to."""

    caption = blocks.CharBlock(label=_("表题"), max_length=100, required=False)
    headed = blocks.BooleanBlock(label=_("第一行是表头"), required=False, default=True)
    cells = blocks.TextBlock(
        label=_("表格内容"),
        max_length=60_000,
        help_text=_("在 Excel、Word 或 WPS 里选中表格复制，粘贴到这里：一行一行，列之间是制表符。"),
    )

    def clean(self, value: Any) -> Any:
        """No wider and no longer than people read."""
        found = super().clean(value)
        rows = rows_of(found["cells"])
        if len(rows) > _LONGEST or max(map(len, rows), default=0) > _WIDEST:
            raise blocks.StructBlockValidationError(
                block_errors={
                    "cells": ValidationError(_("表格最多 300 行、20 列；更大的表请作为附件上传。")),
                }
            )
        return found

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """The rows, each as wide as the widest."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        rows = rows_of(value["cells"] or "")
        return {**context, "head": rows[0] if value["headed"] and rows else [], "rows": rows[bool(value["headed"]) :]}

    class Meta:
        label = _("表格")
        icon = "table"
        template = "sites/parts/table.html"


def rows_of(cells: str) -> list[list[str]]:
    """The rows of a table without empty lines, each as wide as the widest."""
    rows = [[cell.strip() for cell in line.split("\t")] for line in cells.splitlines() if line.strip()]
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]
