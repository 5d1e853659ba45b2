"""Home, columns and articles as a Wagtail developer writes them; the modules of the home are blocks of a stream."""

from django.db import models
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page


class NewsBlock(blocks.StructBlock):
    """The newest articles of a column."""

    heading = blocks.CharBlock()
    column = blocks.PageChooserBlock()
    number = blocks.IntegerBlock()
    lead = blocks.BooleanBlock(required=False)

    class Meta:
        template = "peer/news.html"

    def get_context(self, value, parent_context=None):
        """With the articles."""
        context = super().get_context(value, parent_context)
        rows = ArticlePage.objects.child_of(value["column"]).live().order_by("-published_on", "-pk")
        return context | {"articles": rows[: value["number"]]}


class ServicesBlock(blocks.StructBlock):
    """The services of the unit."""

    heading = blocks.CharBlock()
    number = blocks.IntegerBlock()

    class Meta:
        template = "peer/services.html"

    def get_context(self, value, parent_context=None):
        """With the services."""
        return super().get_context(value, parent_context) | {"services": Service.objects.all()[: value["number"]]}


class AboutBlock(blocks.StructBlock):
    """The newest article of a column, in short."""

    heading = blocks.CharBlock()
    column = blocks.PageChooserBlock()

    class Meta:
        template = "peer/about.html"

    def get_context(self, value, parent_context=None):
        """With the article."""
        rows = ArticlePage.objects.child_of(value["column"]).live().order_by("-published_on", "-pk")
        return super().get_context(value, parent_context) | {"article": rows.first()}


class EntrancesBlock(blocks.StructBlock):
    """Fixed links."""

    heading = blocks.CharBlock()
    links = blocks.ListBlock(
        blocks.StructBlock([("title", blocks.CharBlock()), ("words", blocks.CharBlock()), ("url", blocks.CharBlock())])
    )

    class Meta:
        template = "peer/entrances.html"


class Service(models.Model):
    """Something people apply for."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=200)


class HomePage(Page):
    """The home of the site."""

    modules = StreamField(
        [
            ("news", NewsBlock()),
            ("services", ServicesBlock()),
            ("about", AboutBlock()),
            ("entrances", EntrancesBlock()),
        ]
    )
    template = "peer/home.html"


class ColumnPage(Page):
    """A column."""

    template = "peer/home.html"


class ArticlePage(Page):
    """An article."""

    published_on = models.DateField()
    summary = models.CharField(max_length=200, blank=True)
    body = RichTextField()
    template = "peer/home.html"
