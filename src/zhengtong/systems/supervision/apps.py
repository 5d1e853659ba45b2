"""Electronic supervision as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class SupervisionConfig(SystemConfig):
    """Yellow and red cards, the board and the wall."""

    name = "zhengtong.systems.supervision"
    label = "supervision"
    verbose_name = "电子监察"
    aliases = ("电子监察系统", "电子监察平台", "网上审批与电子监察系统", "效能监察", "办理情况监督", "监察亮牌")
    plan_refs = ("P-09", "P-50", "J-50", "J-51")
    home_url = "/supervision/"

    def ready(self) -> None:
        """Name the acts, register what is watched, listen, and show the public figures."""
        from zhengtong.capabilities.documents.registry import subject_policies
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.kernel.loops import register_loop
        from zhengtong.kernel.pages import home_blocks
        from zhengtong.systems.supervision import handlers, tasks  # noqa: F401  (declares the jobs)
        from zhengtong.systems.supervision.constants import ACT_LABELS, LETTER_KIND, OBJECT_LABELS, REPORT_KIND
        from zhengtong.systems.supervision.permissions import LetterPapers, ReportPapers
        from zhengtong.systems.supervision.plugins import case_events, facts, office_events, rating_events, score_inputs
        from zhengtong.systems.supervision.services import assess_paths, tell_news, tick_limits
        from zhengtong.systems.supervision.web.home_block import public_figures_block

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        case_events.register()
        rating_events.register()
        office_events.register()
        facts.register()
        score_inputs.register()
        handlers.subscribe_all()
        subject_policies.register(LETTER_KIND, LetterPapers())
        subject_policies.register(REPORT_KIND, ReportPapers())
        register_loop("supervision_limits", tick_limits, interval=1.0, timed=True)
        register_loop("supervision_paths", assess_paths, interval=2.0)
        register_loop("supervision_news", tell_news, interval=1.0)
        home_blocks.register("supervision", public_figures_block)
