"""Kinds and states of documents, parameters a county may set."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters
from zhengtong.kernel.inventory import FILE_COPY, LEDGER_COPY, Activity, Basis

VERIFY_PATH = "/verify/"
MAX_VERIFY_BYTES = 20 * 1024 * 1024


class DocumentKind(models.TextChoices):
    """What a paper is; a notice of 行政许可法 Art 32 and 38 or an electronic licence."""

    LICENCE = "licence", _("电子证照")
    ACCEPTANCE_NOTICE = "acceptance_notice", _("受理通知书")
    SUPPLEMENT_NOTICE = "supplement_notice", _("一次性告知补正通知书")
    REFUSAL = "refusal", _("不予行政许可决定书")
    REFUSED_ACCEPTANCE = "refused_acceptance", _("不予受理决定书")
    RECEIPT = "receipt", _("收件回执")
    PAUSE_NOTICE = "pause_notice", _("停止计时告知书")
    EXTENSION_NOTICE = "extension_notice", _("延长审批期限告知书")
    HEARING_NOTICE = "hearing_notice", _("听证通知书")
    INSPECTION_RECORD = "inspection_record", _("现场勘验笔录")
    EXPERT_OPINION = "expert_opinion", _("专家评审意见书")
    PUBLIC_NOTICE = "public_notice", _("公示")
    TERMINATION = "termination", _("终止办理通知书")
    PLEDGE = "pledge", _("办事承诺书")
    PAYMENT_RECEIPT = "payment_receipt", _("缴费凭据")
    REFUND_NOTICE = "refund_notice", _("退费通知书")
    REVOCATION_WARNING = "revocation_warning", _("拟撤销行政许可告知书")
    REVOCATION = "revocation", _("撤销行政许可决定书")
    CANCELLATION = "cancellation", _("注销行政许可决定书")
    CORRECTION = "correction", _("证照更正通知书")
    REPORT = "report", _("统计报告")
    SUPERVISION_LETTER = "supervision_letter", _("监察建议书")
    RECTIFICATION_NOTICE = "rectification_notice", _("督查整改通知书")
    DISCLOSURE_NOTICE = "disclosure_notice", _("政府信息公开告知书")


#: papers that go out unsealed while the county has no lawful authority to make its seals
UNSEALED_AT_FIRST = (DocumentKind.SUPERVISION_LETTER, DocumentKind.RECTIFICATION_NOTICE)


class DocumentStatus(models.TextChoices):
    """A draft is looked at and thrown away; a document issued is never changed, only superseded or withdrawn."""

    DRAFT = "draft", _("草稿")
    ISSUED = "issued", _("已签发")
    SUPERSEDED = "superseded", _("已被替换")
    WITHDRAWN = "withdrawn", _("已撤回")


class EndGround(models.TextChoices):
    """Why a paper is no longer in force, in words that strangers may read (the reason itself may name people)."""

    MISTAKE = "mistake", _("登记内容有误")
    CHANGED = "changed", _("登记内容变更，换发新证")
    RENEWED = "renewed", _("有效期延续，换发新证")
    REPLACED = "replaced", _("遗失或者损毁，补发新证")
    ON_REQUEST = "on_request", _("持有人申请")
    REVOKED = "revoked", _("许可依法被撤销")
    CANCELLED = "cancelled", _("许可依法被注销")
    LIFTED = "lifted", _("许可证件依法被吊销")
    OTHER = "other", _("其他原因，请向签发单位咨询")


class CheckWay(models.TextChoices):
    """How a stranger verified a paper."""

    CODE = "code", _("查验码")
    FILE = "file", _("文件比对")
    TOKEN = "token", _("离线核验码")


class FileFormat(models.TextChoices):
    """The formats in which a paper can be had; the PDF is the original."""

    PDF = "pdf", _("PDF")
    OFD = "ofd", _("OFD")


CONTENT_TYPES = {FileFormat.PDF: "application/pdf", FileFormat.OFD: "application/ofd"}

DOCUMENT = "document"
"""Object kind of papers in the ledger and at the seals."""

LICENCE_NOTICE = parameters.declare(
    "documents.licence_notice",
    default="本电子证照与纸质证照具有同等法律效力（《国务院关于在线政务服务的若干规定》（国务院令第716号）第十条）",
    label="电子证照底部说明",
    unit="",
    source="国务院令第716号 第十条",
    confirmed=True,
).key
REMEDIES = parameters.declare(
    "documents.remedies",
    default=[
        (
            "如不服本决定，可以自知道本决定之日起60日内向有管辖权的行政复议机关申请行政复议，"
            "也可以自知道或者应当知道本决定之日起6个月内直接向有管辖权的人民法院提起行政诉讼。"
        )
    ],
    label="不予许可、不予受理、撤销和注销许可文书的救济途径",
    unit="",
    source="行政复议法 第二十条；行政诉讼法 第四十六条（县级请填写具体机关名称）",
    confirmed=False,
).key
NUMBER_PREFIXES = parameters.declare(
    "documents.number_prefixes",
    default={
        "licence": "证",
        "acceptance_notice": "受",
        "supplement_notice": "补",
        "refusal": "不许",
        "refused_acceptance": "不受",
        "receipt": "收",
        "pause_notice": "停",
        "extension_notice": "延",
        "hearing_notice": "听",
        "inspection_record": "勘",
        "expert_opinion": "评",
        "public_notice": "示",
        "termination": "终",
        "pledge": "诺",
        "payment_receipt": "缴",
        "refund_notice": "退",
        "revocation_warning": "撤告",
        "revocation": "撤",
        "cancellation": "注",
        "correction": "更",
        "report": "统",
        "supervision_letter": "监建",
        "rectification_notice": "督改",
        "disclosure_notice": "公开",
    },
    label="文书字号的种类代字",
    unit="",
    source="本地文书编号规则",
    confirmed=False,
).key
FONT_FAMILIES = parameters.declare(
    "documents.font_families",
    default={},
    label="文书字体（serif、sans、body 三个清单，排在前面的优先）",
    unit="",
    source="本单位已获授权的字体",
    confirmed=True,
).key

#: acts on documents in the ledger → Chinese words
ACT_LABELS = {
    "documents.draft": "预览文书草稿",
    "documents.render_ofd": "生成 OFD 版式文件",
    "documents.archive": "导出文书归档包",
    "documents.issue": "签发文书",
    "documents.read": "查阅文书",
    "documents.use": "在办件中使用证照",
    "documents.report_loss": "挂失证照",
    "documents.lift_loss": "解除证照挂失",
    "documents.supersede": "以新文书替换",
    "documents.withdraw": "撤回文书",
}

#: what papers hold data for
PAPERS = Activity(
    purpose="制发文书和电子证照，供查验",
    basis=Basis.DUTY,
    kept="按证照和文书档案的保管期限（永久或者三十年，待核实）",
    stays="已经制发的文书和证照属于档案，签名以后不能改动",
    copies=(FILE_COPY, LEDGER_COPY),
)
