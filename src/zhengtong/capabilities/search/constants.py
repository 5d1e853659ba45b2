"""Words of search: access and filters, acts, roles, what is kept of searches and for how long."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters, retention
from zhengtong.kernel.inventory import Activity, Basis

PUBLIC = "public"

# the page shows at most this many of the best; a search that meets more is too wide to be useful
MOST_RANKED = 1000
PAGE_SIZE = 10
MOST_SUGGESTED = 6
#: a search that finds fewer is looked at for slips of the pen
FEW: Final = 3

SYNONYMS_KIND, WORD_KIND = "search_synonyms", "search_word"
#: who reads the report of searches without result, and who also keeps synonyms and words on show
EDITORS: Final = ("site_editor", "site_publisher", "site_admin")
KEEPER: Final = "site_admin"

ACT_LABELS: Final = {
    "search.synonyms": "修改同义词",
    "search.missed_handled": "处理没有结果的检索词",
    "search.word_shown": "固定热词",
    "search.word_hidden": "隐藏热词",
    "search.word_released": "取消热词的固定或隐藏",
}
OBJECT_LABELS: Final = {SYNONYMS_KIND: "同义词表", WORD_KIND: "检索词"}


class Order(models.TextChoices):
    """How hits are ordered."""

    FIT = "fit", _("按相关程度")
    NEWEST = "new", _("按日期")


class Span(models.TextChoices):
    """How old hits may be."""

    ALL = "", _("全部时间")
    WEEK = "week", _("一周内")
    MONTH = "month", _("一月内")
    YEAR = "year", _("一年内")
    OWN = "own", _("自定起止")


#: days of each span
SPAN_DAYS: Final = {Span.WEEK: 7, Span.MONTH: 31, Span.YEAR: 366}


class Stand(models.TextChoices):
    """What an editor decided about a word people search for."""

    PINNED = "pinned", _("固定显示")
    HIDDEN = "hidden", _("不显示")


HOT_DAYS = parameters.declare(
    "search.hot_days",
    default=7,
    label="热词：统计最近多少天",
    unit="天",
    source="由本平台设定（待核实）",
    confirmed=False,
).key
HOT_SEARCHERS = parameters.declare(
    "search.hot_searchers",
    default=5,
    label="热词：至少有多少人查过才显示",
    unit="人次（同一人同一天只算一次）",
    source="由本平台设定（待核实）：人数太少时，一个词可能指向具体的人",
    confirmed=False,
).key
MOST_WORDS_A_DAY = parameters.declare(
    "search.most_words_a_day",
    default=5000,
    label="检索词：每天最多统计多少个不同的词",
    unit="个",
    source="由本平台设定（待核实）：防止有人用程序写满统计表",
    confirmed=False,
).key
MOST_HOT: Final = 10

#: what the index holds data for
INDEX = Activity(purpose="查找公开的事项和页面", basis=Basis.DUTY, kept="与所指的对象一起删除")
#: what words are counted for; a name of a person that somebody typed may be among them
SEARCHED = Activity(
    purpose="统计公众查找什么、什么查不到，改进网站内容",
    basis=Basis.DUTY,
    kept="按期删除",
    stays="只有词和次数，不记是谁查的，也就无从按人查找",
    period=retention.days(
        "search_words",
        90,
        label="检索词统计保留天数",
        source="个人信息保护法第十九条（最短必要时间），天数由本平台设定（待核实）",
    ),
)
#: words an editor shows or hides; a name that is hidden must be known to stay hidden
STANDS = Activity(
    purpose="固定显示或者不显示某个热词",
    basis=Basis.DUTY,
    kept="取消固定或者隐藏时删除",
    stays="姓名隐藏以后仍要认得出来，才能一直不显示",
)
MARKS_PERIOD = retention.days(
    "search_marks", 1, label="检索人次标记保留天数", source="个人信息保护法第十九条（最短必要时间），由本平台设定"
)
