"""Who answers for a site or a column."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import WEB_PAGES


class Duty(Row):
    """栏目责任人：谁管、谁替、多少天内要更新。

    Personal data: who answers, who stands in.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person", "backup_id", "backup", activity=WEB_PAGES))

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="duties"
    )
    column = models.ForeignKey(
        "sites.ColumnPage", verbose_name=_("栏目"), on_delete=models.CASCADE, null=True, related_name="+"
    )
    person_id = models.UUIDField(_("责任人标识"))
    person = models.CharField(_("责任人"), max_length=60)
    backup_id = models.UUIDField(_("替补人标识"), null=True)
    backup = models.CharField(_("替补人"), max_length=60, blank=True, default="")
    cycle_days = models.PositiveSmallIntegerField(_("更新周期（天）"), null=True)

    class Meta:
        verbose_name = _("栏目责任人")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site"], condition=Q(column=None), name="sites_duty_once_a_site"),
            models.UniqueConstraint(fields=["site", "column"], name="sites_duty_once_a_column"),
            models.CheckConstraint(condition=~Q(backup_id=models.F("person_id")), name="sites_duty_two_people"),
            models.CheckConstraint(
                condition=Q(cycle_days__isnull=True) | Q(cycle_days__gte=1), name="sites_duty_cycle"
            ),
        ]
