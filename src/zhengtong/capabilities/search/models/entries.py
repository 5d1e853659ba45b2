"""The index: one row for each thing that can be found."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.search.constants import INDEX, PUBLIC
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.inventory import of_citizen, personal
from zhengtong.kernel.models import Row


def public_access() -> list[str]:
    """The access of things that anybody may find."""
    return [PUBLIC]


class SearchEntry(Row):
    """检索条目：可以随时由各应用重建，从不作为记录使用。

    Personal data: whatever the indexing app puts into title, summary and body of entries that are not public;
    it leaves with the object it tells of.
    """

    PERSONAL_DATA = personal(of_citizen("title", "summary", "body", activity=INDEX))

    kind = models.CharField(_("种类"), max_length=40)
    object_id = models.CharField(_("对象标识"), max_length=80)
    title = models.CharField(_("标题"), max_length=300)
    summary = models.TextField(_("摘要"), blank=True)
    body = models.TextField(_("正文"), blank=True)
    url = models.CharField(_("网址"), max_length=300)
    tsv = SearchVectorField(_("词位"))
    access = ArrayField(models.CharField(max_length=80), verbose_name=_("可见范围"), default=public_access)
    weight = models.PositiveSmallIntegerField(_("加权"), default=0)
    updated_at = models.DateTimeField(_("更新时间"), default=now)
    part = models.CharField(_("细类"), max_length=40, blank=True, default="", db_default="")
    site = models.CharField(_("网站标识"), max_length=40, blank=True, default="", db_default="")
    org_code = models.CharField(_("单位代码"), max_length=20, blank=True, default="", db_default="")
    org_name = models.CharField(_("单位"), max_length=120, blank=True, default="", db_default="")
    dated = models.DateField(_("日期"), default=local_date, db_default="1970-01-01")
    facts = models.JSONField(_("要点"), default=list, db_default=Value([], models.JSONField()))
    acts = models.JSONField(_("可办"), default=list, db_default=Value([], models.JSONField()))

    class Meta:
        verbose_name = _("检索条目")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "object_id"], name="search_entry_once"),
        ]
        indexes = [GinIndex(fields=["tsv"], name="search_entry_words", fastupdate=False)]
