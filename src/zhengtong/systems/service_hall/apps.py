"""Online approvals as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class ServiceHallConfig(SystemConfig):
    """From application to licence."""

    name = "zhengtong.systems.service_hall"
    label = "service_hall"
    verbose_name = "网上审批"
    aliases = ("网上审批系统", "网上行政审批系统", "政务服务大厅", "网上办事", "在线办事", "并联审批")
    plan_refs = ("N-08", "Q-19", "Q-21", "S-15", "P-50", "J-42", "J-44", "J-45", "J-46", "J-48")
    home_url = "/services/"

    def ready(self) -> None:
        """Provide the services of the processes, listen to cases, say who may read papers."""
        from zhengtong.capabilities.cases.registry import matter_pages, service_topics
        from zhengtong.capabilities.catalogue.registry import item_uses
        from zhengtong.capabilities.documents.registry import subject_policies
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.kernel.pages import home_blocks
        from zhengtong.systems.service_hall import handlers
        from zhengtong.systems.service_hall.constants import ACT_LABELS, HEARING_KIND, OBJECT_KIND, PAUSE_KIND
        from zhengtong.systems.service_hall.permissions import (
            ApplicationPapers,
            HearingPapers,
            NoticePapers,
            PausePapers,
        )
        from zhengtong.systems.service_hall.selectors import drafts_of_item
        from zhengtong.systems.service_hall.services import papers
        from zhengtong.systems.service_hall.web.desk_pages import place_of
        from zhengtong.systems.service_hall.web.home_block import my_cases_block

        service_topics.register("issue_licence", papers.issue_licence)
        service_topics.register("issue_refusal", papers.issue_refusal)
        service_topics.register("refuse_acceptance", papers.refuse_acceptance)
        matter_pages.register(OBJECT_KIND, place_of)
        item_uses.register("service_hall", drafts_of_item)
        subject_policies.register(OBJECT_KIND, ApplicationPapers())
        subject_policies.register("supplement_notice", NoticePapers())
        subject_policies.register(PAUSE_KIND, PausePapers())
        subject_policies.register(HEARING_KIND, HearingPapers())
        object_labels.register(OBJECT_KIND, "申请")
        object_labels.register("supplement_notice", "一次性告知")
        object_labels.register(PAUSE_KIND, "停止计时")
        object_labels.register(HEARING_KIND, "听证通知")
        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        home_blocks.register("service_hall", my_cases_block)
        handlers.subscribe_all()
