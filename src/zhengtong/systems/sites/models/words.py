"""The county's dictionary of wrong words, version by version."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import personal
from zhengtong.kernel.models import Row


class WordList(Row):
    """用词表：错别字和不得使用的词，每次保存是新的一版，旧版不改。

    Personal data: none; who saved it is in the ledger.
    """

    PERSONAL_DATA = personal()

    version = models.PositiveIntegerField(_("版次"))
    text = models.TextField(_("内容"))
    note = models.CharField(_("修改说明"), max_length=200)

    class Meta:
        verbose_name = _("用词表")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "version"], name="sites_word_list_version"),
            models.CheckConstraint(condition=Q(version__gt=0), name="sites_word_list_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.version}"
