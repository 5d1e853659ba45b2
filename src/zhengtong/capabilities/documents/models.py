"""Documents, their versions and the counters of their numbers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.documents.constants import (
    PAPERS,
    CheckWay,
    DocumentKind,
    DocumentStatus,
    EndGround,
    FileFormat,
)
from zhengtong.kernel.inventory import Category, of_citizen, personal
from zhengtong.kernel.models import Row


class Document(Row):
    """签发的文书或者证照；签发之后只能替换或者撤回，内容不再改变（数据库触发器保证）。草稿没有编号，签发时删除。

    Personal data: holder's name, and whatever the paper itself says (``fields``); kept as long as the paper
    must be (licences and notices of approvals: permanent or 30 years by the retention table).
    """

    PERSONAL_DATA = personal(of_citizen("holder_name", "fields", activity=PAPERS, category=Category.SENSITIVE))

    kind = models.CharField(_("种类"), max_length=32, choices=DocumentKind.choices)
    number = models.CharField(_("编号"), max_length=120)
    title = models.CharField(_("标题"), max_length=200)
    template = models.CharField(_("模板"), max_length=40)
    holder_name = models.CharField(_("持有人"), max_length=200)
    holder_is_person = models.BooleanField(_("持有人为自然人"))
    subject_kind = models.CharField(_("所属对象类型"), max_length=40)
    subject_id = models.CharField(_("所属对象标识"), max_length=64)
    item_code = models.CharField(_("事项编码"), max_length=64, blank=True, default="", db_default="")
    status = models.CharField(_("状态"), max_length=12, choices=DocumentStatus.choices, default=DocumentStatus.DRAFT)
    current_version = models.PositiveSmallIntegerField(_("当前版本"), default=0)
    verification_code = models.CharField(_("查验码"), max_length=12, unique=True)
    valid_from = models.DateField(_("有效期起"), null=True)
    valid_until = models.DateField(_("有效期止"), null=True)
    fields = models.JSONField(_("内容"), default=dict)
    issued_at = models.DateTimeField(_("签发时间"), null=True)
    issuing_org_id = models.UUIDField(_("签发单位标识"))
    issuing_org_name = models.CharField(_("签发单位"), max_length=200)
    sealed = models.BooleanField(_("已加盖电子印章"), default=False)
    seal_id = models.UUIDField(_("电子印章标识"), null=True)
    offline_token = models.TextField(_("离线核验码"), blank=True, default="", db_default="")
    supersedes_id = models.UUIDField(_("所替换的文书"), null=True)
    ended_at = models.DateTimeField(_("替换或者撤回时间"), null=True)
    ended_reason = models.CharField(_("替换或者撤回理由"), max_length=500, blank=True)
    ended_ground = models.CharField(
        _("替换或者撤回原因"), max_length=12, choices=EndGround.choices, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("文书")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "number"],
                condition=~Q(status=DocumentStatus.DRAFT),
                name="documents_number_once",
            ),
            # one paper in force, and beside it at most one draft of the next
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id", "kind", "status"],
                condition=Q(status__in=[DocumentStatus.DRAFT, DocumentStatus.ISSUED]),
                name="documents_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(status=DocumentStatus.DRAFT, issued_at__isnull=True, current_version=0)
                | Q(~Q(status=DocumentStatus.DRAFT), issued_at__isnull=False, current_version__gte=1),
                name="documents_issued_has_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[DocumentStatus.SUPERSEDED, DocumentStatus.WITHDRAWN],
                    ended_at__isnull=False,
                    ended_reason__gt="",
                )
                | Q(status__in=[DocumentStatus.DRAFT, DocumentStatus.ISSUED], ended_at__isnull=True, ended_reason=""),
                name="documents_end_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="documents_validity_period",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "subject_kind", "subject_id"], name="documents_subject"),
            # which licences end soon is asked every day
            models.Index(
                fields=["tenant", "valid_until"],
                condition=Q(kind=DocumentKind.LICENCE, status=DocumentStatus.ISSUED),
                name="documents_licences_ending",
            ),
        ]


class DocumentVersion(Row):
    """文书的一个文件版本：第 1 版是签发原件；以后的版本只为长期保存增加时间戳，不改内容。

    Personal data: whatever the stored file says; kept with the paper.
    """

    PERSONAL_DATA = personal(of_citizen("file_id", activity=PAPERS, category=Category.SENSITIVE))

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("文书"))
    no = models.PositiveSmallIntegerField(_("版本号"))
    sha256 = models.CharField(_("SHA-256 摘要"), max_length=64)
    sm3 = models.CharField(_("SM3 摘要"), max_length=64)
    size = models.PositiveIntegerField(_("大小"))
    file_id = models.UUIDField(_("文件标识"))

    class Meta:
        verbose_name = _("文书版本")
        constraints = [models.UniqueConstraint(fields=["document", "no"], name="documents_version_once")]
        indexes = [models.Index(fields=["sha256"], name="documents_version_sha256")]


class DocumentRendition(Row):
    """同一版本的另一种版式文件（OFD）：内容与 PDF 相同，另行盖章，有自己的摘要和账目。

    Personal data: whatever the stored file says; kept with the paper.
    """

    PERSONAL_DATA = personal(of_citizen("file_id", activity=PAPERS, category=Category.SENSITIVE))

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("文书"))
    version_no = models.PositiveSmallIntegerField(_("版本号"))
    file_format = models.CharField(_("格式"), max_length=8, choices=FileFormat.choices)
    sha256 = models.CharField(_("SHA-256 摘要"), max_length=64)
    sm3 = models.CharField(_("SM3 摘要"), max_length=64)
    size = models.PositiveIntegerField(_("大小"))
    file_id = models.UUIDField(_("文件标识"))

    class Meta:
        verbose_name = _("文书版式文件")
        constraints = [
            models.UniqueConstraint(fields=["document", "version_no", "file_format"], name="documents_rendition_once")
        ]
        indexes = [models.Index(fields=["sha256"], name="documents_rendition_sha256")]


class LossReport(Row):
    """证照挂失：持有人报告遗失，从当时起查验页显示“已挂失”；找到的可以解除，补发新证后旧证作废。

    Personal data: the reason may name people; kept with the licence.
    """

    PERSONAL_DATA = personal(of_citizen("reason", activity=PAPERS))

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("文书"))
    reason = models.CharField(_("遗失经过"), max_length=500)
    reported_at = models.DateTimeField(_("挂失时间"))
    lifted_at = models.DateTimeField(_("解除时间"), null=True)

    class Meta:
        verbose_name = _("证照挂失")
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(lifted_at__isnull=True), name="documents_lost_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("reported_at")), name="documents_loss_order"
            ),
        ]


class CheckCount(models.Model):
    """一份文书一天被查验的次数，按查验的方式（查验码、文件、离线核验码）。查验不需要登录，不记录是谁。

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(_("租户"), max_length=12)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("文书"))
    day = models.DateField(_("日期"))
    way = models.CharField(_("查验方式"), max_length=8, choices=CheckWay.choices)
    count = models.PositiveIntegerField(_("次数"))

    class Meta:
        verbose_name = _("查验次数")
        constraints = [models.UniqueConstraint(fields=["document", "day", "way"], name="documents_check_count_once")]


class NumberCounter(models.Model):
    """文书字号的计数器：每个租户、种类、代字、年度一行，与文书在同一事务中更新，不跳号。

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(_("租户"), max_length=12)
    kind = models.CharField(_("种类"), max_length=32)
    prefix = models.CharField(_("代字"), max_length=40)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("最近使用的序号"))

    class Meta:
        verbose_name = _("文书字号计数器")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "prefix", "year"], name="documents_counter_once")
        ]
