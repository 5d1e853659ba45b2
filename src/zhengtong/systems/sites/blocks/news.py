"""Modules that list articles."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks.columns import ColumnChoice
from zhengtong.systems.sites.blocks.module import NEWS, ArticlesModule, GroupsModule, Module, NamesModule
from zhengtong.systems.sites.constants import SiteKind


class NewsModule(ArticlesModule):
    """The newest articles of a column, or of the whole site."""

    PURPOSE = _("一个栏目最新的文章；不选栏目时取全站。")
    SOURCE = "column"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "工作动态", "number": 6}

    column = ColumnChoice(required=False)

    class Meta:
        label = _("文章列表")


class BranchModule(ArticlesModule):
    """The newest articles of a column and of all columns below it."""

    PURPOSE = _("一个栏目连同它下级栏目的最新文章，用在有二级栏目的地方。")
    SOURCE = "branch"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "信息公开", "number": 6}

    column = ColumnChoice(required=False)

    class Meta:
        label = _("栏目汇总")


class PortalNewsModule(ArticlesModule):
    """What the county's portal published last, shown on a unit's site."""

    PURPOSE = _("在部门、乡镇网站上转列县门户的最新要闻，标题直接打开门户的文章。")
    SOURCE = "portal"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "县内要闻", "number": 6}

    class Meta:
        label = _("县门户要闻")


class GroupNewsModule(ArticlesModule):
    """What the other sites of the group published last."""

    PURPOSE = _("汇集各部门或各乡镇网站的最新文章，标题后注明来源单位。")
    SOURCE = "group"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "部门动态", "number": 6, "kind": SiteKind.DEPARTMENT}

    kind = blocks.ChoiceBlock(label=_("哪些网站"), choices=SiteKind.choices, default=SiteKind.DEPARTMENT)

    class Meta:
        label = _("各单位动态")


class ChosenModule(ArticlesModule):
    """Articles somebody chose, in his order."""

    PURPOSE = _("由编辑挑选并排序的文章，用于本期关注、置顶推荐。")
    SOURCE = "chosen"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "本期关注", "number": 6}

    articles = blocks.ListBlock(
        blocks.PageChooserBlock(label=_("文章"), page_type="sites.ArticlePage"), label=_("文章"), max_num=12, default=[]
    )

    class Meta:
        label = _("推荐文章")


class KeywordModule(ArticlesModule):
    """Articles of the site that bear a keyword: a special page without a column of its own."""

    PURPOSE = _("按关键词汇集全站文章，不必另开栏目就能做一个专题。")
    SOURCE = "keyword"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "食品安全专题", "number": 6, "keyword": "食品安全"}

    keyword = blocks.CharBlock(label=_("关键词"), max_length=20, help_text=_("文章的“关键词”一栏里有它才会列出"))

    class Meta:
        label = _("关键词专题")


class YearModule(GroupsModule):
    """The articles of a column by month, the latest months first."""

    PURPOSE = _("一个栏目的文章按月份归档，方便按时间翻找。")
    SOURCE = "by_month"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "按月归档", "number": 5}

    column = ColumnChoice(required=False)

    class Meta:
        label = _("按月归档")


class SubColumnsModule(GroupsModule):
    """Each column below one, with its newest articles."""

    PURPOSE = _("一个栏目的各个下级栏目，每个列出最新几篇。")
    SOURCE = "sub_columns"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "分类信息", "number": 4}

    column = ColumnChoice(required=False)

    class Meta:
        label = _("下级栏目文章")


class TabsModule(GroupsModule):
    """Several columns side by side, each with its newest articles."""

    PURPOSE = _("把两到六个栏目放在一处，读者点栏目名切换；没有脚本时逐组排开。")
    LAYOUTS = (("tabs", _("点栏目名切换")), *GroupsModule.LAYOUTS)
    SOURCE = "columns"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "新闻中心", "number": 5, "columns": []}

    columns = blocks.ListBlock(ColumnChoice(), label=_("栏目"), max_num=6, default=[])

    class Meta:
        label = _("多栏目切换")


class ColumnNamesModule(NamesModule):
    """The columns of the site."""

    GROUP = NEWS
    PURPOSE = _("本网站的栏目名称，做首页或专题页的导航。")
    SOURCE = "column_names"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "栏目导航"}

    class Meta:
        label = _("栏目导航")


class TickerModule(Module):
    """The newest titles of a column in one line that does not move."""

    GROUP = NEWS
    PURPOSE = _("一行最新标题，放在页首；不滚动，不闪烁。")
    LAYOUTS = (("one", _("只列一条")), ("three", _("列三条")), ("label", _("前面加栏目名")))
    SOURCE = "column"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "最新公告", "number": 3}

    column = ColumnChoice(required=False)
    number = blocks.IntegerBlock(label=_("条数"), min_value=1, max_value=3, default=3)

    class Meta:
        label = _("标题条")
        icon = "horizontalrule"
        template = "sites/modules/ticker.html"


class HeadlineModule(Module):
    """The one article that matters most today, large, with its summary."""

    GROUP = NEWS
    PURPOSE = _("一个栏目最新的一篇，大字标题加摘要，做头条。")
    LAYOUTS = (("centred", _("居中大标题")), ("summary", _("标题加摘要")), ("quoted", _("摘要在前")))
    SOURCE = "column"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "头条", "number": 1}

    column = ColumnChoice(required=False)
    number = blocks.IntegerBlock(label=_("条数"), min_value=1, max_value=1, default=1)

    class Meta:
        label = _("头条")
        icon = "title"
        template = "sites/modules/headline.html"
