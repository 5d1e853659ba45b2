"""What is asked about delivery: the way, where to, who took it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhengtong.systems.service_hall.constants import DeliveryWay, IdentityProof

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class DeliveryForm(forms.Form):
    """How the applicant wants the paper licence."""

    way = forms.ChoiceField(
        label=gettext_lazy("领取方式"),
        choices=DeliveryWay.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择领取方式。")},
    )
    place_code = forms.ChoiceField(
        label=gettext_lazy("到哪个乡镇领取"),
        required=False,
        help_text=gettext_lazy("选择“到乡镇便民服务中心领取”的才填。"),
    )
    recipient = forms.CharField(
        label=gettext_lazy("收件人"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("选择邮寄的才填，下同。"),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    phone = forms.CharField(
        label=gettext_lazy("收件电话"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=gettext_lazy("收件地址"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("写到门牌号。地址加密保存，只在打印面单时由经办人查看。"),
        widget=forms.TextInput(attrs=_PLAIN),
    )

    def __init__(self, places: Iterable[tuple[str, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        listed = [("", gettext_lazy("请选择")), *places]
        self.fields["place_code"].choices = listed  # type: ignore[attr-defined]  # a ChoiceField


class PostForm(forms.Form):
    """With whom a licence goes out by post."""

    carrier = forms.CharField(label=gettext_lazy("寄递企业"), max_length=40)
    tracking_no = forms.CharField(
        label=gettext_lazy("寄递单号"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("已接入的寄递企业自动生成单号，不用填写；没有接入的照面单填写。"),
        widget=forms.TextInput(attrs=_PLAIN),
    )

    def __init__(self, carriers: Iterable[tuple[str, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        listed = list(carriers)
        if listed:
            self.fields["carrier"] = forms.ChoiceField(label=gettext_lazy("寄递企业"), choices=listed)


class CollectForm(forms.Form):
    """Who stands at the window to collect."""

    name = forms.CharField(
        label=gettext_lazy("领取人姓名"),
        max_length=60,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": gettext_lazy("请填写领取人姓名。")},
    )
    proof = forms.ChoiceField(
        label=gettext_lazy("申请人本人领取：核对了哪一种证件"),
        choices=IdentityProof.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    code = forms.CharField(
        label=gettext_lazy("委托他人领取：领取码"),
        max_length=10,
        required=False,
        help_text=gettext_lazy("申请人办件页上的 6 位数字。"),
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "numeric"}),
    )
    drawn = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-drawn": True}))


class BackForm(forms.Form):
    """Why a licence did not arrive."""

    reason = forms.CharField(
        label=gettext_lazy("没有送达的原因"),
        max_length=120,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": gettext_lazy("请写明为什么没有送达。")},
    )
