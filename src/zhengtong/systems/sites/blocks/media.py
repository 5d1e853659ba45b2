"""Pictures and attachments in pages: what is shown and offered is signed for with the page, words included."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

#: also with pictures and attachments of the site
FILE_FEATURES = ["image", "document-link"]


class PictureBlock(blocks.StructBlock):
    """A picture with its caption; words in its place are asked for, unless it only decorates."""

    picture = ImageBlock(label=_("图片"))
    caption = blocks.CharBlock(label=_("图片说明"), max_length=200, required=False)

    class Meta:
        label = _("图片")
        icon = "image"
        template = "sites/parts/picture.html"


class AttachmentBlock(blocks.StructBlock):
    """A file to download, under the words that were signed for with the page."""

    file = DocumentChooserBlock(label=_("附件"))
    words = blocks.CharBlock(label=_("名称"), max_length=200, required=False, help_text=_("不填写就用附件的标题"))

    def clean(self, value: Any) -> Any:
        """The title of the file where no words are given: a title changed later must not change a published page."""
        found = super().clean(value)
        if not found["words"] and found["file"] is not None:
            found["words"] = found["file"].title[:200]
        return found

    class Meta:
        label = _("附件")
        icon = "doc-full"


class AttachmentsBlock(blocks.StructBlock):
    """The attachments of an article."""

    files = blocks.ListBlock(AttachmentBlock(), label=_("附件"), max_num=30)

    class Meta:
        label = _("附件列表")
        icon = "doc-full-inverse"
        template = "sites/parts/attachments.html"
