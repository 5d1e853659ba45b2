"""Tables of the forms: declared versions, declarations at work, what people filled in and the files they gave."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.clock import now
from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import CASE_FILE, Category, of_citizen, of_official, personal
from zhengtong.kernel.models import Row


class FormVersion(Row):
    """A declared form, frozen; answers stay with the version they were given on.

    Personal data: the name of the official who published it.
    """

    PERSONAL_DATA = personal(of_official("published_by"))

    key = models.CharField(_("表单"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=120)
    definition = models.JSONField(_("定义"))
    active = models.BooleanField(_("启用"), default=True)
    org_id = models.UUIDField(_("编制单位"), null=True)
    published_by = models.CharField(_("发布人"), max_length=60, default="", db_default="")

    class Meta:
        verbose_name = _("表单版本")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key", "version"], name="forms_version_once"),
            models.UniqueConstraint(fields=["tenant", "key"], condition=Q(active=True), name="forms_one_active"),
        ]


class FormDraft(Row):
    """A declaration at work, complete or not; gone once it is published or thrown away.

    Personal data: the name of the official who saved it last.
    """

    PERSONAL_DATA = personal(of_official("updated_by_id", "updated_by_name"))

    key = models.CharField(_("表单"), max_length=60)
    title = models.CharField(_("名称"), max_length=120)
    definition = models.JSONField(_("定义"))
    org_id = models.UUIDField(_("编制单位"), null=True)
    org_name = models.CharField(_("编制单位名称"), max_length=120, default="")
    revision = models.PositiveIntegerField(_("修订号"), default=1)
    based_on = models.PositiveIntegerField(_("依据的版本"), null=True)
    updated_by_id = models.UUIDField(_("保存人"), null=True)
    updated_by_name = models.CharField(_("保存人姓名"), max_length=60, default="")
    updated_at = models.DateTimeField(_("保存时间"), default=now)

    class Meta:
        verbose_name = _("表单草稿")
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="forms_one_draft")]


class Submission(Row):
    """The answers to a form: a draft until it is frozen with the application.

    Personal data: all answers and what was replaced or dropped of them, encrypted; kept as long as the application
    they belong to.
    """

    PERSONAL_DATA = personal(of_citizen("answers", "history", activity=CASE_FILE, category=Category.MINOR))

    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("表单版本"))
    answers = EncryptedTextField(_("填写内容"))
    saved_at = models.DateTimeField(_("保存时间"), default=now)
    frozen_at = models.DateTimeField(_("定稿时间"), null=True)
    revision = models.PositiveIntegerField(_("修订号"), default=0, db_default=0)
    history = EncryptedTextField(_("被替换的内容"), blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("表单填报")


class EarlierAnswers(Row):
    """The answers as they were handed in, kept when the form is opened again for corrections; never changed.

    Personal data: all answers, encrypted; kept as long as the submission they belong to.
    """

    PERSONAL_DATA = personal(of_citizen("answers", activity=CASE_FILE, category=Category.MINOR))

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+", verbose_name=_("表单填报"))
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("表单版本"))
    answers = EncryptedTextField(_("填写内容"))
    handed_in_at = models.DateTimeField(_("提交时间"))

    class Meta:
        verbose_name = _("以前提交的内容")
        constraints = [
            models.UniqueConstraint(fields=["submission", "handed_in_at"], name="forms_handed_in_once"),
        ]


class Attachment(Row):
    """A file given as an answer; the answers name it too, and say where it stands.

    Personal data: the name of the file, and what the file holds; kept as long as the answers it belongs to.
    """

    PERSONAL_DATA = personal(of_citizen("file", "name", activity=CASE_FILE, category=Category.MINOR))

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+", verbose_name=_("表单填报"))
    path = models.CharField(_("问题"), max_length=100)
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("文件"))
    name = models.CharField(_("文件名"), max_length=200)
    copies = models.PositiveSmallIntegerField(_("份数"), default=1)
    removed_at = models.DateTimeField(_("移除时间"), null=True)

    class Meta:
        verbose_name = _("表单附件")
        constraints = [models.UniqueConstraint(fields=["submission", "file"], name="forms_file_once")]
