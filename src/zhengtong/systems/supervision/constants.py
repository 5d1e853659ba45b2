"""Words of electronic supervision: levels, states and acts of a card."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import Activity, Basis


class Level(models.TextChoices):
    """How grave a card is, from light to grave."""

    HINT = "hint", _("提示")
    YELLOW = "yellow", _("黄牌")
    RED = "red", _("红牌")
    BREACH = "breach", _("严重红牌")


class CardState(models.TextChoices):
    """Where a card stands."""

    RAISED = "raised", _("待说明")
    EXPLAINED = "explained", _("待核定")
    CONFIRMED = "confirmed", _("已认定，待整改")
    RECTIFIED = "rectified", _("已报整改，待复查")
    CANCELLED = "cancelled", _("已撤销")
    CLOSED = "closed", _("已销号")


class CardActKind(models.TextChoices):
    """What was done with a card."""

    EXPLAIN = "explain", _("说明")
    APPEAL = "appeal", _("申诉")
    RECTIFY = "rectify", _("整改报告")
    CONFIRM = "confirm", _("认定")
    CANCEL = "cancel", _("撤销")
    CLOSE = "close", _("销号")
    CLEAR = "clear", _("自动销号")
    RAISE = "raise", _("人工亮牌")
    SEND_BACK = "send_back", _("复查不通过，退回整改")
    TRANSFER = "transfer", _("转督查")
    PROPOSE = "propose", _("发出监察建议书")
    REPLY = "reply", _("回复监察建议书")
    ACCOUNT = "account", _("责任追究")
    MARK = "mark", _("依据已变")
    KEEP = "keep", _("维持")
    OVERDUE = "overdue", _("逾期")
    INSPECT = "inspect", _("督查结果")


class LimitKind(models.TextChoices):
    """A limit in the life of a card, each on the working-day clock."""

    EXPLAIN = "explain", _("说明期限")
    JUDGE = "judge", _("核定期限")
    APPEAL = "appeal", _("申诉期限")
    RECTIFY = "rectify", _("整改期限")
    RECHECK = "recheck", _("复查期限")
    REPLY = "reply", _("建议书回复期限")


class LimitState(models.TextChoices):
    """Whether a limit of a card still runs, and how it ended."""

    RUNNING = "running", _("进行中")
    MET = "met", _("按期完成")
    MISSED = "missed", _("逾期")
    ENDED = "ended", _("已终止")


class Cause(models.TextChoices):
    """Why a card must not stand against a unit."""

    HOLIDAY = "holiday", _("节假日调整")
    OUTAGE = "outage", _("系统故障")
    WRONG_RULE = "wrong_rule", _("规则错误")
    OTHER = "other", _("其他")


class ProposalState(models.TextChoices):
    """Where something stands that one person proposes and another decides."""

    PROPOSED = "proposed", _("待另一人核准")
    APPROVED = "approved", _("已核准")
    REFUSED = "refused", _("未核准")
    DONE = "done", _("已完成")


class HeldState(models.TextChoices):
    """What became of a card that was not raised because an outage was declared."""

    WAITING = "waiting", _("待核定")
    RAISED = "raised", _("已亮牌")
    DROPPED = "dropped", _("不亮牌")


class Scope(models.TextChoices):
    """Whom a rule holds answerable: the unit of the step, or the unit of the whole case."""

    STEP = "step", _("环节")
    CASE = "case", _("办件")


class DraftState(models.TextChoices):
    """Where a rule in the making stands."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待批准")
    ENABLED = "enabled", _("已启用")
    DROPPED = "dropped", _("已放弃")


class TrialState(models.TextChoices):
    """How far a trial over the past is."""

    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("试算中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("没有完成")


class FormulaState(models.TextChoices):
    """Where a formula of scores stands; what was enabled is never edited."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待批准")
    ENABLED = "enabled", _("已启用")
    RETIRED = "retired", _("已停用")
    DROPPED = "dropped", _("已放弃")


class ScoreState(models.TextChoices):
    """Where the scores of a month stand: only a computed one is worked out anew."""

    COMPUTED = "computed", _("试算，未公布")
    PROPOSED = "proposed", _("已冻结，待另一人核准")
    PUBLISHED = "published", _("已公布")
    REFUSED = "refused", _("未核准")
    SUPERSEDED = "superseded", _("已由更正版代替")


class SubjectKind(models.TextChoices):
    """Whose score it is."""

    UNIT = "unit", _("单位")
    POST = "post", _("岗位")
    ITEM = "item", _("事项")


class AppealState(models.TextChoices):
    """What became of a unit's appeal against its score."""

    FILED = "filed", _("待答复")
    UPHELD = "upheld", _("成立")
    REFUSED = "refused", _("不成立")


class ReportState(models.TextChoices):
    """What became of a unit's own report on a target."""

    REPORTED = "reported", _("待审核")
    ACCEPTED = "accepted", _("已审核")
    RETURNED = "returned", _("已退回")


CARD_KIND = "supervision_card"
BULK_KIND = "supervision_bulk_cancel"
OUTAGE_KIND = "supervision_outage"
LETTER_KIND = "supervision_letter"
RULE_KIND = "supervision_rule"
DRAFT_KIND = "supervision_draft"
FORMULA_KIND = "supervision_formula"
SCORE_KIND = "supervision_score"
TARGET_KIND = "supervision_target"
DEDUCTION_KIND = "supervision_deduction"
REPORT_KIND = "supervision_report"
SUPERVISOR = "supervisor"
#: roles of a unit's people who answer for its cards
UNIT_ROLES = ("clerk", "reviewer", "leader")
#: states in which a card still asks something of somebody
OPEN_STATES = ("raised", "explained", "confirmed", "rectified")
#: key by which the outbox remembers that supervision has seen an event
SUBSCRIBER = "supervision.watch"

#: level of a card → lamp of the page
LAMPS = {"hint": "none", "yellow": "yellow", "red": "red", "breach": "deep_red", "": "green"}

ACT_LABELS = {
    "supervision.raise_card": "亮牌",
    "supervision.explain": "就亮牌作出说明",
    "supervision.appeal": "就亮牌提出申诉",
    "supervision.rectify": "报告整改情况",
    "supervision.confirm": "认定亮牌",
    "supervision.cancel": "撤销亮牌",
    "supervision.close": "亮牌销号",
    "supervision.clear": "亮牌自动销号",
    "supervision.raise": "人工亮牌",
    "supervision.send_back": "复查不通过，退回整改",
    "supervision.transfer": "亮牌转督查",
    "supervision.inspect": "督查结果记入亮牌",
    "supervision.propose": "发出监察建议书",
    "supervision.reply": "回复监察建议书",
    "supervision.account": "决定责任追究",
    "supervision.propose_account": "提出责任追究",
    "supervision.refuse_account": "不同意责任追究",
    "supervision.mark": "亮牌依据已变",
    "supervision.keep": "依据已变，维持亮牌",
    "supervision.overdue": "亮牌处理逾期",
    "supervision.propose_bulk_cancel": "提出批量撤销亮牌",
    "supervision.approve_bulk_cancel": "核准批量撤销亮牌",
    "supervision.refuse_bulk_cancel": "不同意批量撤销亮牌",
    "supervision.bulk_cancel": "批量撤销亮牌",
    "supervision.declare_outage": "登记系统故障时段",
    "supervision.end_outage": "系统恢复",
    "supervision.hold_card": "故障时段内暂不亮牌",
    "supervision.judge_held": "核定故障时段内的牌",
    "supervision.install_rule": "启用监察规则版本",
    "supervision.draft_rule": "起草监察规则",
    "supervision.try_rule": "试算监察规则",
    "supervision.submit_rule": "提交监察规则",
    "supervision.return_rule": "退回监察规则",
    "supervision.drop_rule": "放弃监察规则草稿",
    "supervision.enable_rule": "批准启用监察规则",
    "supervision.retire_rule": "停用监察规则",
    "supervision.rebuild": "重建监察数据",
    "supervision.draft_formula": "起草评分办法",
    "supervision.submit_formula": "提交评分办法",
    "supervision.return_formula": "退回评分办法",
    "supervision.drop_formula": "放弃评分办法草稿",
    "supervision.enable_formula": "批准启用评分办法",
    "supervision.retire_formula": "停用评分办法",
    "supervision.propose_scores": "冻结月度得分",
    "supervision.publish_scores": "核准公布月度得分",
    "supervision.refuse_scores": "不同意公布月度得分",
    "supervision.appeal_score": "对得分提出申诉",
    "supervision.answer_appeal": "答复得分申诉",
    "supervision.propose_deduction": "提出年度扣分",
    "supervision.approve_deduction": "核准年度扣分",
    "supervision.refuse_deduction": "不同意年度扣分",
    "supervision.set_target": "下达年度目标",
    "supervision.import_targets": "导入年度目标",
    "supervision.report_target": "自报目标进展",
    "supervision.review_target": "审核目标进展",
    "supervision.propose_report": "编制电子监察月报",
    "supervision.publish_report": "核准公布电子监察月报",
    "supervision.refuse_report": "不同意公布电子监察月报",
}
OBJECT_LABELS = {
    CARD_KIND: "亮牌",
    RULE_KIND: "监察规则",
    DRAFT_KIND: "监察规则草稿",
    BULK_KIND: "批量撤销亮牌",
    OUTAGE_KIND: "系统故障时段",
    LETTER_KIND: "监察建议书",
    "supervision": "监察数据",
    FORMULA_KIND: "评分办法",
    SCORE_KIND: "月度得分",
    TARGET_KIND: "年度目标",
    DEDUCTION_KIND: "年度扣分",
    REPORT_KIND: "电子监察月报",
}

#: what the log of watched events holds of applicants
PSEUDONYM = Activity(
    purpose="发现同一申请人的材料被反复退回等异常",
    basis=Basis.DUTY,
    kept="与所监察的办件档案一起保存",
    stays="只有加密的代号，不能还原成人，统计需要",
)
