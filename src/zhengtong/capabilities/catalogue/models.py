"""Items of power and service, and their versions."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.catalogue.constants import (
    GENERAL_FORM,
    LICENCE_TEMPLATE,
    ApplicantType,
    HandlingKind,
    OnlineDepth,
    PowerType,
    VersionStatus,
)
from zhengtong.kernel.models import Row

_LIMIT = r"^(NONE|[0-9]{1,4} (WD|D|H|MONTH|YEAR))$"


class Item(Row):
    """事项：一个部门依法行使的一项权力或提供的一项服务；内容都在版本里。

    Personal data: none.
    """

    code = models.CharField(_("实施编码"), max_length=31)
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
        ]
        indexes = [models.Index(fields=["tenant", "org_code"], name="catalogue_item_unit")]


class ItemVersion(Row):
    """事项版本：发布后不再改变，改动就是新的版本；正在办理的案件仍按原版本。

    Personal data: none.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", verbose_name=_("事项"))
    version = models.PositiveIntegerField(_("版本号"))
    status = models.CharField(_("状态"), max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT)
    valid_from = models.DateField(_("启用日期"), null=True)
    valid_until = models.DateField(_("停用日期"), null=True)
    name = models.CharField(_("事项名称"), max_length=200)
    legal_basis = models.TextField(_("设定依据"))
    applicant_type = models.CharField(_("服务对象"), max_length=8, choices=ApplicantType.choices)
    handling_kind = models.CharField(_("办件类型"), max_length=1, choices=HandlingKind.choices)
    statutory_limit = models.CharField(_("法定时限"), max_length=12)
    promised_limit = models.CharField(_("承诺时限"), max_length=12)
    joint_departments = models.JSONField(_("联办部门"), default=list)
    special_steps = models.JSONField(_("特别环节"), default=list)
    fee = models.CharField(_("收费"), max_length=200, blank=True)
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
    form_key = models.CharField(_("表单"), max_length=60, default=GENERAL_FORM)
    themes = ArrayField(models.CharField(max_length=40), verbose_name=_("主题"), default=list)
    confirmed = ArrayField(models.CharField(max_length=40), verbose_name=_("已核实的要素"), default=list)
    notes = models.JSONField(_("核对提示"), default=list)
    published_at = models.DateTimeField(_("发布时间"), null=True)

    class Meta:
        verbose_name = _("事项版本")
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="catalogue_version_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(status=VersionStatus.PUBLISHED), name="catalogue_one_published"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="catalogue_version_from_one"),
            models.CheckConstraint(
                condition=Q(statutory_limit__regex=_LIMIT, promised_limit__regex=_LIMIT), name="catalogue_limits"
            ),
            models.CheckConstraint(
                condition=Q(status=VersionStatus.DRAFT) | Q(valid_from__isnull=False, published_at__isnull=False),
                name="catalogue_published_has_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="catalogue_period"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "status", "name"], name="catalogue_version_list"),
            GinIndex(fields=["themes"], name="catalogue_version_themes"),
        ]
