"""Words of the site group: kinds of sites and columns, roles, acts."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import DUTY, FILE_COPY, Activity, Basis

SITE_KIND, PAGE_KIND = "site", "site_page"
PICTURE_KIND, DOCUMENT_KIND = "site_picture", "site_document"
WORDS_KIND, BANNER_KIND = "site_words", "site_banner"

EDITOR, PUBLISHER, ADMIN = "site_editor", "site_publisher", "site_admin"
#: who works in the content management
STAFF_ROLES: Final = (EDITOR, PUBLISHER, ADMIN)

TITLE_MAX, REASON_MIN, REASON_MAX = 100, 5, 500
PAGE_SIZE = 20


class SiteKind(models.TextChoices):
    """Whose site it is."""

    PORTAL = "portal", _("门户网站")
    DEPARTMENT = "department", _("部门网站")
    TOWNSHIP = "township", _("乡镇（街道）网站")
    INSTITUTION = "institution", _("单位网站")


class SiteState(models.TextChoices):
    """Whether it may be read."""

    OPEN = "open", _("开通")
    CLOSED = "closed", _("关停")


class ColumnKind(models.TextChoices):
    """What stands in a column; it decides how often it must be renewed and how it is listed."""

    NEWS = "news", _("新闻动态")
    NOTICES = "notices", _("通知公告")
    POLICIES = "policies", _("政策文件")
    DISCLOSURE = "disclosure", _("政府信息公开")
    ABOUT = "about", _("机构职能")
    SERVICES = "services", _("政务服务")
    INTERACTION = "interaction", _("互动交流")
    SPECIAL = "special", _("专题专栏")


class Takes(models.TextChoices):
    """What a column does with articles other sites offer."""

    NONE = "none", _("不接收")
    ASKS = "asks", _("由签发人决定")
    AUTO = "auto", _("自动接收")


class OfferState(models.TextChoices):
    """How far an offered article is."""

    OFFERED = "offered", _("待接收")
    TAKEN = "taken", _("已接收")
    DECLINED = "declined", _("未接收")


class BannerLevel(models.TextChoices):
    """How serious an emergency banner is; two are enough for a line of words."""

    RED = "red", _("特别重要")
    ORANGE = "orange", _("重要")


class Theme(models.TextChoices):
    """The look of a site; contrast of each is examined by a test."""

    RED = "red", _("朱红")
    BLUE = "blue", _("黛蓝")
    GREEN = "green", _("松绿")
    TEAL = "teal", _("湖青")
    BROWN = "brown", _("赭石")
    INK = "ink", _("墨灰")


#: theme → (band, accent): both carry white text
THEME_COLOURS: Final = {
    Theme.RED: ("#9d1016", "#b01217"),
    Theme.BLUE: ("#123f73", "#0b5cad"),
    Theme.GREEN: ("#1d5a3c", "#1f6b45"),
    Theme.TEAL: ("#0f5560", "#0d6471"),
    Theme.BROWN: ("#6b3a1b", "#854a24"),
    Theme.INK: ("#2b3440", "#3b4858"),
}

ACT_LABELS = {
    "sites.create": "开通网站",
    "sites.import": "导入文章",
    "sites.publish": "发布网页",
    "sites.withdraw": "撤下网页",
    "sites.offer": "推送文章",
    "sites.take": "接收推送的文章",
    "sites.decline": "不接收推送的文章",
    "sites.step": "随原文更新",
    "sites.banner_propose": "提出紧急提示",
    "sites.banner_approve": "批准紧急提示",
    "sites.banner_end": "结束紧急提示",
    "sites.words": "修改用词表",
    "sites.import_word": "导入 Word 文章",
    "sites.file_add": "上传图片或附件",
    "sites.file_rename": "修改图片或附件的说明",
    "sites.file_remove": "删除图片或附件",
}
OBJECT_LABELS = {
    SITE_KIND: "网站",
    PAGE_KIND: "网页",
    PICTURE_KIND: "网站图片",
    DOCUMENT_KIND: "网站附件",
    WORDS_KIND: "用词表",
    BANNER_KIND: "紧急提示",
}

#: the names of who wrote and who published stay with the page they answer for
WEB_PAGES: Final = Activity(
    purpose="公开政府信息，记录谁编辑、谁发布",
    basis=Basis.DUTY,
    kept="与网页一起保存",
    stays=DUTY.stays,
    copies=(FILE_COPY,),
)
