"""Words of inspections: kinds, states, results, limits, weights of the draw."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters


class PlanKind(models.TextChoices):
    """How a plan came about."""

    ANNUAL = "annual", _("年度督查")
    SPECIAL = "special", _("专项督查")


class TargetKind(models.TextChoices):
    """What is drawn."""

    UNIT = "unit", _("单位")
    WINDOW = "window", _("窗口")
    CASE = "case", _("办件")


class PlanState(models.TextChoices):
    """Where a plan stands."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待批准")
    APPROVED = "approved", _("待抽取")
    DRAWN = "drawn", _("检查中")
    CLOSED = "closed", _("已结束")


class VisitState(models.TextChoices):
    """Where a visit stands."""

    PLANNED = "planned", _("待检查")
    GOING = "going", _("检查中")
    DONE = "done", _("待发整改通知")
    RECTIFY = "rectify", _("整改中")
    REVIEW = "review", _("待复查")
    CLOSED = "closed", _("已办结")
    CANCELLED = "cancelled", _("未检查")


class Ending(models.TextChoices):
    """How a visit ended."""

    CLEAN = "clean", _("未发现问题")
    PASSED = "passed", _("整改到位")
    REFERRED = "referred", _("移交电子监察")


class Result(models.TextChoices):
    """What a point turned out to be."""

    GOOD = "good", _("合格")
    BAD = "bad", _("不合格")
    NONE = "none", _("不适用")


class FindingState(models.TextChoices):
    """Where a finding stands."""

    OPEN = "open", _("待整改")
    PASSED = "passed", _("整改到位")
    REFERRED = "referred", _("移交电子监察")


class Verdict(models.TextChoices):
    """What a review decides of one finding."""

    PASSED = "passed", _("整改到位")
    AGAIN = "again", _("继续整改")
    REFERRED = "referred", _("移交电子监察")


class ReferralState(models.TextChoices):
    """Where a card that supervision referred stands on the desk of inspections."""

    WAITING = "waiting", _("待处理")
    TAKEN = "taken", _("已列入计划")
    ASIDE = "aside", _("不列入，待复核")
    DROPPED = "dropped", _("不列入，已复核")
    DONE = "done", _("已有结果")


class CardLevel(models.TextChoices):
    """The level of a referred card, as supervision's events say it."""

    HINT = "hint", _("提示")
    YELLOW = "yellow", _("黄牌")
    RED = "red", _("红牌")
    BREACH = "breach", _("严重红牌")


class ActKind(models.TextChoices):
    """What was done, as the time line says it."""

    DRAFT = "draft", _("起草计划")
    CHANGE = "change", _("修改计划")
    SUBMIT = "submit", _("提请批准")
    RETURN = "return", _("退回修改")
    APPROVE = "approve", _("批准计划")
    DRAW = "draw", _("随机抽取")
    FINISH = "finish", _("结束计划")
    RECUSE = "recuse", _("回避并更换检查人员")
    CANCEL = "cancel", _("取消检查")
    START = "start", _("开始检查")
    SIGN = "sign", _("检查人员签字")
    DONE = "done", _("检查完成")
    NOTICE = "notice", _("发出整改通知")
    ACKNOWLEDGE = "acknowledge", _("签收整改通知")
    REPORT = "report", _("报送整改情况")
    REVIEW = "review", _("复查")
    WARN = "warn", _("临近期限")
    OVERDUE = "overdue", _("超过期限")
    HAND_OVER = "hand_over", _("移交承继单位")
    CLOSE = "close", _("办结")
    REFER = "refer", _("电子监察转来")
    VOID = "void", _("亮牌已撤销")
    TAKE = "take", _("列入计划")
    ASIDE = "aside", _("提出不列入督查")
    AGREE = "agree", _("复核：同意不列入")
    REOPEN = "reopen", _("复核：继续处理")
    RELEASE = "release", _("退回待处理")
    ANSWER = "answer", _("督查有了结果")


PLAN, VISIT, NOTICE, REFERRAL = "inspection_plan", "inspection_visit", "inspection_notice", "inspection_referral"
SUBSCRIBER = "inspections"
#: by which the outbox remembers that cards referred here have been seen
REFERRALS_SUBSCRIBER = "inspections.referrals"
#: level of a card → lamp of the page
CARD_LAMPS = {"hint": "none", "yellow": "yellow", "red": "red", "breach": "deep_red"}
SUPERVISOR, LEADER = "supervisor", "leader"
UNIT_ROLES = ("clerk", "reviewer", LEADER)
DESK_ROLES = (SUPERVISOR, *UNIT_ROLES)
#: inspectors per visit
INSPECTORS = 2
#: the visit has not been done yet, the unit does not know of it
SECRET = (VisitState.PLANNED, VisitState.GOING, VisitState.CANCELLED)

TITLE_MAX, TEXT_MAX, REASON_MAX, PLACE_MAX = 80, 2000, 1000, 200
REASON_MIN = 5
POINTS_MAX, TARGETS_MAX, PHOTOS_MAX = 60, 2000, 6

ACT_LABELS = {
    "inspections.draft_plan": "起草督查计划",
    "inspections.change_plan": "修改督查计划",
    "inspections.submit_plan": "提请批准督查计划",
    "inspections.return_plan": "退回督查计划",
    "inspections.approve_plan": "批准督查计划",
    "inspections.draw": "随机抽取检查对象和检查人员",
    "inspections.finish_plan": "结束督查计划",
    "inspections.recuse": "检查人员回避",
    "inspections.cancel_visit": "取消检查",
    "inspections.start_visit": "开始检查",
    "inspections.record_point": "记录检查要点",
    "inspections.sign_visit": "检查人员签字",
    "inspections.open_file": "查看督查照片和附件",
    "inspections.issue_notice": "发出督查整改通知",
    "inspections.acknowledge": "签收督查整改通知",
    "inspections.report": "报送督查整改情况",
    "inspections.review": "复查整改情况",
    "inspections.close_visit": "办结检查",
    "inspections.warn": "督查整改临近期限提醒",
    "inspections.overdue": "督查整改超过期限",
    "inspections.hand_over": "移交督查整改",
    "inspections.receive_referral": "收到电子监察转来的督查线索",
    "inspections.void_referral": "督查线索的亮牌已撤销",
    "inspections.take_referral": "督查线索列入计划",
    "inspections.set_aside_referral": "提出督查线索不列入督查",
    "inspections.agree_aside": "同意督查线索不列入督查",
    "inspections.reopen_referral": "督查线索继续处理",
    "inspections.release_referral": "督查线索退回待处理",
    "inspections.answer_referral": "督查线索有了结果",
    "inspections.warn_referral": "督查线索临近期限提醒",
    "inspections.overdue_referral": "督查线索超过期限",
    "inspections.hand_over_referral": "督查线索改为承继单位",
}
OBJECT_LABELS = {PLAN: "督查计划", VISIT: "督查检查", NOTICE: "督查整改通知", REFERRAL: "督查线索"}

_LOCAL = "地方督查工作办法"


def _declared(key: str, default: object, label: str, unit: str, source: str = _LOCAL) -> str:
    return parameters.declare(
        f"inspections.{key}", default=default, label=label, unit=unit, source=source, confirmed=False
    ).key


RECTIFY_LIMIT = _declared("rectify_limit", "10 WD", "督查整改的期限（WD 工作日，D 日）", "")
AGAIN_LIMIT = _declared("again_limit", "5 WD", "复查不合格后继续整改的期限（WD 工作日，D 日）", "")
REVIEW_LIMIT = _declared("review_limit", "5 WD", "复查的期限（WD 工作日，D 日）", "")
REFERRAL_LIMIT = _declared("referral_limit", "5 WD", "处理督查线索的期限（WD 工作日，D 日）", "")
YELLOW_RATIO = _declared("yellow_ratio", 0.8, "督查整改、督查线索黄灯起点（占期限的比例）", "")
MOST_TURNS = _declared("most_turns", 3, "整改最多几次（到次数仍不合格的，只能移交）", "次")
RISK_DAYS = _declared("risk_days", 365, "抽取权重看多少天以内的亮牌和投诉", "日", "双随机抽查办法")
WEIGHTS = {
    "card": _declared("weight_card", 0.5, "每张监察亮牌增加的抽取权重", "", "双随机抽查办法"),
    "complaint": _declared("weight_complaint", 1.0, "每件属实投诉增加的抽取权重", "", "双随机抽查办法"),
}
WEIGHT_CAP = _declared("weight_cap", 10.0, "抽取权重的上限（没有亮牌、投诉的为 1）", "", "双随机抽查办法")
