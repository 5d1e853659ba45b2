"""Modules of services: what people apply for, and how."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks.module import (
    SERVICE,
    Field,
    GroupsModule,
    Layouts,
    Module,
    NamesModule,
    RecordsModule,
)


class _ServiceNames(NamesModule):
    """A list of services; how many."""

    GROUP = SERVICE

    number = blocks.IntegerBlock(label=_("条数"), min_value=1, max_value=24, default=8)

    class Meta:
        icon = "form"


class ServicesModule(_ServiceNames):
    """The services of the unit that people apply for; of the county on the portal."""

    PURPOSE = _("本单位可以申请办理的事项（处罚、检查等不列），点开就是办事指南。")
    SOURCE = "services"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "政务服务", "number": 8}

    class Meta:
        label = _("办事服务")


class PopularModule(_ServiceNames):
    """What people apply for most."""

    PURPOSE = _("近九十天全县办得最多的事项。")
    SOURCE = "popular"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "热门办理", "number": 6}

    class Meta:
        label = _("热门办理")


class BundlesModule(_ServiceNames):
    """Several services in one."""

    PURPOSE = _("“一件事”一次办的事项。")
    SOURCE = "bundles"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "一件事一次办", "number": 6}

    class Meta:
        label = _("一件事")


class ThemesModule(_ServiceNames):
    """Services by theme."""

    PURPOSE = _("办事主题，按事项多少排列。")
    SOURCE = "themes"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "主题服务", "number": 12}

    class Meta:
        label = _("主题服务")


class LifeEventsModule(GroupsModule):
    """Services by what happens in the life of a person or a company."""

    GROUP = SERVICE
    PURPOSE = _("个人和企业的人生大事，分两组列出。")
    SOURCE = "life_events"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "我要办", "number": 8}

    class Meta:
        label = _("个人办事、企业办事")
        icon = "user"


class QueryModule(Module):
    """A box into which one types a number."""

    GROUP = SERVICE
    LAYOUTS: ClassVar[Layouts] = (("row", _("一行")), ("column", _("上下")), ("panel", _("面板")))

    class Meta:
        icon = "search"
        template = "sites/modules/query.html"


class ProgressQueryModule(QueryModule):
    """How far a matter is."""

    PURPOSE = _("凭办件编号和查询码查进度。")
    SOURCE = "service_hall:track"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "进度查询"}

    class Meta:
        label = _("进度查询")


class VerifyModule(QueryModule):
    """Whether a licence is genuine."""

    PURPOSE = _("凭查验码核对证照真伪。")
    SOURCE = "documents:verify"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "证照查验"}

    class Meta:
        label = _("证照查验")


class SearchModule(QueryModule):
    """The search of the whole platform."""

    PURPOSE = _("检索文章、政策和事项的搜索框，可以写几个热词。")
    LAYOUTS = (*QueryModule.LAYOUTS, ("hot", _("带热词")))
    SOURCE = "search:search"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "我要找", "words": ["营业执照", "居住证"]}

    words = blocks.ListBlock(blocks.CharBlock(label=_("热词"), max_length=20), label=_("热词"), max_num=8, default=[])

    class Meta:
        label = _("检索框")


class StepsModule(RecordsModule):
    """How something is done, step by step."""

    GROUP = SERVICE
    PURPOSE = _("办事步骤，先后分明。")
    LAYOUTS = (("steps", _("竖排步骤")), ("steps_row", _("横排步骤")), *RecordsModule.LAYOUTS)
    FIELDS = (
        Field("title", _("步骤"), "title", 30, required=True),
        Field("note", _("怎么做"), "note", 300),
        Field("time", _("多长时间"), length=30),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "怎么办",
        "records": [
            {"title": "网上申请", "note": "填表，上传材料。", "time": "随时"},
            {"title": "受理审查", "note": "缺什么一次告知。", "time": "5 个工作日"},
            {"title": "领取证件", "note": "自取或者邮寄。", "time": "1 个工作日"},
        ],
    }

    class Meta:
        label = _("办事步骤")
        icon = "tasks"


class MaterialsModule(RecordsModule):
    """What one must bring."""

    GROUP = SERVICE
    PURPOSE = _("需要带的材料、份数和从哪里得到。")
    FIELDS = (
        Field("title", _("材料"), "title", 60, required=True),
        Field("copies", _("份数"), length=20),
        Field("origin", _("从哪里得到"), length=60),
        Field("note", _("说明"), "note", 300),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "要带什么",
        "records": [
            {"title": "身份证", "copies": "出示原件", "origin": "本人"},
            {"title": "房屋使用证明", "copies": "复印件 1 份", "origin": "出租人", "note": "自有房屋的不用"},
        ],
    }

    class Meta:
        label = _("材料清单")
        icon = "clipboard-list"


class PlacesModule(RecordsModule):
    """Where one goes: halls, counters, places of service."""

    GROUP = SERVICE
    PURPOSE = _("办事大厅、便民服务点的地址、时间、电话和乘车路线。")
    FIELDS = (
        Field("title", _("地点"), "title", 60, required=True),
        Field("address", _("地址"), length=80),
        Field("hours", _("时间"), length=60),
        Field("phone", _("电话"), length=40),
        Field("way", _("怎么走"), "note", 300),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "办事地点",
        "records": [
            {
                "title": "县政务服务中心",
                "address": "青禾大道 1 号",
                "hours": "工作日 9:00—17:00",
                "phone": "0000-0000000",
            },
            {"title": "东河镇便民服务中心", "address": "东河镇新街 8 号", "hours": "工作日 9:00—17:00"},
        ],
    }

    class Meta:
        label = _("办事地点")
        icon = "site"


class HotlinesModule(RecordsModule):
    """Numbers one calls."""

    GROUP = SERVICE
    PURPOSE = _("服务、监督、应急电话，号码醒目，手机上点了就拨。")
    LAYOUTS = (("numbers", _("大号码")), *RecordsModule.LAYOUTS)
    FIELDS = (
        Field("title", _("名称"), "title", 40, required=True),
        Field("number", _("号码"), "phone", 20, required=True),
        Field("hours", _("服务时间"), length=40),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "服务热线",
        "records": [
            {"title": "政务服务便民热线", "number": "12345", "hours": "24 小时"},
            {"title": "市场监管投诉", "number": "12315", "hours": "24 小时"},
        ],
    }

    class Meta:
        label = _("服务热线")
        icon = "comment"


class FeesModule(RecordsModule):
    """What is charged, and on what ground."""

    GROUP = SERVICE
    PURPOSE = _("收费项目、标准和依据；不收费的不用。")
    FIELDS = (
        Field("title", _("收费项目"), "title", 60, required=True),
        Field("standard", _("标准"), length=60),
        Field("ground", _("依据"), length=100),
        Field("relief", _("减免"), length=60),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "收费标准",
        "records": [
            {"title": "不动产登记费", "standard": "住宅 80 元/件", "ground": "以现行文件为准", "relief": "小微企业免"}
        ],
    }

    class Meta:
        label = _("收费标准")
        icon = "tag"
