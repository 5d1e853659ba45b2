"""Words of the site group: kinds of sites and columns, roles, acts."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters
from zhengtong.kernel.inventory import DUTY, FILE_COPY, Activity, Basis

SITE_KIND, PAGE_KIND = "site", "site_page"
PICTURE_KIND, DOCUMENT_KIND = "site_picture", "site_document"
WORDS_KIND, BANNER_KIND = "site_words", "site_banner"
MIGRATION_KIND = "site_migration"

EDITOR, PUBLISHER, ADMIN = "site_editor", "site_publisher", "site_admin"
#: who works in the content management
STAFF_ROLES: Final = (EDITOR, PUBLISHER, ADMIN)

REVIEW_KIND, PROCESS_REVIEW = "site_review", "site_review"
#: whose tasks the reviews before publication are; the drawing names them
REVIEWERS: Final = ("reviewer", "leader", PUBLISHER)
#: 三审三校: first review, second review, signature
MOST_REVIEWS: Final = 3
#: as long as a submission is one of these its page cannot be sent in again
OPEN_SUBMISSION: Final = ("review", "returned")
#: elements of the drawing
REVISE_STEP, FINAL_STEP = "revise", "final"

TITLE_MAX, REASON_MIN, REASON_MAX = 100, 5, 500
#: titles of old sites are longer than an editor may write them
TITLE_OLD_MAX = 200
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


class SubmissionState(models.TextChoices):
    """Where a page stands that was sent in to be reviewed."""

    REVIEW = "review", _("审核中")
    RETURNED = "returned", _("退回修改")
    SIGNED = "signed", _("已签发")
    WITHDRAWN = "withdrawn", _("已撤回")


class Turn(models.TextChoices):
    """What happens to a page at a moment."""

    UP = "up", _("发布")
    DOWN = "down", _("撤下")


class TurnState(models.TextChoices):
    """Whether it has happened."""

    WAITING = "waiting", _("待执行")
    DONE = "done", _("已执行")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("没有执行")


class ClosingState(models.TextChoices):
    """How far a site is on its way to be closed."""

    ASKED = "asked", _("待审核")
    NOTICE = "notice", _("公告中")
    CLOSED = "closed", _("已关停")
    REFUSED = "refused", _("不同意")
    WITHDRAWN = "withdrawn", _("已撤销")


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


class SourceKind(models.TextChoices):
    """As what an old site comes."""

    CRAWL = "crawl", _("抓取的网页（文件夹或 ZIP）")
    WARC = "warc", _("网页存档（WARC）")
    TABLE = "table", _("表格（CSV、XLSX）")
    WXR = "wxr", _("WordPress 导出文件（WXR）")
    SQL = "sql", _("数据库查询")


class MigrationState(models.TextChoices):
    """How far the taking over of an old site is."""

    NEW = "new", _("待试运行")
    PLANNING = "planning", _("正在试运行")
    PLANNED = "planned", _("试运行完成，待导入")
    WRITING = "writing", _("正在导入")
    DONE = "done", _("导入完成")
    STOPPED = "stopped", _("已停止")
    FAILED = "failed", _("读不出来")


class RowVerdict(models.TextChoices):
    """What becomes of a page of an old site."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("更新")
    SAME = "same", _("没有变化")
    MOVED = "moved", _("跳转")
    REFUSED = "refused", _("不导入")


class RowOutcome(models.TextChoices):
    """What became of it."""

    NONE = "", _("还没有导入")
    WRITTEN = "written", _("已导入")
    HELD = "held", _("已存为草稿")
    REFUSED = "refused", _("没有导入")


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
    "sites.override": "不按检查结果发布",
    "sites.words": "修改用词表",
    "sites.import_word": "导入 Word 文章",
    "sites.file_add": "上传图片或附件",
    "sites.file_rename": "修改图片或附件的说明",
    "sites.file_remove": "删除图片或附件",
    "sites.plan_reviews": "设定审核级数",
    "sites.submit": "网页送审",
    "sites.review_returned": "网页退回修改",
    "sites.review_withdrawn": "撤回网页送审",
    "sites.schedule": "定时发布或撤下网页",
    "sites.unschedule": "取消定时",
    "sites.schedule_failed": "定时没有执行",
    "sites.delete": "网页移入回收站",
    "sites.restore": "恢复网页",
    "sites.purge": "清除回收站的网页",
    "sites.preview_link": "开出预览链接",
    "sites.preview_read": "通过预览链接阅读",
    "sites.preview_end": "停用预览链接",
    "sites.hold_page": "锁定网页",
    "sites.release_page": "解除网页锁定",
    "sites.take_over_page": "接手编辑网页",
    "sites.hand_over": "移交网站",
    "sites.set_duty": "设定栏目责任人",
    "sites.end_duty": "取消栏目责任人",
    "sites.ask_to_close": "申请关停网站",
    "sites.decide_closing": "审核网站关停",
    "sites.close": "关停网站",
    "sites.migration_begin": "开始迁移旧网站",
    "sites.migration_rules": "修改迁移规则",
    "sites.migration_planned": "迁移试运行",
    "sites.migration_start": "开始导入旧网站",
    "sites.migration_batch": "导入一批旧网页",
    "sites.migration_done": "旧网站导入完成",
    "sites.migration_stop": "停止迁移",
    "sites.old_host": "登记旧域名",
    "sites.export": "导出网站",
    "sites.restore_site": "从导出包恢复网站",
    "cases.decide.sign": "同意签发",
}
OBJECT_LABELS = {
    SITE_KIND: "网站",
    PAGE_KIND: "网页",
    PICTURE_KIND: "网站图片",
    DOCUMENT_KIND: "网站附件",
    WORDS_KIND: "用词表",
    BANNER_KIND: "紧急提示",
    REVIEW_KIND: "网页审核",
    MIGRATION_KIND: "网站迁移",
}

REVIEW_LEVELS = parameters.declare(
    "sites.review_levels",
    default=0,
    label="网页审核级数：网站没有自己设定时",
    unit="级（0 为签发人直接签发）",
    source="政府网站发展指引（国办发〔2017〕47号）要求建立审核把关制度，级数由各地设定（待核实）",
    confirmed=False,
).key
REVIEW_LIMIT = parameters.declare(
    "sites.review_limit",
    default="1 WD",
    label="网页审核：每一审的时限",
    unit="",
    source="由本平台设定（待核实）",
    confirmed=False,
).key
BIN_DAYS = parameters.declare(
    "sites.bin_days",
    default=30,
    label="网页回收站保留天数",
    unit="天",
    source="由本平台设定（待核实）",
    confirmed=False,
).key
CLOSING_DAYS = parameters.declare(
    "sites.closing_notice_days",
    default=30,
    label="网站关停前的公告天数",
    unit="天",
    source="政府网站发展指引（国办发〔2017〕47号）要求公告，天数由各地设定（待核实）",
    confirmed=False,
).key
PREVIEW_HOURS, PREVIEW_READS = 72, 100

#: the names of who wrote and who published stay with the page they answer for
WEB_PAGES: Final = Activity(
    purpose="公开政府信息，记录谁编辑、谁发布",
    basis=Basis.DUTY,
    kept="与网页一起保存",
    stays=DUTY.stays,
    copies=(FILE_COPY,),
)
