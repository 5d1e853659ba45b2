"""What a counter asks of who comes for another: for whom, in which relation, proved by what."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.identity.constants import AgencyRole, GuardianshipEvidence
from zhengtong.kernel.ui.fields import DayField
from zhengtong.systems.service_hall.constants import RelationKind

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def _date(label: Any, *, required: bool = False, help_text: Any = "") -> DayField:
    return DayField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class WardForm(forms.Form):
    """A child, or an adult somebody is guardian of."""

    ward_name = forms.CharField(
        label=gettext_lazy("被监护人姓名"),
        max_length=50,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": gettext_lazy("请填写被监护人的姓名，与户口簿一致。")},
    )
    ward_citizen_number = forms.CharField(
        label=gettext_lazy("被监护人公民身份号码"),
        max_length=30,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": gettext_lazy("请填写被监护人的公民身份号码。")},
    )
    evidence = forms.ChoiceField(
        label=gettext_lazy("核对了哪一种证明材料"),
        choices=GuardianshipEvidence.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("被监护人已满十八周岁的，须是监护公证书、指定监护的文件或者人民法院判决书。"),
        error_messages={"required": gettext_lazy("请选择核对了哪一种证明材料。")},
    )
    evidence_number = forms.CharField(
        label=gettext_lazy("材料编号"), max_length=60, required=False, widget=forms.TextInput(attrs=_PLAIN)
    )
    valid_until = _date(
        gettext_lazy("监护的截止日期"), help_text=gettext_lazy("未成年人不填，到满十八周岁的前一天为止。")
    )


class CompanyForm(forms.Form):
    """A company, and in what capacity the person speaks for it."""

    name = forms.CharField(
        label=gettext_lazy("单位名称"),
        max_length=200,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": gettext_lazy("请填写营业执照或登记证书上的单位全称。")},
    )
    uscc = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=18,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": gettext_lazy("请填写统一社会信用代码。")},
    )
    representative_name = forms.CharField(
        label=gettext_lazy("法定代表人姓名"),
        max_length=50,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": gettext_lazy("请填写法定代表人（负责人）的姓名。")},
    )
    role = forms.ChoiceField(
        label=gettext_lazy("在场的人是"),
        choices=AgencyRole.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择在场的人是法定代表人还是经办人。")},
    )
    item_codes = forms.CharField(
        label=gettext_lazy("授权委托书写明的事项编码"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("经办人必填，几个事项用逗号分开；只能代办写明的事项。"),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    letter_number = forms.CharField(
        label=gettext_lazy("授权委托书编号"), max_length=60, required=False, widget=forms.TextInput(attrs=_PLAIN)
    )
    valid_until = _date(gettext_lazy("授权截止日期"), help_text=gettext_lazy("经办人必填，照授权委托书填写。"))


class ProofForm(forms.Form):
    """The paper that proves the relation."""

    proof = forms.ChoiceField(
        label=gettext_lazy("核对了哪一种证明材料"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择核对了哪一种证明材料。")},
    )
    number = forms.CharField(
        label=gettext_lazy("材料编号"), max_length=60, required=False, widget=forms.TextInput(attrs=_PLAIN)
    )
    signed_on = _date(gettext_lazy("授权委托书的签署日期"))
    valid_until = _date(gettext_lazy("授权委托书写明的截止日期"))
    copy = forms.FileField(
        label=gettext_lazy("证明材料（照片或扫描件）"),
        required=False,
        help_text=gettext_lazy("随申请保存，办理的人看得到。"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf", "capture": "environment"}),
        error_messages={"required": gettext_lazy("请扫描或者拍下证明材料，它要随申请保存。")},
    )

    def __init__(
        self, proofs: Iterable[tuple[str, str]], *args: Any, relation: str, held: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        # a copy that is kept already need not be given again
        self.fields["copy"].required = relation != RelationKind.REPRESENTATIVE and not held
        self.fields["proof"].choices = list(proofs)  # type: ignore[attr-defined]  # a ChoiceField
        if relation != RelationKind.AGENT:
            del self.fields["signed_on"], self.fields["valid_until"]
