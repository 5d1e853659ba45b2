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
        from zhengtong.systems.service_hall import handlers

        _serve_processes()
        _guard_papers()
        _name_things()
        _show_blocks()
        _answer_others()
        handlers.subscribe_all()


def _serve_processes() -> None:
    """What the processes leave to the hall, and where a task of the hall is worked on."""
    from zhengtong.capabilities.cases.registry import areas_of_county, items_of_unit, matter_pages, service_topics
    from zhengtong.kernel.loops import register_loop
    from zhengtong.systems.service_hall import api
    from zhengtong.systems.service_hall.constants import OBJECT_KIND
    from zhengtong.systems.service_hall.registry import carriers
    from zhengtong.systems.service_hall.selectors import places
    from zhengtong.systems.service_hall.services import papers
    from zhengtong.systems.service_hall.services.courier import ReportingCourier, SimulatedCourier
    from zhengtong.systems.service_hall.web.desk_pages import place_of

    service_topics.register("issue_licence", papers.issue_licence)
    service_topics.register("issue_refusal", papers.issue_refusal)
    service_topics.register("refuse_acceptance", papers.refuse_acceptance)
    matter_pages.register(OBJECT_KIND, place_of)
    items_of_unit.register("service_hall", places.items_of_unit)
    areas_of_county.register("service_hall", places.areas_of_county)
    if getattr(settings, "ZHENGTONG_DEMO", False):
        carriers.register("simulated", SimulatedCourier())
    if getattr(settings, "ZHENGTONG_COURIER_SECRET", ""):
        carriers.register(
            "courier", ReportingCourier(settings.ZHENGTONG_COURIER_NAME, settings.ZHENGTONG_COURIER_SECRET)
        )
    register_loop("service_hall_pledges", api.tick_pledges, interval=30.0)


def _guard_papers() -> None:
    """Who may read the papers about each kind of thing."""
    from zhengtong.capabilities.documents.registry import subject_policies
    from zhengtong.systems.service_hall import constants, permissions

    subject_policies.register(constants.OBJECT_KIND, permissions.ApplicationPapers())
    subject_policies.register("supplement_notice", permissions.NoticePapers())
    subject_policies.register(constants.PAUSE_KIND, permissions.PausePapers())
    subject_policies.register(constants.HEARING_KIND, permissions.HearingPapers())
    subject_policies.register(constants.MEASURE_KIND, permissions.MeasurePapers())
    subject_policies.register(constants.PLEDGE_KIND, permissions.PledgePapers())
    subject_policies.register(constants.SPECIAL_KIND, permissions.SpecialPapers())
    subject_policies.register(constants.REPORT_KIND, permissions.ReportPapers())


def _name_things() -> None:
    """Chinese words for what the ledger and the messages name."""
    from zhengtong.capabilities.ledger.registry import act_labels, object_labels
    from zhengtong.capabilities.notify.registry import message_kinds
    from zhengtong.systems.service_hall.constants import ACT_LABELS, OBJECT_LABELS
    from zhengtong.systems.service_hall.plugins.messages import MESSAGE_KINDS

    for kind, label in OBJECT_LABELS.items():
        object_labels.register(kind, label)
    for act, label in ACT_LABELS.items():
        act_labels.register(act, label)
    for message in MESSAGE_KINDS:
        message_kinds.register(message.key, message)


def _show_blocks() -> None:
    """What the hall shows on its own pages of a matter, and on the portal's start page."""
    from zhengtong.kernel.pages import (
        Entrance,
        applicant_acts,
        applicant_blocks,
        desk_blocks,
        home_blocks,
        public_entrances,
    )
    from zhengtong.systems.service_hall.web import review_blocks
    from zhengtong.systems.service_hall.web.counter_blocks import counter_block, delivery_block
    from zhengtong.systems.service_hall.web.desk_fees import fees_block
    from zhengtong.systems.service_hall.web.figures_public import totals_block
    from zhengtong.systems.service_hall.web.home_block import my_cases_block

    home_blocks.register("service_hall", my_cases_block)
    public_entrances.register("service_hall", Entrance("service_hall:track", "进度查询", "凭受理编号查办理进度"))
    home_blocks.register("service_hall_totals", totals_block)
    applicant_acts.register("service_hall_promise", review_blocks.promise_act)
    applicant_blocks.register("service_hall.papers_and_delivery", delivery_block)
    applicant_blocks.register("service_hall_promise", review_blocks.promise_block)
    applicant_blocks.register("service_hall_special", review_blocks.special_block)
    desk_blocks.register("service_hall.fees", fees_block)
    desk_blocks.register("service_hall.counter", counter_block)
    desk_blocks.register("service_hall_promise", review_blocks.desk_promise_block)
    desk_blocks.register("service_hall_special", review_blocks.desk_special_block)


def _answer_others() -> None:
    """What lower floors ask of the hall: about items in use, fees, ratings, messages, personal data."""
    from zhengtong.capabilities.catalogue.registry import experience, item_uses
    from zhengtong.capabilities.exchange import api as exchange
    from zhengtong.capabilities.notify.registry import matter_guards
    from zhengtong.capabilities.payments.registry import fee_subjects
    from zhengtong.capabilities.ratings.registry import rateable
    from zhengtong.kernel import erasure
    from zhengtong.kernel.personal_data import holdings, readables
    from zhengtong.systems.service_hall.constants import OBJECT_KIND
    from zhengtong.systems.service_hall.plugins.fees import FeesOfApplications
    from zhengtong.systems.service_hall.plugins.messages import takes_part_in
    from zhengtong.systems.service_hall.plugins.ratings import RateableApplications
    from zhengtong.systems.service_hall.plugins.upper_reports import DATA_SETS
    from zhengtong.systems.service_hall.registry import lookups
    from zhengtong.systems.service_hall.selectors import drafts_of_item
    from zhengtong.systems.service_hall.selectors.experience import experience_of_items
    from zhengtong.systems.service_hall.selectors.lookups import OWN_LOOKUPS
    from zhengtong.systems.service_hall.selectors.my_data import holdings_of_hall, readables_of_hall
    from zhengtong.systems.service_hall.services import erasing

    item_uses.register("service_hall", drafts_of_item)
    experience.register("service_hall", experience_of_items)
    for name, lookup in OWN_LOOKUPS.items():
        lookups.register(name, lookup)
    rateable.register(OBJECT_KIND, RateableApplications())
    fee_subjects.register(OBJECT_KIND, FeesOfApplications())
    matter_guards.register(OBJECT_KIND, takes_part_in)
    holdings.register("service_hall", holdings_of_hall)
    erasure.erasers.register("service_hall", erasing.hall_eraser())
    erasing.register_sweeps()
    readables.register("service_hall", readables_of_hall)
    for dataset in DATA_SETS:
        exchange.offer(dataset)
