"""The limits in the life of a card, and what its people have not been told yet."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.models import Row
from zhengtong.systems.supervision.constants import LimitKind, LimitState
from zhengtong.systems.supervision.models.cards import Card


class CardLimit(Row):
    """Until when somebody must explain, judge, put right, recheck or reply; ``next_at`` is when its lamp changes.

    Personal data: none.
    """

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="limits", verbose_name=_("亮牌"))
    kind = models.CharField(_("类别"), max_length=8, choices=LimitKind)
    amount = models.PositiveSmallIntegerField(_("工作日数"))
    started_on = models.DateField(_("起算日"))
    due_on = models.DateField(_("截止日"))
    next_at = models.DateTimeField(_("下次变灯时刻"), null=True)
    level = models.CharField(_("已亮灯"), max_length=8, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=LimitState, default=LimitState.RUNNING)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("亮牌处理期限")
        constraints = [
            models.UniqueConstraint(
                fields=["card", "kind"], condition=Q(state="running"), name="supervision_limit_one_running"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | (~Q(state="running") & Q(ended_at__isnull=False, next_at__isnull=True)),
                name="supervision_limit_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="supervision_limit_next", condition=Q(state="running")),
            models.Index(fields=["card", "started_on"], name="supervision_limit_card"),
        ]


class News(Row):
    """Something about a card that its unit is to be told; gathered, so that many cards make one message.

    Personal data: none; deleted when it was told.
    """

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="+", verbose_name=_("亮牌"))
    about = models.CharField(_("事由"), max_length=12)
    to_unit = models.BooleanField(_("告知责任单位"), default=True)
    text = models.CharField(_("内容"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("待通知的亮牌消息")
        indexes = [models.Index(fields=["tenant", "created_at"], name="supervision_news_order")]
