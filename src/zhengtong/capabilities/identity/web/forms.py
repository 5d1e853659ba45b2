"""Forms of sign-in and registration: what is typed; what is right is decided by services."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.identity.constants import AgencyRole
from zhengtong.capabilities.identity.services import (
    check_second_factor,
    claim_totp_code,
    lock_of,
    needs_enrolment_code,
    use_enrolment_code,
)
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.ui.fields import DayField

CODE_INPUT = forms.TextInput(
    attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12", "spellcheck": "false"}
)


def _password(label: Any, *, help_text: Any = "", autocomplete: str = "current-password") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": _("请填写密码。")},
    )


class SignInForm(LoginForm):
    """User name, mobile or citizen number, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("用户名、手机号或身份证号"),
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
            error_messages={"required": _("请填写用户名、手机号或身份证号。")},
        )
        self.fields["password"] = _password(_("密码"))
        self.order_fields(["login", "password"])


class PasswordAgainForm(ReauthenticateForm):
    """The password once more before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password(_("密码"))


class _CodeCheck(forms.Form):
    """Checks a code once; each step of a TOTP secret counts a single time."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("动态口令"),
            help_text=_("手机身份验证器里显示的 6 位数字；手机不在身边时可以填一个备用码。"),
            widget=CODE_INPUT,
            error_messages={"required": _("请填写动态口令。")},
        )

    def clean_code(self) -> str:
        """The code, when it is right and was not used before."""
        code: str = self.cleaned_data["code"]
        try:
            self.authenticator = check_second_factor(
                account_id=self.user.pk, code=code, address=get_adapter().get_client_ip(context.request)
            )
        except DomainError as error:
            raise ValidationError(error.message) from error
        self.authenticator.user = self.user
        return code


class CodeForm(_CodeCheck, AuthenticateForm):
    """The second factor at sign-in."""


class CodeAgainForm(_CodeCheck, CodeReauthenticateForm):
    """The second factor once more before something sensitive."""


# what the libraries raise for an answer no browser gives
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError)
_PASSKEY_REFUSED = _("通行密钥没有通过验证。请再试一次，或者填写动态口令。")


class _LockedOut(forms.Form):
    """A locked account is locked for passkeys, too."""

    user: Any

    def clean_credential(self) -> Any:
        """The passkey that answered, unless the account is locked."""
        self.user.refresh_from_db(fields=["locked_until"])
        locked = lock_of(self.user)
        if locked:
            raise ValidationError(locked)
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form this one is mixed into
        except _MALFORMED as error:
            raise ValidationError(_PASSKEY_REFUSED) from error


class PasskeyForm(_LockedOut, AuthenticateWebAuthnForm):
    """A passkey as the second factor at sign-in."""


class PasskeyAgainForm(_LockedOut, ReauthenticateWebAuthnForm):
    """A passkey once more before something sensitive."""


class NewPasskeyForm(AddWebAuthnForm):
    """A passkey to add, with a name to tell it from others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("名称"), max_length=40, required=False, help_text=_("例如“办公室电脑”“我的手机”，便于以后辨认。")
        )

    def clean(self) -> Any:
        """The new passkey, when the browser's answer fits the question."""
        try:
            return super().clean()
        except _MALFORMED as error:
            raise ValidationError(_PASSKEY_REFUSED) from error


class EnrolForm(ActivateTOTPForm):
    """The first code of a new secret proves that the telephone holds it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_enrolment_code(self.user):
            self.fields["enrolment_code"] = forms.CharField(
                label=_("开通码"),
                help_text=_("12 位，由安全管理员当面交给您，只能用一次。"),
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
                error_messages={"required": _("请填写开通码。没有开通码的，请联系安全管理员。")},
            )
            self.order_fields(["enrolment_code", "code"])
        self.fields["code"] = forms.CharField(
            label=_("手机上显示的 6 位动态口令"),
            widget=CODE_INPUT,
            error_messages={"required": _("请填写手机身份验证器里显示的 6 位数字。")},
        )

    def clean_code(self) -> str:
        """The code, when it belongs to the new secret; it cannot be used again to sign in."""
        if "enrolment_code" in self.fields and "enrolment_code" not in self.cleaned_data:
            return str(self.cleaned_data["code"])  # the missing or wrong code of the other field is shown already
        code: str = self.cleaned_data["code"]
        if not claim_totp_code(self.user.pk, self.secret, code):
            raise ValidationError(
                _("动态口令不正确。请确认已经扫描下面的二维码，等手机上换出新的数字后再填；手机时间要与北京时间一致。")
            )
        return code

    def clean_enrolment_code(self) -> str:
        """The code handed over in person; a wrong one counts as a failed sign-in."""
        code: str = self.cleaned_data["enrolment_code"]
        try:
            use_enrolment_code(account=self.user, code=code, address=get_adapter().get_client_ip(context.request))
        except DomainError as error:
            raise ValidationError(error.message) from error
        return code


class CitizenForm(forms.Form):
    """A citizen's registration."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=50,
        help_text=_("与身份证一致。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("请填写姓名。")},
    )
    citizen_number = forms.CharField(
        label=_("公民身份号码"),
        max_length=30,
        help_text=_("18 位，最后一位可能是 X。加密保存，只用于核对身份和办理事项。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请填写公民身份号码。")},
    )
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        help_text=_("用来登录和接收办理进度。"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "numeric"}),
        error_messages={"required": _("请填写手机号。")},
    )
    password = _password(
        _("密码"),
        help_text=_("至少 10 个字符；小写字母、大写字母、数字、其他符号至少用其中 3 种。"),
        autocomplete="new-password",
    )
    password_again = _password(_("再输一遍密码"), autocomplete="new-password")
    consent = forms.BooleanField(
        label=_("我已阅读并同意《个人信息处理告知书》"),
        error_messages={
            "required": _("请先阅读并同意个人信息处理告知书，否则无法注册。不注册也可以到政务服务大厅现场办理。")
        },
    )

    def clean_password_again(self) -> str:
        """The same password twice."""
        again: str = self.cleaned_data["password_again"]
        first = self.cleaned_data.get("password")
        if first and first != again:
            raise ValidationError(_("两次输入的密码不一致。请重新输入。"))
        return again


class NewPasswordForm(forms.Form):
    """Old password, new password twice."""

    old_password = _password(_("原密码"))
    password = _password(
        _("新密码"),
        help_text=_("至少 10 个字符；小写字母、大写字母、数字、其他符号至少用其中 3 种；不能与最近用过的相同。"),
        autocomplete="new-password",
    )
    password_again = _password(_("再输一遍新密码"), autocomplete="new-password")

    clean_password_again = CitizenForm.clean_password_again


class LegalPersonForm(forms.Form):
    """A legal person one acts for."""

    name = forms.CharField(
        label=_("单位名称"),
        max_length=200,
        help_text=_("营业执照或登记证书上的全称。"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("请填写单位全称。")},
    )
    uscc = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=30,
        help_text=_("18 位数字和大写字母。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请填写统一社会信用代码。")},
    )
    representative_name = forms.CharField(
        label=_("法定代表人（负责人）姓名"), max_length=50, error_messages={"required": _("请填写法定代表人姓名。")}
    )
    role = forms.ChoiceField(
        label=_("您的身份"),
        choices=AgencyRole.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择您的身份。")},
    )
    valid_until = DayField(
        label=_("授权截止日期"),
        required=False,
        help_text=_("经办人必填，与授权委托书一致。"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("请填写正确的日期，例如 2026-12-31。")},
    )


class AgentForm(forms.Form):
    """A person whom the legal representative authorises."""

    agent_name = forms.CharField(
        label=_("经办人姓名"), max_length=50, error_messages={"required": _("请填写经办人姓名。")}
    )
    agent_citizen_number = forms.CharField(
        label=_("经办人公民身份号码"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("请填写经办人的公民身份号码。")},
    )
    valid_until = DayField(
        label=_("授权截止日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("请填写授权截止日期。"), "invalid": _("请填写正确的日期，例如 2026-12-31。")},
    )
    item_codes = forms.CharField(
        label=_("只限这些事项"), required=False, help_text=_("事项编码，用空格分开；不填表示全部事项。")
    )
    letter_number = forms.CharField(label=_("授权委托书编号"), max_length=60, required=False)

    def clean_item_codes(self) -> list[str]:
        """The codes one by one."""
        return str(self.cleaned_data["item_codes"]).split()


def add_errors(form: forms.Form, error: DomainError) -> None:
    """Put the sentences of a refused act beside their fields."""
    errors = getattr(error, "errors", {}) or ({error.field: error.message} if error.field else {})
    if not errors:
        form.add_error(None, error.message)
    for field, sentence in errors.items():
        form.add_error(field if field in form.fields else None, sentence)
