"""What people do in a case: tasks and opinions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import Phase, WorkItemStatus
from zhengtong.kernel.clock import now
from zhengtong.kernel.models import Row


class WorkItem(Row):
    """A task of one unit (or of the applicant) in a case: a token that people see.

    Personal data: id and name of the official who did it, kept with the case.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="work_items", verbose_name=_("办件"))
    token = models.PositiveIntegerField(_("令牌"))
    node = models.CharField(_("环节标识"), max_length=80)
    step = models.CharField(_("环节"), max_length=120)
    phase = models.CharField(_("阶段"), max_length=12, choices=Phase)
    role = models.CharField(_("办理角色"), max_length=24)
    org_id = models.UUIDField(_("办理单位标识"), null=True)
    org_name = models.CharField(_("办理单位"), max_length=120, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=WorkItemStatus, default=WorkItemStatus.OPEN)
    outcome = models.CharField(_("结论"), max_length=24, blank=True)
    opened_at = models.DateTimeField(_("到达时间"), default=now)
    due_at = models.DateTimeField(_("截止时间"), null=True)
    done_at = models.DateTimeField(_("办理时间"), null=True)
    done_by_id = models.UUIDField(_("办理人标识"), null=True)
    done_by = models.CharField(_("办理人"), max_length=60, blank=True)
    done_post = models.CharField(_("办理岗位"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("待办事项")
        constraints = [
            models.UniqueConstraint(fields=["case", "token"], name="cases_work_item_token_once"),
            models.CheckConstraint(
                condition=Q(status="done", done_at__isnull=False) | (~Q(status="done") & Q(done_at__isnull=True)),
                name="cases_work_item_done_at",
            ),
            models.CheckConstraint(
                condition=Q(role="applicant", org_id__isnull=True) | (~Q(role="applicant") & Q(org_id__isnull=False)),
                name="cases_work_item_has_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "role", "due_at"], name="cases_work_item_todo", condition=Q(status="open")),
            models.Index(fields=["org_id", "-done_at"], name="cases_work_item_done", condition=Q(status="done")),
        ]


class Opinion(Row):
    """What somebody wrote when completing a task; never changed, never overwritten.

    Personal data: name of the official, kept with the case.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="opinions", verbose_name=_("办件"))
    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("待办事项"))
    outcome = models.CharField(_("结论"), max_length=24)
    outcome_label = models.CharField(_("结论名称"), max_length=40)
    text = models.TextField(_("意见"), blank=True)
    author = models.CharField(_("签署人"), max_length=60)
    author_id = models.UUIDField(_("签署人标识"), null=True)
    post_name = models.CharField(_("岗位"), max_length=80, blank=True)
    org_name = models.CharField(_("单位"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("办理意见")
        indexes = [models.Index(fields=["case", "created_at"], name="cases_opinion_case")]
