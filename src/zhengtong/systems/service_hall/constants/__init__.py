"""Words of the hall: states of an application and of its materials."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.systems.service_hall.constants.parameters import (
    ACCEPTANCE_LIMIT,
    BATCH_LIMIT,
    COLLECT_REMINDER_DAYS,
    COLLECT_REMINDERS,
    COMMITMENT_PROCESS,
    CORRECTION_LIMIT,
    COURIER_WINDOW,
    DATA_KEEPER,
    DELIVERY_FEE_WORDS,
    DELIVERY_LIMIT,
    HEARING_OF_HOLDER,
    INSPECTION_AHEAD,
    INSTANT_LIMIT,
    LICENCE_PROCESSES,
    LOOKUP_TRIES,
    LOOKUP_TRIES_OF_ADDRESS,
    PAPER_ALIASES,
    PUBLIC_NOTICE_DAYS,
    RANKED_FROM,
    REMINDER_DAYS,
    REPORT_UNIT,
    REUSE_MONTHS,
    SIMILAR_MONTHS,
    SUPPLEMENT_LIMIT,
    TRIPS_BEFORE,
)
from zhengtong.systems.service_hall.constants.processing import ERASURE_ACTS, ERASURE_KIND

__all__ = [
    "ACCEPTANCE_LIMIT",
    "ACT_LABELS",
    "BATCH_KIND",
    "BATCH_LIMIT",
    "COLLECT_REMINDERS",
    "COLLECT_REMINDER_DAYS",
    "COMMITMENT_PROCESS",
    "CONSENT_CODE_MESSAGE",
    "CONSENT_TEXT",
    "CORRECTION_KIND",
    "CORRECTION_LIMIT",
    "COURIER_WINDOW",
    "DATA_KEEPER",
    "DELIVERY_FEE_WORDS",
    "DELIVERY_LIMIT",
    "ERASURE_KIND",
    "FIGURES_KIND",
    "HEARING_KIND",
    "HEARING_OF_HOLDER",
    "HEARING_TEXT_MAX",
    "INSPECTION_AHEAD",
    "INSTANT_LIMIT",
    "LICENCE_PROCESSES",
    "LIST_KIND",
    "LOOKUP_TRIES",
    "LOOKUP_TRIES_OF_ADDRESS",
    "LOOKUP_WINDOW_SECONDS",
    "MEASURE_KIND",
    "OBJECT_KIND",
    "OBJECT_LABELS",
    "PAPER_ALIASES",
    "PAUSE_KIND",
    "PHRASE_KIND",
    "PLEDGE_KIND",
    "PUBLIC_NOTICE_DAYS",
    "RANKED_FROM",
    "RELATION_MATERIAL",
    "REMINDER_DAYS",
    "REPORT_KIND",
    "REPORT_UNIT",
    "REUSE_MONTHS",
    "SIMILAR_MONTHS",
    "SPECIAL_KIND",
    "SUPPLEMENT_LIMIT",
    "TRAINING_KIND",
    "TRIPS_BEFORE",
    "UNDER_WAY",
    "WITHDRAW_REASON_MIN",
    "ApplicantKind",
    "ApplicationStatus",
    "Channel",
    "ConsentKind",
    "CorrectionState",
    "DeliveryState",
    "DeliveryWay",
    "IdentityProof",
    "MaterialSource",
    "MaterialState",
    "MeasureKind",
    "MeasureState",
    "PassedState",
    "PhraseUse",
    "PromiseKind",
    "PromiseState",
    "Purpose",
    "RelationKind",
    "RelationProof",
    "SittingPurpose",
    "SittingState",
    "SpecialKind",
    "SpecialResult",
    "SpecialState",
]


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


class Purpose(models.TextChoices):
    """What an application is for: a first licence, or what is to become of one the applicant holds."""

    NEW = "new", _("首次申请")
    RENEWAL = "renewal", _("延续")
    CHANGE = "change", _("变更")
    REPLACEMENT = "replacement", _("补发")
    CANCELLATION = "cancellation", _("注销")


class MeasureKind(models.TextChoices):
    """What the authority does to a licence it issued."""

    REVOKE = "revoke", _("撤销")
    CANCEL = "cancel", _("注销")
    LIFT = "lift", _("记载吊销")
    CORRECT = "correct", _("更正")


class MeasureState(models.TextChoices):
    """A measure is proposed by one person and decided by another."""

    PROPOSED = "proposed", _("等待决定")
    CARRIED = "carried", _("已决定，已生效")
    REFUSED = "refused", _("不同意")
    DROPPED = "dropped", _("已撤回")


class CorrectionState(models.TextChoices):
    """Where a request to correct personal data stands."""

    ASKED = "asked", _("等待答复")
    CORRECTED = "corrected", _("已更正")
    REFUSED = "refused", _("没有更正")


class Channel(models.TextChoices):
    """Where an application was taken in."""

    ONLINE = "online", _("网上申请")
    COUNTER = "counter", _("县窗口代录")
    TOWNSHIP = "township", _("乡镇便民服务中心代录")
    VILLAGE = "village", _("村（社区）代办点代录")


class SittingPurpose(models.TextChoices):
    """For what an official types on behalf of somebody who stands before him."""

    APPLY = "apply", _("代录申请")
    SUPPLEMENT = "supplement", _("代交补正")


class SittingState(models.TextChoices):
    """Whether the official may still type."""

    OPEN = "open", _("正在代录")
    DONE = "done", _("已提交")
    DROPPED = "dropped", _("已放弃")


class IdentityProof(models.TextChoices):
    """By which paper the official has seen who stands before him."""

    ID_CARD = "id_card", _("居民身份证原件")
    TEMPORARY = "temporary", _("临时居民身份证原件")
    ELECTRONIC = "electronic", _("电子居民身份证")
    HOUSEHOLD = "household", _("户口簿原件")
    PASSPORT = "passport", _("护照原件")


class ConsentKind(models.TextChoices):
    """How the person has said that what was typed is what he wants."""

    DRAWN = "drawn", _("在签字板上手写签名")
    PAPER = "paper", _("在打印件上签名（拍照或扫描）")
    CODE = "code", _("凭发到本人手机的验证码同意")


class RelationKind(models.TextChoices):
    """In which relation somebody stands before the counter for another."""

    GUARDIAN = "guardian", _("监护人")
    REPRESENTATIVE = "representative", _("法定代表人")
    AGENT = "agent", _("经办人")


class RelationProof(models.TextChoices):
    """The paper that proves it (民法典第二十七条至第三十二条、第一百六十五条)."""

    HOUSEHOLD_REGISTER = "household_register", _("户口簿")
    BIRTH_CERTIFICATE = "birth_certificate", _("出生医学证明")
    ADOPTION = "adoption", _("收养登记证")
    NOTARISED = "notarised", _("监护公证书")
    APPOINTED = "appointed", _("居（村）民委员会或民政部门指定")
    JUDGMENT = "judgment", _("人民法院判决书")
    LICENCE = "licence", _("营业执照或者登记证书")
    LETTER = "letter", _("授权委托书")


class PassedState(models.TextChoices):
    """Where the papers of one application of a hand-over list are."""

    SENT = "sent", _("已上报，等待签收")
    RECEIVED = "received", _("县级单位已签收")
    MISSING = "missing", _("清单上有，没有收到")
    RETURNED = "returned", _("已退回乡镇")


class DeliveryWay(models.TextChoices):
    """How the applicant wants to have the paper licence."""

    ELECTRONIC = "electronic", _("只要电子证照")
    WINDOW = "window", _("到办理单位窗口领取")
    TOWNSHIP = "township", _("到乡镇便民服务中心领取")
    POST = "post", _("邮寄")


class DeliveryState(models.TextChoices):
    """Where the paper licence is."""

    WAITING = "waiting", _("等待办理结果")
    TO_PREPARE = "to_prepare", _("等待交付")
    ON_WAY = "on_way", _("在送往领取点的路上")
    AT_PLACE = "at_place", _("已到领取点，等待领取")
    POSTED = "posted", _("已交寄")
    DONE = "done", _("已送达")
    RETURNED = "returned", _("没有送达，已退回")
    NOT_NEEDED = "not_needed", _("不需要送达")


class MaterialState(models.TextChoices):
    """Whether a file counts today; a replaced file is kept as it was."""

    CURRENT = "current", _("有效")
    REPLACED = "replaced", _("已替换")


class MaterialSource(models.TextChoices):
    """Where a file of a material comes from."""

    GIVEN = "given", _("本次提交")
    LICENCE = "licence", _("本平台签发的证照")
    EARLIER = "earlier", _("以前办事时提交")


class PhraseUse(models.TextChoices):
    """Where a usual phrase goes: into an opinion, or beside a material of a one-time notice."""

    OPINION = "opinion", _("意见")
    NOTICE = "notice", _("补正原因")


class PromiseKind(models.TextChoices):
    """Why the matter goes on before all is proved."""

    TOLERANCE = "tolerance", _("容缺受理承诺")
    COMMITMENT = "commitment", _("告知承诺")


class PromiseState(models.TextChoices):
    """What became of a promise."""

    SIGNED = "signed", _("已承诺")
    RUNNING = "running", _("履行中")
    LATE = "late", _("逾期未履行")
    KEPT = "kept", _("已履行")
    BROKEN = "broken", _("未履行")
    DROPPED = "dropped", _("不再适用")


class SpecialKind(models.TextChoices):
    """A step besides the review."""

    INSPECTION = "inspection", _("现场勘验")
    EXPERT_REVIEW = "expert_review", _("专家评审")
    PUBLIC_NOTICE = "public_notice", _("公示")


class SpecialState(models.TextChoices):
    """Where such a step stands."""

    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")
    DROPPED = "dropped", _("已取消")


class SpecialResult(models.TextChoices):
    """How it ended."""

    PASSED = "passed", _("符合要求")
    FAILED = "failed", _("不符合要求")
    NO_OBJECTION = "no_objection", _("没有异议")
    OBJECTIONS = "objections", _("有异议，已答复")


#: the longest text of a request for a hearing, in characters
HEARING_TEXT_MAX = 1000
OBJECT_KIND = "application"
#: under this key the paper that proves the relation is kept among the files of an application
RELATION_MATERIAL = "counter_relation"
#: a list of papers that a town passes up
BATCH_KIND = "passed_batch"
PLEDGE_KIND = "pledge"
SPECIAL_KIND = "special_step"
REPORT_KIND = "monthly_report"
TRAINING_KIND = "training_run"
#: a list on a desk that somebody has taken out, and the rows that figures are counted from
LIST_KIND = "desk_list"
FIGURES_KIND = "figures"
PHRASE_KIND = "phrase"
PAUSE_KIND = "clock_pause"
MEASURE_KIND = "licence_measure"
CORRECTION_KIND = "correction_request"
#: what a notice of a hearing is about, with the id ``<case>:<number of the notice>``
HEARING_KIND = "hearing_notice"
#: states of an application whose case runs
UNDER_WAY = (ApplicationStatus.SUBMITTED, ApplicationStatus.SUPPLEMENT)
WITHDRAW_REASON_MIN = 2  # characters
LOOKUP_WINDOW_SECONDS = 600

#: what is read to the person before he signs, with his name and the item's; kept with his consent word for word
CONSENT_TEXT = _(
    "本人%(name)s向窗口申请办理“%(item)s”，因本人要求，由窗口工作人员代为录入。录入的全部内容和材料已经给本人看过，"
    "本人确认是自己的真实意思，同意以本人名义提交%(org)s；本人知道所填信息只用于办理这一事项。"
)

#: kind of message: the code with which the person agrees at a counter
CONSENT_CODE_MESSAGE = "service_hall.consent_code"

OBJECT_LABELS = {
    OBJECT_KIND: "申请",
    "supplement_notice": "一次性告知",
    PAUSE_KIND: "停止计时",
    HEARING_KIND: "听证通知",
    MEASURE_KIND: "证照处置",
    CORRECTION_KIND: "个人信息更正申请",
    ERASURE_KIND: "个人信息删除申请",
    PHRASE_KIND: "常用语",
    BATCH_KIND: "递交清单",
    PLEDGE_KIND: "办事承诺",
    SPECIAL_KIND: "特别环节",
    REPORT_KIND: "办件月报",
    TRAINING_KIND: "练习记录",
    LIST_KIND: "清单",
    FIGURES_KIND: "办件统计",
}
ACT_LABELS = {
    "service_hall.delivery_choose": "选择领取方式",
    "service_hall.delivery_open": "开始送达",
    "service_hall.delivery_move": "登记送达进展",
    "service_hall.delivery_read": "查看收件地址",
    "service_hall.pass_up": "乡镇上报纸质材料",
    "service_hall.pass_receive": "签收上报材料",
    "service_hall.counter_begin": "窗口开始代录",
    "service_hall.counter_consent": "记录申请人同意",
    "service_hall.counter_drop": "放弃代录",
    "service_hall.counter_relation": "登记代办关系",
    "service_hall.original_seen": "核对材料原件",
    "service_hall.start": "开始填写申请",
    "service_hall.move": "草稿转到事项的新版本",
    "service_hall.attach": "上传材料",
    "service_hall.detach": "移除材料",
    "service_hall.submit": "提交申请",
    "service_hall.notice": "发出一次性告知",
    "service_hall.answer": "提交补正材料",
    "service_hall.withdraw": "申请人撤回申请",
    "service_hall.discard": "删除草稿",
    "service_hall.propose_measure": "提出证照处置",
    "service_hall.state_case": "持有人陈述申辩",
    "service_hall.carry_measure": "决定证照处置",
    "service_hall.refuse_measure": "不同意证照处置",
    "service_hall.drop_measure": "撤回证照处置",
    "service_hall.remind": "提醒证照到期",
    "service_hall.reuse": "使用已有的材料",
    **ERASURE_ACTS,
    "service_hall.copy_data": "下载本人信息副本",
    "service_hall.ask_correction": "申请更正个人信息",
    "service_hall.answer_correction": "答复个人信息更正申请",
    "service_hall.read_correction": "查看个人信息更正申请",
    "service_hall.read": "查看申请信息",
    "service_hall.consult": "查询申请人的基础信息",
    "service_hall.keep_phrase": "收入本单位常用语",
    "service_hall.drop_phrase": "删除本单位常用语",
    "service_hall.read_file": "查看申请材料",
    "service_hall.pledge": "签署承诺",
    "service_hall.unpledge": "改按一般程序，不再承诺",
    "service_hall.pledge_runs": "承诺开始履行",
    "service_hall.pledge_kept": "承诺已经履行",
    "service_hall.pledge_late": "承诺逾期没有履行",
    "service_hall.pledge_broken": "认定没有履行承诺",
    "service_hall.pledge_repaired": "承诺信用修复",
    "service_hall.terminate": "终止办理",
    "service_hall.special_open": "安排特别环节",
    "service_hall.special_photo": "上传勘验照片",
    "service_hall.special_close": "特别环节结束",
    "service_hall.special_drop": "取消特别环节",
    "service_hall.object": "对公示提出异议",
    "service_hall.answer_objection": "答复公示异议",
    "service_hall.read_objections": "查看公示异议",
    "service_hall.export": "导出清单",
    "service_hall.report": "生成办件月报",
    "service_hall.rebuild_figures": "重建办件统计",
}
