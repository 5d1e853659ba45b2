"""Choosing a column of the own site."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class ColumnChoice(blocks.PageChooserBlock):
    """A column; which ones may be chosen follows from the post, and one of another site shows nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("栏目"))
        super().__init__(page_type="sites.ColumnPage", **kwargs)

    class Meta:
        icon = "folder"
