"""What consultations and surveys have in common: whose, when, written by one person and signed by another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.opinions.constants import TITLE_MAX, State


class Announced(Row):
    """``opens_on`` and ``closes_on`` are the first and the last day; the moments are set when it is signed.

    ``next_at`` is when the clock has something to do: open, close, light a lamp.

    Personal data: names of the officials who wrote and signed it.
    """

    PERSONAL_DATA = personal(
        of_official("written_by", "written_by_id", "stood_for_id", "published_by", "published_by_id")
    )

    number = models.CharField(_("编号"), max_length=24)
    org_id = models.UUIDField(_("征集单位标识"))
    org_code = models.CharField(_("征集单位代码"), max_length=20)
    org_name = models.CharField(_("征集单位"), max_length=120)
    title = models.CharField(_("题目"), max_length=TITLE_MAX)
    opens_on = models.DateField(_("开始日期"))
    closes_on = models.DateField(_("截止日期"))
    opens_at = models.DateTimeField(_("开始时间"), null=True)
    closes_at = models.DateTimeField(_("截止时间"), null=True)
    opened = models.BooleanField(_("已经开始"), default=False)
    closed = models.BooleanField(_("已经截止"), default=False)
    next_at = models.DateTimeField(_("下次处理时间"), null=True)
    signed_in_only = models.BooleanField(_("登录后才能参加"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    written_by = models.CharField(_("起草人"), max_length=60)
    written_by_id = models.UUIDField(_("起草人标识"))
    stood_for_id = models.UUIDField(_("起草人所代的人"), null=True)
    published_by = models.CharField(_("签发人"), max_length=60, blank=True, default="")
    published_by_id = models.UUIDField(_("签发人标识"), null=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=1000, blank=True, default="")

    class Meta:
        abstract = True


def announced_constraints(prefix: str) -> list[models.BaseConstraint]:
    """What the database holds of both: one number once, days in order, signed by another than wrote it."""
    public = Q(state__in=[State.PUBLISHED, State.ANSWERED])
    signed = Q(published_at__isnull=False, opens_at__isnull=False, closes_at__isnull=False)
    return [
        models.UniqueConstraint(fields=["tenant", "number"], name=f"{prefix}_number_once"),
        models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name=f"{prefix}_days_in_order"),
        models.CheckConstraint(
            condition=~public | signed & Q(published_by_id__isnull=False) & ~Q(published_by_id=F("written_by_id")),
            name=f"{prefix}_signed_by_another",
        ),
        models.CheckConstraint(
            condition=Q(state=State.WITHDRAWN, withdrawn_at__isnull=False) & ~Q(withdrawn_why="")
            | ~Q(state=State.WITHDRAWN) & Q(withdrawn_at__isnull=True),
            name=f"{prefix}_withdrawn_with_reason",
        ),
    ]
