"""Words of complaints: kinds, protection, states, findings, limits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters, retention
from zhengtong.kernel.inventory import FILE_COPY, LEDGER_COPY, MODEL_COPY, Activity, Basis


class Kind(models.TextChoices):
    """What a person wants."""

    CONSULT = "consult", _("咨询")
    COMPLAINT = "complaint", _("投诉")
    REPORT = "report", _("举报")
    SUGGESTION = "suggestion", _("建议")


class Protection(models.TextChoices):
    """Who may learn who wrote."""

    SIGNED = "signed", _("署名")
    CONFIDENTIAL = "confidential", _("身份保密")
    ANONYMOUS = "anonymous", _("匿名")


class Channel(models.TextChoices):
    """By which way it came."""

    PORTAL = "portal", _("网上")
    COUNTER = "counter", _("窗口")
    PHONE = "phone", _("电话")
    LETTER = "letter", _("来信")


class About(models.TextChoices):
    """What it is about."""

    APPLICATION = "application", _("办件")
    ITEM = "item", _("办事事项")
    UNIT = "unit", _("单位")
    POST = "post", _("工作岗位")
    RATING = "rating", _("服务评价")
    GENERAL = "general", _("其他")


class State(models.TextChoices):
    """Where it stands."""

    RECEIVED = "received", _("待受理")
    ACCEPTED = "accepted", _("待交办")
    ASSIGNED = "assigned", _("办理中")
    DRAFTED = "drafted", _("答复待审定")
    MERGED = "merged", _("并案办理")
    ANSWERED = "answered", _("已答复")
    REVIEW = "review", _("复核中")
    CLOSED = "closed", _("已办结")


class Ending(models.TextChoices):
    """How it ended."""

    ANSWERED = "answered", _("已答复")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    TRANSFERRED = "transferred", _("转送其他机关")
    WITHDRAWN = "withdrawn", _("本人撤回")


class Finding(models.TextChoices):
    """What came out."""

    FOUNDED = "founded", _("属实")
    PARTLY = "partly", _("部分属实")
    UNFOUNDED = "unfounded", _("不属实")
    UNCLEAR = "unclear", _("无法查实")
    EXPLAINED = "explained", _("已解答")
    ADOPTED = "adopted", _("采纳")
    NOTED = "noted", _("留作参考")


class Measure(models.TextChoices):
    """What is done about it."""

    RECTIFY = "rectify", _("责令整改")
    REDRESS = "redress", _("纠正错误、补办")
    APOLOGY = "apology", _("向当事人道歉")
    EDUCATE = "educate", _("批评教育")
    SYSTEM = "system", _("完善制度")
    DISCIPLINE = "discipline", _("移送纪检监察机关")


class Satisfaction(models.TextChoices):
    """What the person says of the answer."""

    SATISFIED = "satisfied", _("满意")
    FAIRLY = "fairly", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")


class ReviewResult(models.TextChoices):
    """What came of the only review."""

    UPHELD = "upheld", _("维持原答复")
    REDONE = "redone", _("重新办理")


class ClockKind(models.TextChoices):
    """What a limit of a complaint limits."""

    ACCEPT = "accept", _("决定是否受理")
    ANSWER = "answer", _("办理并答复")
    ASK_REVIEW = "ask_review", _("申请复核")
    REVIEW = "review", _("复核")


class DraftState(models.TextChoices):
    """Where a draft of an answer stands."""

    SUBMITTED = "submitted", _("待审定")
    RETURNED = "returned", _("退回修改")
    APPROVED = "approved", _("已审定")


class ExtensionState(models.TextChoices):
    """Where a request for more time stands."""

    ASKED = "asked", _("待批准")
    GRANTED = "granted", _("已批准")
    REFUSED = "refused", _("未批准")


class ActKind(models.TextChoices):
    """What was done, as the time line says it."""

    SUBMIT = "submit", _("提交")
    TAKE_IN = "take_in", _("登记")
    ACCEPT = "accept", _("受理")
    REJECT = "reject", _("不予受理")
    TRANSFER = "transfer", _("转送其他机关")
    MERGE = "merge", _("并案办理")
    ASSIGN = "assign", _("交办")
    SELF = "self", _("直接办理")
    RELEASE = "release", _("开放附件")
    DRAFT = "draft", _("报送答复")
    RETURN = "return", _("退回修改")
    ANSWER = "answer", _("答复")
    ASK_TIME = "ask_time", _("申请延长期限")
    GRANT_TIME = "grant_time", _("延长期限")
    REFUSE_TIME = "refuse_time", _("不同意延长")
    SUSPEND = "suspend", _("中止计时")
    RESUME = "resume", _("恢复计时")
    WARN = "warn", _("临近期限")
    OVERDUE = "overdue", _("超过期限")
    READ = "read", _("查看身份")
    SATISFY = "satisfy", _("评价答复")
    ASK_REVIEW = "ask_review", _("申请复核")
    UPHOLD = "uphold", _("复核：维持")
    REDO = "redo", _("复核：重新办理")
    WITHDRAW = "withdraw", _("撤回")
    CLOSE = "close", _("办结")
    HAND_OVER = "hand_over", _("移交承继单位")
    PUBLISH = "publish", _("公开答复")
    UNPUBLISH = "unpublish", _("停止公开")


OBJECT_KIND = "complaint"
SUPERVISOR, LEADER, COUNTER = "supervisor", "leader", "counter"
#: who works on it in the unit it was given to
UNIT_ROLES = ("clerk", "reviewer", LEADER)
DESK_ROLES = (SUPERVISOR, *UNIT_ROLES)
INTAKE_ROLES = (COUNTER, SUPERVISOR)
#: the unit has it in hand, the limit runs
HANDLING = (State.ACCEPTED, State.ASSIGNED, State.DRAFTED)

TITLE_MAX, TEXT_MAX, REASON_MAX, NAME_MAX = 60, 3000, 1000, 60
TEXT_MIN, REASON_MIN, PURPOSE_MIN = 10, 5, 5
FILES_MAX = 5

ACT_LABELS = {
    "complaints.submit": "提交咨询投诉",
    "complaints.take_in": "登记咨询投诉",
    "complaints.accept": "受理咨询投诉",
    "complaints.reject": "不予受理咨询投诉",
    "complaints.transfer": "转送咨询投诉",
    "complaints.merge": "并案办理咨询投诉",
    "complaints.go_on_alone": "并案的咨询投诉恢复单独办理",
    "complaints.assign": "交办咨询投诉",
    "complaints.self": "直接办理咨询投诉",
    "complaints.release_file": "向承办单位开放附件",
    "complaints.draft": "报送答复",
    "complaints.return": "退回答复",
    "complaints.answer": "审定并答复",
    "complaints.ask_time": "申请延长办理期限",
    "complaints.grant_time": "批准延长办理期限",
    "complaints.refuse_time": "不同意延长办理期限",
    "complaints.suspend": "中止计时",
    "complaints.resume": "恢复计时",
    "complaints.warn": "临近期限提醒",
    "complaints.overdue": "咨询投诉超过期限",
    "complaints.read_identity": "查看咨询投诉人的身份",
    "complaints.open_file": "查看咨询投诉的附件",
    "complaints.satisfy": "评价答复",
    "complaints.ask_review": "申请复核",
    "complaints.uphold": "复核维持原答复",
    "complaints.redo": "复核决定重新办理",
    "complaints.withdraw": "撤回咨询投诉",
    "complaints.close": "办结咨询投诉",
    "complaints.hand_over": "移交咨询投诉",
    "complaints.give_back": "退回重新交办",
    "complaints.publish": "公开答复",
    "complaints.unpublish": "停止公开答复",
}
OBJECT_LABELS = {OBJECT_KIND: "咨询投诉"}

_LOCAL = "地方效能投诉办法"


def _limit(key: str, default: str, label: str, source: str) -> str:
    label = f"{label}（WD 工作日，D 日）"
    return parameters.declare(
        f"complaints.{key}", default=default, label=label, unit="", source=source, confirmed=False
    ).key


ACCEPT_LIMITS = {
    Kind.CONSULT: _limit("accept_consult", "1 WD", "咨询：决定是否受理的期限", "热线办法（本地）"),
    Kind.COMPLAINT: _limit("accept_complaint", "5 WD", "投诉：决定是否受理的期限", f"{_LOCAL}（5 个工作日）"),
    Kind.REPORT: _limit("accept_report", "5 WD", "举报：决定是否受理的期限", f"{_LOCAL}（5 个工作日）"),
    Kind.SUGGESTION: _limit("accept_suggestion", "5 WD", "建议：决定是否受理的期限", f"{_LOCAL}（5 个工作日）"),
}
ANSWER_LIMITS = {
    Kind.CONSULT: _limit("answer_consult", "3 WD", "咨询：受理后答复的期限", "热线办法（广东某单位：3 个工作日）"),
    Kind.COMPLAINT: _limit("answer_complaint", "15 WD", "投诉：受理后答复的期限", f"{_LOCAL}（15 至 30 个工作日）"),
    Kind.REPORT: _limit("answer_report", "30 WD", "举报：受理后答复的期限", f"{_LOCAL}（15 至 30 个工作日）"),
    Kind.SUGGESTION: _limit("answer_suggestion", "15 WD", "建议：受理后答复的期限", f"{_LOCAL}（本地）"),
}
ASK_REVIEW_LIMIT = _limit("ask_review", "30 D", "收到答复后可以申请复核的期限", "参照信访工作条例的复查期限")
REVIEW_LIMIT = _limit("review", "15 WD", "复核的期限", _LOCAL)
SUSPEND_CAP = _limit("suspend_cap", "30 WD", "中止计时最长的时间", _LOCAL)
EXTENSION_MOST = parameters.declare(
    "complaints.extension_most",
    default=15,
    label="延长办理期限最多的天数（一件一次）",
    unit="工作日",
    source=_LOCAL,
    confirmed=False,
).key
YELLOW_RATIO = parameters.declare(
    "complaints.yellow_ratio",
    default=0.8,
    label="咨询投诉黄灯起点（占期限的比例）",
    unit="",
    source=_LOCAL,
    confirmed=False,
).key
SMALLEST_SHOWN = parameters.declare(
    "complaints.smallest_shown",
    default=5,
    label="公开统计时一类至少要有的件数（不足的只写“少于”）",
    unit="件",
    source="本地公布规则",
    confirmed=False,
).key
TRIES_OF_ADDRESS = parameters.declare(
    "complaints.tries_of_address",
    default=10,
    label="同一网络地址十分钟内查错编号和查询码的次数",
    unit="次",
    source="本地安全策略",
    confirmed=True,
).key
SENT_BY_ADDRESS = parameters.declare(
    "complaints.sent_by_address",
    default=20,
    label="同一网络地址一天内不登录提交的件数",
    unit="件",
    source="本地安全策略",
    confirmed=True,
).key
TRY_SECONDS = 600

#: what complaints hold data for
COMPLAINT = Activity(
    purpose="办理咨询、投诉、举报和建议",
    basis=Basis.DUTY,
    kept="办结以后",
    period=retention.days(
        "complaints", 1826, label="咨询投诉的个人信息保留时间", source="本地办事规则（五年，待核实）"
    ),
    copies=(LEDGER_COPY, FILE_COPY, MODEL_COPY),
)
