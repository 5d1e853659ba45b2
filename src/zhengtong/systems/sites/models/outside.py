"""Addresses outside the group that published pages name, and whether they answer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.engine.outside import Reply


class OutsideLink(Row):
    """站外网址：网页里链接到平台以外的网址，隔些天打开一次，连着几天打不开才算断链。

    Personal data: none.
    """

    PERSONAL_DATA = personal()

    url = models.CharField(_("网址"), max_length=500)
    reply = models.CharField(
        _("回答"), max_length=8, choices=[(str(one), str(one)) for one in Reply], default="waiting"
    )
    problem = models.CharField(_("第一次的问题"), max_length=100, blank=True, default="")
    next_at = models.DateTimeField(_("下次检查"))
    answered_at = models.DateTimeField(_("最近一次有回答"), null=True)
    failed_days = models.PositiveSmallIntegerField(_("打不开的天数"), default=0)
    failing_since = models.DateField(_("打不开的起始日"), null=True)
    failed_on = models.DateField(_("最近一次打不开"), null=True)

    class Meta:
        verbose_name = _("站外网址")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "url"], name="sites_outside_once"),
            models.CheckConstraint(condition=Q(reply__in=[str(one) for one in Reply]), name="sites_outside_reply"),
            models.CheckConstraint(
                condition=Q(failed_days=0, failing_since=None, failed_on=None)
                | Q(failed_days__gt=0, failing_since__isnull=False, failed_on__gte=models.F("failing_since")),
                name="sites_outside_failing",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "next_at"], name="sites_outside_due")]

    def __str__(self) -> str:
        return self.url
