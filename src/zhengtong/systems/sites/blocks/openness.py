"""Modules of disclosure: who the unit is, what it publishes by law."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks.columns import ColumnChoice
from zhengtong.systems.sites.blocks.module import (
    OPENNESS,
    ArticlesModule,
    Field,
    GroupsModule,
    Module,
    NamesModule,
    RecordsModule,
)


class AboutModule(Module):
    """What the unit is for: the newest article of its column."""

    GROUP = OPENNESS
    PURPOSE = _("机构职能栏目的最新一篇，直接显示正文。")
    LAYOUTS = (
        ("plain", _("正文")),
        ("aside", _("左标题右正文")),
        ("two_columns", _("双栏")),
        ("folded", _("点开看全文")),
    )
    SOURCE = "column"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "机构职能"}

    column = ColumnChoice(required=False)

    class Meta:
        label = _("机构职能")
        icon = "group"
        template = "sites/modules/about.html"


class PoliciesModule(ArticlesModule):
    """Policy documents, with a way into the search of documents."""

    GROUP = OPENNESS
    PURPOSE = _("政策文件列表，上方带文件检索框。")
    SOURCE = "column"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "政策文件库", "number": 6}

    column = ColumnChoice(required=False)

    class Meta:
        label = _("政策文件库")
        icon = "doc-full"
        template = "sites/modules/policies.html"


class InterpretationModule(GroupsModule):
    """Policy documents beside what explains them."""

    GROUP = OPENNESS
    PURPOSE = _("左边政策文件，右边解读，两个栏目对照着看。")
    SOURCE = "policy_and_reading"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "政策与解读", "number": 5}

    policies = ColumnChoice(required=False, label=_("政策栏目"))
    reading = ColumnChoice(required=False, label=_("解读栏目"))

    class Meta:
        label = _("政策与解读对照")
        icon = "doc-full-inverse"


class LeadersModule(RecordsModule):
    """Who leads the unit, and for what each answers."""

    GROUP = OPENNESS
    PURPOSE = _("领导姓名、职务和分工，按排序列出。")
    FIELDS = (
        Field("title", _("职务和姓名"), "title", 40, required=True),
        Field("duty", _("分工"), "note", 300),
        Field("office", _("办公电话"), length=40),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "领导信息",
        "records": [
            {"title": "局长 某某", "duty": "主持全面工作。", "office": "0000-0000000"},
            {"title": "副局长 某某", "duty": "分管许可审批、窗口服务。", "office": "0000-0000001"},
        ],
    }

    class Meta:
        label = _("领导信息")
        icon = "user"


class OfficesModule(RecordsModule):
    """The offices inside the unit."""

    GROUP = OPENNESS
    PURPOSE = _("内设机构、职责和电话。")
    FIELDS = (
        Field("title", _("机构名称"), "title", 40, required=True),
        Field("duty", _("主要职责"), "note", 300),
        Field("phone", _("电话"), length=40),
        Field("room", _("房间"), length=40),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "内设机构",
        "records": [
            {"title": "办公室", "duty": "文电、会务、机要、档案。", "phone": "0000-0000010", "room": "301"},
            {"title": "审批股", "duty": "受理和审查许可申请。", "phone": "0000-0000011", "room": "102"},
        ],
    }

    class Meta:
        label = _("内设机构")
        icon = "group"


class ContactModule(Module):
    """How to reach the unit: what the site's settings say, and what is added here."""

    GROUP = OPENNESS
    PURPOSE = _("地址、电话来自网站资料，另写办公时间。")
    LAYOUTS = (("plain", _("列表")), ("table", _("表格")), ("line", _("横排")), ("card", _("名片")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "联系我们", "hours": "工作日 8:30 至 17:30"}

    hours = blocks.CharBlock(label=_("办公时间"), max_length=60, required=False)

    class Meta:
        label = _("联系方式")
        icon = "mail"
        template = "sites/modules/contact.html"


class HoursModule(RecordsModule):
    """When one is open, by season or weekday."""

    GROUP = OPENNESS
    PURPOSE = _("按季节或按星期列出办公、接待时间。")
    FIELDS = (
        Field("title", _("什么时候"), "title", 40, required=True),
        Field("morning", _("上午"), length=30),
        Field("afternoon", _("下午"), length=30),
        Field("note", _("说明"), length=60),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "办公时间",
        "records": [
            {"title": "10 月至次年 4 月", "morning": "8:30—12:00", "afternoon": "14:00—17:30"},
            {"title": "5 月至 9 月", "morning": "8:30—12:00", "afternoon": "14:30—18:00", "note": "法定节假日不办公"},
        ],
    }

    class Meta:
        label = _("办公时间")
        icon = "time"


class OpenLinksModule(NamesModule):
    """What the law wants a unit to publish: guide, catalogue, system, yearly report, requests."""

    GROUP = OPENNESS
    PURPOSE = _("政府信息公开指南、制度、法定主动公开内容、年报、依申请公开的入口。")
    SOURCE = "written"
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "政府信息公开",
        "links": [
            {"words": "信息公开指南", "address": "https://example.cn/guide/"},
            {"words": "信息公开制度", "address": "https://example.cn/rules/"},
            {"words": "法定主动公开内容", "address": "https://example.cn/open/"},
            {"words": "信息公开年报", "address": "https://example.cn/reports/"},
            {"words": "依申请公开", "address": "https://example.cn/request/"},
        ],
    }

    links = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("words", blocks.CharBlock(label=_("名称"), max_length=40)),
                ("address", blocks.URLBlock(label=_("地址"), max_length=300)),
            ]
        ),
        label=_("入口"),
        max_num=12,
    )

    class Meta:
        label = _("信息公开入口")
        icon = "view"


class DownloadsModule(RecordsModule):
    """Files to take home: forms, samples."""

    GROUP = OPENNESS
    PURPOSE = _("表格、范本的下载地址，注明格式和大小。")
    FIELDS = (
        Field("title", _("文件名称"), "title", 60, required=True),
        Field("address", _("地址"), "link", required=True),
        Field("kind", _("格式和大小"), length=30),
        Field("at", _("更新日期"), "day"),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "表格下载",
        "records": [
            {"title": "申请书（空白）", "address": "https://example.cn/a.docx", "kind": "DOCX，38 KB"},
            {"title": "申请书（填写范本）", "address": "https://example.cn/b.pdf", "kind": "PDF，210 KB"},
        ],
    }

    class Meta:
        label = _("下载列表")
        icon = "download"


class BudgetModule(RecordsModule):
    """Budget and accounts of the unit by year."""

    GROUP = OPENNESS
    PURPOSE = _("预算、决算和“三公”经费，按年度列出，链接到公开的文件。")
    FIELDS = (
        Field("title", _("年度和名称"), "title", 60, required=True),
        Field("address", _("文件地址"), "link"),
        Field("income", _("收入"), length=30),
        Field("spending", _("支出"), length=30),
        Field("three", _("“三公”经费"), length=30),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "财政信息",
        "records": [
            {"title": "上年度部门决算", "income": "1,280 万元", "spending": "1,262 万元", "three": "9.6 万元"},
            {"title": "本年度部门预算", "income": "1,310 万元", "spending": "1,310 万元", "three": "9.1 万元"},
        ],
    }

    class Meta:
        label = _("财政信息")
        icon = "table"
