"""Words of the case engine: states, kinds of deadlines, outcomes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseStatus(models.TextChoices):
    """Where a case stands as a whole."""

    OPEN = "open", _("办理中")
    CLOSED = "closed", _("已办结")


class CaseOutcome(models.TextChoices):
    """How a case ended."""

    NONE = "", _("未办结")
    APPROVED = "approved", _("准予")
    REJECTED = "rejected", _("不予许可")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    WITHDRAWN = "withdrawn", _("申请人撤回")


class WorkItemStatus(models.TextChoices):
    """State of one task of one unit."""

    OPEN = "open", _("待办")
    DONE = "done", _("已办")
    CANCELLED = "cancelled", _("已取消")


class DeadlineKind(models.TextChoices):
    """What a deadline limits."""

    ACCEPTANCE = "acceptance", _("受理期限")
    PROMISED = "promised", _("承诺办结时限")
    STATUTORY = "statutory", _("法定办结时限")
    STEP = "step", _("环节时限")
    SUPPLEMENT = "supplement", _("补正期限")
    DELIVERY = "delivery", _("送达期限")


class DeadlineState(models.TextChoices):
    """State of a deadline."""

    RUNNING = "running", _("计时中")
    PAUSED = "paused", _("停止计时")
    MET = "met", _("已完成")
    MISSED = "missed", _("已超过")
    CANCELLED = "cancelled", _("已终止")


class Phase(models.TextChoices):
    """Phase of a case that a task belongs to; the drawings name it with ``zt:phase``."""

    ACCEPT = "accept", _("受理")
    SUPPLEMENT = "supplement", _("补正")
    REVIEW = "review", _("审查")
    DECIDE = "decide", _("决定")
    ISSUE = "issue", _("制证送达")


#: what an end event of a drawing says (``zt:result``) → outcome of the case
END_RESULTS = {
    "granted": CaseOutcome.APPROVED,
    "rejected": CaseOutcome.REJECTED,
    "not_accepted": CaseOutcome.NOT_ACCEPTED,
    "withdrawn": CaseOutcome.WITHDRAWN,
}
APPLICANT_ROLE = "applicant"
WITHDRAW_MESSAGE = "withdraw"
OBJECT_KIND = "case"

#: acts of the engine in the ledger → Chinese words
ACT_LABELS = {
    "cases.open": "收到申请，开始办理",
    "cases.accept.accept": "受理",
    "cases.accept.supplement": "一次性告知补正",
    "cases.accept.refuse": "不予受理",
    "cases.supplement.submit": "补正材料",
    "cases.review.agree": "审查同意",
    "cases.review.disagree": "审查不同意",
    "cases.review.pass": "审查通过",
    "cases.review.fail": "审查不通过",
    "cases.decide.supplement": "一次性告知补正",
    "cases.decide.refuse": "不予受理",
    "cases.decide.approve": "决定准予",
    "cases.decide.reject": "决定不予许可",
    "cases.decide.return": "退回重新审查",
    "cases.withdraw": "申请人撤回",
    "cases.service_done": "系统办理完毕",
    "cases.timer": "流程定时器到时",
    "cases.pause_clock": "停止计时",
    "cases.resume_clock": "恢复计时",
    "cases.deem_accepted": "视为受理",
    "cases.deadline_yellow": "亮黄灯",
    "cases.deadline_red": "亮红灯",
    "cases.deadline_breach": "超过法定时限",
    "cases.deploy_process": "启用流程版本",
    "cases.import_calendar": "更新工作日历",
}

#: kinds of objects in the ledger → Chinese words
OBJECT_LABELS = {OBJECT_KIND: "办件", "process": "流程", "calendar": "工作日历"}
