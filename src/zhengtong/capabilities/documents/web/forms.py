"""What a stranger may enter to verify a paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.documents.constants import MAX_VERIFY_BYTES
from zhengtong.capabilities.documents.engine.codes import normalised, well_formed


class CodeForm(forms.Form):
    """The verification code as printed; spaces, hyphens and small letters are fine."""

    code = forms.CharField(
        label=_("查验码"),
        max_length=40,
        help_text=_("印在文书二维码旁边，共 12 位字母和数字，例如 7KQM-4XTP-A3CX。"),
        error_messages={"required": _("请输入文书上的查验码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """The code as stored."""
        code = normalised(self.cleaned_data["code"])
        if not well_formed(code):
            raise forms.ValidationError(_("查验码有误：应为 12 位字母和数字，请对照文书上的查验码重新输入。"))
        return code


class FileForm(forms.Form):
    """The electronic paper itself."""

    file = forms.FileField(
        label=_("电子文书（PDF 文件）"),
        allow_empty_file=True,
        error_messages={"required": _("请选择要查验的 PDF 文件。"), "invalid": _("请选择要查验的 PDF 文件。")},
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> Any:
        """A file of a size that can be ours."""
        file = self.cleaned_data["file"]
        if not file.size:
            raise forms.ValidationError(_("这是空文件，请重新选择。"))
        if file.size > MAX_VERIFY_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB。本平台签发的文书都小于 20 MB，请确认选对了文件。"))
        return file
