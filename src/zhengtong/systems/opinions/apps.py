"""Opinions as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class OpinionsConfig(SystemConfig):
    """Public consultations with feedback, surveys with results."""

    name = "zhengtong.systems.opinions"
    label = "opinions"
    verbose_name = "民意征集"
    aliases = ("意见征集", "网上调查", "公众互动交流", "征求意见", "问卷调查", "民意调查")
    plan_refs = ("S-21", "N-09")
    home_url = "/opinions/"

    def ready(self) -> None:
        """Name the acts, work in time, say what is held of people, stand on the sites, be found."""
        from zhengtong.capabilities.identity.registry import OrganisationWork, organisation_work
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.search.registry import SearchSource, search_sources
        from zhengtong.kernel import erasure
        from zhengtong.kernel.loops import register_loop
        from zhengtong.kernel.pages import Entrance, page_modules, public_entrances
        from zhengtong.kernel.personal_data import holdings, readables
        from zhengtong.systems.opinions import api
        from zhengtong.systems.opinions.constants import ACT_LABELS, OBJECT_LABELS, POLL, TOPIC
        from zhengtong.systems.opinions.plugins.my_data import holdings_of_person, readables_of_person
        from zhengtong.systems.opinions.selectors.found import found_polls, found_topics
        from zhengtong.systems.opinions.services import erasing, handing_over
        from zhengtong.systems.opinions.web import blocks

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        organisation_work.register(
            "opinions",
            OrganisationWork(
                label="民意征集",
                count=handing_over.count_organisation_work,
                hand_over=handing_over.hand_over_organisation_work,
            ),
        )
        holdings.register("opinions", holdings_of_person)
        readables.register("opinions", readables_of_person)
        erasure.erasers.register("opinions", erasing.comment_eraser())
        erasing.register_sweeps()
        public_entrances.register(
            "opinions", Entrance("opinions:home", "民意征集", "对正在征求意见的事项提意见、答调查")
        )
        for name, module in blocks.PAGE_MODULES.items():
            page_modules.register(name, module)
        for kind, label, entries, browse in (
            (TOPIC, "意见征集", found_topics, "/opinions/?what=topic"),
            (POLL, "网上调查", found_polls, "/opinions/?what=poll"),
        ):
            search_sources.register(kind, SearchSource(kind=kind, label=label, entries=entries, browse_url=browse))
        register_loop("opinions.clock", api.tick, interval=5.0, timed=True)
