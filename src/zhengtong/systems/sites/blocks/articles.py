"""What the text of an article is made of."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks.media import FILE_FEATURES, AttachmentsBlock, PictureBlock
from zhengtong.systems.sites.blocks.tables import TableBlock

#: what rich text may hold: structure and links, no sizes, colours or foreign frames
TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "hr", "link"]


class QuoteBlock(blocks.StructBlock):
    """Words of somebody else, with their origin."""

    text = blocks.TextBlock(label=_("引文"), max_length=2000)
    origin = blocks.CharBlock(label=_("出处"), max_length=100, required=False)

    class Meta:
        label = _("引文")
        icon = "openquote"
        template = "sites/parts/quote.html"


class QuestionBlock(blocks.StructBlock):
    """A question and its answer, as interpretations of policies have them."""

    question = blocks.CharBlock(label=_("问"), max_length=200)
    answer = blocks.RichTextBlock(label=_("答"), features=TEXT_FEATURES)

    class Meta:
        label = _("问答")
        icon = "help"
        template = "sites/parts/question.html"


class ArticleBlock(blocks.StreamBlock):
    """The text of an article, part by part."""

    text = blocks.RichTextBlock(label=_("正文"), icon="pilcrow", features=[*TEXT_FEATURES, *FILE_FEATURES])
    picture = PictureBlock()
    attachments = AttachmentsBlock()
    table = TableBlock()
    quote = QuoteBlock()
    question = QuestionBlock()

    class Meta:
        required: Any = False
