"""How often sites are read: numbers by day, nothing about who reads."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import personal
from zhengtong.kernel.models import Row


class VisitCount(Row):
    """访问量：一个网站一天一行合计，每个网页一天一行；只有数，没有谁看的。

    Personal data: none.
    """

    PERSONAL_DATA = personal()

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="visits"
    )
    #: 0 is the site as a whole; the number stays when the page is gone
    page_id = models.BigIntegerField(_("网页标识"))
    day = models.DateField(_("日期"))
    views = models.PositiveIntegerField(_("浏览次数"), default=0)
    visitors = models.PositiveIntegerField(_("访客数"), default=0)

    class Meta:
        verbose_name = _("网站访问量")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "day", "page_id"], name="sites_visits_once_a_day"),
            models.CheckConstraint(
                condition=Q(page_id__gte=0) & Q(visitors__lte=F("views")), name="sites_visits_numbers"
            ),
        ]


class VisitMark(Row):
    """访问标记：只为同一人半小时内看同一页、一天内来同一网站不重复计数，过一天就删。

    Personal data: none: the mark changes every day, cannot be turned back, and two marks cannot be joined.
    """

    PERSONAL_DATA = personal()

    mark = models.CharField(_("标记"), max_length=64)

    class Meta:
        verbose_name = _("网站访问标记")
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "mark"], name="sites_visit_mark_once")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="sites_visit_mark_old")]
