"""What a stranger may enter to verify a paper, and an official to withdraw one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.documents.constants import MAX_VERIFY_BYTES, EndGround
from zhengtong.capabilities.documents.engine.codes import normalised, well_formed

_NOT_TYPED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class CodeForm(forms.Form):
    """The verification code as printed; spaces, hyphens and small letters are fine."""

    code = forms.CharField(
        label=_("查验码"),
        max_length=40,
        help_text=_("印在文书二维码旁边，共 12 位字母和数字，例如 7KQM-4XTP-A3CX。"),
        error_messages={"required": _("请输入文书上的查验码。")},
        widget=forms.TextInput(attrs=_NOT_TYPED),
    )

    def clean_code(self) -> str:
        """The code as stored."""
        code = normalised(self.cleaned_data["code"])
        if not well_formed(code):
            raise forms.ValidationError(_("查验码有误：应为 12 位字母和数字，请对照文书上的查验码重新输入。"))
        return code


class FileForm(forms.Form):
    """The electronic paper itself, or a photograph of its codes."""

    file = forms.FileField(
        label=_("电子文书（PDF、OFD）或者二维码照片（PNG、JPEG）"),
        allow_empty_file=True,
        error_messages={"required": _("请选择要查验的文件。"), "invalid": _("请选择要查验的文件。")},
        widget=forms.ClearableFileInput(
            attrs={"accept": ".pdf,.ofd,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"}
        ),
    )

    def clean_file(self) -> Any:
        """A file of a size that can be ours."""
        file = self.cleaned_data["file"]
        if not file.size:
            raise forms.ValidationError(_("这是空文件，请重新选择。"))
        if file.size > MAX_VERIFY_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB。本平台签发的文书都小于 20 MB，请确认选对了文件。"))
        return file


class TokenForm(forms.Form):
    """The offline token as a scanner reads it from the licence."""

    token = forms.CharField(
        label=_("离线核验码"),
        max_length=5000,
        help_text=_("扫描证照上“离线核验”二维码得到的文字，以 EL1: 开头。"),
        error_messages={"required": _("请粘贴离线核验码。")},
        widget=forms.Textarea(attrs={"rows": 4, **_NOT_TYPED}),
    )


class WithdrawForm(forms.Form):
    """Why a paper is withdrawn: a ground that strangers read, and the reason for the record."""

    ground = forms.ChoiceField(
        label=_("撤回原因"),
        choices=[("", _("请选择")), *EndGround.choices],
        help_text=_("查验页会公开显示这一项。"),
        error_messages={"required": _("请选择撤回原因。"), "invalid_choice": _("请从清单中选择撤回原因。")},
    )
    reason = forms.CharField(
        label=_("具体理由"),
        max_length=500,
        help_text=_("记入责任认定记录，不公开显示，不能修改。"),
        error_messages={"required": _("请填写具体理由。"), "max_length": _("理由最多 500 个字，请缩短后重试。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
