"""How a site looks beyond its theme."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import personal
from zhengtong.kernel.models import Row
from zhengtong.systems.sites.models.files import ShownPicture
from zhengtong.systems.sites.rules.looks import TAGLINE


class SiteLook(Row):
    """网站外观：网站自己的颜色、标识、头图和题注；没有的随主题，换主题时照旧。

    Personal data: none.
    """

    PERSONAL_DATA = personal()

    site = models.OneToOneField(
        "sites.GovernmentSite", verbose_name=_("网站"), on_delete=models.CASCADE, related_name="look"
    )
    colour = models.CharField(_("颜色"), max_length=7, blank=True, default="")
    tagline = models.CharField(_("题注"), max_length=TAGLINE, blank=True, default="")
    emblem = models.ForeignKey(
        "sites.SitePicture",
        verbose_name=_("标识图"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="emblem_of",
    )
    header = models.ForeignKey(
        "sites.SitePicture",
        verbose_name=_("头图"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="header_of",
    )

    class Meta:
        verbose_name = _("网站外观")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(colour="") | Q(colour__regex=r"^#[0-9a-f]{6}$"), name="sites_look_colour_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}：{self.colour or self.site.get_theme_display()}"

    @property
    def colour_name(self) -> str:
        """The colour as addresses and classes name it; empty where the theme's is shown."""
        return self.colour.removeprefix("#")

    @property
    def shown_emblem(self) -> ShownPicture | None:
        """The emblem as it stands before the name."""
        return self.emblem.get_rendition("max-168x56") if self.emblem is not None else None

    @property
    def shown_header(self) -> ShownPicture | None:
        """The header over the whole width."""
        return self.header.get_rendition("width-1600") if self.header is not None else None
