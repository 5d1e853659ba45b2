"""Moments at which pages come up or go down."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import WEB_PAGES, Turn, TurnState


class Schedule(Row):
    """定时：一个网页到这一刻发布（审定的那一版）或者撤下。

    Personal data: who asked for it.
    """

    PERSONAL_DATA = personal(of_official("asked_by_id", "asked_by", activity=WEB_PAGES))

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="schedules"
    )
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("网页"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", verbose_name=_("发布的一版"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    title = models.CharField(_("标题"), max_length=255)
    turn = models.CharField(_("动作"), max_length=8, choices=Turn.choices)
    state = models.CharField(_("状态"), max_length=10, choices=TurnState.choices, default=TurnState.WAITING)
    due_at = models.DateTimeField(_("时刻"))
    asked_by_id = models.UUIDField(_("设定人标识"), null=True)
    asked_by = models.CharField(_("设定人"), max_length=60)
    done_at = models.DateTimeField(_("执行时间"), null=True)
    note = models.CharField(_("说明"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("定时")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["page", "turn"], condition=Q(state=TurnState.WAITING), name="sites_one_moment_a_turn"
            ),
            models.CheckConstraint(condition=Q(turn__in=Turn.values), name="sites_schedule_turn"),
            models.CheckConstraint(condition=Q(state__in=TurnState.values), name="sites_schedule_state"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, state=TurnState.WAITING)
                | (Q(done_at__isnull=False) & ~Q(state=TurnState.WAITING)),
                name="sites_schedule_done",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state=TurnState.WAITING), name="sites_schedule_due"),
        ]
