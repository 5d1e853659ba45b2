"""Words of ratings: grades, service events, channels, states, acts, limits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters, retention
from zhengtong.kernel.inventory import LEDGER_COPY, MODEL_COPY, Activity, Basis


class Grade(models.TextChoices):
    """Five grades from best to worst (GB/T 39046 A.8); codes of other interfaces: ``rules.grades``."""

    VERY_SATISFIED = "very_satisfied", _("非常满意")
    SATISFIED = "satisfied", _("满意")
    FAIRLY_SATISFIED = "fairly_satisfied", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")
    VERY_DISSATISFIED = "very_dissatisfied", _("非常不满意")


class ServiceEvent(models.TextChoices):
    """What of a matter is rated; each once."""

    CONSULT = "consult", _("咨询")
    APPLY = "apply", _("申报")
    SUPPLEMENT = "supplement", _("补正")
    PAY = "pay", _("缴费")
    RECEIVE = "receive", _("签收")
    CLOSE = "close", _("办结")


class Channel(models.TextChoices):
    """By which way a rating came (GB/T 39046 table 9)."""

    PC = "pc", _("PC端")
    MOBILE = "mobile", _("移动服务端")
    QR = "qr", _("二维码")
    TABLET = "tablet", _("政务大厅平板电脑")
    TERMINAL = "terminal", _("政务大厅其他终端")
    PHONE = "phone", _("电话")
    SMS = "sms", _("短信")


class Turn(models.TextChoices):
    """Which rating of a service event it is; each once."""

    FIRST = "first", _("评价")
    LATER = "later", _("追评")
    AGAIN = "again", _("整改后再次评价")


class FollowUpState(models.TextChoices):
    """Where the follow-up of a bad rating stands."""

    TO_CONTACT = "to_contact", _("待联系")
    CONTACTED = "contacted", _("已联系，整改中")
    RECTIFIED = "rectified", _("已整改，待再次评价")
    CLOSED = "closed", _("已办结")
    EXCLUDED = "excluded", _("认定不计入")


class Verdict(models.TextChoices):
    """Why a bad rating is not counted; it stays visible."""

    MALICIOUS = "malicious", _("恶意评价")
    MISTAKEN = "mistaken", _("评价人确认误评")
    NOT_OURS = "not_ours", _("评价的不是本单位的服务")


class ActKind(models.TextChoices):
    """What was done in a follow-up."""

    CONTACT = "contact", _("联系评价人")
    NOT_REACHED = "not_reached", _("没有联系上")
    RECTIFY = "rectify", _("整改")
    ASK = "ask", _("申请认定不计入")
    KEEP = "keep", _("不予认定，继续整改")
    EXCLUDE = "exclude", _("认定不计入")
    AGAIN = "again", _("评价人再次评价")
    LATER = "later", _("评价人追评")
    CLOSE = "close", _("期满办结")
    OVERDUE = "overdue", _("超过时限")
    HAND_OVER = "hand_over", _("移交承继单位")


class Means(models.TextChoices):
    """How the person who rated was contacted (回访方式)."""

    PHONE = "phone", _("电话")
    VISIT = "visit", _("当面")
    MESSAGE = "message", _("在评价页面答复")


class DeviceKind(models.TextChoices):
    """What kind of evaluator stands at a window."""

    TABLET = "tablet", _("平板电脑")
    TERMINAL = "terminal", _("其他终端（按键评价器等）")


OPEN_STATES = (FollowUpState.TO_CONTACT, FollowUpState.CONTACTED, FollowUpState.RECTIFIED)
RATING_KIND = "rating"
FOLLOW_UP_KIND = "bad_rating"
DEVICE_KIND = "rating_device"
SUPERVISOR = "supervisor"
#: roles of a unit's people who follow bad ratings up
UNIT_ROLES = ("clerk", "reviewer", "leader")
#: who registers evaluators: the leader of a unit for its windows, the process administrator for all windows
LEADER, COUNTY_MANAGER = "leader", "process_admin"
DEVICE_MANAGERS = (LEADER, COUNTY_MANAGER)

TEXT_MAX = 500
ANSWER_MAX = 1000
ANSWER_MIN = 5
#: how far the clock of an evaluator may differ, and how long its nonces are remembered twice over
DEVICE_SKEW_SECONDS = 300
TRY_WINDOW_SECONDS = 600

ACT_LABELS = {
    "ratings.rate": "评价政务服务",
    "ratings.contact": "回访差评",
    "ratings.not_reached": "回访差评未联系上",
    "ratings.rectify": "差评整改",
    "ratings.ask": "申请认定差评不计入",
    "ratings.keep": "差评不予认定不计入",
    "ratings.exclude": "认定差评不计入",
    "ratings.close": "差评整改期满办结",
    "ratings.overdue": "差评整改超过时限",
    "ratings.hand_over": "移交差评整改",
    "ratings.read_contact": "查看评价人联系方式",
    "ratings.register_device": "登记评价器",
    "ratings.renew_device_key": "更换评价器密钥",
    "ratings.end_device": "停用评价器",
    "ratings.ask_device": "请群众在评价器上评价",
}
OBJECT_LABELS = {RATING_KIND: "服务评价", FOLLOW_UP_KIND: "差评整改", DEVICE_KIND: "评价器"}

_LOCAL = "好差评办法（本地）"


def _days(key: str, default: int, label: str, source: str, unit: str = "工作日") -> str:
    return parameters.declare(
        f"ratings.{key}", default=default, label=label, unit=unit, source=source, confirmed=False
    ).key


RATE_WITHIN = _days("rate_within", 90, "服务事件发生后可以评价的期限", _LOCAL, "自然日")
LATER_WITHIN = _days("later_within", 180, "首次评价后可以追评的期限", _LOCAL, "自然日")
CONTACT_LIMIT = _days("contact_limit", 1, "差评联系评价人的期限", "各地好差评办法（浙江：1 天内联系）")
SIMPLE_LIMIT = _days("simple_limit", 5, "差评整改期限（简单问题）", _LOCAL)
COMPLEX_LIMIT = _days("complex_limit", 15, "差评整改期限（复杂问题）", "各地好差评办法（15 天内或 15 个工作日内整改）")
AGAIN_WITHIN = _days("again_within", 10, "整改后等候再次评价的期限", _LOCAL)
SMALLEST_PUBLISHED = parameters.declare(
    "ratings.smallest_published",
    default=5,
    label="公布满意度至少要有的评价数（不足的不公布，防止认出评价人）",
    unit="个",
    source="本地公布规则",
    confirmed=False,
).key
TRIES_OF_ADDRESS = parameters.declare(
    "ratings.tries_of_address",
    default=30,
    label="同一网络地址十分钟内凭链接评价的次数（大厅内多人共用一个地址）",
    unit="次",
    source="本地安全策略",
    confirmed=True,
).key
DEVICE_CALL_MINUTES = parameters.declare(
    "ratings.device_call_minutes",
    default=10,
    label="评价器上的评价邀请保留的时间",
    unit="分钟",
    source="本地大厅管理规则",
    confirmed=False,
).key

#: what ratings hold data for
RATING = Activity(
    purpose="评价服务，差评回访和整改",
    basis=Basis.CONSENT,
    kept="评价以后",
    period=retention.days("ratings", 1096, label="评价人信息和文字评价保留时间", source="本地办事规则（待核实）"),
    copies=(LEDGER_COPY, MODEL_COPY),
)
