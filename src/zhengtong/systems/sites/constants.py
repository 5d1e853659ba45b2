"""Words of the site group: kinds of sites and columns, roles, acts."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters, retention
from zhengtong.kernel.inventory import DUTY, FILE_COPY, Activity, Basis

SITE_KIND, PAGE_KIND = "site", "site_page"
PICTURE_KIND, DOCUMENT_KIND = "site_picture", "site_document"
WORDS_KIND, BANNER_KIND = "site_words", "site_banner"
INSPECTION_KIND, FINDING_KIND, WORK_REPORT_KIND = "site_inspection", "site_finding", "site_work_report"
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
    TOPIC = "topic", _("专题网站")


#: a unit has one of these; a portal and topics come beside it
ONE_A_UNIT: Final = (SiteKind.DEPARTMENT, SiteKind.TOWNSHIP, SiteKind.INSTITUTION)


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


class Indicator(models.TextChoices):
    """What the daily inspection of a site looks for."""

    UNREACHABLE = "unreachable", _("打不开")
    HOME_STALE = "home_stale", _("首页没有更新")
    NEWS_STALE = "news_stale", _("动态类栏目没有更新")
    NOTICE_STALE = "notice_stale", _("通知、政策类栏目没有更新")
    CYCLE_PASSED = "cycle_passed", _("超过更新周期")
    EMPTY = "empty", _("空白栏目")
    UNANSWERED = "unanswered", _("公众来信没有答复")
    SERIOUS = "serious", _("严重表述错误")
    WORD = "word", _("错别字")
    DEAD_LINK = "dead_link", _("错链断链")
    FOOTER = "footer", _("页脚标识不全")


class Explained(models.TextChoices):
    """Whether a finding was explained, and what the keeper of the group said to it."""

    NO = "no", _("没有说明")
    ASKED = "asked", _("说明待审核")
    ACCEPTED = "accepted", _("说明成立")
    REFUSED = "refused", _("说明不成立")


class ReportState(models.TextChoices):
    """How far a yearly work report is."""

    DRAFT = "draft", _("编制中")
    PUBLISHED = "published", _("已公布")


#: who reads what the inspection found: those who keep the site, the head of its unit, supervisors
INSPECTION_READERS: Final = (*STAFF_ROLES, "leader", "supervisor")

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
    "sites.facts": "修改网站资料",
    "sites.look": "设置网站外观",
    "sites.host": "设置网站域名",
    "sites.free_host": "放弃旧域名",
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
    "sites.inspect": "网站监测",
    "sites.explain": "说明监测发现",
    "sites.review_explanation": "审核监测发现的说明",
    "sites.work_report": "编制网站工作年度报表",
    "sites.publish_work_report": "公布网站工作年度报表",
}
OBJECT_LABELS = {
    SITE_KIND: "网站",
    PAGE_KIND: "网页",
    PICTURE_KIND: "网站图片",
    DOCUMENT_KIND: "网站附件",
    WORDS_KIND: "用词表",
    BANNER_KIND: "紧急提示",
    REVIEW_KIND: "网页审核",
    INSPECTION_KIND: "网站监测",
    FINDING_KIND: "监测发现",
    WORK_REPORT_KIND: "网站工作年度报表",
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

_RULEBOOK: Final = "政府网站与政务新媒体检查指标（国办秘函〔2019〕19号）"
_OWN: Final = "由本平台设定（待核实）"
#: thresholds of the inspection by their short names, as ``rules.inspection.Limits`` has them
INSPECTION_LIMITS: Final = {
    name: parameters.declare(
        f"sites.inspection.{name}",
        default=default,
        label=f"网站监测：{label}",
        unit=unit,
        source=f"{_RULEBOOK}（待核实）" if national else _OWN,
        confirmed=False,
    ).key
    for name, default, label, unit, national in (
        ("home_days", 14, "首页最长多少天没有更新", "天", True),
        ("news_days", 14, "动态类栏目最长多少天没有更新", "天", True),
        ("notice_days", 180, "通知、政策类栏目最长多少天没有更新", "天", True),
        ("letter_days", 90, "公众来信最长多少天没有答复", "天", True),
        ("stale_veto", 5, "单项否决：没有按期更新的动态、通知、政策类栏目", "个", True),
        ("cycle_veto", 10, "单项否决：超过更新周期的栏目", "个", True),
        ("empty_veto", 5, "单项否决：空白栏目", "个", True),
        ("unreachable_percent", 5, "单项否决：一周内打不开的次数占比", "%", True),
        ("window_days", 7, "打不开的占比按最近多少天计算", "天", True),
        ("least_tries", 20, "打不开的占比：少于多少次不计算", "次", False),
        ("remind_days", 3, "栏目更新周期届满前多少天提醒责任人", "天", False),
        ("leader_days", 3, "超过更新周期多少天以后同时提醒单位负责人", "天", False),
    )
}
#: points taken off a month's score for each finding, by indicator
INSPECTION_POINTS: Final = parameters.declare(
    "sites.inspection.points",
    default={
        "unreachable": 10.0,
        "home_stale": 10.0,
        "news_stale": 2.0,
        "notice_stale": 2.0,
        "cycle_passed": 1.0,
        "empty": 2.0,
        "unanswered": 5.0,
        "serious": 10.0,
        "word": 0.5,
        "dead_link": 0.1,
        "footer": 1.0,
    },
    label="网站监测月度得分：每项发现扣分",
    unit="分",
    source=f"{_RULEBOOK}的扣分项，分值待核实",
    confirmed=False,
).key
#: the hour at which the nightly inspection begins, and how many hours later it counts as late
INSPECTION_HOUR: Final = parameters.declare(
    "sites.inspection.hour", default=1, label="网站监测：每天几点开始", unit="时", source=_OWN, confirmed=False
).key
PROBE_MINUTES: Final = parameters.declare(
    "sites.inspection.probe_minutes",
    default=60,
    label="网站监测：每隔多少分钟打开一次首页",
    unit="分钟",
    source=f"{_RULEBOOK}：每天不少于 20 次（待核实）",
    confirmed=False,
).key
PROBE_SECONDS: Final = parameters.declare(
    "sites.inspection.probe_seconds",
    default=15,
    label="网站监测：多少秒没有打开算打不开",
    unit="秒",
    source=f"{_RULEBOOK}（待核实）",
    confirmed=False,
).key
INSPECTION_LATE_HOURS: Final = 4
OUTSIDE_DAYS: Final = parameters.declare(
    "sites.outside.days", default=7, label="站外网址：隔多少天检查一次", unit="天", source=_OWN, confirmed=False
).key
OUTSIDE_FAILED_DAYS: Final = parameters.declare(
    "sites.outside.failed_days", default=2, label="站外网址：几天打不开算断链", unit="天", source=_OWN, confirmed=False
).key
OUTSIDE_SECONDS: Final = parameters.declare(
    "sites.outside.seconds",
    default=15,
    label="站外网址：多少秒没有回答算打不开",
    unit="秒",
    source=_OWN,
    confirmed=False,
).key

#: the names of who wrote and who published stay with the page they answer for
WEB_PAGES: Final = Activity(
    purpose="公开政府信息，记录谁编辑、谁发布",
    basis=Basis.DUTY,
    kept="与网页一起保存",
    stays=DUTY.stays,
    copies=(FILE_COPY,),
)

VISIT_MARKS_PERIOD = retention.days(
    "visit_marks", 1, label="网站访问标记保留天数", source="个人信息保护法第十九条（最短必要时间），由本平台设定"
)
VISITS_PERIOD = retention.days(
    "visits", 400, label="单个网页访问量保留天数", source="由本平台设定（待核实）：够与上一年同月相比"
)
