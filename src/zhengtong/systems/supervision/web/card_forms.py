"""The acts of a card as forms: what each asks, what follows, and what is said when it is done."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from zhengtong.systems.supervision import services

UNIT_SERVICES: Mapping[str, Callable[..., Any]] = {
    "explain": services.explain_card,
    "appeal": services.appeal_card,
    "rectify": services.report_correction,
    "reply": services.reply_letter,
}
JUDGE_SERVICES: Mapping[str, Callable[..., Any]] = {
    "confirm": services.confirm_card,
    "cancel": services.cancel_card,
    "keep": services.keep_card,
    "send_back": services.send_card_back,
    "close": services.close_card,
    "transfer": services.transfer_card,
}
DONE = {
    "explain": gettext_lazy("说明已提交，由监察员核定。"),
    "appeal": gettext_lazy("申诉已提交，由监察员核定。"),
    "rectify": gettext_lazy("整改情况已提交，由监察员复查。"),
    "reply": gettext_lazy("回复已提交。"),
    "confirm": gettext_lazy("已认定，责任单位会看到您写的理由，并开始整改。"),
    "cancel": gettext_lazy("已撤销。这张牌仍然留存可查，不计分。"),
    "keep": gettext_lazy("已维持这张牌。"),
    "send_back": gettext_lazy("已退回整改，整改期限重新计算。"),
    "close": gettext_lazy("已销号。"),
    "transfer": gettext_lazy("已转督查，出现在定期督查的线索里；这张牌继续按流程处理。"),
    "propose": gettext_lazy("监察建议书已发出，责任单位在期限内回复。"),
    "account": gettext_lazy("已提出，由监察机构负责人决定。"),
    "again": gettext_lazy("已重新亮牌，原来的牌仍为已撤销。"),
}
FORMS: Mapping[str, Mapping[str, Any]] = {
    "explain": {
        "title": gettext_lazy("说明情况"),
        "consequence": gettext_lazy("写明当时的情况和原因，提交后由监察员核定。"),
        "label": gettext_lazy("提交说明"),
        "field": gettext_lazy("说明"),
        "phrases": True,
        "papers": True,
    },
    "appeal": {
        "title": gettext_lazy("提出申诉"),
        "consequence": gettext_lazy("认为不应亮牌的，写明理由和依据。认定以后只能申诉一次。"),
        "label": gettext_lazy("提交申诉"),
        "field": gettext_lazy("申诉理由"),
        "papers": True,
    },
    "rectify": {
        "title": gettext_lazy("报告整改情况"),
        "consequence": gettext_lazy("写明采取的措施和结果，由监察员复查后销号。"),
        "label": gettext_lazy("提交整改情况"),
        "field": gettext_lazy("整改情况"),
        "papers": True,
    },
    "reply": {
        "title": gettext_lazy("回复监察建议书"),
        "consequence": gettext_lazy("逐条写明采纳建议、办理的情况。"),
        "label": gettext_lazy("提交回复"),
        "field": gettext_lazy("回复内容"),
    },
    "confirm": {
        "title": gettext_lazy("认定"),
        "consequence": gettext_lazy("认定后计入责任单位的考核，并要求整改；责任单位可以在期限内申诉一次。"),
        "label": gettext_lazy("认定这张牌"),
        "field": gettext_lazy("认定理由"),
    },
    "cancel": {
        "title": gettext_lazy("撤销"),
        "consequence": gettext_lazy("撤销后不计分；这张牌和撤销理由仍然留存可查。"),
        "label": gettext_lazy("撤销这张牌"),
        "field": gettext_lazy("撤销理由"),
        "danger": True,
    },
    "keep": {
        "title": gettext_lazy("维持"),
        "consequence": gettext_lazy("依据虽有变化，牌仍然成立的，写明理由；不再建议撤销。"),
        "label": gettext_lazy("维持这张牌"),
        "field": gettext_lazy("维持理由"),
    },
    "send_back": {
        "title": gettext_lazy("复查不通过"),
        "consequence": gettext_lazy("退回责任单位继续整改，整改期限重新计算。"),
        "label": gettext_lazy("退回整改"),
        "field": gettext_lazy("复查意见"),
    },
    "close": {
        "title": gettext_lazy("销号"),
        "consequence": gettext_lazy("复查已经整改到位后销号。"),
        "label": gettext_lazy("复查销号"),
        "field": gettext_lazy("复查意见"),
    },
    "transfer": {
        "title": gettext_lazy("转督查"),
        "consequence": gettext_lazy(
            "移交定期督查跟进，写明要督查的事项；这张牌继续按流程处理。有督查结果以前，责任单位看不到这一步。"
        ),
        "label": gettext_lazy("转督查"),
        "field": gettext_lazy("督查事项"),
    },
    "propose": {
        "title": gettext_lazy("发出监察建议书"),
        "consequence": gettext_lazy("编号、加盖印章后发给责任单位，责任单位在期限内书面回复。"),
        "label": gettext_lazy("签发建议书"),
        "field": gettext_lazy("建议"),
    },
    "account": {
        "title": gettext_lazy("提出责任追究"),
        "consequence": gettext_lazy("由监察机构负责人决定。只写责任岗位，不写姓名。"),
        "label": gettext_lazy("提出责任追究"),
        "field": gettext_lazy("事实和理由"),
    },
    "again": {
        "title": gettext_lazy("重新亮牌"),
        "consequence": gettext_lazy("按现行规则另亮一张牌，证据不变；原来的牌仍为已撤销。"),
        "label": gettext_lazy("重新亮牌"),
        "field": gettext_lazy("重新亮牌的理由"),
    },
}
#: words units usually explain with; they are completed, not sent as they are
PHRASES = (
    gettext_lazy("窗口设备故障，已于当日修复并补办。"),
    gettext_lazy("经办人公出，已安排他人接办。"),
    gettext_lazy("等待其他部门审查意见，收到后已当日办结。"),
    gettext_lazy("申请人要求延后办理，有书面记录。"),
    gettext_lazy("现场勘验改期，已与申请人约定时间。"),
    gettext_lazy("确属办理超期，已整改并加强提醒。"),
)
