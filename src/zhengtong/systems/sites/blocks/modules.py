"""The library of modules; what they show is fetched by the tags of their templates."""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks.articles import TEXT_FEATURES
from zhengtong.systems.sites.blocks.module import Module
from zhengtong.systems.sites.constants import SiteKind

_IN_ADDRESS = RegexValidator(r"^[a-z0-9-]*$", _("栏目标识只含小写字母、数字和连字符。"))


class NewsModule(Module):
    """The newest articles of a column, or of the whole site."""

    LAYOUTS = (
        ("dated", _("标题加日期")),
        ("lead", _("头条加列表")),
        ("summaries", _("标题加摘要")),
        ("cards", _("卡片")),
        ("numbered", _("编号列表")),
        ("two_columns", _("双栏列表")),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "工作动态", "column": "news", "number": 6}

    column = blocks.CharBlock(
        label=_("栏目标识"),
        max_length=40,
        required=False,
        validators=[_IN_ADDRESS],
        help_text=_("取哪个栏目的文章；不填取全站最新的文章"),
    )
    number = blocks.IntegerBlock(label=_("条数"), min_value=1, max_value=20, default=7)

    class Meta:
        label = _("文章列表")
        icon = "list-ul"
        template = "sites/modules/news.html"


class ServicesModule(Module):
    """The services of the unit that people apply for; of the county on the portal."""

    LAYOUTS = (("tiles", _("磁贴")), ("list", _("列表")), ("two_columns", _("双栏列表")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "政务服务", "number": 8}

    number = blocks.IntegerBlock(label=_("条数"), min_value=1, max_value=24, default=8)

    class Meta:
        label = _("办事服务")
        icon = "form"
        template = "sites/modules/services.html"


class AboutModule(Module):
    """What the unit is for: the newest article of its column, in short."""

    LAYOUTS = (("plain", _("正文")), ("aside", _("左标题右正文")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "机构职能", "column": "about"}

    column = blocks.CharBlock(label=_("栏目标识"), max_length=40, default="about", validators=[_IN_ADDRESS])

    class Meta:
        label = _("机构职能")
        icon = "group"
        template = "sites/modules/about.html"


class EntrancesModule(Module):
    """Where people write, ask, complain and rate: what the systems of the platform offer."""

    LAYOUTS = (("tiles", _("磁贴")), ("list", _("列表")), ("line", _("横排")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "互动交流"}

    class Meta:
        label = _("互动入口")
        icon = "comment"
        template = "sites/modules/entrances.html"


class SiteListModule(Module):
    """The other sites of the group."""

    LAYOUTS = (("columns", _("多栏")), ("list", _("列表")), ("line", _("横排")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "部门网站", "kind": SiteKind.DEPARTMENT}

    kind = blocks.ChoiceBlock(label=_("哪些网站"), choices=SiteKind.choices, default=SiteKind.DEPARTMENT)

    class Meta:
        label = _("网站名录")
        icon = "site"
        template = "sites/modules/site_list.html"


class LinkBlock(blocks.StructBlock):
    """A link with its words."""

    words = blocks.CharBlock(label=_("名称"), max_length=40)
    address = blocks.URLBlock(label=_("地址"), max_length=300)


class LinksModule(Module):
    """Links to other sites."""

    LAYOUTS = (("columns", _("多栏")), ("list", _("列表")), ("line", _("横排")), ("tiles", _("磁贴")))
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "友情链接",
        "links": [{"words": f"示例网站{no}", "address": f"https://example{no}.example/"} for no in range(1, 6)],
    }

    links = blocks.ListBlock(LinkBlock(), label=_("链接"), max_num=40)

    class Meta:
        label = _("友情链接")
        icon = "link"
        template = "sites/modules/links.html"


class TextModule(Module):
    """A text of one's own."""

    LAYOUTS = (("plain", _("通栏")), ("aside", _("左标题右正文")), ("two_columns", _("双栏")))
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "办公信息",
        "text": "<p>办公时间：工作日上午 8:30 至 12:00，下午 14:30 至 17:30。</p><p>办公地点：见网站底部。</p>",
    }

    text = blocks.RichTextBlock(label=_("正文"), features=TEXT_FEATURES)

    class Meta:
        label = _("文字")
        icon = "pilcrow"
        template = "sites/modules/text.html"


class NoticeModule(Module):
    """One sentence everybody must see."""

    LAYOUTS = (("line", _("一行")), ("panel", _("提示框")), ("serious", _("重要提示")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "重要提示", "words": "因系统维护，周六 8:00 至 12:00 暂停网上申报。"}

    words = blocks.CharBlock(label=_("内容"), max_length=120)
    address = blocks.URLBlock(label=_("链接"), max_length=300, required=False)

    class Meta:
        label = _("重要提示")
        icon = "warning"
        template = "sites/modules/notice.html"


class FigureBlock(blocks.StructBlock):
    """A number people compare, with its unit."""

    words = blocks.CharBlock(label=_("名称"), max_length=30)
    number = blocks.DecimalBlock(label=_("数值"), max_digits=16, decimal_places=4)
    unit = blocks.CharBlock(label=_("单位"), max_length=10, required=False)


class FiguresModule(Module):
    """Numbers of the county or the unit, with their date."""

    LAYOUTS = (("tiles", _("磁贴")), ("table", _("表格")), ("bars", _("条形图")), ("line", _("横排")))
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "数据一览",
        "at": "截至上月末",
        "figures": [
            {"words": "受理办件", "number": "12680", "unit": "件"},
            {"words": "按时办结", "number": "12544", "unit": "件"},
            {"words": "网上申请", "number": "9312", "unit": "件"},
        ],
    }

    at = blocks.CharBlock(label=_("数据时间"), max_length=30)
    figures = blocks.ListBlock(FigureBlock(), label=_("数据"), max_num=12)

    class Meta:
        label = _("数据")
        icon = "table"
        template = "sites/modules/figures.html"


class ContactModule(Module):
    """How to reach the unit: what the site's settings say, and what is added here."""

    LAYOUTS = (("plain", _("列表")), ("table", _("表格")), ("line", _("横排")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "联系我们", "hours": "工作日 8:30 至 17:30"}

    hours = blocks.CharBlock(label=_("办公时间"), max_length=60, required=False)

    class Meta:
        label = _("联系方式")
        icon = "mail"
        template = "sites/modules/contact.html"


#: word in the page's store → module
MODULES: dict[str, type[Module]] = {
    "news": NewsModule,
    "services": ServicesModule,
    "about": AboutModule,
    "entrances": EntrancesModule,
    "site_list": SiteListModule,
    "links": LinksModule,
    "text": TextModule,
    "notice": NoticeModule,
    "figures": FiguresModule,
    "contact": ContactModule,
}


class ModulesBlock(blocks.StreamBlock):
    """The modules of a page, from top to bottom."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        kinds = [(key, kind()) for key, kind in MODULES.items()]
        super().__init__([*kinds, *(local_blocks or [])], **kwargs)

    class Meta:
        required: Any = False
