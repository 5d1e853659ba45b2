"""Kinds of fields that a form may declare."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldKind(models.TextChoices):
    """What a field holds; the kind decides how it is shown and checked."""

    TEXT = "text", _("单行文字")
    TEXTAREA = "textarea", _("多行文字")
    CITIZEN_NUMBER = "citizen_number", _("公民身份号码")
    USCC = "uscc", _("统一社会信用代码")
    PHONE = "phone", _("手机号码")
    EMAIL = "email", _("电子邮箱")
    DATE = "date", _("日期")
    NUMBER = "number", _("数字")
    CHOICE = "choice", _("单选")
    ADDRESS = "address", _("地址")
    CONSENT = "consent", _("承诺勾选")
