"""Rules in the making: drafts that a supervisor composes, and their trials over the past."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.supervision.constants import DraftState, TrialState


class RuleDraft(Row):
    """A rule as a supervisor composes it; ``content`` holds what a version will say, complete or not.

    Personal data: names of the officials who drafted and who decided, kept with the rule.
    """

    PERSONAL_DATA = personal(of_official("drafted_by_id", "drafted_by", "drafted_for_id", "decided_by"))

    key = models.CharField(_("规则编号"), max_length=40)
    content = models.JSONField(_("内容"))
    state = models.CharField(_("状态"), max_length=10, choices=DraftState, default=DraftState.DRAFT)
    drafted_by_id = models.UUIDField(_("起草人标识"), null=True)
    drafted_by = models.CharField(_("起草人"), max_length=60)
    drafted_for_id = models.UUIDField(_("所代的人标识"), null=True)
    drafted_org_id = models.UUIDField(_("起草单位标识"), null=True)
    decided_by = models.CharField(_("决定人"), max_length=60, blank=True)
    reason = models.TextField(_("意见"), blank=True)
    changed_at = models.DateTimeField(_("最近修改时间"))

    class Meta:
        verbose_name = _("监察规则草稿")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "key"],
                condition=Q(state__in=["draft", "submitted"]),
                name="supervision_draft_one_open",
            ),
        ]


class RuleTrial(Row):
    """One trial of a rule over past events: what it would have flagged; ``content`` is the rule as it was tried.

    Personal data: name of the official who asked, kept with the trial; the sample holds no person.
    """

    PERSONAL_DATA = personal(of_official("asked_by"))

    draft = models.ForeignKey(RuleDraft, on_delete=models.PROTECT, related_name="trials", verbose_name=_("规则草稿"))
    content = models.JSONField(_("内容"))
    digest = models.CharField(_("内容摘要"), max_length=64)
    from_day = models.DateField(_("起始日期"))
    until_day = models.DateField(_("结束日期"))
    state = models.CharField(_("状态"), max_length=10, choices=TrialState, default=TrialState.WAITING)
    total = models.PositiveIntegerField(_("事件总数"), default=0)
    looked_at = models.PositiveIntegerField(_("已查事件数"), default=0)
    flagged = models.PositiveIntegerField(_("命中数"), default=0)
    result = models.JSONField(_("结果"), default=dict)
    asked_by = models.CharField(_("试算人"), max_length=60)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("监察规则试算")
        constraints = [
            models.CheckConstraint(condition=Q(until_day__gte=models.F("from_day")), name="supervision_trial_period"),
        ]
        indexes = [models.Index(fields=["draft", "-created_at"], name="supervision_trial_latest")]
