"""Modules of topics and lists: projects, jobs, events, people to call, sites to visit."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks.module import TOPICS, Field, NamesModule, RecordsModule
from zhengtong.systems.sites.constants import SiteKind


class LinkBlock(blocks.StructBlock):
    """A link with its words."""

    words = blocks.CharBlock(label=_("名称"), max_length=40)
    address = blocks.URLBlock(label=_("地址"), max_length=300)
    note = blocks.CharBlock(label=_("说明"), max_length=60, required=False)


class LinksModule(NamesModule):
    """Links to other sites."""

    GROUP = TOPICS
    PURPOSE = _("其他网站的链接，自动注明是外部网站。")
    SOURCE = "written"
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "友情链接",
        "links": [{"words": f"示例网站{no}", "address": f"https://example{no}.example/"} for no in range(1, 6)],
    }

    links = blocks.ListBlock(LinkBlock(), label=_("链接"), max_num=40)

    class Meta:
        label = _("友情链接")


class SpecialsModule(NamesModule):
    """Special pages, with a line about each."""

    GROUP = TOPICS
    PURPOSE = _("专题专栏的入口，每个一句话说明。")
    SOURCE = "written"
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "专题专栏",
        "links": [
            {"words": "优化营商环境", "address": "https://example.cn/a/", "note": "政策、案例、满意度"},
            {"words": "安全生产月", "address": "https://example.cn/b/", "note": "排查、演练、举报"},
        ],
    }

    links = blocks.ListBlock(LinkBlock(), label=_("专题"), max_num=12)

    class Meta:
        label = _("专题入口")
        icon = "pick"


class SiteListModule(NamesModule):
    """The other sites of the group."""

    GROUP = TOPICS
    PURPOSE = _("网站群里的部门、乡镇网站名录。")
    SOURCE = "sites"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "部门网站", "kind": SiteKind.DEPARTMENT}

    kind = blocks.ChoiceBlock(label=_("哪些网站"), choices=SiteKind.choices, default=SiteKind.DEPARTMENT)

    class Meta:
        label = _("网站名录")
        icon = "site"


class ProjectsModule(RecordsModule):
    """Projects that look for investors."""

    GROUP = TOPICS
    PURPOSE = _("招商项目：内容、规模、合作方式、联系电话。")
    FIELDS = (
        Field("title", _("项目名称"), "title", 60, required=True),
        Field("content", _("建设内容"), "note", 400),
        Field("scale", _("规模"), length=60),
        Field("way", _("合作方式"), length=60),
        Field("contact", _("联系电话"), length=40),
        Field("address", _("详细介绍"), "link"),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "招商项目",
        "records": [
            {
                "title": "农产品冷链物流园",
                "content": "冷库、分拣、配送中心。",
                "scale": "占地 120 亩",
                "way": "独资或合资",
            },
            {"title": "滨河民宿集群", "content": "改造旧村为民宿。", "scale": "30 院", "way": "租赁经营"},
        ],
    }

    class Meta:
        label = _("招商项目")
        icon = "pick"


class WorksModule(RecordsModule):
    """Public works: what is built, by whom, until when."""

    GROUP = TOPICS
    PURPOSE = _("重大建设项目：批准、建设单位、工期、进展。")
    FIELDS = (
        Field("title", _("项目名称"), "title", 60, required=True),
        Field("approval", _("批准文号"), length=60),
        Field("builder", _("建设单位"), length=60),
        Field("period", _("工期"), length=60),
        Field("state", _("进展"), length=60),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "重大建设项目",
        "records": [{"title": "县城污水处理厂二期", "builder": "县住建局", "period": "18 个月", "state": "主体施工"}],
    }

    class Meta:
        label = _("重大项目")
        icon = "cogs"


class JobsModule(RecordsModule):
    """Posts that are open."""

    GROUP = TOPICS
    PURPOSE = _("招考、招聘：岗位、人数、条件、报名截止。")
    FIELDS = (
        Field("title", _("岗位"), "title", 60, required=True),
        Field("number", _("人数"), length=10),
        Field("terms", _("条件"), "note", 300),
        Field("until", _("报名截止"), "day"),
        Field("address", _("公告"), "link"),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "招考招聘",
        "records": [{"title": "窗口服务人员", "number": "3", "terms": "大专以上，会用电脑。", "until": "2026-12-20"}],
    }

    class Meta:
        label = _("招考招聘")
        icon = "group"


class TendersModule(RecordsModule):
    """Purchases and tenders."""

    GROUP = TOPICS
    PURPOSE = _("采购、招标公告：预算、截止时间、公告地址。")
    FIELDS = (
        Field("title", _("项目"), "title", 80, required=True),
        Field("kind", _("类别"), length=30),
        Field("budget", _("预算"), length=30),
        Field("until", _("截止"), "day"),
        Field("address", _("公告"), "link"),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "采购招标",
        "records": [{"title": "办公设备采购", "kind": "公开招标", "budget": "86 万元", "until": "2026-12-08"}],
    }

    class Meta:
        label = _("采购招标")
        icon = "tag"


class EventsModule(RecordsModule):
    """What takes place when."""

    GROUP = TOPICS
    PURPOSE = _("会议、培训、便民活动的时间地点，按日期排。")
    LAYOUTS = (("days", _("日历牌")), *RecordsModule.LAYOUTS)
    FIELDS = (
        Field("title", _("活动"), "title", 60, required=True),
        Field("at", _("日期"), "day"),
        Field("time", _("时间"), length=30),
        Field("place", _("地点"), length=60),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "活动安排",
        "records": [
            {"title": "送政策进企业", "at": "2026-12-03", "time": "9:30", "place": "工业园会议室"},
            {"title": "便民服务集市", "at": "2026-12-06", "time": "全天", "place": "人民广场"},
        ],
    }

    class Meta:
        label = _("活动安排")
        icon = "date"


class MilestonesModule(RecordsModule):
    """How something went on, by date."""

    GROUP = TOPICS
    PURPOSE = _("一件事的进展，按时间先后。")
    LAYOUTS = (("timeline", _("时间轴")), ("table", _("表格")), ("facts", _("逐条列出")))
    FIELDS = (
        Field("at", _("日期"), "day"),
        Field("title", _("进展"), "title", 60, required=True),
        Field("note", _("说明"), "note", 300),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "项目进展",
        "records": [
            {"at": "2026-03-01", "title": "立项", "note": "可行性研究批复。"},
            {"at": "2026-06-20", "title": "开工"},
            {"at": "2026-11-02", "title": "主体完工"},
        ],
    }

    class Meta:
        label = _("进展时间轴")
        icon = "history"


class EmergencyModule(RecordsModule):
    """Whom to call and what to do when something happens."""

    GROUP = TOPICS
    PURPOSE = _("遇到灾害、事故先做什么、打什么电话。")
    FIELDS = (
        Field("title", _("情况"), "title", 40, required=True),
        Field("first", _("先做什么"), "note", 300),
        Field("number", _("电话"), "phone", 20),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "应急指南",
        "records": [
            {"title": "火灾", "first": "低姿撤离，不乘电梯。", "number": "119"},
            {"title": "急病", "first": "说清地点和症状，派人引路。", "number": "120"},
        ],
    }

    class Meta:
        label = _("应急指南")
        icon = "warning"


class ScenicModule(RecordsModule):
    """Places worth a visit."""

    GROUP = TOPICS
    PURPOSE = _("景点、场馆介绍：开放时间、票价、怎么去。")
    FIELDS = (
        Field("title", _("名称"), "title", 40, required=True),
        Field("note", _("介绍"), "note", 400),
        Field("hours", _("开放时间"), length=60),
        Field("price", _("票价"), length=40),
        Field("way", _("怎么去"), length=80),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "走进青禾",
        "records": [
            {"title": "青禾湿地公园", "note": "沿河步道 6 公里。", "hours": "全天", "price": "免费", "way": "3 路公交"}
        ],
    }

    class Meta:
        label = _("景点场馆")
        icon = "site"
