"""Tables of the forms: declared versions and what people filled in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.clock import now
from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.models import Row


class FormVersion(Row):
    """A declared form, frozen; answers stay with the version they were given on.

    Personal data: none.
    """

    key = models.CharField(_("表单"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=120)
    definition = models.JSONField(_("定义"))
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("表单版本")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key", "version"], name="forms_version_once"),
            models.UniqueConstraint(fields=["tenant", "key"], condition=Q(active=True), name="forms_one_active"),
        ]


class Submission(Row):
    """The answers to a form: a draft until it is frozen with the application.

    Personal data: all answers, encrypted; kept as long as the application they belong to.
    """

    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("表单版本"))
    answers = EncryptedTextField(_("填写内容"))
    saved_at = models.DateTimeField(_("保存时间"), default=now)
    frozen_at = models.DateTimeField(_("定稿时间"), null=True)

    class Meta:
        verbose_name = _("表单填报")
