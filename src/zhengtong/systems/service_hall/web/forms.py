"""What applicants type: a section of a declared form as a Django form, the review, the tracking box.

The declared checks (``capabilities.forms``) decide what is right; these classes only carry values and sentences.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.forms.api import Field, Section

_RADIO_AT_MOST = 6
_YES = "yes"
_WIDTHS = {"phone": "short", "number": "short", "date": "short", "citizen_number": "medium", "uscc": "medium"}
_AUTOCOMPLETE = {"name": "name", "phone": "tel"}
_CODE = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}


class ConsentInput(forms.CheckboxInput):
    """A box whose ticked value is ``yes``, as declared forms keep it."""

    def format_value(self, value: Any) -> str:
        """Always the value that ticking sends."""
        return _YES

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """True when ticked."""
        return data.get(name) == _YES


@dataclasses.dataclass(frozen=True)
class Line:
    """A question as the page shows it; ``when`` and ``values`` name the answer it depends on, on the same page."""

    bound: BoundField
    width: str
    help: str
    when: str
    values: str
    hidden: bool


class SectionForm(forms.Form):
    """One section: the answers typed so far with the sentences of the declared checks; nothing is checked here."""

    def __init__(self, section: Section, answers: Mapping[str, str], problems: Mapping[str, str]) -> None:
        super().__init__(data=dict(answers))
        self.section = section
        self.answers = answers
        self.problems = problems
        for field in section.fields:
            self.fields[field.key] = _field(field)

    def full_clean(self) -> None:
        """Take over the sentences; the answers were checked where they are kept."""
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        for key, sentence in self.problems.items():
            if key in self.fields:
                self._errors[key] = self.error_class([sentence], renderer=self.renderer)

    def lines(self, asked: set[str], known: Mapping[str, str]) -> list[Line]:
        """The questions in order; ``known`` are the facts about the applicant that fill in answers beforehand.

        A question that depends on one of the same page is written in any case and hidden while it is not put,
        so that the page can show it at once; one that depends on another page is left out.
        """
        keys = {field.key for field in self.section.fields}
        return [
            Line(
                bound=self[field.key],
                width=_WIDTHS.get(field.kind, ""),
                help=self._help(field, known),
                when=field.when[0] if field.when and field.when[0] in keys else "",
                values="|".join(field.when[1]) if field.when else "",
                hidden=field.key not in asked,
            )
            for field in self.section.fields
            if field.key in asked or (field.when and field.when[0] in keys)
        ]

    def _help(self, field: Field, known: Mapping[str, str]) -> str:
        answer = self.answers.get(field.key, "")
        if field.prefill and answer and answer == known.get(field.prefill):
            return f"{_('已按您的身份信息预填。')}{field.help}"
        return field.help


def answers_in(section: Section, posted: QueryDict) -> dict[str, str]:
    """What a page of the section sent; a box that is not ticked sends nothing and counts as empty."""
    return {field.key: posted.get(field.key, "") for field in section.fields}


def _field(field: Field) -> forms.Field:
    label = f"{field.label}（{field.unit}）" if field.unit else field.label
    common: dict[str, Any] = {"label": label, "required": field.required}
    if field.kind == "choice":
        if len(field.options) <= _RADIO_AT_MOST:
            return forms.ChoiceField(choices=field.options, widget=forms.RadioSelect, **common)
        return forms.ChoiceField(choices=[("", _("请选择")), *field.options], **common)
    if field.kind == "consent":
        return forms.BooleanField(widget=ConsentInput, **common)
    return forms.CharField(widget=_widget(field), strip=False, **common)


def _widget(field: Field) -> forms.Widget:
    if field.kind == "textarea":
        return forms.Textarea(attrs={"rows": 6})
    if field.kind == "date":
        return forms.DateInput()
    attrs: dict[str, str] = {}
    if field.prefill in _AUTOCOMPLETE:
        attrs["autocomplete"] = _AUTOCOMPLETE[field.prefill]
    if field.kind in ("citizen_number", "uscc"):
        attrs |= _CODE
    if field.kind == "number":
        attrs |= {"inputmode": "decimal", "autocomplete": "off"}
    if field.kind == "phone":
        attrs |= {"type": "tel", "autocomplete": "tel"}
    if field.kind == "email":
        attrs |= {"type": "email", "autocomplete": "email"}
    return forms.TextInput(attrs=attrs)


class ReviewForm(forms.Form):
    """What is asked before handing in: where notices go, and that everything was read over."""

    notice_email = forms.CharField(
        label=_("接收通知的电子邮箱"),
        required=False,
        help_text=_("填写后，受理、补正和办理结果同时发到这个邮箱；不填写也会发站内消息。"),
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        label=_("我已核对以上内容和材料，确认无误，现在提交"),
        error_messages={"required": _("请核对以上内容，并勾选“确认无误”后再提交。")},
    )


class TrackForm(forms.Form):
    """Number and query code as they stand on the receipt."""

    number = forms.CharField(
        label=_("申请编号"),
        max_length=60,
        help_text=_("收件回执上的 20 位数字，空格可以不填。"),
        error_messages={"required": _("请填写收件回执上的申请编号。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=30,
        help_text=_("收件回执上的 8 位字母和数字，不分大小写。"),
        error_messages={"required": _("请填写收件回执上的查询码。")},
        widget=forms.TextInput(attrs=_CODE),
    )
