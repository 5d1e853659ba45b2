"""The follow-up of a bad rating and what was done in it."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.ratings.constants import OPEN_STATES, RATING, ActKind, FollowUpState, Means, Verdict
from zhengtong.capabilities.ratings.models.ratings import Rating
from zhengtong.capabilities.ratings.rules.follow_up import last_day
from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.kernel.models import Row


class FollowUp(Row):
    """差评整改 of one bad rating: the unit contacts, puts right, and the person rates again.

    Limits are those of the day it began; the instants are projected anew every day from the working calendar.
    ``asked_*``: a request not to count the rating, which a second person decides.

    Personal data: names of the officials who asked and judged, kept with the rating.
    """

    PERSONAL_DATA = personal(of_official("asked_by", "asked_by_id", "asked_for_id", "judged_by", "judged_by_id"))

    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="follow_up", verbose_name=_("评价"))
    subject_kind = models.CharField(_("评价对象类型"), max_length=40)
    subject_id = models.CharField(_("评价对象标识"), max_length=64)
    service = models.CharField(_("服务事件"), max_length=12)
    org_id = models.UUIDField(_("责任单位标识"))
    org_name = models.CharField(_("责任单位"), max_length=120)
    state = models.CharField(_("状态"), max_length=12, choices=FollowUpState, default=FollowUpState.TO_CONTACT)
    is_complex = models.BooleanField(_("复杂问题"), default=False)
    opened_on = models.DateField(_("起算日"))
    contact_days = models.PositiveSmallIntegerField(_("联系期限（工作日）"))
    simple_days = models.PositiveSmallIntegerField(_("简单问题整改期限（工作日）"))
    complex_days = models.PositiveSmallIntegerField(_("复杂问题整改期限（工作日）"))
    contact_due_at = models.DateTimeField(_("联系截止"))
    rectify_due_at = models.DateTimeField(_("整改截止"))
    again_due_at = models.DateTimeField(_("再次评价截止"), null=True)
    projected_on = models.DateField(_("推算日"))
    contact_late_at = models.DateTimeField(_("联系超期"), null=True)
    rectify_late_at = models.DateTimeField(_("整改超期"), null=True)
    contacted_at = models.DateTimeField(_("联系时间"), null=True)
    rectified_at = models.DateTimeField(_("整改时间"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    asked_verdict = models.CharField(_("申请认定"), max_length=12, choices=Verdict, blank=True)
    asked_by = models.CharField(_("申请人"), max_length=60, blank=True)
    asked_by_id = models.UUIDField(_("申请人标识"), null=True)
    asked_for_id = models.UUIDField(_("所代的人标识"), null=True)
    verdict = models.CharField(_("认定"), max_length=12, choices=Verdict, blank=True)
    verdict_reason = models.TextField(_("认定理由"), blank=True)
    judged_by = models.CharField(_("认定人"), max_length=60, blank=True)
    judged_by_id = models.UUIDField(_("认定人标识"), null=True)

    class Meta:
        verbose_name = _("差评整改")
        constraints = [
            models.CheckConstraint(
                condition=(Q(state=FollowUpState.EXCLUDED) & ~Q(verdict="") & ~Q(verdict_reason=""))
                | (~Q(state=FollowUpState.EXCLUDED) & Q(verdict="")),
                name="ratings_excluded_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(judged_by_id__isnull=True) | ~Q(judged_by_id=F("asked_by_id")),
                name="ratings_judged_by_second",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "excluded"], closed_at__isnull=False)
                | (~Q(state__in=["closed", "excluded"]) & Q(closed_at__isnull=True)),
                name="ratings_follow_up_closed",
            ),
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id", "service"],
                condition=Q(state__in=OPEN_STATES),
                name="ratings_follow_up_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "org_id", "contact_due_at"],
                name="ratings_follow_up_queue",
                condition=Q(state__in=OPEN_STATES),
            ),
            models.Index(fields=["projected_on"], name="ratings_follow_up_clock", condition=Q(state__in=OPEN_STATES)),
        ]

    @property
    def contact_by(self) -> dt.date:
        """The last day to contact the person."""
        return last_day(self.contact_due_at)

    @property
    def rectify_by(self) -> dt.date:
        """The last day to put the matter right."""
        return last_day(self.rectify_due_at)

    @property
    def again_by(self) -> dt.date | None:
        """The last day to rate again."""
        return last_day(self.again_due_at) if self.again_due_at else None


class FollowUpAct(Row):
    """What was done in a follow-up, word by word; appended, never changed (a trigger refuses it).

    Personal data: name and post of the official, what was spoken of with the person who rated; kept with the rating.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name"), of_citizen("text", activity=RATING))

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="acts", verbose_name=_("差评整改"))
    no = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("操作"), max_length=12, choices=ActKind)
    means = models.CharField(_("回访方式"), max_length=8, choices=Means, blank=True)
    text = models.TextField(_("内容"))
    person_id = models.UUIDField(_("操作人标识"), null=True)
    person_name = models.CharField(_("操作人"), max_length=60)
    post_name = models.CharField(_("岗位"), max_length=80, blank=True)
    org_name = models.CharField(_("单位"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("差评整改记录")
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "no"], name="ratings_act_no_once"),
            models.CheckConstraint(condition=~Q(text=""), name="ratings_act_has_words"),
        ]
