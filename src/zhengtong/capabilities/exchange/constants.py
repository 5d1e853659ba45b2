"""Words of reporting upward: states of packages and rows, receipts, acts, parameters, who may do what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters
from zhengtong.kernel.inventory import FILE_COPY, Activity, Basis

PACKAGE_KIND = "report_package"
ROW_KIND = "reported_row"
RECONCILIATION_KIND = "report_reconciliation"

#: who watches over reporting, builds, sends again, downloads
OPERATORS = ("application_operator",)
#: who sees how the county reports, and changes nothing
WATCHERS = ("supervisor",)
#: who puts refused rows of the own unit right
HANDLERS = ("clerk", "leader")


class PackageState(models.TextChoices):
    """待发送→上级已收到→已核验；停止重发、整包退回的等人处理，可以重新发送。"""

    BUILT = "built", _("待发送")
    RECEIVED = "received", _("上级已收到，等待核验")
    SETTLED = "settled", _("上级已核验")
    GIVEN_UP = "given_up", _("停止重发，需要处理")
    REJECTED = "rejected", _("整包退回，需要处理")


#: nothing goes on by itself: somebody has to look
STUCK = (PackageState.GIVEN_UP, PackageState.REJECTED)
#: the upper platform does not have it yet
UNSENT = (PackageState.BUILT, *STUCK)


class Verdict(models.TextChoices):
    """What the upper platform said of a row."""

    WAITING = "waiting", _("等待回执")
    ACCEPTED = "accepted", _("已采纳")
    REFUSED = "refused", _("被退回")


class Operation(models.TextChoices):
    """How a row is to be taken: as new, or in place of the row of the same key."""

    INSERT = "I", _("新增")
    UPDATE = "U", _("更新")


class ReceiptKind(models.TextChoices):
    """What a receipt says of a package."""

    RECEIVED = "received", _("已收到")
    VERIFIED = "verified", _("已核验")
    REJECTED = "rejected", _("整包退回")


#: codes with which a row or package is refused → Chinese words; a code of the upper platform's own is shown as it is
REASONS = {
    "REQUIRED": _("缺少必填的内容"),
    "TYPE": _("格式不符合要求"),
    "LENGTH": _("超过规定长度"),
    "DICTIONARY": _("代码不在代码表中"),
    "UNKNOWN": _("有未约定的要素"),
    "UPPER": _("上级平台退回"),
    "SIGNATURE": _("签名未通过验证"),
    "CONFLICT": _("同一序号已有内容不同的数据包"),
    "GAP": _("序号不连续"),
    "CHAIN": _("与上一个数据包不衔接"),
    "DIGEST": _("内容与摘要不符"),
    "SCHEMA": _("数据集或者版本未约定"),
}

REASON_MIN = 5
REASON_MAX = 200
LONGEST_WAIT = 1800  # seconds between two tries
FIRST_WAIT = 30

PACKAGE_ROWS = parameters.declare(
    "exchange.package_rows",
    default=500,
    label="一个上报包最多多少行",
    unit="行",
    source="以上级平台的接口规范为准",
    confirmed=False,
).key
BUILD_MINUTES = parameters.declare(
    "exchange.build_minutes",
    default=2,
    label="最早一条变动等待多久就打包上报（满一个包的立即打包）",
    unit="分钟",
    source="以上级平台要求的汇聚频率为准",
    confirmed=False,
).key
GIVE_UP_HOURS = parameters.declare(
    "exchange.give_up_hours",
    default=72,
    label="连续多久发送不成功就停止自动重发（数据仍然保留，可以人工重发）",
    unit="小时",
    source="以上级平台的接口规范为准",
    confirmed=False,
).key
RECONCILE_HOUR = parameters.declare(
    "exchange.reconcile_hour",
    default=1,
    label="每天几点以后与上级平台核对前一日的上报",
    unit="时",
    source="以上级平台的接口规范为准",
    confirmed=False,
).key
SWEEP_DAYS = parameters.declare(
    "exchange.sweep_days",
    default=7,
    label="每日查漏回看多少天（第一次运行查全部）",
    unit="日",
    source="本平台设定",
    confirmed=True,
).key

ACT_BUILT = "exchange.package_built"
ACT_SENT = "exchange.package_sent"
ACT_RECEIPT = "exchange.receipt_taken"
ACT_GIVEN_UP = "exchange.package_given_up"
ACT_RESENT = "exchange.package_resent"
ACT_REWOUND = "exchange.package_rewound"
ACT_ROW_RESENT = "exchange.row_resent"
ACT_RECONCILED = "exchange.reconciled"
ACT_DOWNLOADED = "exchange.package_downloaded"

ACT_LABELS = {
    ACT_BUILT: "生成上报包",
    ACT_SENT: "发送上报包",
    ACT_RECEIPT: "收到上报回执",
    ACT_GIVEN_UP: "停止重发上报包",
    ACT_RESENT: "人工重发上报包",
    ACT_REWOUND: "按上级平台的进度重发上报包",
    ACT_ROW_RESENT: "重报被退回的记录",
    ACT_RECONCILED: "核对上报",
    ACT_DOWNLOADED: "下载上报包",
}
OBJECT_LABELS = {PACKAGE_KIND: "上报包", ROW_KIND: "上报记录", RECONCILIATION_KIND: "上报对账"}

#: what packages for the upper platform hold data for
REPORTING = Activity(
    purpose="按规定向上级平台报送",
    basis=Basis.DUTY,
    kept="报送以后三年（网络数据安全管理条例第十二条）",
    stays="提供个人信息的记录至少保存三年",
    copies=(FILE_COPY, "上级平台"),
)
