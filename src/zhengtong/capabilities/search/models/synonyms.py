"""The county's synonyms, version by version."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import personal
from zhengtong.kernel.models import Row


class SynonymList(Row):
    """同义词表：每行一组意思相同的词，每次保存是新的一版，旧版不改。

    Personal data: none; who saved it is in the ledger.
    """

    PERSONAL_DATA = personal()

    version = models.PositiveIntegerField(_("版次"))
    text = models.TextField(_("内容"))
    note = models.CharField(_("修改说明"), max_length=200)

    class Meta:
        verbose_name = _("同义词表")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "version"], name="search_synonyms_version"),
            models.CheckConstraint(condition=Q(version__gt=0), name="search_synonyms_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.version}"
