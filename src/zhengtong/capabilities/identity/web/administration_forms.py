"""Forms of the administrators: what is typed; what is right is decided by services."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import PERSONAL_ROLES, Role, Scope
from zhengtong.capabilities.identity.services import Decree
from zhengtong.kernel.ui.fields import DayField

Choices = Sequence[tuple[str, Any]]

_EMPTY = ("", _("请选择"))
_DAY = {"type": "date"}
ROLE_CHOICES = [(role, label) for role, label in Role.choices if role not in PERSONAL_ROLES]


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> DayField:
    return DayField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        error_messages={
            "required": _("请填写日期。"),
            "invalid": _("请填写正确的日期，例如 2026-12-31。"),
        },
    )


def _choice(label: Any, choices: Choices, *, required: bool = True, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[_EMPTY, *choices],
        required=required,
        help_text=help_text,
        error_messages={"required": _("请选择%(label)s。") % {"label": label}},
    )


_WHY = _("理由")


def _reason(label: Any = _WHY, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明%(label)s。") % {"label": label}},
    )


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = _reason(help_text=_("理由随操作一起记录，不能修改。"))


class DecreeForm(forms.Form):
    """The decision behind a change of organisations."""

    effective_on = _day(_("生效日期"))
    document_number = forms.CharField(
        label=_("批文文号"),
        max_length=60,
        help_text=_("批准机构变更的文件，例如 青编发〔2026〕3号。"),
        error_messages={"required": _("请填写批准机构变更的文件文号。")},
    )
    reason = _reason(_("说明"), required=False)

    def decree(self) -> Decree:
        """The decision as the services want it."""
        data = self.cleaned_data
        return Decree(effective_on=data["effective_on"], document_number=data["document_number"], reason=data["reason"])


class FoundForm(DecreeForm):
    """A new organisation."""

    code = forms.CharField(
        label=_("机构代码"), max_length=20, error_messages={"required": _("请填写机构代码，例如 G33。")}
    )
    name = forms.CharField(label=_("机构名称"), max_length=100, error_messages={"required": _("请填写机构全称。")})
    short_name = forms.CharField(label=_("简称"), max_length=50, required=False)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    parent = forms.ChoiceField(label=_("上级机构"), required=False)
    split_from = forms.ChoiceField(
        label=_("由哪个机构分设"), required=False, help_text=_("不是分设的不选；分设不移交原机构的在办事项。")
    )

    field_order = ("code", "name", "short_name", "uscc", "parent", "split_from")

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = _choice(_("上级机构"), organisations, required=False)
        self.fields["split_from"] = _choice(
            _("由哪个机构分设"), organisations, required=False, help_text=_("分设不移交原机构的在办事项。")
        )
        self.order_fields(self.field_order)


class RenameForm(DecreeForm):
    """A new name."""

    name = forms.CharField(label=_("新名称"), max_length=100, error_messages={"required": _("请填写机构全称。")})
    short_name = forms.CharField(label=_("新简称"), max_length=50, required=False)

    field_order = ("name", "short_name")


class MoveForm(DecreeForm):
    """Another superior."""

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = _choice(_("新的上级机构"), organisations, required=False)
        self.order_fields(["parent"])


class HeirForm(DecreeForm):
    """Who takes over; ``confirmed`` is set on the page that shows what goes over."""

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisations: Choices, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"] = _choice(_("承接机构"), organisations, required=needed)
        self.order_fields(["successor"])


class PostForm(forms.Form):
    """A new post."""

    title = forms.CharField(label=_("岗位名称"), max_length=50, error_messages={"required": _("请填写岗位名称。")})


class StaffForm(forms.Form):
    """An official with his account."""

    name = forms.CharField(label=_("姓名"), max_length=50, error_messages={"required": _("请填写姓名。")})
    phone = forms.CharField(
        label=_("手机号"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    username = forms.CharField(
        label=_("用户名"),
        max_length=30,
        help_text=_("3 至 30 个小写字母、数字或 _ . -，以字母开头；一人一个，不共用。"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("请填写用户名。")},
    )


class AppointForm(forms.Form):
    """A post for a person, to be approved."""

    def __init__(self, *args: Any, posts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"] = _choice(_("岗位"), posts, help_text=_("一个人可以兼任几个岗位，登录后自己选择。"))
        self.fields["valid_from"] = _day(_("起始日期"), required=False, help_text=_("不填为批准当天。"))
        self.fields["valid_until"] = _day(_("截止日期"), required=False, help_text=_("不填为长期。"))
        self.fields["reason"] = _reason(_("申请理由"), help_text=_("例如任免文件的文号。"))


class EndForm(forms.Form):
    """The end of an appointment and who takes over."""

    def __init__(self, *args: Any, receivers: Choices, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if receivers or needed:
            self.fields["receiver"] = _choice(
                _("承接人"), receivers, required=needed, help_text=_("同一单位的在岗人员；在办事项全部移交给他。")
            )
        self.fields["reason"] = _reason()


class RoleForm(forms.Form):
    """A role for a post, or one less, to be approved."""

    act = forms.ChoiceField(
        label=_("申请"),
        choices=[("grant", _("授予角色（或改变数据范围）")), ("revoke", _("收回角色"))],
        widget=forms.RadioSelect,
        initial="grant",
    )
    role = _choice(_("角色"), ROLE_CHOICES)
    scope = forms.ChoiceField(
        label=_("数据范围"),
        choices=[("", _("按角色默认")), *Scope.choices],
        required=False,
        help_text=_("监察员、管理员默认全县，其他默认本单位。"),
    )
    reason = _reason(_("申请理由"))


class DecisionForm(forms.Form):
    """The security administrator's answer."""

    decision = forms.ChoiceField(
        label=_("审批"),
        choices=[("approve", _("批准，立即生效")), ("refuse", _("不批准"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择批准或者不批准。")},
    )
    answer = _reason(_("审批意见"), required=False, help_text=_("不批准时必须写明理由。"))


class PurposeForm(forms.Form):
    """What a person's data are needed for."""

    purpose = forms.CharField(
        label=_("用途"),
        max_length=100,
        help_text=_("查看会记入责任认定，本人可以看到。"),
        error_messages={"required": _("查看个人信息必须写明用途。")},
    )


class DelegationForm(forms.Form):
    """Who stands in, for which roles and items, and for how long."""

    def __init__(self, *args: Any, people: Choices, roles: Choices, days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delegate"] = _choice(_("受托人"), people)
        self.fields["roles"] = forms.MultipleChoiceField(
            label=_("委托的角色"),
            choices=roles,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("请至少选择一个要委托的角色。")},
        )
        self.fields["item_codes"] = forms.CharField(
            label=_("只限这些事项"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("事项编码，一行一个；不填为全部事项。"),
        )
        self.fields["valid_from"] = _day(_("起始日期"))
        self.fields["valid_until"] = _day(_("截止日期"), help_text=_("最长 %(n)d 天，到期自动失效。") % {"n": days})
        self.fields["reason"] = _reason()
