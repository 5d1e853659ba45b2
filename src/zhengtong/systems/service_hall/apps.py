"""Online approvals as a Django app."""

from django.conf import settings

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
        from zhengtong.capabilities.cases.registry import areas_of_county, items_of_unit, matter_pages, service_topics
        from zhengtong.capabilities.catalogue.registry import item_uses
        from zhengtong.capabilities.documents.registry import subject_policies
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.notify.registry import matter_guards, message_kinds
        from zhengtong.capabilities.payments.registry import fee_subjects
        from zhengtong.capabilities.ratings.registry import rateable
        from zhengtong.kernel.loops import register_loop
        from zhengtong.kernel.pages import applicant_acts, applicant_blocks, desk_blocks, home_blocks
        from zhengtong.kernel.personal_data import holdings, readables
        from zhengtong.systems.service_hall import api, handlers
        from zhengtong.systems.service_hall.constants import (
            ACT_LABELS,
            BATCH_KIND,
            CORRECTION_KIND,
            HEARING_KIND,
            MEASURE_KIND,
            OBJECT_KIND,
            PAUSE_KIND,
            PHRASE_KIND,
            PLEDGE_KIND,
            SPECIAL_KIND,
        )
        from zhengtong.systems.service_hall.permissions import (
            ApplicationPapers,
            HearingPapers,
            MeasurePapers,
            NoticePapers,
            PausePapers,
            PledgePapers,
            SpecialPapers,
        )
        from zhengtong.systems.service_hall.plugins.fees import FeesOfApplications
        from zhengtong.systems.service_hall.plugins.messages import MESSAGE_KINDS, takes_part_in
        from zhengtong.systems.service_hall.plugins.ratings import RateableApplications
        from zhengtong.systems.service_hall.registry import carriers, lookups
        from zhengtong.systems.service_hall.selectors import drafts_of_item, places
        from zhengtong.systems.service_hall.selectors.lookups import OWN_LOOKUPS
        from zhengtong.systems.service_hall.selectors.my_data import holdings_of_hall, readables_of_hall
        from zhengtong.systems.service_hall.services import papers
        from zhengtong.systems.service_hall.services.courier import SimulatedCourier
        from zhengtong.systems.service_hall.web import review_blocks
        from zhengtong.systems.service_hall.web.counter_blocks import counter_block, delivery_block
        from zhengtong.systems.service_hall.web.desk_fees import fees_block
        from zhengtong.systems.service_hall.web.desk_pages import place_of
        from zhengtong.systems.service_hall.web.home_block import my_cases_block

        service_topics.register("issue_licence", papers.issue_licence)
        service_topics.register("issue_refusal", papers.issue_refusal)
        service_topics.register("refuse_acceptance", papers.refuse_acceptance)
        matter_pages.register(OBJECT_KIND, place_of)
        items_of_unit.register("service_hall", places.items_of_unit)
        areas_of_county.register("service_hall", places.areas_of_county)
        item_uses.register("service_hall", drafts_of_item)
        subject_policies.register(OBJECT_KIND, ApplicationPapers())
        subject_policies.register("supplement_notice", NoticePapers())
        subject_policies.register(PAUSE_KIND, PausePapers())
        subject_policies.register(HEARING_KIND, HearingPapers())
        subject_policies.register(MEASURE_KIND, MeasurePapers())
        object_labels.register(OBJECT_KIND, "申请")
        object_labels.register(PHRASE_KIND, "常用语")
        for name, lookup in OWN_LOOKUPS.items():
            lookups.register(name, lookup)
        object_labels.register("supplement_notice", "一次性告知")
        object_labels.register(PAUSE_KIND, "停止计时")
        object_labels.register(HEARING_KIND, "听证通知")
        object_labels.register(MEASURE_KIND, "证照处置")
        object_labels.register(CORRECTION_KIND, "个人信息更正申请")
        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        rateable.register(OBJECT_KIND, RateableApplications())
        fee_subjects.register(OBJECT_KIND, FeesOfApplications())
        desk_blocks.register("service_hall.fees", fees_block)
        for kind in MESSAGE_KINDS:
            message_kinds.register(kind.key, kind)
        matter_guards.register(OBJECT_KIND, takes_part_in)
        object_labels.register(BATCH_KIND, "递交清单")
        applicant_blocks.register("service_hall.papers_and_delivery", delivery_block)
        desk_blocks.register("service_hall.counter", counter_block)
        if getattr(settings, "ZHENGTONG_DEMO", False):
            carriers.register("simulated", SimulatedCourier())
        home_blocks.register("service_hall", my_cases_block)
        applicant_acts.register("service_hall_promise", review_blocks.promise_act)
        applicant_blocks.register("service_hall_promise", review_blocks.promise_block)
        applicant_blocks.register("service_hall_special", review_blocks.special_block)
        desk_blocks.register("service_hall_promise", review_blocks.desk_promise_block)
        desk_blocks.register("service_hall_special", review_blocks.desk_special_block)
        subject_policies.register(PLEDGE_KIND, PledgePapers())
        subject_policies.register(SPECIAL_KIND, SpecialPapers())
        object_labels.register(PLEDGE_KIND, "办事承诺")
        object_labels.register(SPECIAL_KIND, "特别环节")
        register_loop("service_hall_pledges", api.tick_pledges, interval=30.0)
        holdings.register("service_hall", holdings_of_hall)
        readables.register("service_hall", readables_of_hall)
        handlers.subscribe_all()
