"""Modules of consultations and surveys, which the platform's own system for them fills."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks.module import INTERACTION, ArticlesModule, Module

_NUMBER = _("填调查的编号，例如 DC20260001；不填的，取最新的一份。只能取本单位的，门户网站可以取全县的。")


class OpenTopicsModule(ArticlesModule):
    """Consultations that are open now."""

    GROUP = INTERACTION
    PURPOSE = _("正在征求意见的事项，自动列出，到期自动撤下。部门网站列本单位的，门户网站列全县的。")
    SOURCE = "open_topics"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "意见征集", "number": 5}

    class Meta:
        label = _("正在征集的意见")
        icon = "edit"


class FeedbackModule(ArticlesModule):
    """Consultations whose feedback is published."""

    GROUP = INTERACTION
    PURPOSE = _("已经公布的意见采纳情况，写明收到多少条、采纳多少条。")
    SOURCE = "topic_feedback"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "意见采纳情况", "number": 5}

    class Meta:
        label = _("意见采纳情况")
        icon = "tick"


class PollModule(Module):
    """A survey on the page."""

    GROUP = INTERACTION
    PURPOSE = _("把一份正在进行的网上调查放在网页上，选好以后到调查页面核对、提交。")
    SOURCE = "opinions.poll"
    LAYOUTS = (("whole", _("全部题目")), ("first", _("只放第一题")), ("entrance", _("只放题目和入口")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "网上调查", "poll": ""}

    poll = blocks.CharBlock(label=_("调查编号"), max_length=24, required=False, help_text=_NUMBER)

    class Meta:
        label = _("网上调查")
        icon = "list-ol"
        template = "sites/modules/part.html"


class PollResultsModule(Module):
    """The results of a survey."""

    GROUP = INTERACTION
    PURPOSE = _("一份网上调查的结果，截止以后、或者设为随时可以看的才显示。")
    SOURCE = "opinions.results"
    LAYOUTS = (("bars", _("条形图")), ("table", _("表格")), ("first", _("只放第一题")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "调查结果", "poll": ""}

    poll = blocks.CharBlock(label=_("调查编号"), max_length=24, required=False, help_text=_NUMBER)

    class Meta:
        label = _("调查结果")
        icon = "order"
        template = "sites/modules/part.html"
