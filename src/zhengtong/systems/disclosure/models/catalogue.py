"""信息公开目录: categories by year, entries, guides of units, and which pages of the sites stand."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.disclosure.constants import EntryKind, EntryState, ReviewResult, Validity


class DisclosureCategory(Row):
    """A category of the catalogue in the version of a year; ``code`` is the same in all years.

    Personal data: none.
    """

    year = models.PositiveSmallIntegerField(_("年度"))
    code = models.CharField(_("类别代码"), max_length=12)
    title = models.CharField(_("类别"), max_length=120)
    article = models.CharField(_("条款"), max_length=60)
    level = models.CharField(_("适用层级"), max_length=8)
    place = models.PositiveSmallIntegerField(_("次序"))

    class Meta:
        verbose_name = _("信息公开类别")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "year", "code"], name="disclosure_category_once"),
        ]


class SitePageSeen(Row):
    """A page of the sites as their events told of it; ``live`` is False once it was withdrawn.

    Personal data: none.
    """

    page_id = models.CharField(_("网页标识"), max_length=64)
    path = models.CharField(_("网页地址"), max_length=500)
    org_code = models.CharField(_("单位代码"), max_length=20)
    column = models.CharField(_("栏目"), max_length=255)
    live = models.BooleanField(_("已发布"), default=True)

    class Meta:
        verbose_name = _("网站网页")
        constraints = [models.UniqueConstraint(fields=["tenant", "page_id"], name="disclosure_page_once")]
        indexes = [models.Index(fields=["tenant", "path"], name="disclosure_page_path")]


class CatalogueEntry(Row):
    """One piece of information that is open: what Article 12 asks of a catalogue, and what searching people need.

    ``due_on`` is the twentieth working day after it was made or changed (第二十六条). With ``page_id`` it stands and
    falls with that page of the sites.

    Personal data: names of the officials who reviewed and published; the responsible official named to the public.
    """

    PERSONAL_DATA = personal(
        of_official("responsible", "written_by", "written_by_id", "stood_for_id", "reviewed_by", "published_by_id")
    )

    index_number = models.CharField(_("索引号"), max_length=60)
    org_id = models.UUIDField(_("单位标识"))
    org_code = models.CharField(_("单位代码"), max_length=20)
    org_name = models.CharField(_("单位"), max_length=120)
    category = models.CharField(_("类别代码"), max_length=12)
    kind = models.CharField(_("种类"), max_length=10, choices=EntryKind, default=EntryKind.OTHER)
    maker = models.CharField(_("发文机关"), max_length=120)
    document_number = models.CharField(_("文号"), max_length=80, blank=True)
    title = models.CharField(_("名称"), max_length=200)
    summary = models.CharField(_("内容概述"), max_length=500)
    subject = models.CharField(_("主题"), max_length=80, blank=True)
    responsible = models.CharField(_("责任人"), max_length=60, blank=True)
    made_on = models.DateField(_("生成日期"))
    due_on = models.DateField(_("最迟公开日"))
    validity = models.CharField(_("有效性"), max_length=10, choices=Validity, default=Validity.VALID)
    ended_on = models.DateField(_("废止、失效日期"), null=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="replaces", null=True, verbose_name=_("被替代为")
    )
    address = models.CharField(_("全文网址"), max_length=500)
    page_id = models.CharField(_("网页标识"), max_length=64, blank=True, default="")
    state = models.CharField(_("状态"), max_length=10, choices=EntryState, default=EntryState.DRAFT)
    review = models.CharField(_("公开前审查结论"), max_length=10, choices=ReviewResult, blank=True, default="")
    review_note = models.CharField(_("审查意见"), max_length=300, blank=True, default="")
    reviewed_by = models.CharField(_("审查人"), max_length=60, blank=True, default="")
    reviewed_at = models.DateTimeField(_("审查时间"), null=True)
    written_by = models.CharField(_("编制人"), max_length=60)
    written_by_id = models.UUIDField(_("编制人标识"))
    stood_for_id = models.UUIDField(_("编制人所代的人"), null=True)
    published_by_id = models.UUIDField(_("发布人标识"), null=True)
    published_at = models.DateTimeField(_("公开时间"), null=True)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True)
    withdrawn_why = models.CharField(_("撤下原因"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("信息公开目录条目")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "index_number"], name="disclosure_index_once"),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_at__isnull=False, review="open", published_by_id__isnull=False)
                & ~Q(published_by_id=F("written_by_id")),
                name="disclosure_entry_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(validity="valid", ended_on__isnull=True) | ~Q(validity="valid") & Q(ended_on__isnull=False),
                name="disclosure_entry_ended_when",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")), name="disclosure_entry_replaced"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "category"], name="disclosure_entry_category"),
            models.Index(fields=["tenant", "org_code", "state"], name="disclosure_entry_unit"),
            models.Index(fields=["tenant", "page_id"], name="disclosure_entry_page", condition=~Q(page_id="")),
        ]


class DisclosureGuide(Row):
    """信息公开指南 of a unit (第十二条): one in force for each, a changed one is a new row.

    Personal data: name of the official who published it.
    """

    PERSONAL_DATA = personal(of_official("published_by"))

    org_code = models.CharField(_("单位代码"), max_length=20)
    org_name = models.CharField(_("单位"), max_length=120)
    classification = models.TextField(_("信息分类"))
    arrangement = models.TextField(_("编排体系"))
    obtaining = models.TextField(_("获取方式"))
    office = models.CharField(_("信息公开工作机构"), max_length=120)
    address = models.CharField(_("办公地址"), max_length=200)
    hours = models.CharField(_("办公时间"), max_length=120)
    phone = models.CharField(_("联系电话"), max_length=60)
    fax = models.CharField(_("传真"), max_length=60, blank=True)
    internet = models.CharField(_("互联网联系方式"), max_length=200)
    published_by = models.CharField(_("公布人"), max_length=60)
    ended_at = models.DateTimeField(_("停用时间"), null=True)

    class Meta:
        verbose_name = _("信息公开指南")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "org_code"], condition=Q(ended_at__isnull=True), name="disclosure_guide_one_in_force"
            )
        ]
