"""Words of the hall: states of an application and of its materials."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters


class ApplicationStatus(models.TextChoices):
    """Where an application stands for the applicant."""

    DRAFT = "draft", _("草稿")
    DISCARDED = "discarded", _("已删除")
    SUBMITTED = "submitted", _("办理中")
    SUPPLEMENT = "supplement", _("待补正")
    CLOSED = "closed", _("已办结")


class ApplicantKind(models.TextChoices):
    """For whom the application is made."""

    PERSON = "person", _("个人")
    LEGAL = "legal", _("法人")


class MaterialState(models.TextChoices):
    """Whether a file counts today; a replaced file is kept as it was."""

    CURRENT = "current", _("有效")
    REPLACED = "replaced", _("已替换")


#: the longest text of a request for a hearing, in characters
HEARING_TEXT_MAX = 1000
OBJECT_KIND = "application"
PAUSE_KIND = "clock_pause"
#: what a notice of a hearing is about, with the id ``<case>:<number of the notice>``
HEARING_KIND = "hearing_notice"
#: states of an application whose case runs
UNDER_WAY = (ApplicationStatus.SUBMITTED, ApplicationStatus.SUPPLEMENT)
WITHDRAW_REASON_MIN = 2  # characters
LOOKUP_WINDOW_SECONDS = 600

ACT_LABELS = {
    "service_hall.start": "开始填写申请",
    "service_hall.move": "草稿转到事项的新版本",
    "service_hall.attach": "上传材料",
    "service_hall.detach": "移除材料",
    "service_hall.submit": "提交申请",
    "service_hall.notice": "发出一次性告知",
    "service_hall.answer": "提交补正材料",
    "service_hall.withdraw": "申请人撤回申请",
    "service_hall.discard": "删除草稿",
    "service_hall.read": "查看申请信息",
    "service_hall.read_file": "查看申请材料",
}

ACCEPTANCE_LIMIT = parameters.declare(
    "service_hall.acceptance_limit",
    default="5 WD",
    label="受理期限",
    unit="",
    source="行政许可法 第三十二条第一款第（四）项",
    confirmed=True,
).key
INSTANT_LIMIT = parameters.declare(
    "service_hall.instant_limit",
    default="1 WD",
    label="即办件办理期限",
    unit="",
    source="GB/T 39046 即办件（当日办结，夜间和休息日提交的顺延一个工作日）",
    confirmed=False,
).key
SUPPLEMENT_LIMIT = parameters.declare(
    "service_hall.supplement_limit",
    default="15 WD",
    label="申请人补正期限",
    unit="",
    source="本地办事规则",
    confirmed=False,
).key
DELIVERY_LIMIT = parameters.declare(
    "service_hall.delivery_limit",
    default="10 WD",
    label="证照送达期限",
    unit="",
    source="行政许可法 第四十四条",
    confirmed=True,
).key
LOOKUP_TRIES = parameters.declare(
    "service_hall.lookup_tries",
    default=10,
    label="进度查询十分钟内同一浏览器可以查错的次数",
    unit="次",
    source="本地安全策略",
    confirmed=True,
).key
LOOKUP_TRIES_OF_ADDRESS = parameters.declare(
    "service_hall.lookup_tries_of_address",
    default=60,
    label="进度查询十分钟内同一网络地址可以查错的次数（大厅内多人共用一个地址）",
    unit="次",
    source="本地安全策略",
    confirmed=True,
).key
