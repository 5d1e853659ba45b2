"""Reviews before publication: how many a site or column asks for, and each page that was sent in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.constants import MOST_REVIEWS, OPEN_SUBMISSION, WEB_PAGES, SubmissionState


class ReviewPlan(Row):
    """审核级数：一个网站或者它的一个栏目要几审；栏目没有设的随上一级，网站没有设的随全县的参数。

    Personal data: none.
    """

    PERSONAL_DATA = personal()

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="review_plans"
    )
    column = models.ForeignKey(
        "sites.ColumnPage", verbose_name=_("栏目"), on_delete=models.CASCADE, null=True, related_name="+"
    )
    reviews = models.PositiveSmallIntegerField(_("审核级数"))

    class Meta:
        verbose_name = _("审核级数")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site"], condition=Q(column=None), name="sites_plan_once_a_site"),
            models.UniqueConstraint(fields=["site", "column"], name="sites_plan_once_a_column"),
            models.CheckConstraint(condition=Q(reviews__lte=MOST_REVIEWS), name="sites_plan_reviews"),
        ]


class Submission(Row):
    """送审：一个网页的一版送去审核，到签发、撤回为止；退回修改后重新送审的还是这一件。

    Personal data: who sent it in, whom he stood in for, who has passed it.
    """

    PERSONAL_DATA = personal(of_official("author_id", "author_for_id", "author_name", "passed_by", activity=WEB_PAGES))

    site = models.ForeignKey(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.PROTECT, related_name="submissions"
    )
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("网页"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", verbose_name=_("送审的一版"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    title = models.CharField(_("标题"), max_length=255)
    reviews = models.PositiveSmallIntegerField(_("审核级数"))
    state = models.CharField(_("状态"), max_length=10, choices=SubmissionState.choices, default=SubmissionState.REVIEW)
    case_id = models.UUIDField(_("办件标识"), unique=True)
    author_id = models.UUIDField(_("送审人标识"))
    author_for_id = models.UUIDField(_("送审人所代的人标识"), null=True)
    author_name = models.CharField(_("送审人"), max_length=60)
    passed_by = models.JSONField(_("本轮已审核的人"), default=list)
    go_live_at = models.DateTimeField(_("发布时刻"), null=True)
    expire_at = models.DateTimeField(_("撤下时刻"), null=True)
    closed_at = models.DateTimeField(_("审结时间"), null=True)

    class Meta:
        verbose_name = _("送审")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["page"], condition=Q(state__in=OPEN_SUBMISSION), name="sites_one_review_a_page"
            ),
            models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name="sites_submission_state"),
            models.CheckConstraint(
                condition=Q(reviews__gte=1) & Q(reviews__lte=MOST_REVIEWS), name="sites_submission_reviews"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, state__in=OPEN_SUBMISSION)
                | (Q(closed_at__isnull=False) & ~Q(state__in=OPEN_SUBMISSION)),
                name="sites_submission_closed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-created_at"], name="sites_submission_of_site"),
            models.Index(fields=["author_id"], condition=Q(state__in=OPEN_SUBMISSION), name="sites_submission_open"),
        ]
