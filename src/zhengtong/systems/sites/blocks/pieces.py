"""Modules of the page itself: text, quotations, notices, what divides and what contains."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks.articles import TEXT_FEATURES
from zhengtong.systems.sites.blocks.module import PAGE, Field, GroupsModule, Module, RecordsModule


class TextModule(Module):
    """A text of one's own."""

    PURPOSE = _("自己写的一段文字。")
    LAYOUTS = (
        ("plain", _("通栏")),
        ("aside", _("左标题右正文")),
        ("two_columns", _("双栏")),
        ("folded", _("点开看全文")),
    )
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

    PURPOSE = _("一句话的提示，如停机、改期。")
    LAYOUTS = (("line", _("一行")), ("panel", _("提示框")), ("serious", _("重要提示")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "重要提示", "words": "因系统维护，周六 8:00 至 12:00 暂停网上申报。"}

    words = blocks.CharBlock(label=_("内容"), max_length=120)
    address = blocks.URLBlock(label=_("链接"), max_length=300, required=False)

    class Meta:
        label = _("重要提示")
        icon = "warning"
        template = "sites/modules/notice.html"


class QuoteModule(Module):
    """Words worth standing alone."""

    PURPOSE = _("一句引语和出处。")
    LAYOUTS = (("plain", _("竖线引文")), ("centred", _("居中大字")), ("panel", _("底色")))
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "服务承诺",
        "words": "只进一扇门，最多跑一次。",
        "origin": "政务服务中心",
    }

    words = blocks.TextBlock(label=_("引语"), max_length=200, rows=2)
    origin = blocks.CharBlock(label=_("出处"), max_length=60, required=False)

    class Meta:
        label = _("引语")
        icon = "openquote"
        template = "sites/modules/quote.html"


class FoldsModule(RecordsModule):
    """Long explanations one opens part by part."""

    PURPOSE = _("较长的说明分成几段，点开再看。")
    LAYOUTS = (("folded", _("逐段点开")), ("facts", _("全部展开")), ("cards", _("卡片")))
    FIELDS = (
        Field("title", _("小标题"), "title", 60, required=True),
        Field("text", _("内容"), "note", 1000, required=True),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "政策要点",
        "records": [
            {"title": "谁可以申请", "text": "在本县登记的小微企业。"},
            {"title": "补多少", "text": "按贷款利息的一半。"},
        ],
    }

    class Meta:
        label = _("折叠说明")
        icon = "list-ul"


class TermsModule(RecordsModule):
    """Words and what they mean."""

    PURPOSE = _("名词解释。")
    LAYOUTS = (("facts", _("逐条列出")), ("table", _("表格")), ("folded", _("点开看解释")))
    FIELDS = (
        Field("title", _("名词"), "title", 40, required=True),
        Field("meaning", _("意思"), "note", 300, required=True),
    )
    SAMPLE: ClassVar[dict[str, Any]] = {
        "heading": "名词解释",
        "records": [
            {"title": "容缺受理", "meaning": "主要材料齐全，次要材料可以后补，先受理。"},
            {"title": "告知承诺", "meaning": "申请人承诺符合条件，当场办结，事后核查。"},
        ],
    }

    class Meta:
        label = _("名词解释")
        icon = "help"


class SiteMapModule(GroupsModule):
    """All columns of the site and of what is below them."""

    GROUP = PAGE
    PURPOSE = _("本网站的全部栏目，网站地图用。")
    SOURCE = "site_map"
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "网站地图", "number": 12}

    class Meta:
        label = _("网站地图")
        icon = "site"


class HeadingModule(Module):
    """A heading over the modules that follow."""

    PURPOSE = _("给后面几个模块加一个总标题。")
    LAYOUTS = (("centred", _("居中")), ("ruled", _("两侧线条")), ("note", _("带一句说明")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "", "words": "政务公开", "note": "法定主动公开内容"}

    words = blocks.CharBlock(label=_("总标题"), max_length=30)
    note = blocks.CharBlock(label=_("说明"), max_length=60, required=False)

    class Meta:
        label = _("总标题")
        icon = "title"
        template = "sites/modules/heading.html"


class MourningModule(Module):
    """Takes the colour from the page it stands on, on days of mourning."""

    PURPOSE = _("哀悼日把整个网页变成黑白，并写明缘由；过后删掉这个模块。")
    LAYOUTS = (("words", _("写明缘由")), ("quiet", _("只变黑白")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "", "words": "全国哀悼日"}

    words = blocks.CharBlock(label=_("缘由"), max_length=60)

    class Meta:
        label = _("哀悼模式")
        icon = "circle-check"
        template = "sites/modules/mourning.html"


class ReadingAidModule(Module):
    """Large print and reading aloud, offered where one sees it."""

    PURPOSE = _("大字版入口，放在老年人常看的页面上。")
    LAYOUTS = (("button", _("按钮")), ("panel", _("面板")), ("line", _("一行文字")))
    SAMPLE: ClassVar[dict[str, Any]] = {"heading": "适老服务"}

    class Meta:
        label = _("大字版入口")
        icon = "glasses"
        template = "sites/modules/reading_aid.html"
