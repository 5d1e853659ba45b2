"""Words of disclosure: kinds, channels, states, outcomes, limits, fees."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters, retention
from zhengtong.kernel.inventory import FILE_COPY, LEDGER_COPY, MODEL_COPY, PAPER_COPY, Activity, Basis


class AskKind(models.TextChoices):
    """What a person asks for."""

    INFORMATION = "information", _("公开政府信息")
    OWN_DATA = "own_data", _("更正与本人有关的信息")


class ApplicantKind(models.TextChoices):
    """Who asks, in the columns of the yearly report."""

    PERSON = "person", _("自然人")
    BUSINESS = "business", _("商业企业")
    RESEARCH = "research", _("科研机构")
    CHARITY = "charity", _("社会公益组织")
    LAW = "law", _("法律服务机构")
    OTHER = "other", _("其他组织")


class Channel(models.TextChoices):
    """By which way it came (第三十一条)."""

    INTERNET = "internet", _("网上")
    COUNTER = "counter", _("当面")
    ORAL = "oral", _("口头，由工作人员代填")
    SIGNED_POST = "signed_post", _("挂号信、快递")
    ORDINARY_POST = "ordinary_post", _("平常信函")
    FAX = "fax", _("传真")


class Form(models.TextChoices):
    """In which form the information is wanted."""

    PAPER = "paper", _("纸面")
    ELECTRONIC = "electronic", _("电子文件")
    INSPECT = "inspect", _("查阅、抄录")


class Delivery(models.TextChoices):
    """How the answer goes out."""

    ONLINE = "online", _("网上查看")
    EMAIL = "email", _("电子邮件")
    POST = "post", _("邮寄")
    PICK_UP = "pick_up", _("当面领取")


class State(models.TextChoices):
    """Where a request stands."""

    AWAITING = "awaiting", _("待与申请人确认")
    HANDLING = "handling", _("办理中")
    CORRECTING = "correcting", _("待申请人补正")
    CONSULTING = "consulting", _("征求意见中")
    UNPAID = "unpaid", _("待缴纳信息处理费")
    DRAFTED = "drafted", _("答复待审定")
    CLOSED = "closed", _("已办结")


class ClockKind(models.TextChoices):
    """What a limit limits."""

    ANSWER = "answer", _("答复申请")
    CORRECTION = "correction", _("申请人补正")
    CONSULT = "consult", _("第三方或者其他机关答复")
    PAYMENT = "payment", _("申请人缴费")


class PauseReason(models.TextChoices):
    """Why time is not counted."""

    CONSULT = "consult", _("征求第三方或者其他机关意见")
    FEE = "fee", _("等待申请人缴纳信息处理费")


class ExtensionKind(models.TextChoices):
    """Why the answer may come later."""

    EXTENSION = "extension", _("延长答复期限")
    DELAY = "delay", _("数量明显过大，约定延迟答复")


class ExtensionState(models.TextChoices):
    """Where a request for more time stands."""

    ASKED = "asked", _("待批准")
    GRANTED = "granted", _("已批准")
    REFUSED = "refused", _("未批准")


class PartyKind(models.TextChoices):
    """Whose opinion is asked."""

    THIRD = "third", _("第三方")
    AGENCY = "agency", _("共同制作的机关")


class Opinion(models.TextChoices):
    """What they say; silence of an agency is consent, of a third party nothing (第三十二条、第三十四条)."""

    AGREE = "agree", _("同意公开")
    OBJECT = "object", _("不同意公开")
    SILENT = "silent", _("逾期未答复")
    ENDED = "ended", _("不再征求")


class AnswerState(models.TextChoices):
    """Where a draft of an answer stands."""

    SUBMITTED = "submitted", _("待审定")
    RETURNED = "returned", _("退回修改")
    APPROVED = "approved", _("已审定")


class FeeMode(models.TextChoices):
    """How the fee for handling is counted; one way for a request."""

    BY_ITEM = "by_item", _("按件")
    BY_PAGE = "by_page", _("按量")


class FeeState(models.TextChoices):
    """Where a fee stands."""

    ASKED = "asked", _("待缴费")
    PAID = "paid", _("已缴费")
    LAPSED = "lapsed", _("逾期未缴")
    CANCELLED = "cancelled", _("不再收取")


class LetterKind(models.TextChoices):
    """The letters to who asked and to third parties."""

    RECEIPT = "receipt", _("政府信息公开申请登记回执")
    CORRECTION = "correction", _("政府信息公开申请补正告知书")
    EXTENSION = "extension", _("延长答复期限告知书")
    CONSULT = "consult", _("征求第三方意见书")
    FEE = "fee", _("信息处理费收费通知书")
    ANSWER = "answer", _("政府信息公开申请答复书")
    OVERRIDING = "overriding", _("公开政府信息告知第三方书")
    FORWARD = "forward", _("政府信息公开申请转办告知书")
    REASONS = "reasons", _("说明申请理由告知书")


class RemedyKind(models.TextChoices):
    """How an answer was contested, as the yearly report tells it."""

    REVIEW = "review", _("行政复议")
    SUIT = "suit", _("行政诉讼：未经复议直接起诉")
    SUIT_AFTER = "suit_after", _("行政诉讼：复议后起诉")


class RemedyResult(models.TextChoices):
    """What came of it."""

    PENDING = "pending", _("尚未审结")
    UPHELD = "upheld", _("结果维持")
    CORRECTED = "corrected", _("结果纠正")
    OTHER = "other", _("其他结果")


class EntryState(models.TextChoices):
    """Where an entry of the catalogue stands."""

    DRAFT = "draft", _("编制中")
    REVIEWED = "reviewed", _("已审查，待发布")
    PUBLISHED = "published", _("已公开")
    WITHDRAWN = "withdrawn", _("已撤下")


class EntryKind(models.TextChoices):
    """What it is, as table 1 of the yearly report counts."""

    REGULATION = "regulation", _("规章")
    NORMATIVE = "normative", _("行政规范性文件")
    OTHER = "other", _("其他信息")


class Validity(models.TextChoices):
    """Whether it is in force."""

    VALID = "valid", _("有效")
    ABOLISHED = "abolished", _("废止")
    LAPSED = "lapsed", _("失效")


class ReviewResult(models.TextChoices):
    """What the review before publication said (第十七条)."""

    OPEN = "open", _("可以公开")
    CLOSED = "closed", _("不予公开")
    ASKED = "asked", _("不能确定，已报主管部门、保密行政管理部门确定")


class ReportState(models.TextChoices):
    """Where a yearly report stands."""

    DRAFT = "draft", _("编制中")
    PUBLISHED = "published", _("已公布")


class ActKind(models.TextChoices):
    """What was done, as the time line says it."""

    SUBMIT = "submit", _("提交申请")
    TAKE_IN = "take_in", _("登记申请")
    CONFIRM = "confirm", _("与申请人确认收到")
    CORRECT = "correct", _("告知补正")
    CORRECTED = "corrected", _("收到补正")
    CONSULT = "consult", _("征求意见")
    REPLY = "reply", _("收到意见")
    RESUME = "resume", _("恢复计时")
    ASK_TIME = "ask_time", _("申请延长期限")
    GRANT_TIME = "grant_time", _("延长期限")
    REFUSE_TIME = "refuse_time", _("不同意延长")
    ASK_REASONS = "ask_reasons", _("要求说明理由")
    GIVE_REASONS = "give_reasons", _("说明理由")
    FEE = "fee", _("通知缴费")
    PAID = "paid", _("缴费")
    DRAFT = "draft", _("拟定答复")
    RETURN = "return", _("退回修改")
    ANSWER = "answer", _("答复")
    SPLIT = "split", _("拆分申请")
    FORWARD = "forward", _("转办")
    WITHDRAW = "withdraw", _("撤回申请")
    LAPSE = "lapse", _("视为放弃申请")
    WARN = "warn", _("临近期限")
    OVERDUE = "overdue", _("超过期限")
    READ = "read", _("查看申请人身份")
    REMEDY = "remedy", _("登记复议、诉讼")
    REMEDY_RESULT = "result", _("登记复议、诉讼结果")
    HAND_OVER = "hand_over", _("移交承继单位")


OBJECT_KIND, LETTER, CONSULTATION = "disclosure_request", "disclosure_letter", "disclosure_consultation"
ENTRY, REPORT, GUIDE = "disclosure_entry", "disclosure_report", "disclosure_guide"
CATEGORY = "disclosure_category"
LEADER, COUNTER, AUTHORITY = "leader", "counter", "site_admin"
#: who handles requests in a unit; its head decides
UNIT_ROLES = ("clerk", "reviewer", LEADER)
DESK_ROLES = (*UNIT_ROLES, COUNTER, AUTHORITY)
INTAKE_ROLES = ("clerk", COUNTER, AUTHORITY)
EDITOR, PUBLISHER = "site_editor", "site_publisher"
#: who writes entries of a unit, and who signs for them
WRITERS, SIGNERS = ("clerk", "reviewer", LEADER, EDITOR, PUBLISHER), (LEADER, PUBLISHER)
#: the unit has it in hand
OPEN = tuple(state for state in State if state != State.CLOSED)

TITLE_MAX, TEXT_MAX, REASON_MAX, NAME_MAX = 120, 3000, 1000, 120
TEXT_MIN, REASON_MIN, PURPOSE_MIN = 5, 5, 5
FILES_MAX = 5

ACT_LABELS = {
    "disclosure.submit": "提交信息公开申请",
    "disclosure.take_in": "登记信息公开申请",
    "disclosure.confirm": "确认收到信息公开申请",
    "disclosure.correct": "告知补正信息公开申请",
    "disclosure.corrected": "补正信息公开申请",
    "disclosure.consult": "征求第三方或者其他机关意见",
    "disclosure.reply": "登记征求的意见",
    "disclosure.resume": "恢复计算答复期限",
    "disclosure.ask_time": "申请延长答复期限",
    "disclosure.grant_time": "批准延长答复期限",
    "disclosure.refuse_time": "不同意延长答复期限",
    "disclosure.ask_reasons": "要求说明申请理由",
    "disclosure.give_reasons": "说明申请理由",
    "disclosure.fee": "通知缴纳信息处理费",
    "disclosure.paid": "缴纳信息处理费",
    "disclosure.draft": "拟定信息公开答复",
    "disclosure.return": "退回信息公开答复",
    "disclosure.answer": "审定信息公开答复",
    "disclosure.split": "拆分信息公开申请",
    "disclosure.forward": "转办信息公开申请",
    "disclosure.withdraw": "撤回信息公开申请",
    "disclosure.lapse": "信息公开申请视为放弃",
    "disclosure.warn": "信息公开申请临近期限",
    "disclosure.overdue": "信息公开申请超过期限",
    "disclosure.read_identity": "查看信息公开申请人的身份",
    "disclosure.open_file": "查看信息公开申请的附件",
    "disclosure.remedy": "登记复议、诉讼",
    "disclosure.remedy_result": "登记复议、诉讼结果",
    "disclosure.hand_over": "移交信息公开申请",
    "disclosure.categories": "编制信息公开类别",
    "disclosure.entry": "编制信息公开目录条目",
    "disclosure.entry_review": "公开前审查",
    "disclosure.entry_publish": "公开信息",
    "disclosure.entry_withdraw": "撤下公开的信息",
    "disclosure.entry_end": "标明信息废止、失效",
    "disclosure.guide": "公布信息公开指南",
    "disclosure.report": "编制信息公开年度报告",
    "disclosure.report_publish": "公布信息公开年度报告",
}
OBJECT_LABELS = {
    OBJECT_KIND: "信息公开申请",
    LETTER: "信息公开文书",
    CONSULTATION: "征求意见",
    ENTRY: "信息公开目录条目",
    GUIDE: "信息公开指南",
    CATEGORY: "信息公开类别",
    REPORT: "信息公开年度报告",
}

_LAW = "《政府信息公开条例》（国务院令第711号）"
FEE_SOURCE = "国办函〔2020〕109号《政府信息公开信息处理费管理办法》"


def _limit(key: str, default: str, label: str, source: str, *, confirmed: bool) -> str:
    return parameters.declare(
        f"disclosure.{key}",
        default=default,
        label=f"{label}（WD 工作日，D 日）",
        unit="",
        source=source,
        confirmed=confirmed,
    ).key


PUBLISH_LIMIT = _limit("publish", "20 WD", "信息形成或者变更后公开的期限", f"{_LAW}第二十六条", confirmed=True)
ANSWER_LIMIT = _limit("answer", "20 WD", "答复信息公开申请的期限", f"{_LAW}第三十三条", confirmed=True)
CORRECT_WITHIN = _limit("correct_within", "7 WD", "收到申请后告知补正的期限", f"{_LAW}第三十条", confirmed=True)
CORRECTION_PERIOD = _limit(
    "correction_period", "15 WD", "给申请人的补正期限（合理期限）", "本平台默认（条例没有规定天数）", confirmed=False
)
CONSULT_LIMIT = _limit(
    "consult", "15 WD", "第三方、其他机关答复的期限", f"{_LAW}第三十二条、第三十四条", confirmed=True
)
PAYMENT_LIMIT = _limit("payment", "20 WD", "收到收费通知后缴费的期限", FEE_SOURCE, confirmed=False)
OWN_DATA_LIMIT = _limit(
    "own_data", "20 WD", "更正本人信息的办理期限", "本平台默认（条例第四十一条没有规定天数）", confirmed=False
)
EXTENSION_MOST = parameters.declare(
    "disclosure.extension_most",
    default=20,
    label="延长答复期限最多的天数（一次）",
    unit="工作日",
    source=f"{_LAW}第三十三条",
    confirmed=True,
).key
DELAY_MOST = parameters.declare(
    "disclosure.delay_most",
    default=60,
    label="约定延迟答复最多的天数",
    unit="工作日",
    source="本平台默认（条例第三十五条只说合理期限）",
    confirmed=False,
).key
YELLOW_RATIO = parameters.declare(
    "disclosure.yellow_ratio",
    default=0.8,
    label="信息公开申请黄灯起点（占期限的比例）",
    unit="",
    source="本平台默认",
    confirmed=False,
).key


TRIES_OF_ADDRESS = parameters.declare(
    "disclosure.tries_of_address",
    default=10,
    label="信息公开：同一网络地址十分钟内查错编号和查询码的次数",
    unit="次",
    source="本地安全策略",
    confirmed=True,
).key
SENT_BY_ADDRESS = parameters.declare(
    "disclosure.sent_by_address",
    default=20,
    label="信息公开：同一网络地址一天内不登录提交的件数",
    unit="件",
    source="本地安全策略",
    confirmed=True,
).key
TRY_SECONDS = 600

#: what requests hold data for
REQUEST = Activity(
    purpose="办理政府信息公开申请",
    basis=Basis.DUTY,
    kept="办结以后",
    period=retention.days(
        "disclosure", 3653, label="信息公开申请的个人信息保留时间", source="本地归档规则（十年，待核实）"
    ),
    copies=(LEDGER_COPY, FILE_COPY, PAPER_COPY, MODEL_COPY),
)
