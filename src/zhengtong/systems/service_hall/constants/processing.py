"""What the hall processes personal data for, and how long."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters, retention
from zhengtong.kernel.inventory import BACKUP_COPY, LEDGER_COPY, Activity, Basis

DISCARDED = retention.days("discarded", 30, label="本人删除的草稿保留时间", source="本平台设定（待核实）")
DRAFTS = retention.days("drafts", 365, label="没有提交的申请草稿保留时间", source="本地办事规则（一年，待核实）")
DELIVERY = Activity(
    purpose="送达证照和文书",
    basis=Basis.CONSENT,
    kept="送达以后",
    period=retention.days(
        "deliveries", 365, label="收件人姓名、电话、地址保留时间", source="本地办事规则（一年，待核实）"
    ),
    copies=("寄递企业", LEDGER_COPY, BACKUP_COPY),
)
CORRECTIONS = Activity(
    purpose="办理本人更正个人信息的申请",
    basis=Basis.DUTY,
    kept="答复以后",
    period=retention.days("corrections", 1096, label="更正申请保留时间", source="本地办事规则（三年，待核实）"),
    copies=(LEDGER_COPY,),
)
ERASURES = Activity(
    purpose="办理本人删除个人信息的申请，证明已经删除",
    basis=Basis.DUTY,
    kept="决定以后",
    period=retention.days("erasures", 1096, label="删除申请保留时间", source="本地办事规则（三年，待核实）"),
    stays="是依法删除的证据；删除以后只留代号和种类、数量",
    copies=(LEDGER_COPY, "备份旁的抹除名单（只有代号）"),
)
OBJECTIONS = Activity(
    purpose="听取公示中的异议",
    basis=Basis.DUTY,
    kept="与办件档案一起保存",
    stays="异议是作出决定的依据，内容随办件归档；办结以后可以隐去姓名和电话",
)
CREDIT = Activity(
    purpose="认定失信承诺和信用修复",
    basis=Basis.DUTY,
    kept="修复以后三年（待核实）",
    stays="信用记录，期限内不得删除；只有代号",
)

ERASURE_KIND = "erasure_request"
ERASURE_LIMIT = parameters.declare(
    "service_hall.erasure_limit",
    default=15,
    label="答复个人信息删除申请的期限",
    unit="个工作日",
    source="本地办事规则（个人信息保护法 第四十七条、第五十条规定及时处理，没有规定天数，待核实）",
    confirmed=False,
).key


class ErasureState(models.TextChoices):
    """Where a request to erase personal data stands."""

    ASKED = "asked", _("等待决定")
    GRANTED = "granted", _("同意，正在删除")
    DONE = "done", _("已删除")
    REFUSED = "refused", _("没有删除")
    WITHDRAWN = "withdrawn", _("已撤回")


ERASURE_ACTS = {
    "service_hall.ask_erasure": "申请删除个人信息",
    "service_hall.withdraw_erasure": "撤回个人信息删除申请",
    "service_hall.read_erasure": "查看个人信息删除申请",
    "service_hall.decide_erasure": "决定个人信息删除申请",
    "service_hall.erased": "删除个人信息",
    "service_hall.erased_again": "恢复备份以后再次删除个人信息",
}
