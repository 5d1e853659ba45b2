"""What all modules share: a heading, a layout of their own, a frame; each combination is a rendering of its own."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

#: what surrounds a module, told apart also without colour
FRAMES = (("open", _("无框，标题下划线")), ("boxed", _("加框")), ("banded", _("通栏标题带")))


class Module(blocks.StructBlock):
    """A module of a page: what it shows is its kind, how it shows it its layout, what surrounds it its frame.

    A kind names its ``LAYOUTS`` (word, label), the most common first, and its ``SAMPLE`` (fields that let the gallery
    show it); its template is ``sites/modules/<key>.html``, which receives the fields as ``value``.
    """

    LAYOUTS: ClassVar[tuple[tuple[str, Any], ...]] = ()
    SAMPLE: ClassVar[dict[str, Any]] = {}

    heading = blocks.CharBlock(label=_("标题"), max_length=30, required=False)
    frame = blocks.ChoiceBlock(label=_("外框"), choices=FRAMES, default="open")

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        layout = blocks.ChoiceBlock(label=_("版式"), choices=self.LAYOUTS, default=self.LAYOUTS[0][0])
        super().__init__([*(local_blocks or []), ("layout", layout)] if self.LAYOUTS else local_blocks, **kwargs)

    def variants(self) -> Iterator[dict[str, Any]]:
        """The sample in every combination of layout and frame, as the editor would have stored it."""
        for layout, _label in self.LAYOUTS:
            for frame, _words in FRAMES:
                yield {**self.SAMPLE, "layout": layout, "frame": frame}
