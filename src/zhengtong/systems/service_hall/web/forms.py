"""What applicants type beside the declared form: renewal, hearing, where notices go, the tracking box."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.systems.service_hall.constants import HEARING_TEXT_MAX

FIRST = "first"
_CODE = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}


class RenewalForm(forms.Form):
    """Whether a licence is asked for the first time, or which one of the applicant's is to be renewed."""

    renews = forms.ChoiceField(
        label=_("这次申请是"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选择首次申请还是延续已有的证照。"),
            "invalid_choice": _("不能延续这份证照：它已经过期、失效，或者正在办理延续。请重新选择。"),
        },
    )

    def __init__(self, licences: Iterable[tuple[uuid.UUID, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        listed = [(str(key), words) for key, words in licences]
        self.fields["renews"].choices = [(FIRST, _("首次申请，或者另外申请一份")), *listed]  # type: ignore[attr-defined]  # a ChoiceField

    def renewed(self) -> uuid.UUID | None:
        """The licence that was chosen; None for a first application."""
        chosen = self.cleaned_data["renews"]
        return None if chosen == FIRST else uuid.UUID(chosen)


class HearingForm(forms.Form):
    """What the applicant wants to be heard on."""

    text = forms.CharField(
        label=_("听证请求和理由"),
        required=False,
        max_length=HEARING_TEXT_MAX,
        help_text=_("写明对哪些事项、为什么要求听证；可以不写，听证时再说明。"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class HearingWaiverForm(forms.Form):
    """That no hearing is wanted."""

    agreed = forms.BooleanField(
        label=_("我不要求听证，声明放弃这项权利"),
        help_text=_("放弃以后不能再申请听证，办理单位不用等期限届满就可以作出决定。"),
        error_messages={"required": _("放弃听证以后不能再申请，请先勾选确认。")},
    )


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
