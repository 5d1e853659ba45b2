"""Taking over old sites: each run, its pages row by row, the files it found."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import TenantField
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row, StoredFile
from zhengtong.systems.sites.constants import WEB_PAGES, MigrationState, RowOutcome, RowVerdict, SourceKind
from zhengtong.systems.sites.rules import addresses

_UNDER_WAY = (MigrationState.PLANNING, MigrationState.WRITING)


class Migration(Row):
    """网站迁移：把一个旧网站导入一个网站，先试运行再导入。

    Personal data: who began it.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name", activity=WEB_PAGES))

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="migrations"
    )
    kind = models.CharField(_("来源类别"), max_length=8, choices=SourceKind.choices)
    #: the name in the folder of imports; for a query the name of the database
    place = models.CharField(_("来源"), max_length=255)
    upload = models.ForeignKey(
        StoredFile, verbose_name=_("上传的文件"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: a second name in the folder of imports: files that rows and texts name
    files_place = models.CharField(_("文件所在的文件夹"), max_length=255, blank=True, default="")
    query = models.TextField(_("查询语句"), blank=True, default="")
    rules: Any = models.JSONField(_("规则"), default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=MigrationState.choices, default=MigrationState.NEW)
    #: where in the source the work goes on
    position = models.BigIntegerField(_("读到的位置"), default=-1)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    counts: Any = models.JSONField(_("统计"), default=dict)
    message = models.CharField(_("说明"), max_length=500, blank=True, default="")
    person_id = models.UUIDField(_("办理人标识"), null=True)
    person_name = models.CharField(_("办理人"), max_length=60, blank=True, default="")
    post_id = models.UUIDField(_("岗位标识"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    objects: ClassVar[models.Manager["Migration"]] = models.Manager()

    class Meta:
        verbose_name = _("网站迁移")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=SourceKind.values), name="sites_migration_kind"),
            models.CheckConstraint(condition=Q(state__in=MigrationState.values), name="sites_migration_state"),
            models.UniqueConstraint(
                fields=["site"], condition=Q(state__in=_UNDER_WAY), name="sites_one_migration_a_site"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-created_at"], name="sites_migrations_newest")]

    def __str__(self) -> str:
        return f"{self.site_id}: {self.place}"


class MigrationRow(models.Model):
    """迁移明细：旧网站的一个网页，要怎么办、办成了什么、丢了什么。

    Personal data: none (the title stands on a page that was public).
    """

    PERSONAL_DATA = personal()

    id = models.BigAutoField(primary_key=True)
    tenant = TenantField(db_index=False)
    migration = models.ForeignKey(
        Migration, verbose_name=_("网站迁移"), on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField(_("序号"))
    place = models.BigIntegerField(_("在来源里的位置"))
    address = models.CharField(_("旧网址"), max_length=addresses.OLD_LONGEST, blank=True, default="")
    key = models.CharField(_("旧网址摘要"), max_length=64, blank=True, default="")
    title = models.CharField(_("标题"), max_length=200, blank=True, default="")
    column = models.CharField(_("栏目"), max_length=255, blank=True, default="")
    slug = models.CharField(_("新网址名"), max_length=255, blank=True, default="")
    verdict = models.CharField(_("试运行结果"), max_length=8, choices=RowVerdict.choices)
    outcome = models.CharField(_("导入结果"), max_length=8, choices=RowOutcome.choices, blank=True, default="")
    reason = models.CharField(_("原因"), max_length=500, blank=True, default="")
    #: what the page may not come before the public for; it is kept as a draft
    held = models.BooleanField(_("存为草稿"), default=False)
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True, default="")
    target = models.CharField(_("跳转到的旧网址摘要"), max_length=64, blank=True, default="")
    losses: Any = models.JSONField(_("没有带入的内容"), default=list)
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("网页"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    wagtail_reference_index_ignore = True
    objects: ClassVar[models.Manager["MigrationRow"]] = models.Manager()

    class Meta:
        verbose_name = _("迁移明细")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["migration", "number"], name="sites_migration_row_once"),
            models.UniqueConstraint(
                fields=["migration", "key"], condition=~Q(verdict=RowVerdict.REFUSED), name="sites_migration_key_once"
            ),
            models.CheckConstraint(condition=Q(verdict__in=RowVerdict.values), name="sites_migration_verdict"),
            models.CheckConstraint(condition=Q(outcome__in=RowOutcome.values), name="sites_migration_outcome"),
        ]
        indexes: ClassVar = [models.Index(fields=["migration", "verdict", "number"], name="sites_migration_by_verdict")]

    def __str__(self) -> str:
        return f"{self.number} {self.address}"


class MigrationFile(models.Model):
    """迁移来源里的文件：存档里图片和附件的位置，导入完成后删除。

    Personal data: none.
    """

    PERSONAL_DATA = personal()

    id = models.BigAutoField(primary_key=True)
    tenant = TenantField(db_index=False)
    migration = models.ForeignKey(
        Migration, verbose_name=_("网站迁移"), on_delete=models.CASCADE, related_name="files", db_index=False
    )
    key = models.CharField(_("旧网址摘要"), max_length=64)
    archive = models.PositiveIntegerField(_("第几个存档"))
    offset = models.BigIntegerField(_("字节位置"))

    objects: ClassVar[models.Manager["MigrationFile"]] = models.Manager()

    class Meta:
        verbose_name = _("迁移来源里的文件")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["migration", "key"], name="sites_migration_file_once"),
        ]

    def __str__(self) -> str:
        return self.key
