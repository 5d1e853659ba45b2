"""Items of power and service, and their versions."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.catalogue.constants import (
    GENERAL_FORM,
    LICENCE_TEMPLATE,
    OPEN,
    UNPUBLISHED,
    WATCHING,
    ApplicantType,
    ExerciseLevel,
    HandlingKind,
    ItemKind,
    LineOutcome,
    LineVerdict,
    ListState,
    MemoryKind,
    OnlineDepth,
    Origin,
    PowerType,
    SuccessionOutcome,
    VersionStatus,
)
from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.kernel.models import Row

_LIMIT = r"^(NONE|[0-9]{1,4} (WD|D|H|MONTH|YEAR))$"


class Item(Row):
    """事项：一个部门依法行使的一项权力或提供的一项服务；内容都在版本里。

    Personal data: none.
    """

    code = models.CharField(_("实施编码"), max_length=31, null=True)
    kind = models.CharField(_("事项形态"), max_length=6, choices=ItemKind, default=ItemKind.SINGLE, db_default="single")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("主项"))
    power_type = models.CharField(_("事项类型"), max_length=2, choices=PowerType.choices)
    org_id = models.UUIDField(_("实施部门标识"))
    org_code = models.CharField(_("实施部门代码"), max_length=20)
    org_name = models.CharField(_("实施部门"), max_length=200)
    uses = models.PositiveIntegerField(_("申请次数"), default=0)
    featured = models.PositiveSmallIntegerField(_("常用排序"), default=0)

    class Meta:
        verbose_name = _("事项")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="catalogue_item_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Z]{31}$"), name="catalogue_item_code"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="catalogue_item_not_own_parent"),
        ]
        indexes = [models.Index(fields=["tenant", "org_code"], name="catalogue_item_unit")]


class ItemVersion(Row):
    """事项版本：发布后不再改变，改动就是新的版本；正在办理的案件仍按原版本。

    A draft has no number yet, may be incomplete, and there is one at a time for an item; ``process_version`` and
    ``form_version`` are pinned when it is published. ``header`` holds what the item itself gets at publication: code,
    kind, main item, power type, unit and place among the often used. ``executors`` are the units that carry it out
    where that is not the department itself, ``answers`` the author's reasons for what looks odd, ``authors`` everybody
    who saved it, ``reviews`` how often a review was begun; ``valid_from`` of a draft is the day asked for.

    Personal data: who drew it up, kept as long as the version.
    """

    PERSONAL_DATA = personal(of_official("author_id", "author_name", "authors"))

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", verbose_name=_("事项"))
    version = models.PositiveIntegerField(_("版本号"), null=True)
    status = models.CharField(_("状态"), max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT)
    valid_from = models.DateField(_("启用日期"), null=True)
    valid_until = models.DateField(_("停用日期"), null=True)
    name = models.CharField(_("事项名称"), max_length=200)
    legal_basis = models.TextField(_("设定依据"), blank=True)
    exercise_level = models.CharField(
        _("行使层级"), max_length=1, choices=ExerciseLevel, default=ExerciseLevel.COUNTY, db_default="4"
    )
    exercise_note = models.CharField(_("权限划分"), max_length=500, blank=True, default="", db_default="")
    responsibilities = models.JSONField(_("责任事项"), default=list, db_default=[])
    accountability = models.TextField(_("追责情形"), blank=True, default="", db_default="")
    applicant_type = models.CharField(_("服务对象"), max_length=8, choices=ApplicantType.choices)
    handling_kind = models.CharField(_("办件类型"), max_length=1, choices=HandlingKind.choices)
    statutory_limit = models.CharField(_("法定时限"), max_length=12, blank=True)
    promised_limit = models.CharField(_("承诺时限"), max_length=12, blank=True)
    joint_departments = models.JSONField(_("联办部门"), default=list)
    special_steps = models.JSONField(_("特别环节"), default=list)
    fee = models.CharField(_("收费"), max_length=200, blank=True)
    fees = models.JSONField(_("收费标准"), default=list, db_default=[])
    commitment = models.JSONField(_("告知承诺"), default=dict, db_default={})
    members = models.JSONField(_("一件事成员"), default=list, db_default=[])
    executors = models.JSONField(_("实施单位"), default=list, db_default=[])
    visits = models.PositiveSmallIntegerField(_("到现场次数"), null=True)
    result_document = models.CharField(_("办理结果"), max_length=200, blank=True)
    result_title = models.CharField(_("结果文书标题"), max_length=100, blank=True)
    result_template = models.CharField(_("结果文书模板"), max_length=40, default=LICENCE_TEMPLATE)
    validity = models.CharField(_("有效期"), max_length=100, blank=True)
    materials = models.JSONField(_("申请材料"), default=list)
    online_depth = models.CharField(_("网办深度"), max_length=3, choices=OnlineDepth.choices)
    conditions = models.JSONField(_("办理条件"), default=list)
    quantity = models.CharField(_("数量限制"), max_length=200, blank=True)
    flow = models.JSONField(_("办理程序"), default=list)
    window = models.CharField(_("办理窗口"), max_length=200, blank=True)
    address = models.CharField(_("办理地址"), max_length=200, blank=True)
    hours = models.CharField(_("办理时间"), max_length=200, blank=True)
    phone = models.CharField(_("咨询电话"), max_length=60, blank=True)
    complaint = models.CharField(_("监督投诉"), max_length=200, blank=True)
    faq = models.JSONField(_("常见问题"), default=list)
    process_key = models.CharField(_("流程"), max_length=60, blank=True)
    process_version = models.PositiveIntegerField(_("流程版本"), null=True)
    form_key = models.CharField(_("表单"), max_length=60, default=GENERAL_FORM)
    form_version = models.PositiveIntegerField(_("表单版本"), null=True)
    themes = ArrayField(models.CharField(max_length=40), verbose_name=_("主题"), default=list)
    confirmed = ArrayField(models.CharField(max_length=40), verbose_name=_("已核实的要素"), default=list)
    notes = models.JSONField(_("核对提示"), default=list)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    header = models.JSONField(_("事项要素"), default=dict, db_default={})
    origin = models.CharField(_("来源"), max_length=6, choices=Origin, default=Origin.SETUP, db_default="setup")
    change_reason = models.CharField(_("修改理由"), max_length=500, blank=True, default="", db_default="")
    revision = models.PositiveIntegerField(_("保存次数"), default=0, db_default=0)
    author_id = models.UUIDField(_("编制人标识"), null=True)
    author_name = models.CharField(_("编制人"), max_length=60, blank=True, default="", db_default="")
    saved_at = models.DateTimeField(_("保存时间"), null=True)
    authors = ArrayField(models.UUIDField(), verbose_name=_("参与编制的人员标识"), default=list, db_default=[])
    answers = models.JSONField(_("情况说明"), default=dict, db_default={})
    reviews = models.PositiveSmallIntegerField(_("送审次数"), default=0, db_default=0)
    case_id = models.UUIDField(_("审核办件标识"), null=True)
    returned = models.BooleanField(_("退回修改中"), default=False, db_default=False)

    class Meta:
        verbose_name = _("事项版本")
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="catalogue_version_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(status=VersionStatus.PUBLISHED), name="catalogue_one_published"
            ),
            models.UniqueConstraint(fields=["item"], condition=Q(status__in=OPEN), name="catalogue_one_draft"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(status=VersionStatus.SCHEDULED), name="catalogue_one_scheduled"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="catalogue_version_from_one"),
            models.CheckConstraint(
                condition=Q(statutory_limit__regex=_LIMIT, promised_limit__regex=_LIMIT) | Q(status__in=UNPUBLISHED),
                name="catalogue_limits",
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNPUBLISHED)
                | Q(valid_from__isnull=False, published_at__isnull=False, version__isnull=False),
                name="catalogue_published_has_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="catalogue_period"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "status", "name"], name="catalogue_version_list"),
            models.Index(fields=["case_id"], name="catalogue_version_case"),
            GinIndex(fields=["themes"], name="catalogue_version_themes"),
        ]

    @property
    def under_review(self) -> bool:
        """Whether its review is under way: it is being judged, or was sent back to be changed."""
        return self.status == VersionStatus.REVIEW or (self.status == VersionStatus.DRAFT and self.returned)


class ItemWatch(Row):
    """关注：a person who wants to hear when an item changes or is taken out of use.

    Personal data: who watches what, deleted when the person stops watching or his account is erased.
    """

    PERSONAL_DATA = personal(of_citizen("person_id", activity=WATCHING))

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+", verbose_name=_("事项"))
    person_id = models.UUIDField(_("关注人标识"))

    class Meta:
        verbose_name = _("事项关注")
        constraints = [models.UniqueConstraint(fields=["item", "person_id"], name="catalogue_watch_once")]
        indexes = [models.Index(fields=["tenant", "person_id"], name="catalogue_watch_person")]


class ReviewCounter(models.Model):
    """The last number of a review drawn on a day.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(_("租户"), max_length=12)
    day = models.DateField(_("日期"))
    last = models.PositiveIntegerField(_("最后序号"))

    class Meta:
        verbose_name = _("送审编号计数")
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="catalogue_review_counter_once")]


class ItemSuccession(Row):
    """事项承接：an item whose unit was merged or abolished; the keeper of the list says who carries it on.

    ``heir_*`` is who carries on the unit's work, empty where nobody does.

    Personal data: name of the official who settled it, kept with the item.
    """

    PERSONAL_DATA = personal(of_official("settled_by"))

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", verbose_name=_("事项"))
    from_org_id = models.UUIDField(_("原实施部门标识"))
    from_org_name = models.CharField(_("原实施部门"), max_length=200)
    heir_id = models.UUIDField(_("承继单位标识"), null=True)
    heir_name = models.CharField(_("承继单位"), max_length=200, blank=True)
    since = models.DateField(_("变动日期"))
    outcome = models.CharField(_("处理结果"), max_length=10, choices=SuccessionOutcome, blank=True, default="")
    reason = models.CharField(_("处理依据"), max_length=500, blank=True, default="")
    settled_by = models.CharField(_("处理人"), max_length=60, blank=True, default="")
    settled_at = models.DateTimeField(_("处理时间"), null=True)

    class Meta:
        verbose_name = _("事项承接")
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(outcome=""), name="catalogue_one_open_succession"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True) | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="catalogue_succession_settled",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "outcome", "since"], name="catalogue_succession_list")]


class ItemList(Row):
    """送来的事项表：one file of an office, how it is to be read, and what came of it.

    ``choices`` holds what somebody put right (columns, heading rows, sheets left out, types of sheets, departments),
    ``summary`` the counts of the last judgement. ``org_code`` restricts it to one unit's items; empty: the county's.

    Personal data: name of the official who sent it in, kept as long as the list (三年); the file may name people who
    filled it in.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name", "file"))

    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("文件"))
    file_name = models.CharField(_("文件名"), max_length=200)
    sender = models.CharField(_("报送单位"), max_length=100)
    org_code = models.CharField(_("限定部门代码"), max_length=20, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=ListState, default=ListState.OPEN)
    choices = models.JSONField(_("人工核对"), default=dict)
    summary = models.JSONField(_("核对结果"), default=dict)
    total = models.PositiveIntegerField(_("应导入行数"), default=0)
    done = models.PositiveIntegerField(_("已处理行数"), default=0)
    person_id = models.UUIDField(_("导入人标识"), null=True)
    person_name = models.CharField(_("导入人"), max_length=60, blank=True)
    entered_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        verbose_name = _("事项导入")
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="catalogue_list_progress"),
            models.CheckConstraint(
                condition=~Q(state=ListState.ENTERED) | Q(entered_at__isnull=False), name="catalogue_list_entered"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "created_at"], name="catalogue_list_newest")]


class ItemListLine(Row):
    """事项表的一行：verdict and reasons of the last judgement, and what entering it did.

    ``problems`` are objects of code, field, severity and message.

    Personal data: none beyond what an office wrote into the list itself.
    """

    item_list = models.ForeignKey(ItemList, on_delete=models.CASCADE, related_name="+", verbose_name=_("事项导入"))
    place = models.PositiveIntegerField(_("次序"))
    sheet = models.CharField(_("工作表"), max_length=100)
    row = models.PositiveIntegerField(_("行号"))
    verdict = models.CharField(_("核对结果"), max_length=10, choices=LineVerdict)
    name = models.CharField(_("事项名称"), max_length=300, blank=True)
    department = models.CharField(_("实施部门"), max_length=200, blank=True)
    written_department = models.CharField(_("原写部门"), max_length=200, blank=True)
    statutory_limit = models.CharField(_("法定时限"), max_length=12, blank=True)
    promised_limit = models.CharField(_("承诺时限"), max_length=12, blank=True)
    problems = models.JSONField(_("问题"), default=list)
    planned = models.CharField(_("拟作处理"), max_length=10, choices=LineOutcome, blank=True, default="")
    outcome = models.CharField(_("导入结果"), max_length=10, choices=LineOutcome, blank=True, default="")
    outcome_note = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("事项导入行")
        constraints = [models.UniqueConstraint(fields=["item_list", "place"], name="catalogue_list_line_once")]
        indexes = [models.Index(fields=["item_list", "verdict", "place"], name="catalogue_list_verdict")]


class ListMemory(Row):
    """报送习惯：what a sender's heading or department name was found to mean, used for his next list.

    Personal data: none.
    """

    sender = models.CharField(_("报送单位"), max_length=100)
    kind = models.CharField(_("种类"), max_length=12, choices=MemoryKind)
    written = models.CharField(_("原写文字"), max_length=200)
    meaning = models.CharField(_("对应"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("导入对应")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sender", "kind", "written"], name="catalogue_memory_once")
        ]
