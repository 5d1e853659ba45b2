"""Words of the catalogue: types, kinds, depths, states, keys of processes and forms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters
from zhengtong.kernel.inventory import Activity, Basis

ITEM_KIND = "item"  # of references and search entries
REVIEW_KIND = "item_review"  # subject of a review's case: the version and which time it was sent


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
    """A single item, one matter in life (一件事) that joins several, or a main item that only heads its sub-items."""

    SINGLE = "single", _("单一事项")
    BUNDLE = "bundle", _("一件事")
    MAIN = "main", _("主项")


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
    """暂存→审核→（待生效→）发布→停用；一个事项同时只有一个已发布的、一个待生效的和一个暂存或审核中的版本。

    A draft ends without publication when the review refuses it or its author gives it up.
    """

    DRAFT = "draft", _("暂存")
    REVIEW = "review", _("审核中")
    SCHEDULED = "scheduled", _("待生效")
    PUBLISHED = "published", _("已发布")
    RETIRED = "retired", _("已停用")
    REFUSED = "refused", _("审核未通过")
    DISCARDED = "discarded", _("已作废")


#: a draft that is being worked on; one at a time for an item
OPEN = (VersionStatus.DRAFT, VersionStatus.REVIEW)
#: versions that never were in force: they may be incomplete and have no number
UNPUBLISHED = (*OPEN, VersionStatus.REFUSED, VersionStatus.DISCARDED)


class MaterialSource(models.TextChoices):
    """Where a material comes from (材料来源渠道)."""

    APPLICANT = "applicant", _("申请人自备")
    OFFICE = "office", _("政府部门核发")
    OTHER = "other", _("其他")


class FeeRaised(models.TextChoices):
    """When the order to pay a fee goes out by itself; otherwise an official makes it out."""

    BY_HAND = "", _("由经办人开具")
    ACCEPTANCE = "acceptance", _("受理时自动开具")
    DECISION = "decision", _("准予时自动开具")


class MaterialForm(models.TextChoices):
    """In what form a material is handed in; stored in the words of the item list."""

    ORIGINAL = "原件", _("原件")
    COPY = "复印件", _("复印件")
    SHARED = "数据共享", _("数据共享")


class SuccessionOutcome(models.TextChoices):
    """What became of an item whose unit was merged or abolished."""

    OPEN = "", _("待处理")
    TAKEN_OVER = "taken_over", _("由承继单位实施")
    RETIRED = "retired", _("停用")


class ReviewStep(models.TextChoices):
    """Steps of the drawing ``item_review``, by their identifiers."""

    LEADER = "leader_review", _("部门审核")
    LEGAL = "legal_review", _("合法性审核")
    PUBLICATION = "publication", _("审定发布")
    REVISE = "revise", _("修改后重新送审")
    REVISE_LIST = "revise_list", _("修改后重新送审")


#: an author does not judge his own work there; publication has two others before it
JUDGING_STEPS = (ReviewStep.LEADER, ReviewStep.LEGAL)
REVISING_STEPS = (ReviewStep.REVISE, ReviewStep.REVISE_LIST)

#: acts of the catalogue in the ledger → Chinese words; those of the review's drawing are told by the case engine
ACT_LABELS = {
    "catalogue.item_drafted": _("编制事项"),
    "catalogue.item_submitted": _("事项送审"),
    "catalogue.item_review_withdrawn": _("撤回送审"),
    "catalogue.item_returned": _("事项审核退回修改"),
    "catalogue.item_refused": _("事项审核未通过"),
    "catalogue.item_discarded": _("作废事项草稿"),
    "catalogue.item_scheduled": _("审定事项，待生效"),
    "catalogue.item_unscheduled": _("取消待生效的版本"),
    "catalogue.item_published": _("发布事项"),
    "catalogue.item_retired": _("停用事项"),
    "catalogue.item_orphaned": _("实施部门变动，待确定由谁实施"),
    "catalogue.item_taken_over": _("由承继单位实施"),
    "catalogue.list_received": _("收到事项表"),
    "catalogue.list_corrected": _("更正事项表的读法"),
    "catalogue.list_entered": _("导入事项表"),
    "catalogue.item_watched": _("关注事项"),
    "catalogue.item_unwatched": _("取消关注事项"),
    "cases.review.return": _("退回修改"),
    "cases.review.submit": _("修改后重新送审"),
    "cases.decide.publish": _("审定发布"),
    "cases.decide.disagree": _("不予发布"),
}

PROCESS_REVIEW = "item_review"
PROCESS_INSTANT = "instant"
PROCESS_JOINT = "joint"
PROCESS_STANDARD = "standard"
GENERAL_FORM = "general"
LICENCE_TEMPLATE = "licence"

_SOURCE = "县级权力清单编制审核办法（地方规定，各地不一）"
REVIEW_LEADER_LIMIT = parameters.declare(
    "catalogue.review_leader_limit",
    default="3 WD",
    label="事项审核：部门审核和修改的时限",
    unit="",
    source=_SOURCE,
    confirmed=False,
).key
REVIEW_LEGAL_LIMIT = parameters.declare(
    "catalogue.review_legal_limit",
    default="5 WD",
    label="事项审核：合法性审核的时限",
    unit="",
    source=_SOURCE,
    confirmed=False,
).key
REVIEW_PUBLICATION_LIMIT = parameters.declare(
    "catalogue.review_publication_limit",
    default="3 WD",
    label="事项审核：审定发布的时限",
    unit="",
    source=_SOURCE,
    confirmed=False,
).key
LEGAL_REVIEW_UNIT = parameters.declare(
    "catalogue.legal_review_unit",
    default="",
    label="事项审核：合法性审核单位（空：合法性审核人任职的单位）",
    unit="机构代码",
    source="行政规范性文件合法性审核机制的有关规定；由司法行政部门承担",
    confirmed=False,
).key
LIST_UNIT = parameters.declare(
    "catalogue.list_unit",
    default="",
    label="事项审核：权力清单管理单位（空：权力清单管理员任职的单位）",
    unit="机构代码",
    source="权力清单由机构编制部门或者政务服务管理部门管理，各地不一",
    confirmed=False,
).key

LIFE_EVENTS = parameters.declare(
    "catalogue.life_events",
    default=[
        {
            "audience": "person",
            "label": "个人：人生大事",
            "events": [
                {"label": "生孩子", "themes": ["生育收养"]},
                {"label": "上学", "themes": ["入学教育"]},
                {"label": "找工作、创业", "themes": ["就业创业"]},
                {"label": "结婚成家", "themes": ["婚姻家庭"]},
                {"label": "户口、身份证", "themes": ["户籍身份"]},
                {"label": "买房、租房、建房", "themes": ["住房安居"]},
                {"label": "开车出行", "themes": ["出行驾驶"]},
                {"label": "看病", "themes": ["看病医保"]},
                {"label": "社保", "themes": ["社会保险"]},
                {"label": "遇到困难", "themes": ["救助帮扶"]},
                {"label": "当兵、退役", "themes": ["优抚退役"]},
                {"label": "退休养老", "themes": ["退休养老"]},
                {"label": "身后事", "themes": ["身后事务"]},
            ],
        },
        {
            "audience": "legal",
            "label": "企业：从开办到注销",
            "events": [
                {"label": "办营业执照", "themes": ["企业开办"]},
                {"label": "开店经营", "themes": ["开店经营", "文化活动"]},
                {"label": "投资立项", "themes": ["投资立项"]},
                {"label": "盖厂房、搞工程", "themes": ["工程建设"]},
                {"label": "招人用工", "themes": ["就业创业", "社会保险"]},
                {"label": "跑运输", "themes": ["交通运输"]},
                {"label": "种养、取水、林地", "themes": ["农林水土"]},
                {"label": "安全生产、环保", "themes": ["安全生产", "生态环境"]},
                {"label": "纳税和财务", "themes": ["财税会计"]},
                {"label": "办社会组织", "themes": ["社会组织"]},
                {"label": "变更和注销", "themes": ["企业注销变更"]},
            ],
        },
    ],
    label="按人生大事和企业阶段找事项：每一件事包含哪些主题",
    unit="",
    source="本县事项主题的归类",
    confirmed=False,
).key
EVERYDAY_WORDS = parameters.declare(
    "catalogue.everyday_words",
    default={
        "营业执照": "企业开办",
        "开公司": "企业开办",
        "注册公司": "企业设立登记",
        "办执照": "企业设立登记",
        "关公司": "企业注销",
        "注销公司": "企业注销",
        "公司改名": "企业信息变更",
        "换法人": "企业信息变更",
        "开饭店": "开办餐饮店",
        "开饭馆": "开办餐饮店",
        "开餐馆": "开办餐饮店",
        "小吃店": "小餐饮",
        "早餐店": "小餐饮",
        "食堂": "食品经营许可",
        "超市": "食品经营许可",
        "卖烟": "烟草专卖零售",
        "卖药": "药品零售",
        "开药房": "开办药店",
        "开宾馆": "开办旅馆",
        "开民宿": "开办旅馆",
        "理发店": "公共场所卫生",
        "开网咖": "开办网吧",
        "歌舞厅": "娱乐场所",
        "招牌": "户外广告",
        "挖路": "挖掘城市道路",
        "营运证": "道路货物运输",
        "生孩子": "新生儿",
        "生小孩": "新生儿",
        "生娃": "新生儿",
        "上户口": "出生登记",
        "准生证": "新生儿",
        "结婚证": "结婚登记",
        "离婚证": "离婚登记",
        "身份证丢": "居民身份证",
        "补身份证": "居民身份证",
        "暂住证": "居住证",
        "出国": "普通护照",
        "上小学": "教育入学",
        "幼儿园报名": "教育入学",
        "上牌": "机动车注册",
        "买车": "机动车注册",
        "低保": "最低生活保障",
        "失业金": "失业保险金",
        "领退休金": "养老保险待遇",
        "医保卡": "社会保障卡",
        "社保卡": "社会保障卡",
        "异地看病": "异地就医",
        "报销": "医疗费用",
        "房产证": "不动产",
        "房产过户": "转移登记",
        "公积金贷款": "住房公积金个人住房贷款",
        "取公积金": "住房公积金提取",
        "廉租房": "公共租赁住房",
        "公租房": "公共租赁住房",
        "盖房": "宅基地",
        "建房": "宅基地",
        "去世": "公民身后",
        "人没了": "公民身后",
        "残疾证": "残疾人证",
        "打官司没钱": "法律援助",
        "开养老院": "开办养老机构",
        "砍树": "林木采伐",
        "打井": "取水许可",
    },
    label="搜索时的日常说法：说法→事项里的用词",
    unit="",
    source="窗口和热线常见的问法",
    confirmed=False,
).key

LIST_KIND = "item_list"  # of references


class ListState(models.TextChoices):
    """待核对→正在导入→已导入；导入中断的可以重来，已导入的行不会重复。"""

    OPEN = "open", _("待核对")
    ENTERING = "entering", _("正在导入")
    ENTERED = "entered", _("已导入")
    STOPPED = "stopped", _("导入中断")


class LineVerdict(models.TextChoices):
    """What became of a line of a list (judged before anything is entered)."""

    ACCEPTED = "accepted", _("可以导入")
    DUPLICATE = "duplicate", _("重复")
    HELD = "held", _("退回核实")
    SKIPPED = "skipped", _("不是事项")


class LineOutcome(models.TextChoices):
    """What an accepted line does, or did, to the county's list."""

    NONE = "", _("未处理")
    ADDED = "added", _("新增草稿")
    UPDATED = "updated", _("更新草稿")
    UNCHANGED = "unchanged", _("没有变化")
    REFUSED = "refused", _("没有导入")


class MemoryKind(models.TextChoices):
    """What is remembered of a sender's lists."""

    COLUMN = "column", _("列的对应")
    DEPARTMENT = "department", _("部门的对应")


#: characters of a reason for a change of an item; more is a document by itself
REASON_MAX = 500
#: what watching an item holds data for
WATCHING = Activity(purpose="事项有变化时告诉关注的人", basis=Basis.CONSENT, kept="取消关注或者账户删除为止")
