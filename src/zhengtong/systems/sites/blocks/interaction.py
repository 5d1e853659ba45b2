"""Modules of interaction: where people write, what others asked."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks.module import INTERACTION, Field, Module, NamesModule, RecordsModule


class EntrancesModule(NamesModule):
    """Where people write, ask, complain and rate: what the systems of the platform offer."""

    GROUP = INTERACTION
    PURPOSE = _("咨询、投诉、评价、预约等互动入口，由平台各系统提供。")
    SOURCE = "entrances"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "互动交流"}

    class Meta:
        label = _("互动入口")
        icon = "comment"


class QuestionsModule(RecordsModule):
    """What is often asked, with the answer."""

    GROUP = INTERACTION
    PURPOSE = _("常见问题和答复，可以逐条点开。")
    LAYOUTS = (("folded", _("点开看答复")), ("facts", _("问答逐条列出")), ("cards", _("卡片")))
    FIELDS = (
        Field("title", _("问题"), "title", 100, required=True),
        Field("answer", _("答复"), "note", 600, required=True),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "常见问题",
        "records": [
            {"title": "能委托别人来办吗？", "answer": "可以，请带委托书和双方身份证。"},
            {"title": "材料不齐怎么办？", "answer": "窗口会一次告知要补什么，补齐以后接着办。"},
        ],
    }

    class Meta:
        label = _("常见问题")
        icon = "help"


class AnswersModule(RecordsModule):
    """Answers to letters the unit chose to publish."""

    GROUP = INTERACTION
    PURPOSE = _("选登的来信和答复，不写来信人姓名。")
    FIELDS = (
        Field("title", _("来信标题"), "title", 80, required=True),
        Field("at", _("答复日期"), "day"),
        Field("answer", _("答复"), "note", 600),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "来信选登",
        "records": [{"title": "建议增加周末窗口", "at": "2026-10-12", "answer": "已从本月起每周六上午开放两个窗口。"}],
    }

    class Meta:
        label = _("来信选登")
        icon = "mail"


class SurveysModule(RecordsModule):
    """Surveys and consultations under way, with their last day."""

    GROUP = INTERACTION
    PURPOSE = _("正在进行的意见征集、调查，写明截止日期。")
    FIELDS = (
        Field("title", _("题目"), "title", 80, required=True),
        Field("address", _("地址"), "link"),
        Field("until", _("截止日期"), "day"),
        Field("note", _("说明"), "note", 300),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "意见征集",
        "records": [
            {"title": "县城停车管理办法（征求意见稿）", "address": "https://example.cn/a/", "until": "2026-12-31"}
        ],
    }

    class Meta:
        label = _("意见征集")
        icon = "edit"


class OpenDayModule(RecordsModule):
    """When leaders receive visitors."""

    GROUP = INTERACTION
    PURPOSE = _("领导接待日安排：日期、接待人、地点。")
    FIELDS = (
        Field("title", _("接待人"), "title", 40, required=True),
        Field("at", _("日期"), "day"),
        Field("place", _("地点"), length=60),
        Field("topic", _("接待内容"), length=100),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "领导接待日",
        "records": [{"title": "局长", "at": "2026-12-01", "place": "一楼接待室", "topic": "许可审批"}],
    }

    class Meta:
        label = _("领导接待日")
        icon = "date"


class QrModule(Module):
    """An address as a code one scans."""

    GROUP = INTERACTION
    PURPOSE = _("把一个网址变成二维码，供手机扫一扫。")
    LAYOUTS = (("card", _("卡片")), ("line", _("文字在右")), ("large", _("大图")))
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "手机上看",
        "words": "扫码打开本站",
        "address": "https://example.cn/",
    }

    words = blocks.CharBlock(label=_("说明"), max_length=40)
    address = blocks.URLBlock(label=_("地址"), max_length=200)

    class Meta:
        label = _("二维码")
        icon = "mobile-alt"
        template = "sites/modules/qr.html"
