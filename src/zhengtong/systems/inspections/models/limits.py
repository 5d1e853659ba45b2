"""A limit on the clock of working days, as rows carry it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.models import Row


class Limited(Row):
    """A row with one limit: how long, from when, until when; ``next_at`` is when a lamp changes.

    Personal data: none of its own.
    """

    amount = models.PositiveSmallIntegerField(_("期限"))
    unit = models.CharField(_("期限单位"), max_length=6)
    started_on = models.DateField(_("起算日"))
    due_on = models.DateField(_("截止日"))
    due_at = models.DateTimeField(_("截止时刻"))
    yellow_at = models.DateTimeField(_("预警时刻"), null=True)
    next_at = models.DateTimeField(_("下次变灯时刻"), null=True)
    level = models.CharField(_("已亮灯"), max_length=8, blank=True, default="")
    projected_on = models.DateField(_("推算日"))
    running = models.BooleanField(_("计时中"), default=True)

    class Meta:
        abstract = True
