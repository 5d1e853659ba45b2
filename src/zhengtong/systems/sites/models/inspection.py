"""The daily inspection: runs, the state of each site on each day, what was found, what pages say, who was reminded."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import Explained, Indicator

_LAMPS = ("green", "yellow", "red")


class InspectionRun(Row):
    """网站监测批次：一天一次，断了从停下的网站继续。

    Personal data: none.
    """

    day = models.DateField(_("监测日"))
    sites = models.PositiveIntegerField(_("网站数"))
    done = models.PositiveIntegerField(_("已监测"), default=0)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("网站监测批次")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "day"], name="sites_run_once_a_day"),
        ]


class SiteCheck(Row):
    """一个网站一天的监测结果。

    Personal data: none.
    """

    site = models.ForeignKey("sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("监测日"))
    lamp = models.CharField(_("灯"), max_length=8, choices=[(one, one) for one in _LAMPS])
    counts = models.JSONField(_("各项发现数"), default=dict)
    vetoes = models.JSONField(_("单项否决"), default=list)
    updated_on = models.DateField(_("最近更新"), null=True)

    class Meta:
        verbose_name = _("网站监测结果")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "day"], name="sites_check_once_a_day"),
            models.CheckConstraint(condition=Q(lamp__in=_LAMPS), name="sites_check_lamp"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "day"], name="sites_check_by_day")]


class SiteReach(Row):
    """一个网站一天打开首页的次数和结果。

    Personal data: none.
    """

    site = models.ForeignKey("sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("日期"))
    tries = models.PositiveIntegerField(_("打开次数"), default=0)
    failures = models.PositiveIntegerField(_("打不开次数"), default=0)
    last_at = models.DateTimeField(_("最近一次"))
    problem = models.CharField(_("最近一次的问题"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("网站可用性")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "day"], name="sites_reach_once_a_day"),
            models.CheckConstraint(condition=Q(failures__lte=F("tries")), name="sites_reach_share"),
        ]


class SiteFinding(Row):
    """监测发现：发现时记下，改好时销号；证据、日期不改写，销号后不再变动（数据库触发器）。

    Personal data: names of the officials who explained and reviewed; evidence may quote a page that names people.
    """

    PERSONAL_DATA = personal(
        of_official("explained_by", "explained_by_id", "explained_for_id", "reviewed_by", "reviewed_by_id")
    )

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="findings"
    )
    indicator = models.CharField(_("指标"), max_length=14, choices=Indicator)
    key = models.CharField(_("识别码"), max_length=80)
    place = models.CharField(_("网页或者栏目"), max_length=200)
    evidence = models.CharField(_("证据"), max_length=500)
    since = models.DateField(_("起始日"))
    column_id = models.BigIntegerField(_("栏目编号"), null=True)
    page_id = models.BigIntegerField(_("网页编号"), null=True)
    opened_on = models.DateField(_("发现日"))
    closed_on = models.DateField(_("销号日"), null=True)
    explained = models.CharField(_("说明状态"), max_length=10, choices=Explained, default=Explained.NO)
    explanation = models.CharField(_("说明"), max_length=500, blank=True, default="")
    explained_by = models.CharField(_("说明人"), max_length=60, blank=True, default="")
    explained_by_id = models.UUIDField(_("说明人标识"), null=True)
    explained_for_id = models.UUIDField(_("说明人所代的人"), null=True)
    reviewed_by = models.CharField(_("审核人"), max_length=60, blank=True, default="")
    reviewed_by_id = models.UUIDField(_("审核人标识"), null=True)
    reviewed_on = models.DateField(_("审核日"), null=True)
    opinion = models.CharField(_("审核意见"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("监测发现")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "indicator", "key"], condition=Q(closed_on=None), name="sites_finding_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="sites_finding_order"
            ),
            models.CheckConstraint(condition=Q(indicator__in=Indicator.values), name="sites_finding_indicator"),
            models.CheckConstraint(
                condition=Q(explained=Explained.NO, explained_by_id=None, reviewed_by_id=None)
                | Q(explained=Explained.ASKED, explained_by_id__isnull=False, reviewed_by_id=None)
                | Q(explained__in=[Explained.ACCEPTED, Explained.REFUSED], reviewed_by_id__isnull=False)
                & ~Q(reviewed_by_id=F("explained_by_id")),
                name="sites_finding_second_person",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "opened_on"], name="sites_finding_by_site")]


class PageReading(Row):
    """一个网页的一版检查过什么：只有改过的网页、改过的用词表才重新检查。

    Personal data: none (numbers found on pages are masked).
    """

    site = models.ForeignKey("sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="+")
    page = models.OneToOneField("wagtailcore.Page", verbose_name=_("网页"), on_delete=models.CASCADE, related_name="+")
    revision = models.BigIntegerField(_("版本"), null=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    words_version = models.PositiveIntegerField(_("用词表版本"))
    found = models.JSONField(_("检查结果"), default=list)
    links = models.JSONField(_("链接"), default=list)
    since = models.DateField(_("检查日"))

    class Meta:
        verbose_name = _("网页检查记录")
        indexes: ClassVar = [
            models.Index(fields=["site"], name="sites_reading_found", condition=~Q(found=[])),
            models.Index(fields=["site"], name="sites_reading_links", condition=~Q(links=[])),
        ]


class DutyReminder(Row):
    """提醒过谁：一人一天一条。

    Personal data: whom it was sent to.
    """

    PERSONAL_DATA = personal(of_official("person_id"))

    person_id = models.UUIDField(_("收件人标识"))
    day = models.DateField(_("提醒日"))
    columns = models.PositiveIntegerField(_("栏目数"))

    class Meta:
        verbose_name = _("栏目更新提醒")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "person_id", "day"], name="sites_reminder_once_a_day")
        ]
