"""What all modules share: a heading, a layout of their own, a frame; each combination is a rendering of its own."""

import dataclasses
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

#: what surrounds a module, told apart also without colour
FRAMES: Final = (
    ("open", _("无框，标题下划线")),
    ("boxed", _("加框")),
    ("banded", _("通栏标题带")),
    ("side", _("标题在左侧")),
    ("foot", _("“更多”在下方")),
)

#: headings of the gallery and of the chooser, in their order
NEWS, OPENNESS, SERVICE = _("新闻"), _("公开"), _("服务")
INTERACTION, DATA, TOPICS, PAGE = _("互动"), _("数据"), _("专题和名录"), _("版面")
GROUPS: Final = (NEWS, OPENNESS, SERVICE, INTERACTION, DATA, TOPICS, PAGE)

Layouts = tuple[tuple[str, Any], ...]

#: how articles are listed
ARTICLE_LAYOUTS: Final[Layouts] = (
    ("dated", _("标题加日期")),
    ("lead", _("头条加列表")),
    ("summaries", _("标题加摘要")),
    ("cards", _("卡片")),
    ("numbered", _("编号列表")),
    ("two_columns", _("双栏列表")),
    ("timeline", _("时间轴")),
    ("table", _("表格")),
    ("by_day", _("按日期分组")),
    ("days", _("日历牌")),
    ("folded", _("点开看摘要")),
)
#: how names that lead somewhere are listed
NAME_LAYOUTS: Final[Layouts] = (
    ("tiles", _("磁贴")),
    ("list", _("列表")),
    ("columns", _("多栏")),
    ("line", _("横排")),
    ("numbered", _("编号列表")),
    ("table", _("表格")),
)
#: how groups of lines are set
GROUP_LAYOUTS: Final[Layouts] = (
    ("sections", _("上下分段")),
    ("columns", _("左右并排")),
    ("folded", _("逐组点开")),
    ("table", _("表格")),
)
#: how records with several fields are set
RECORD_LAYOUTS: Final[Layouts] = (
    ("cards", _("卡片")),
    ("table", _("表格")),
    ("facts", _("逐条列出")),
    ("folded", _("点开看详情")),
)


class Module(blocks.StructBlock):
    """A module of a page: what it shows is its kind, how it shows it its layout, what surrounds it its frame.

    A kind names its ``GROUP``, its ``PURPOSE`` in a sentence for who chooses it, its ``LAYOUTS`` (word, label), the
    most common first, and its ``SAMPLE`` (fields that let the gallery show it). Its template receives the fields as
    ``value``; what it lists comes from the ``SOURCE`` of that name (``selectors/sources.py``).
    """

    GROUP: ClassVar[Any] = PAGE
    PURPOSE: ClassVar[Any] = ""
    LAYOUTS: ClassVar[Layouts] = ()
    SAMPLE: ClassVar[dict[str, Any]] = {}
    SOURCE: ClassVar[str] = ""

    heading = blocks.CharBlock(label=_("标题"), max_length=30, required=False)
    frame = blocks.ChoiceBlock(label=_("外框"), choices=FRAMES, default="open")

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        layout = blocks.ChoiceBlock(label=_("版式"), choices=self.LAYOUTS, default=self.LAYOUTS[0][0])
        kwargs.setdefault("group", self.GROUP)
        super().__init__([*(local_blocks or []), ("layout", layout)], **kwargs)

    def variants(self) -> Iterator[dict[str, Any]]:
        """The sample in every combination of layout and frame, as the editor would have stored it."""
        for layout, _label in self.LAYOUTS:
            for frame, _words in FRAMES:
                yield {**self.SAMPLE, "layout": layout, "frame": frame}


class ArticlesModule(Module):
    """A list of articles from one source."""

    GROUP = NEWS
    LAYOUTS = ARTICLE_LAYOUTS

    number = blocks.IntegerBlock(label=_("条数"), min_value=1, max_value=20, default=7)

    class Meta:
        icon = "list-ul"
        template = "sites/modules/articles.html"


class NamesModule(Module):
    """A list of names that lead somewhere, from one source."""

    LAYOUTS = NAME_LAYOUTS

    class Meta:
        icon = "link"
        template = "sites/modules/names.html"


class GroupsModule(Module):
    """Several lists, each with a heading of its own."""

    GROUP = NEWS
    LAYOUTS = GROUP_LAYOUTS

    number = blocks.IntegerBlock(label=_("每组条数"), min_value=1, max_value=12, default=5)

    class Meta:
        icon = "folder-open-inverse"
        template = "sites/modules/groups.html"


@dataclasses.dataclass(frozen=True)
class Field:
    """A field of a record: its name, its words, how it is typed; ``role`` title, link, note, day or fact."""

    name: str
    label: Any
    role: str = "fact"
    length: int = 60
    required: bool = False

    def block(self) -> blocks.Block:
        """The block the editor types it in."""
        if self.role == "link":
            return blocks.URLBlock(label=self.label, max_length=300, required=self.required)
        if self.role == "day":
            return blocks.DateBlock(label=self.label, required=self.required)
        if self.role == "note":
            return blocks.TextBlock(label=self.label, max_length=max(self.length, 300), required=self.required, rows=2)
        return blocks.CharBlock(label=self.label, max_length=self.length, required=self.required)


class RecordsModule(Module):
    """Records written by hand: each with a title and the ``FIELDS`` of its kind."""

    LAYOUTS = RECORD_LAYOUTS
    FIELDS: ClassVar[tuple[Field, ...]] = ()
    #: the most records that still make a page one reads
    MOST: ClassVar[int] = 30

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        record = blocks.StructBlock([(field.name, field.block()) for field in self.FIELDS], label=_("一条"))
        records = blocks.ListBlock(record, label=_("内容"), max_num=self.MOST)
        super().__init__([*(local_blocks or []), ("records", records)], **kwargs)

    class Meta:
        icon = "form"
        template = "sites/modules/records.html"
