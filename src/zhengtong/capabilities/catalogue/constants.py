"""Words of the catalogue: types, kinds, depths, states, keys of processes and forms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ITEM_KIND = "item"  # of references and search entries


class PowerType(models.TextChoices):
    """事项类型代码（GB/T 39046 附录 A.1）."""

    LICENCE = "01", _("行政许可")
    PENALTY = "02", _("行政处罚")
    COERCION = "03", _("行政强制")
    LEVY = "04", _("行政征收")
    PAYMENT = "05", _("行政给付")
    INSPECTION = "06", _("行政检查")
    CONFIRMATION = "07", _("行政确认")
    REWARD = "08", _("行政奖励")
    RULING = "09", _("行政裁决")
    OTHER = "10", _("其他行政权力")
    PUBLIC_SERVICE = "20", _("公共服务")


class ItemKind(models.TextChoices):
    """A single item, or one matter in life (一件事) that joins several."""

    SINGLE = "single", _("单一事项")
    BUNDLE = "bundle", _("一件事")


class ExerciseLevel(models.TextChoices):
    """行使层级代码（GB/T 39046 附录 A.2）."""

    NATION = "1", _("国家级")
    PROVINCE = "2", _("省级")
    CITY = "3", _("市级")
    COUNTY = "4", _("县级")
    TOWN = "5", _("镇（乡、街道）级")
    VILLAGE = "6", _("村（社区）级")
    SHARED = "7", _("分级管理")


class Origin(models.TextChoices):
    """How a draft came in."""

    PAGE = "page", _("页面编制")
    SHEET = "sheet", _("表格导入")
    SETUP = "setup", _("初始化")


class ApplicantType(models.TextChoices):
    """Who may apply."""

    PERSON = "person", _("自然人")
    LEGAL = "legal", _("法人")
    BOTH = "both", _("自然人和法人")


class HandlingKind(models.TextChoices):
    """办件类型（GB/T 39046 附录 A.6）."""

    INSTANT = "1", _("即办件")
    PROMISED = "2", _("承诺件")
    OTHER = "9", _("其他")


class OnlineDepth(models.TextChoices):
    """How far an item can be handled without coming to the hall."""

    WINDOW = "I", _("窗口办理")
    PREVIEW = "II", _("网上预审")
    ACCEPT = "III", _("网上受理")
    FULL = "IV", _("全程网办")


class VersionStatus(models.TextChoices):
    """暂存→审核→发布→停用；一个事项同时只有一个已发布的版本和一个暂存或审核中的版本。"""

    DRAFT = "draft", _("暂存")
    REVIEW = "review", _("审核中")
    PUBLISHED = "published", _("已发布")
    RETIRED = "retired", _("已停用")


class MaterialSource(models.TextChoices):
    """Where a material comes from (材料来源渠道)."""

    APPLICANT = "applicant", _("申请人自备")
    OFFICE = "office", _("政府部门核发")
    OTHER = "other", _("其他")


class MaterialForm(models.TextChoices):
    """In what form a material is handed in; stored in the words of the item list."""

    ORIGINAL = "原件", _("原件")
    COPY = "复印件", _("复印件")
    SHARED = "数据共享", _("数据共享")


PROCESS_INSTANT = "instant"
PROCESS_JOINT = "joint"
PROCESS_STANDARD = "standard"
GENERAL_FORM = "general"
LICENCE_TEMPLATE = "licence"
