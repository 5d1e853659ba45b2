"""What people searched for, counted by day and site without anybody's name, and what editors did about it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.search.constants import SEARCHED, STANDS, Stand
from zhengtong.kernel.clock import now
from zhengtong.kernel.inventory import of_third, personal
from zhengtong.kernel.models import Row


class SearchedWord(Row):
    """检索词统计：一天、一个网站、一个词一行，只有次数和人次，没有谁查的。

    Personal data: a name of a person that somebody typed; numbers of people and telephones are refused.
    """

    PERSONAL_DATA = personal(of_third("words", activity=SEARCHED))

    day = models.DateField(_("日期"))
    words = models.CharField(_("检索词"), max_length=30)
    site = models.CharField(_("网站标识"), max_length=40, blank=True)
    times = models.PositiveIntegerField(_("次数"), default=0)
    searchers = models.PositiveIntegerField(_("人次"), default=0)
    found = models.PositiveIntegerField(_("最近一次找到的条数"), default=0)
    last_at = models.DateTimeField(_("最近一次"), default=now)

    class Meta:
        verbose_name = _("检索词统计")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "day", "words", "site"], name="search_word_once_a_day"),
            models.CheckConstraint(condition=Q(searchers__lte=F("times")), name="search_word_counts"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "words"], name="search_word_missed", condition=Q(found=0)),
        ]

    def __str__(self) -> str:
        return self.words


class SearchMark(Row):
    """检索人次标记：只为同一人同一天查同一个词不重复计数，过一天就删。

    Personal data: none: the mark cannot be turned back, and two marks of a person cannot be joined.
    """

    PERSONAL_DATA = personal()

    mark = models.CharField(_("标记"), max_length=32)

    class Meta:
        verbose_name = _("检索人次标记")
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "mark"], name="search_mark_once")]


class WordStand(Row):
    """热词处置：编辑固定显示或者不显示的词。

    Personal data: a name somebody typed and an editor hid; who decided is in the ledger.
    """

    PERSONAL_DATA = personal(of_third("words", activity=STANDS))

    words = models.CharField(_("检索词"), max_length=30)
    stand = models.CharField(_("处置"), max_length=8, choices=Stand.choices)

    class Meta:
        verbose_name = _("热词处置")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "words"], name="search_stand_once"),
            models.CheckConstraint(condition=Q(stand__in=Stand.values), name="search_stand_words"),
        ]

    def __str__(self) -> str:
        return self.words


class HandledWord(Row):
    """没有结果的检索词的处理：每次处理一行，之后又查不到的重新列出来。

    Personal data: a name somebody typed; who handled it is in the ledger.
    """

    PERSONAL_DATA = personal(of_third("words", activity=SEARCHED))

    words = models.CharField(_("检索词"), max_length=30)
    note = models.CharField(_("处理说明"), max_length=200)
    synonym = models.CharField(_("设为同义词"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("检索词处理")
        indexes: ClassVar = [models.Index(fields=["tenant", "words", "-created_at"], name="search_handled_last")]

    def __str__(self) -> str:
        return self.words
