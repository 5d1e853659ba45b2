"""The library of modules: word in the page's store → module, in the order in which people look for them."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from zhengtong.systems.sites.blocks import asking, data, interaction, news, openness, pieces, service, topics
from zhengtong.systems.sites.blocks.module import FRAMES, PAGE, Module

PLAIN_MODULES: Final[dict[str, type[Module]]] = {
    "news": news.NewsModule,
    "headline": news.HeadlineModule,
    "tabs": news.TabsModule,
    "ticker": news.TickerModule,
    "branch": news.BranchModule,
    "sub_columns": news.SubColumnsModule,
    "by_month": news.YearModule,
    "chosen": news.ChosenModule,
    "keyword": news.KeywordModule,
    "portal_news": news.PortalNewsModule,
    "group_news": news.GroupNewsModule,
    "column_names": news.ColumnNamesModule,
    "about": openness.AboutModule,
    "leaders": openness.LeadersModule,
    "offices": openness.OfficesModule,
    "policies": openness.PoliciesModule,
    "interpretation": openness.InterpretationModule,
    "open_links": openness.OpenLinksModule,
    "contact": openness.ContactModule,
    "hours": openness.HoursModule,
    "downloads": openness.DownloadsModule,
    "budget": openness.BudgetModule,
    "services": service.ServicesModule,
    "popular": service.PopularModule,
    "bundles": service.BundlesModule,
    "themes": service.ThemesModule,
    "life_events": service.LifeEventsModule,
    "progress": service.ProgressQueryModule,
    "verify": service.VerifyModule,
    "search": service.SearchModule,
    "steps": service.StepsModule,
    "materials": service.MaterialsModule,
    "places": service.PlacesModule,
    "hotlines": service.HotlinesModule,
    "fees": service.FeesModule,
    "entrances": interaction.EntrancesModule,
    "questions": interaction.QuestionsModule,
    "answers": interaction.AnswersModule,
    "surveys": interaction.SurveysModule,
    "open_topics": asking.OpenTopicsModule,
    "topic_feedback": asking.FeedbackModule,
    "poll": asking.PollModule,
    "poll_results": asking.PollResultsModule,
    "open_day": interaction.OpenDayModule,
    "qr": interaction.QrModule,
    "figures": data.FiguresModule,
    "rank": data.RankModule,
    "trend": data.TrendModule,
    "shares": data.SharesModule,
    "targets": data.TargetsModule,
    "table": data.TableModule,
    "datasets": data.DatasetsModule,
    "specials": topics.SpecialsModule,
    "projects": topics.ProjectsModule,
    "works": topics.WorksModule,
    "jobs": topics.JobsModule,
    "tenders": topics.TendersModule,
    "events": topics.EventsModule,
    "milestones": topics.MilestonesModule,
    "emergency": topics.EmergencyModule,
    "scenic": topics.ScenicModule,
    "site_list": topics.SiteListModule,
    "links": topics.LinksModule,
    "text": pieces.TextModule,
    "notice": pieces.NoticeModule,
    "quote": pieces.QuoteModule,
    "folds": pieces.FoldsModule,
    "terms": pieces.TermsModule,
    "site_map": pieces.SiteMapModule,
    "heading": pieces.HeadingModule,
    "reading_aid": pieces.ReadingAidModule,
    "mourning": pieces.MourningModule,
}


class ColumnsModule(Module):
    """Modules side by side: two, three or four columns on a wide screen, one below the other on a phone."""

    GROUP = PAGE
    PURPOSE = _("把几个模块并排放成两栏、三栏或四栏，手机上自动上下排。")
    LAYOUTS = (
        ("even", _("等宽")),
        ("wide_left", _("左宽右窄")),
        ("wide_right", _("左窄右宽")),
        ("ruled", _("中间有分隔线")),
    )
    SAMPLE = {
        "heading": "",
        "columns": [
            [{"type": "text", "value": {"heading": "左栏", "layout": "plain", "frame": "open", "text": "<p>文字</p>"}}],
            [
                {
                    "type": "quote",
                    "value": {"heading": "右栏", "layout": "plain", "frame": "open", "words": "只进一扇门"},
                }
            ],
        ],
    }

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        column = blocks.StreamBlock([(key, kind()) for key, kind in PLAIN_MODULES.items()], label=_("一栏"))
        columns = blocks.ListBlock(column, label=_("各栏"), min_num=2, max_num=4)
        super().__init__([*(local_blocks or []), ("columns", columns)], **kwargs)

    class Meta:
        label = _("分栏")
        icon = "grip"
        template = "sites/modules/columns.html"


MODULES: Final[dict[str, type[Module]]] = {**PLAIN_MODULES, "columns": ColumnsModule}


class ModulesBlock(blocks.StreamBlock):
    """The modules of a page, from top to bottom."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        kinds = [(key, kind()) for key, kind in MODULES.items()]
        super().__init__([*kinds, *(local_blocks or [])], **kwargs)

    class Meta:
        required: Any = False


def combinations() -> int:
    """How many renderings the library declares: each kind in each of its layouts and frames."""
    return sum(len(kind.LAYOUTS) * len(FRAMES) for kind in MODULES.values())
