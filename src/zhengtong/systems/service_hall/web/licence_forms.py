"""What is typed about licences: the loss, the holder's statement, the authority's measures."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.systems.service_hall.constants import MeasureKind
from zhengtong.systems.service_hall.rules.licences import GROUNDS

_LONG = forms.Textarea(attrs={"rows": 4})


class LossForm(forms.Form):
    """How a licence was lost."""

    reason = forms.CharField(
        label=_("遗失经过"),
        max_length=500,
        help_text=_("什么时候、在哪里、怎样遗失的。签发单位看得到，查验页不公开。"),
        error_messages={"required": _("请写明什么时候、怎样遗失的。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StatementForm(forms.Form):
    """What the holder says against a measure."""

    text = forms.CharField(
        label=_("陈述、申辩的意见"),
        max_length=2000,
        help_text=_("写明您认为不应当撤销的事实、理由和证据，提交一次，不能修改。"),
        error_messages={"required": _("请写明您的意见。")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class MeasureForm(forms.Form):
    """A measure on a licence: ground in law, facts and reasons, and what this kind of measure needs besides."""

    ground = forms.ChoiceField(label=_("依据的情形"), error_messages={"required": _("请选择依据的情形。")})
    reason = forms.CharField(
        label=_("查明的事实和理由"),
        max_length=2000,
        help_text=_("写进决定书，送达持有人。"),
        error_messages={"required": _("请写明查明的事实和理由。")},
        widget=_LONG,
    )
    relief = forms.CharField(
        label=_("被许可人合法权益的处理"),
        required=False,
        max_length=1000,
        help_text=_(
            "因行政机关的原因撤销，被许可人合法权益受到损害的，依法赔偿；欺骗、贿赂取得的，取得的利益不受保护。"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    public_interest = forms.BooleanField(
        label=_("已经核实：撤销不会对公共利益造成重大损害"),
        help_text=_("可能造成重大损害的，不予撤销（行政许可法 第六十九条第三款）。"),
        error_messages={"required": _("请先核实撤销对公共利益的影响；可能造成重大损害的，不予撤销。")},
    )
    document_no = forms.CharField(label=_("行政处罚决定书文号"), max_length=120, required=False)

    def __init__(self, kind: str, rows: Iterable[tuple[str, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        grounds = [(key, f"{words}（{basis}）") for key, (words, basis) in GROUNDS[kind].items()]
        self.fields["ground"].choices = grounds if len(grounds) == 1 else [("", _("请选择")), *grounds]  # type: ignore[attr-defined]  # a ChoiceField
        unused = {
            MeasureKind.REVOKE: ("document_no",),
            MeasureKind.CANCEL: ("relief", "public_interest", "document_no"),
            MeasureKind.LIFT: ("relief", "public_interest"),
            MeasureKind.CORRECT: ("relief", "public_interest", "document_no"),
        }[MeasureKind(kind)]
        for name in unused:
            del self.fields[name]
        if kind == MeasureKind.LIFT:
            self.fields["document_no"].required = True
        self.labels: dict[str, str] = {}
        for number, (label, value) in enumerate(rows) if kind == MeasureKind.CORRECT else ():
            self.labels[f"row{number}"] = label
            self.fields[f"row{number}"] = forms.CharField(label=label, initial=value, max_length=500)

    def wanted(self) -> dict[str, Any]:
        """The arguments of ``propose_measure`` that were typed."""
        data = self.cleaned_data
        found = {name: data[name] for name in ("ground", "reason", "relief", "document_no") if name in data}
        return found | {"corrected": {label: data[name] for name, label in self.labels.items()}}


class DecisionForm(forms.Form):
    """The leader's decision on a measure."""

    decision = forms.ChoiceField(
        label=_("决定"),
        choices=[("carry", _("同意，立即生效")), ("refuse", _("不同意，证照照旧"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择同意或者不同意。")},
    )
    note = forms.CharField(
        label=_("意见"),
        required=False,
        max_length=500,
        help_text=_("不同意的须写明理由。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
