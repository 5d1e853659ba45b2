"""Modules of data: numbers people compare, with their unit and their date."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks.module import DATA, Field, Module, RecordsModule


class FigureBlock(blocks.StructBlock):
    """A number people compare, with its unit."""

    words = blocks.CharBlock(label=_("名称"), max_length=30)
    number = blocks.DecimalBlock(label=_("数值"), max_digits=16, decimal_places=4)
    unit = blocks.CharBlock(label=_("单位"), max_length=10, required=False)


_FIGURES = [
    {"words": "受理办件", "number": "12680", "unit": "件"},
    {"words": "按时办结", "number": "12544", "unit": "件"},
    {"words": "网上申请", "number": "9312", "unit": "件"},
]


class FiguresModule(Module):
    """Numbers of the county or the unit, with their date."""

    GROUP = DATA
    PURPOSE = _("几个最要紧的数字，注明数据时间。")
    LAYOUTS = (("tiles", _("磁贴")), ("table", _("表格")), ("bars", _("条形图")), ("line", _("横排")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "数据一览", "at": "截至上月末", "figures": _FIGURES}

    at = blocks.CharBlock(label=_("数据时间"), max_length=30)
    figures = blocks.ListBlock(FigureBlock(), label=_("数据"), max_num=12)

    class Meta:
        label = _("数据")
        icon = "table"
        template = "sites/modules/figures.html"


class RankModule(Module):
    """Bars from long to short."""

    GROUP = DATA
    PURPOSE = _("同一单位的数值从大到小排成条形，看得出差距。")
    LAYOUTS = (("bars", _("条形图")), ("columns", _("柱形图")), ("numbered", _("名次")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "办件排行", "at": "截至上月末", "unit": "件", "figures": _FIGURES}

    at = blocks.CharBlock(label=_("数据时间"), max_length=30)
    unit = blocks.CharBlock(label=_("单位"), max_length=10)
    figures = blocks.ListBlock(FigureBlock(), label=_("数据"), max_num=20)

    class Meta:
        label = _("排行")
        icon = "order-down"
        template = "sites/modules/rank.html"


class TrendModule(Module):
    """A number over time."""

    GROUP = DATA
    PURPOSE = _("一个数字随时间的变化，折线或柱形，同时有表格。")
    LAYOUTS = (("lines", _("折线图")), ("columns", _("柱形图")), ("table", _("表格")))
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "月度办件",
        "at": "本年",
        "unit": "件",
        "figures": [{"words": f"{month} 月", "number": str(800 + 37 * month), "unit": ""} for month in range(1, 10)],
    }

    at = blocks.CharBlock(label=_("数据时间"), max_length=30)
    unit = blocks.CharBlock(label=_("单位"), max_length=10)
    figures = blocks.ListBlock(FigureBlock(), label=_("各期数值"), max_num=24)

    class Meta:
        label = _("趋势")
        icon = "history"
        template = "sites/modules/trend.html"


class SharesModule(Module):
    """Parts of a whole."""

    GROUP = DATA
    PURPOSE = _("各部分占整体的份额，自动算百分比。")
    LAYOUTS = (("bar", _("一条分段")), ("bars", _("逐项条形")), ("table", _("表格")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "办理渠道", "at": "截至上月末", "figures": _FIGURES}

    at = blocks.CharBlock(label=_("数据时间"), max_length=30)
    figures = blocks.ListBlock(FigureBlock(), label=_("各部分"), max_num=8)

    class Meta:
        label = _("构成")
        icon = "decimal"
        template = "sites/modules/shares.html"


class TargetsModule(Module):
    """How far one is on the way to a target."""

    GROUP = DATA
    PURPOSE = _("年度任务完成的百分比，一项一条。")
    LAYOUTS = (("bars", _("进度条")), ("tiles", _("磁贴")), ("table", _("表格")))
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "民生实事进度",
        "at": "截至上月末",
        "figures": [
            {"words": "老旧小区改造", "number": "82", "unit": "%"},
            {"words": "农村饮水提升", "number": "64", "unit": "%"},
        ],
    }

    at = blocks.CharBlock(label=_("数据时间"), max_length=30)
    figures = blocks.ListBlock(FigureBlock(), label=_("完成百分比"), max_num=12)

    class Meta:
        label = _("任务进度")
        icon = "tasks"
        template = "sites/modules/targets.html"


class TableModule(Module):
    """A table typed in rows; the first row names the columns."""

    GROUP = DATA
    PURPOSE = _("自己填的表格：第一行是列名，一行写一行，列之间用竖线分开。")
    LAYOUTS = (("plain", _("表格")), ("lined", _("隔行底色")), ("first_bold", _("首列加重")))
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "主要指标",
        "caption": "上年度主要指标",
        "rows": "指标|数值|比上年\n常住人口|31.2 万人|-0.4%\n城镇化率|58.6%|+1.1 个百分点",
    }

    caption = blocks.CharBlock(label=_("表名"), max_length=60)
    rows = blocks.TextBlock(label=_("表格内容"), max_length=4000, rows=6)

    class Meta:
        label = _("表格")
        icon = "table"
        template = "sites/modules/table.html"


class DatasetsModule(RecordsModule):
    """Data one may download and use."""

    GROUP = DATA
    PURPOSE = _("可以下载使用的数据，写明更新周期和格式。")
    FIELDS = (
        Field("title", _("数据名称"), "title", 60, required=True),
        Field("address", _("地址"), "link"),
        Field("format", _("格式"), length=30),
        Field("cycle", _("更新周期"), length=30),
        Field("at", _("最近更新"), "day"),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "数据开放",
        "records": [{"title": "行政许可结果", "address": "https://example.cn/a.csv", "format": "CSV", "cycle": "每日"}],
    }

    class Meta:
        label = _("数据开放")
        icon = "download"
