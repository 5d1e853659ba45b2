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
    TERMINATED = "terminated", _("终止办理")


class WorkItemStatus(models.TextChoices):
    """State of one task of one unit."""

    OPEN = "open", _("待办")
    DONE = "done", _("已办")
    CANCELLED = "cancelled", _("已取消")


class SignerPlace(models.TextChoices):
    """How an added signer stands to the task he was added to."""

    BEFORE = "before", _("前加签")
    AFTER = "after", _("后加签")
    PARALLEL = "parallel", _("并签")


class StepMove(models.TextChoices):
    """How a task changed hands."""

    CLAIM = "claim", _("签收")
    RELEASE = "release", _("退回待签收")
    ASSIGN = "assign", _("指派")
    TRANSFER = "transfer", _("转办")
    ASK = "ask", _("请人协办")
    ANSWER = "answer", _("协办答复")
    UNASK = "unask", _("收回协办")
    REASSIGN = "reassign", _("改派")
    HAND_OVER = "hand_over", _("移交")
    MIGRATE = "migrate", _("随流程换版改由他单位办理")
    ROUTE = "route", _("系统分派")


class RoutingMode(models.TextChoices):
    """How a unit's tasks find their officer."""

    FIXED = "fixed", _("指定人员（按顺序）")
    TURN = "turn", _("轮流")
    LOAD = "load", _("在办最少的优先")
    FAMILIAR = "familiar", _("熟悉本事项的优先")


class PromptKind(models.TextChoices):
    """What a reminder asks for."""

    URGE = "urge", _("催办")
    SUPERVISE = "supervise", _("督办")


class InterventionKind(models.TextChoices):
    """What a process administrator may ask for."""

    JUMP = "jump", _("跳转")
    REASSIGN = "reassign", _("改派")
    MIGRATE = "migrate", _("迁移到新版流程")
    MIGRATE_ALL = "migrate_all", _("整版迁移")


class InterventionState(models.TextChoices):
    """Where a request of a process administrator stands."""

    PENDING = "pending", _("待批准")
    DONE = "done", _("已执行")
    REFUSED = "refused", _("未批准")
    TAKEN_BACK = "taken_back", _("申请人收回")


class DraftState(models.TextChoices):
    """Where the draft of a process stands."""

    EDITING = "editing", _("绘制中")
    SUBMITTED = "submitted", _("待批准")
    APPROVED = "approved", _("已启用")
    DISCARDED = "discarded", _("已作废")


class DeadlineKind(models.TextChoices):
    """What a deadline limits."""

    ACCEPTANCE = "acceptance", _("受理期限")
    PROMISED = "promised", _("承诺办结时限")
    STATUTORY = "statutory", _("法定办结时限")
    STEP = "step", _("环节时限")
    SUPPLEMENT = "supplement", _("补正期限")
    DELIVERY = "delivery", _("送达期限")
    RENEWAL = "renewal", _("证照有效期届满前作出决定")
    HEARING_ASK = "hearing_ask", _("听证申请期限")
    HEARING_HOLD = "hearing_hold", _("组织听证期限")


class DeadlineState(models.TextChoices):
    """State of a deadline."""

    RUNNING = "running", _("计时中")
    PAUSED = "paused", _("停止计时")
    MET = "met", _("已完成")
    MISSED = "missed", _("已超过")
    CANCELLED = "cancelled", _("已终止")


class ExtensionState(models.TextChoices):
    """Where a request for a longer limit stands."""

    ASKED = "asked", _("待批准")
    GRANTED = "granted", _("已批准")
    REFUSED = "refused", _("不予批准")


class MoveCause(models.TextChoices):
    """Why a deadline was computed anew."""

    PAUSE = "pause", _("停止计时")
    RESUME = "resume", _("恢复计时")
    CAP = "cap", _("停止计时期满")
    EXTENSION = "extension", _("延长期限")
    CALENDAR = "calendar", _("工作日历变更")
    MIGRATE = "migrate", _("迁移到新版流程")


class CalendarChangeKind(models.TextChoices):
    """What a change of the calendar is."""

    DECREE = "decree", _("年度放假安排")
    CLOSURE = "closure", _("本地放假停工")
    OPENING = "opening", _("本地调整上班")
    WITHDRAWAL = "withdrawal", _("撤销本地安排")


class ChangeState(models.TextChoices):
    """Where a proposed change of the calendar stands."""

    ASKED = "asked", _("待批准")
    GRANTED = "granted", _("已批准")
    REFUSED = "refused", _("不予批准")


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
#: what an added signer can say; it informs those who decide and moves nothing by itself
ADHOC_OUTCOMES = {"agree": _("同意"), "disagree": _("不同意")}
APPLICANT_ROLE = "applicant"
WITHDRAW_MESSAGE = "withdraw"
#: variable of a case, set by the service that makes the result: a paper of it is still to be handed over
PAPER_TO_COME = "paper_to_come"
OBJECT_KIND = "case"

#: acts of the engine in the ledger → Chinese words
ACT_LABELS = {
    "cases.delivered": "证照送达",
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
    "cases.terminate": "终止办理",
    "cases.return": "退回",
    "cases.return_branch": "退回单个分支",
    "cases.recall": "撤回重办",
    "cases.add_signer": "加签",
    "cases.remove_signer": "减签",
    "cases.adhoc.agree": "加签同意",
    "cases.adhoc.disagree": "加签不同意",
    "cases.move.claim": "签收",
    "cases.move.release": "退回待签收",
    "cases.move.assign": "指派",
    "cases.move.transfer": "转办",
    "cases.move.ask": "请人协办",
    "cases.move.answer": "协办答复",
    "cases.move.unask": "收回协办",
    "cases.move.hand_over": "移交",
    "cases.move.route": "系统分派",
    "cases.route_none": "没有可以分派的人员，留待签收",
    "cases.set_routing": "设定派件规则",
    "cases.drop_routing": "取消派件规则",
    "cases.note_absence": "登记人员离岗",
    "cases.end_absence": "登记人员返岗",
    "cases.urge": "催办",
    "cases.supervise": "督办",
    "cases.answer_prompt": "答复督办",
    "cases.request_intervention": "申请流程干预",
    "cases.refuse_intervention": "不批准流程干预",
    "cases.take_back_intervention": "收回流程干预申请",
    "cases.intervene.jump": "流程干预：跳转",
    "cases.intervene.reassign": "流程干预：改派",
    "cases.intervene.migrate": "流程干预：迁移到新版流程",
    "cases.intervene.migrate_all": "流程干预：批准整版迁移",
    "cases.hand_over": "移交主办单位",
    "cases.hand_over_unit": "开始移交单位的在办办件",
    "cases.hand_over_finished": "单位的在办办件移交完毕",
    "cases.service_done": "系统办理完毕",
    "cases.service_failed": "系统办理未能完成，按流程图转办",
    "cases.timer": "流程定时器到时",
    "cases.pause_clock": "停止计时",
    "cases.resume_clock": "恢复计时",
    "cases.pause_warned": "提醒：停止计时即将期满",
    "cases.pause_capped": "停止计时期满，自动恢复计时",
    "cases.request_extension": "申请延长办理期限",
    "cases.grant_extension": "批准延长办理期限",
    "cases.refuse_extension": "不予批准延长办理期限",
    "cases.deadline_moved": "重新计算时限",
    "cases.deem_accepted": "视为受理",
    "cases.deem_renewed": "视为准予延续",
    "cases.hearing_told": "告知听证权利",
    "cases.hearing_requested": "申请听证",
    "cases.hearing_waived": "放弃听证",
    "cases.hearing_announced": "发出听证通知",
    "cases.hearing_held": "举行听证",
    "cases.hearing_declined": "不组织听证",
    "cases.deadline_yellow": "亮黄灯",
    "cases.deadline_red": "亮红灯",
    "cases.deadline_breach": "超过法定时限",
    "cases.deploy_process": "启用流程版本",
    "cases.draft_process": "起草流程",
    "cases.record_trial": "记录流程试运行",
    "cases.remove_trial": "删去流程试运行记录",
    "cases.submit_process": "提交流程报批",
    "cases.recall_process": "收回报批的流程",
    "cases.reject_process": "退回报批的流程",
    "cases.discard_process": "作废流程草稿",
    "cases.import_calendar": "更新工作日历",
    "cases.propose_calendar": "提出工作日历变更",
    "cases.grant_calendar": "批准工作日历变更",
    "cases.refuse_calendar": "不予批准工作日历变更",
    "cases.reproject_calendar": "按新日历重算时限",
}

#: kinds of objects in the ledger → Chinese words
OBJECT_LABELS = {
    OBJECT_KIND: "办件",
    "process": "流程",
    "process_draft": "流程草稿",
    "calendar": "工作日历",
    "intervention": "流程干预",
    "hand_over": "机构移交",
    "routing_rule": "派件规则",
    "absence": "人员离岗",
}
