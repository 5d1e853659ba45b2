"""Controls an office types with: a limit as number and unit, a list with one entry a line."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

TODAY = "0 WD"
_UNITS = (
    ("", _("请选择单位")),
    ("WD", _("个工作日")),
    ("D", _("日（自然日）")),
    ("MONTH", _("个月")),
    ("YEAR", _("年")),
    ("H", _("小时")),
    ("TODAY", _("当日办结")),
    ("NONE", _("未规定")),
)
_PARTS = re.compile(r"(?P<amount>[0-9]*) ?(?P<unit>[A-Z]*)")


class LimitWidget(forms.MultiWidget):
    """A number and its unit; 当日 and 未规定 need no number."""

    template_name = "catalogue/desk/parts/limit_widget.html"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        number = forms.NumberInput(
            attrs={"min": 0, "max": 9999, "inputmode": "numeric", "aria-label": _("数"), "class": "form-control"}
        )
        unit = forms.Select(choices=_UNITS, attrs={"aria-label": _("单位"), "class": "form-select"})
        super().__init__([number, unit], dict(attrs or {}))

    def decompress(self, value: Any) -> list[Any]:
        """The written form (``20 WD``, ``NONE``, or what is not complete yet) as number and unit."""
        text = str(value or "")
        if text in ("NONE", TODAY):
            return [None, "NONE" if text == "NONE" else "TODAY"]
        found = _PARTS.fullmatch(text)
        return [found["amount"], found["unit"]] if found else [None, ""]

    def id_for_label(self, id_: str) -> str:
        """The group has a legend of its own; its first control is the number."""
        return f"{id_}_0" if id_ else id_


class LimitField(forms.MultiValueField):
    """时限: what is not complete yet is kept as it is (``5``, `` WD``) and counted as missing."""

    widget = LimitWidget

    def __init__(self, **kwargs: Any) -> None:
        number = forms.IntegerField(min_value=0, max_value=9999, required=False)
        unit = forms.ChoiceField(choices=_UNITS, required=False)
        super().__init__([number, unit], required=False, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> str:
        """Number and unit in the written form."""
        amount, unit = data_list or (None, "")
        if unit in ("NONE", "TODAY"):
            return "NONE" if unit == "NONE" else TODAY
        return f"{'' if amount is None else amount} {unit}".rstrip()


class LinesField(forms.CharField):
    """Entries, one a line; empty lines are dropped."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The entries as the text of the box."""
        return "\n".join(value) if isinstance(value, tuple | list) else value

    def clean(self, value: Any) -> Any:
        """The entries."""
        return tuple(line.strip() for line in str(super().clean(value)).splitlines() if line.strip())


class EntriesField(LinesField):
    """Entries the draft keeps as one text with semicolons (设定依据), typed one a line."""

    def prepare_value(self, value: Any) -> Any:
        """The entries as lines."""
        return str(value or "").replace("；", ";").replace(";", "\n") if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        """The entries as one text."""
        return ";".join(line.rstrip(";；") for line in super().clean(value))


def text(label: Any, help_text: Any = "", *, most: int = 200, rows: int = 0, **kwargs: Any) -> forms.CharField:
    """A text of one line, or a box of so many rows."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, help_text=help_text, max_length=most, required=False, widget=widget, **kwargs)


def choice(label: Any, choices: Any, help_text: Any = "", *, radio: bool = False) -> forms.ChoiceField:
    """One of a few words; a draft may leave it open."""
    offered = list(choices) if radio else [("", _("请选择")), *choices]
    widget = forms.RadioSelect() if radio else forms.Select()
    return forms.ChoiceField(label=label, choices=offered, help_text=help_text, required=False, widget=widget)


def chooser_words(search: Any = "") -> dict[str, Any]:
    """What the page's script says about a long choice."""
    return {"data-chooser": search or _("输入几个字查找"), "data-found": _("找到 # 个")}


def register_choice(label: Any, help_text: Any = "", *, search: Any = "") -> forms.ChoiceField:
    """An entry of a register; the page adds a box to search it by, the choices are set when the form is made."""
    widget = forms.Select(attrs=chooser_words(search))
    return forms.ChoiceField(label=label, help_text=help_text, required=False, widget=widget)
