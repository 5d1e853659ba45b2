"""What people type: the complaint itself, and how an official received it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.ui.fields import DayField, FilesField, MomentField
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.complaints.constants import (
    FILES_MAX,
    NAME_MAX,
    TEXT_MAX,
    TITLE_MAX,
    Channel,
    Kind,
    Protection,
)
from zhengtong.systems.complaints.services.submitting import Words

_PROTECTION = (
    (Protection.CONFIDENTIAL, _("身份保密：承办单位看不到，只有监察机构写明用途才能查看")),
    (Protection.SIGNED, _("署名：承办单位可以看到并和我联系，答复写给本人")),
    (Protection.ANONYMOUS, _("匿名：不留任何身份信息，只能凭编号和查询码查询")),
)


class ComplaintForm(forms.Form):
    """A complaint in the person's words."""

    kind = forms.ChoiceField(label=_("类别"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.COMPLAINT)
    post = forms.ChoiceField(label=_("反映哪个岗位"), required=False, widget=forms.RadioSelect)
    post_words = forms.CharField(
        label=_("岗位或者窗口的叫法"),
        required=False,
        max_length=NAME_MAX,
        help_text=_("上面没有的，写窗口号或者岗位，例如“2 楼 3 号窗口”。"),
    )
    title = forms.CharField(label=_("标题"), max_length=TITLE_MAX, help_text=_("一句话写明什么事。"))
    content = forms.CharField(
        label=_("内容"),
        max_length=TEXT_MAX,
        help_text=_("写明时间、地点、经过。要求保密或者匿名的，请不要在这里写自己的姓名、电话和身份。"),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    happened_on = DayField(label=_("发生日期"), required=False, widget=forms.DateInput)
    wish = forms.CharField(
        label=_("希望怎样解决"), required=False, max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
    attachments = FilesField(
        label=_("附件"),
        required=False,
        help_text=_("最多 %(n)d 个，PDF、JPG 或者 PNG，每个不超过 %(m)d MB。监察机构核对后才给承办单位看。")
        % {"n": FILES_MAX, "m": MAX_BYTES // 1024 // 1024},
    )
    protection = forms.ChoiceField(
        label=_("怎样保护我的身份"),
        choices=_PROTECTION,
        widget=forms.RadioSelect,
        initial=Protection.CONFIDENTIAL,
    )
    name = forms.CharField(
        label=_("姓名"), required=False, max_length=NAME_MAX, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("联系电话"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(label=_("联系地址"), required=False, max_length=200)
    may_publish = forms.BooleanField(
        label=_("同意隐去身份后公开来件摘要和答复"),
        required=False,
        help_text=_("公开的文字由监察机构重新编写，举报不公开。"),
    )

    def __init__(self, *args: Any, posts: list[tuple[str, str]] | None = None, own: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self._own = own
        if posts is None:
            del self.fields["post"], self.fields["post_words"]
        else:
            self.fields["post"].choices = [*posts, ("", _("以上都不是，或者不清楚"))]  # type: ignore[attr-defined]  # a ChoiceField
        if own:
            for name in ("name", "phone"):
                self.fields[name].help_text = _("留空就用您账户里的。选“匿名”的不会保存。")
        else:
            self.fields["name"].help_text = _("署名和保密的请写；选“匿名”的不用写，写了也不会保存。")

    def clean(self) -> dict[str, Any]:
        """A missing name is said together with what else is missing, not after it."""
        found: dict[str, Any] = super().clean() or {}
        if not self._own and found.get("protection") in (Protection.SIGNED, Protection.CONFIDENTIAL):
            for name, words in (("name", _("请写姓名。不愿意写的，请选“匿名”。")), ("phone", _("请写联系电话。"))):
                if name not in self.errors and not found.get(name):
                    self.add_error(name, str(words))
        return found

    def words(self) -> Words:
        """What was typed, for the service that judges it."""
        found = self.cleaned_data
        return Words(
            kind=found["kind"],
            protection=found["protection"],
            title=found["title"],
            content=found["content"],
            wish=found["wish"],
            happened_on=found["happened_on"],
            name=found["name"],
            phone=found["phone"],
            citizen_number=found.get("citizen_number", ""),
            address=found["address"],
            may_publish=found["may_publish"],
            files=[(one.name or "", one.read(MAX_BYTES + 1)) for one in found["attachments"]],
        )


class IntakeForm(ComplaintForm):
    """The same typed by an official, and how it was received."""

    channel = forms.ChoiceField(
        label=_("来件渠道"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.PORTAL],
        widget=forms.RadioSelect,
        initial=Channel.COUNTER,
    )
    received_at = MomentField(label=_("收到的时间"), widget=forms.DateTimeInput, help_text=_("受理期限从这一天起算。"))
    note = forms.CharField(
        label=_("怎样收到的"), max_length=200, help_text=_("例如“到 3 号窗口当面反映”“监督电话来电”。")
    )
    citizen_number = forms.CharField(label=_("身份证号码"), required=False, max_length=18)

    field_order = (
        "channel",
        "received_at",
        "note",
        "kind",
        "post",
        "post_words",
        "title",
        "content",
        "happened_on",
        "wish",
        "attachments",
        "protection",
        "name",
        "phone",
        "citizen_number",
        "address",
        "may_publish",
    )


class FindForm(forms.Form):
    """Number and code of the receipt."""

    number = forms.CharField(label=_("来件编号"), max_length=40, help_text=_("例如 TS202611230001"))
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("提交时显示过一次。"),
    )
