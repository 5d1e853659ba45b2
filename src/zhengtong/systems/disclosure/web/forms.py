"""What people type: the request itself, and how an official received it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.ui.fields import DayField, FilesField
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.disclosure.constants import (
    FILES_MAX,
    NAME_MAX,
    TEXT_MAX,
    TITLE_MAX,
    ApplicantKind,
    AskKind,
    Channel,
    Delivery,
    Form,
)
from zhengtong.systems.disclosure.services.submitting import Words

_LONG = {"attrs": {"rows": 5}}


def read_files(found: list[Any]) -> list[tuple[str, bytes]]:
    """Names and contents, not more than may come in."""
    return [(one.name or "", one.read(MAX_BYTES + 1)) for one in found]


class RequestForm(forms.Form):
    """A request as Article 29 asks for it."""

    org_code = forms.ChoiceField(label=_("向哪个单位申请"), help_text=_("谁制作的信息向谁申请；不清楚的可以打电话问。"))
    kind = forms.ChoiceField(
        label=_("申请事项"), choices=AskKind.choices, widget=forms.RadioSelect, initial=AskKind.INFORMATION
    )
    title = forms.CharField(label=_("所需信息的名称"), max_length=TITLE_MAX)
    document_number = forms.CharField(label=_("文号"), required=False, max_length=80, help_text=_("知道的请写。"))
    content = forms.CharField(
        label=_("便于查询的特征描述"),
        max_length=TEXT_MAX,
        help_text=_("写明时间、地点、事项、文件种类。一份申请只写一件事，办得更快。"),
        widget=forms.Textarea(**_LONG),
    )
    use = forms.CharField(
        label=_("所需信息的用途"), required=False, max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )
    form = forms.ChoiceField(
        label=_("提供信息的形式"), choices=Form.choices, widget=forms.RadioSelect, initial=Form.ELECTRONIC
    )
    delivery = forms.ChoiceField(
        label=_("获取信息的方式"), choices=Delivery.choices, widget=forms.RadioSelect, initial=Delivery.ONLINE
    )
    applicant_kind = forms.ChoiceField(
        label=_("申请人类别"), choices=ApplicantKind.choices, initial=ApplicantKind.PERSON
    )
    name = forms.CharField(label=_("姓名或者单位名称"), required=False, max_length=NAME_MAX)
    contact_name = forms.CharField(
        label=_("联系人"), required=False, max_length=NAME_MAX, help_text=_("单位申请的请写。")
    )
    identity_kind = forms.CharField(label=_("身份证明名称"), max_length=40, initial=_("居民身份证"))
    identity_number = forms.CharField(label=_("身份证明号码"), required=False, max_length=40)
    phone = forms.CharField(
        label=_("联系电话"), required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.CharField(label=_("电子邮箱"), required=False, max_length=120)
    address = forms.CharField(label=_("通信地址"), required=False, max_length=200)
    postcode = forms.CharField(label=_("邮政编码"), required=False, max_length=10)
    attachments = FilesField(
        label=_("身份证明或者其他附件"),
        required=False,
        help_text=_("最多 %(n)d 个，PDF、JPG 或者 PNG，每个不超过 %(m)d MB。")
        % {"n": FILES_MAX, "m": MAX_BYTES // 1024 // 1024},
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], own: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["org_code"].choices = units  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("name", "identity_number", "phone"):
            self.fields[name].required = not own
            if own:
                self.fields[name].help_text = _("留空就用您账户里的。")

    def words(self) -> Words:
        """What was typed, for the service that judges it."""
        found = self.cleaned_data
        names = [name for name in self.fields if name in Words.__dataclass_fields__]
        return Words(files=read_files(found["attachments"]), **{name: found[name] for name in names})


class IntakeForm(RequestForm):
    """The same taken down by an official, and how it came."""

    channel = forms.ChoiceField(
        label=_("怎样送来"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.INTERNET],
        widget=forms.RadioSelect,
        initial=Channel.COUNTER,
    )
    arrived_on = DayField(label=_("送达日期"), widget=forms.DateInput)
    confirmed_on = DayField(
        label=_("与申请人确认的日期"),
        required=False,
        widget=forms.DateInput,
        help_text=_("平常信函和传真以确认之日为收到之日；还没有确认的留空，应当在收到当日确认。"),
    )
    note = forms.CharField(label=_("收到经过"), required=False, max_length=200)

    field_order = ("channel", "arrived_on", "confirmed_on", "note")


class FindForm(forms.Form):
    """Number and code of the receipt."""

    number = forms.CharField(label=_("申请编号"), max_length=40, help_text=_("例如 GK202611230001"))
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("提交时显示过一次。"),
    )


class AnswerForm(forms.Form):
    """The files of an answer; its words are read from the page's own fields."""

    attachments = FilesField(required=False)
