"""Emergency banners over the sites of the county."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import WEB_PAGES, BannerLevel


class Banner(Row):
    """紧急提示：在一段时间里出现在全县（或者选定的）网站每个网页的顶端，由另一人批准，可以提前结束。

    Personal data: pseudonyms of who proposed, approved and ended it; kept with the banner as a record.
    """

    PERSONAL_DATA = personal(of_official("proposed_by", "approved_by", "ended_by", activity=WEB_PAGES))

    words = models.CharField(_("内容"), max_length=120)
    address = models.CharField(_("链接"), max_length=300, blank=True, default="")
    level = models.CharField(_("级别"), max_length=6, choices=BannerLevel.choices, default=BannerLevel.ORANGE)
    #: empty: all sites of the county
    site_codes = ArrayField(models.CharField(max_length=40), verbose_name=_("网站"), default=list, blank=True)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    proposed_by = models.UUIDField(_("提出人"))
    approved_by = models.UUIDField(_("批准人"), null=True)
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    ended_by = models.UUIDField(_("结束人"), null=True)
    ended_at = models.DateTimeField(_("提前结束时间"), null=True)
    begun = models.BooleanField(_("已开始显示"), default=False)
    over = models.BooleanField(_("已到期撤下"), default=False)
    end_reason = models.CharField(_("提前结束的理由"), max_length=500, blank=True, default="")

    objects: ClassVar[models.Manager["Banner"]] = models.Manager()

    class Meta:
        verbose_name = _("紧急提示")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="sites_banner_span"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")), name="sites_banner_two_people"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="sites_banner_approved_when",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(end_reason=""), name="sites_banner_end_reason"
            ),
            models.CheckConstraint(condition=Q(level__in=BannerLevel.values), name="sites_banner_levels"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "ends_at"],
                condition=Q(approved_at__isnull=False, ended_at__isnull=True),
                name="sites_banner_standing",
            )
        ]

    def __str__(self) -> str:
        return self.words
