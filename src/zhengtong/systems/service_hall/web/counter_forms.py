"""What a counter asks: whose number, who is new, for whom and what, how the person has agreed."""

import base64
import binascii
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.service_hall.constants import ConsentKind, IdentityProof

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}
_DRAWN = "data:image/png;base64,"


class FindPersonForm(forms.Form):
    """The number on the card that lies on the counter."""

    citizen_number = forms.CharField(
        label=gettext_lazy("申请人的公民身份号码"),
        max_length=30,
        help_text=gettext_lazy("按本人出示的证件填写完整号码。每次查找都会记录，本人可以看到。"),
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": gettext_lazy("请填写公民身份号码。")},
    )


class NewPersonForm(FindPersonForm):
    """A person the platform does not know yet."""

    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=50,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": gettext_lazy("请填写与证件一致的姓名。")},
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=20,
        help_text=gettext_lazy("办理结果会通知到这个号码。"),
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("请填写手机号。")},
    )
    field_order = ("name", "citizen_number", "phone")


class BeginForm(forms.Form):
    """In whose name, which paper was seen, for which item."""

    choice = forms.ChoiceField(
        label=gettext_lazy("以谁的名义申请"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择以谁的名义申请。")},
    )
    proof = forms.ChoiceField(
        label=gettext_lazy("核对了哪一种身份证件"),
        choices=IdentityProof.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择核对了申请人的哪一种身份证件。")},
    )
    item = forms.ChoiceField(
        label=gettext_lazy("办理什么事项"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("请选择办理的事项；没有列出的，先在上面查找。"),
            "invalid_choice": gettext_lazy("请选择列出的事项；没有列出的，先在上面查找。"),
        },
    )

    def __init__(
        self, choices: Iterable[tuple[str, str]], items: Iterable[tuple[str, str]], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["choice"].choices = list(choices)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["item"].choices = list(items)  # type: ignore[attr-defined]  # a ChoiceField


class ConsentForm(forms.Form):
    """How the person has agreed: drawn on the pad, or on paper that was photographed."""

    notice_email = forms.CharField(
        label=gettext_lazy("接收通知的电子邮箱"),
        required=False,
        help_text=gettext_lazy("申请人没有邮箱的可以不填。"),
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "off"}),
    )
    drawn = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-drawn": True}))
    paper = forms.FileField(
        label=gettext_lazy("签过名的打印件（照片或扫描件）"),
        required=False,
        help_text=gettext_lazy("没有签字板时，打印本页请申请人签名，拍照上传。"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf", "capture": "environment"}),
    )
    code = forms.CharField(
        label=gettext_lazy("申请人手机收到的验证码"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("6 位数字，由申请人看着手机告诉您。只对屏幕上的这份内容有效，改一个字都要重新发送。"),
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "numeric"}),
    )

    def signature(self) -> tuple[str, str, bytes]:
        """Kind, file name and content of the signature; raises Invalid without one."""
        paper = self.cleaned_data["paper"]
        if isinstance(paper, UploadedFile):
            return ConsentKind.PAPER, paper.name or "", paper.read(MAX_BYTES + 1)
        picture = drawn_picture(self.cleaned_data["drawn"])
        if picture:
            return ConsentKind.DRAWN, _("签名.png"), picture
        raise Invalid(_("还没有签名。请申请人在签字板上签名，或者上传签过名的打印件。"), field="paper")


class PhoneCodeForm(forms.Form):
    """The code that proves the telephone."""

    code = forms.CharField(
        label=gettext_lazy("手机收到的验证码"),
        max_length=12,
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("请填写手机收到的验证码。")},
    )


def drawn_picture(text: str) -> bytes:
    """The picture the signature pad sent; empty for anything else."""
    if not text.startswith(_DRAWN):
        return b""
    try:
        return base64.b64decode(text[len(_DRAWN) :], validate=True)
    except binascii.Error:
        return b""
