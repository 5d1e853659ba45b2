"""What people do in a case: tasks and opinions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import Phase, PromptKind, SignerPlace, StepMove, WorkItemStatus
from zhengtong.kernel.clock import now
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class WorkItem(Row):
    """A task of one unit (or of the applicant) in a case: a token that people see.

    ``holder`` has taken it and nobody else of the unit may do it; ``helper`` has been asked by the holder to
    contribute; ``hand_note`` says why the platform gave it to the holder; ``item`` names the instance of a task that
    several units do; ``adhoc`` marks a signer added by hand; ``cause`` is the task whose completion opened this one;
    ``recallable`` when its completion had no effect outside the drawing.

    Personal data: id and name of the officials who hold it, help with it and did it, kept with the case.
    """

    PERSONAL_DATA = personal(of_official("done_by_id", "done_by", "holder_id", "holder", "helper_id", "helper"))

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, related_name="work_items", db_index=False, verbose_name=_("办件")
    )
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
    item = models.CharField(_("分支"), max_length=80, blank=True, default="", db_default="")
    adhoc = models.CharField(_("加签方式"), max_length=8, choices=SignerPlace, blank=True, default="", db_default="")
    cause_id = models.UUIDField(_("由哪个环节引出"), null=True)
    recallable = models.BooleanField(_("可以撤回重办"), default=False, db_default=False)
    holder_id = models.UUIDField(_("签收人标识"), null=True)
    holder = models.CharField(_("签收人"), max_length=60, blank=True, default="", db_default="")
    helper_id = models.UUIDField(_("协办人标识"), null=True)
    helper = models.CharField(_("协办人"), max_length=60, blank=True, default="", db_default="")
    hand_note = models.CharField(_("分派说明"), max_length=200, blank=True, default="", db_default="")

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
            models.CheckConstraint(
                condition=Q(helper_id__isnull=True) | Q(holder_id__isnull=False),
                name="cases_work_item_helper_of_holder",
            ),
            models.CheckConstraint(condition=Q(adhoc__in=["", *SignerPlace.values]), name="cases_work_item_adhoc"),
        ]
        indexes = [
            models.Index(fields=["org_id", "role", "due_at"], name="cases_work_item_todo", condition=Q(status="open")),
            models.Index(fields=["org_id", "-done_at"], name="cases_work_item_done", condition=Q(status="done")),
        ]


class Opinion(Row):
    """What somebody wrote when completing a task; never changed, never overwritten.

    Personal data: name of the official, kept with the case.
    """

    PERSONAL_DATA = personal(of_official("author", "author_id"))

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, related_name="opinions", db_index=False, verbose_name=_("办件")
    )
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


class WorkItemMove(Row):
    """Who had a task when: each time it changed hands, with the reason; never changed.

    Personal data: ids and names of the officials, kept with the case.
    """

    PERSONAL_DATA = personal(of_official("from_person", "to_person", "to_person_id", "by", "by_id"))

    work_item = models.ForeignKey(
        "cases.WorkItem", on_delete=models.PROTECT, related_name="moves", verbose_name=_("待办事项")
    )
    kind = models.CharField(_("方式"), max_length=12, choices=StepMove)
    from_org = models.CharField(_("转出单位"), max_length=120, blank=True)
    to_org = models.CharField(_("转入单位"), max_length=120, blank=True)
    from_person = models.CharField(_("转出人"), max_length=60, blank=True)
    to_person = models.CharField(_("转入人"), max_length=60, blank=True)
    to_person_id = models.UUIDField(_("转入人标识"), null=True)
    reason = models.TextField(_("理由"), blank=True)
    by = models.CharField(_("经办人"), max_length=60)
    by_id = models.UUIDField(_("经办人标识"), null=True)

    class Meta:
        verbose_name = _("经办变更")
        constraints = [models.CheckConstraint(condition=Q(kind__in=StepMove.values), name="cases_move_words")]


class Prompt(Row):
    """A reminder to those who have a task: 催办 asks for speed, 督办 asks for an answer.

    Personal data: names of the officials, kept with the case.
    """

    PERSONAL_DATA = personal(of_official("by", "by_id", "answer_by", "answered_by"))

    work_item = models.ForeignKey(
        "cases.WorkItem", on_delete=models.PROTECT, related_name="prompts", verbose_name=_("待办事项")
    )
    kind = models.CharField(_("方式"), max_length=10, choices=PromptKind)
    text = models.TextField(_("内容"), blank=True)
    by = models.CharField(_("发出人"), max_length=60)
    by_id = models.UUIDField(_("发出人标识"), null=True)
    by_org = models.CharField(_("发出单位"), max_length=120, blank=True)
    answer_by = models.DateField(_("答复期限"), null=True)
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.CharField(_("答复人"), max_length=60, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("催办督办")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PromptKind.values), name="cases_prompt_words"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="cases_prompt_answered",
            ),
            models.CheckConstraint(
                condition=Q(kind="urge", answer_by__isnull=True) | Q(kind="supervise", answer_by__isnull=False),
                name="cases_prompt_supervise_has_day",
            ),
        ]
