"""Articles one site offers to another."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import OfferState
from zhengtong.systems.sites.models.pages import ArticlePage, ColumnPage


class ArticleOffer(Row):
    """文章推送：一篇文章推给别的网站的一个栏目，接收以后那里有一份随原文更新的副本。

    Personal data: none; who offered and who decided is in the ledger.
    """

    PERSONAL_DATA = personal()

    article = models.ForeignKey(ArticlePage, verbose_name=_("文章"), on_delete=models.CASCADE, related_name="offers")
    column = models.ForeignKey(ColumnPage, verbose_name=_("栏目"), on_delete=models.CASCADE, related_name="offers")
    quoted = models.BooleanField(_("只引用链接"), default=False)
    state = models.CharField(_("状态"), max_length=8, choices=OfferState.choices, default=OfferState.OFFERED)
    reason = models.CharField(_("理由"), max_length=500, blank=True, default="")
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    copy = models.ForeignKey(
        ArticlePage, verbose_name=_("副本"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects: ClassVar[models.Manager["ArticleOffer"]] = models.Manager()

    class Meta:
        verbose_name = _("文章推送")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "column"],
                condition=~Q(state=OfferState.DECLINED),
                name="sites_offer_once_a_column",
            ),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="sites_offer_states"),
            models.CheckConstraint(
                condition=Q(state=OfferState.OFFERED) | Q(decided_at__isnull=False), name="sites_offer_decided_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} → {self.column_id}"
