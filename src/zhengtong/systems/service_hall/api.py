"""The door of the hall inside its own system and for the portal."""

import uuid
from collections.abc import Callable
from typing import Any

from zhengtong.contracts import cases as events
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.permissions import check_may_apply, check_may_type
from zhengtong.systems.service_hall.selectors import (
    ApplicationView,
    FileView,
    LicenceCard,
    LooseFile,
    MaterialView,
    NoticeView,
    Offer,
    PaperPlace,
    SeenView,
    Todo,
    application_by_code,
    application_for_official,
    application_of_chooser,
    application_to_fill,
    corrections_waiting,
    counts,
    current_file,
    deliveries_in_hand,
    delivery_events,
    delivery_for_official,
    delivery_of,
    desk_licence,
    erasures_decided,
    erasures_done,
    erasures_to_decide,
    erasures_waiting,
    handed_in_today,
    holders_measure,
    lacks_relation,
    lines_of,
    list_of,
    lists_sent,
    lists_to_receive,
    loose_files,
    material_file,
    measures_of,
    measures_waiting,
    messages_about,
    my_applications,
    my_corrections,
    my_erasures,
    my_licences,
    my_readings,
    my_todos,
    offers_for,
    open_draft,
    open_sittings,
    originals_seen,
    own_application,
    own_licence,
    own_licences,
    own_sitting,
    own_view,
    paper_place_of,
    paper_places_of,
    papers_here,
    people_helped,
    pick_up_places,
    pins_of,
    renewable_licences,
    representation_of,
    scan_counts,
    scan_of,
    scans_of,
    sentences_of,
    sitting_of,
    sittings_of_application,
    tracked_view,
    unit_licences,
    unit_measure,
    view_of,
    view_to_fill,
)
from zhengtong.systems.service_hall.selectors.fees import proposed_fees
from zhengtong.systems.service_hall.services import assisting, clock_news, papers
from zhengtong.systems.service_hall.services.applying import (
    answer_notice,
    ask_for_hearing,
    attach_material,
    detach_material,
    discard_draft,
    known_facts,
    save_answers,
    start_about_licence,
    start_application,
    submit_application,
    waive_hearing,
    withdraw_application,
)
from zhengtong.systems.service_hall.services.assisting import check_may_go_on
from zhengtong.systems.service_hall.services.batches import BatchAct, BatchResult, complete_batch
from zhengtong.systems.service_hall.services.carrying import poll_carriers, take_carrier_report
from zhengtong.systems.service_hall.services.consenting import consent_by_code, record_consent, send_consent_code
from zhengtong.systems.service_hall.services.consulting import consult_register, registers_for
from zhengtong.systems.service_hall.services.counter import (
    begin_sitting,
    begin_supplement,
    drop_sitting,
    mark_original,
)
from zhengtong.systems.service_hall.services.delivering import (
    Choice as DeliveryChoice,
)
from zhengtong.systems.service_hall.services.delivering import (
    Collection,
    choose_delivery,
    confirm_post,
    hand_out,
    open_delivery,
    put_at_place,
    read_address,
    remind_to_collect,
    send_by_post,
    send_to_place,
)
from zhengtong.systems.service_hall.services.erasure_requests import (
    ask_erasure,
    carry_out_erasure,
    decide_erasure,
    erase_again,
    read_erasure,
    what_would_go,
    withdraw_erasure,
)
from zhengtong.systems.service_hall.services.fees import ChosenFee, raise_fees
from zhengtong.systems.service_hall.services.figures import rebuild_figures, record_export, tend_figures
from zhengtong.systems.service_hall.services.figures import refresh_cases as refresh_figures
from zhengtong.systems.service_hall.services.filling import Kept, attach_answer, keep_page
from zhengtong.systems.service_hall.services.handling import (
    complete_task,
    read_application,
    read_case,
    record_file_read,
)
from zhengtong.systems.service_hall.services.holding import lift_loss, report_loss
from zhengtong.systems.service_hall.services.lookup import look_up
from zhengtong.systems.service_hall.services.measure_papers import make_measure_paper
from zhengtong.systems.service_hall.services.measures import (
    carry_measure,
    drop_measure,
    propose_measure,
    propose_revocation,
    refuse_measure,
    state_case,
)
from zhengtong.systems.service_hall.services.moving import Moved, material_changes, move_draft, newer_item
from zhengtong.systems.service_hall.services.my_data import (
    answer_correction,
    ask_correction,
    copy_of_data,
    correctable_applications,
    read_correction,
    require_person,
)
from zhengtong.systems.service_hall.services.paging import (
    add_scans,
    bind_scans,
    drop_scans,
    move_scan,
    remove_scan,
    take_file_apart,
    turn_scan,
)
from zhengtong.systems.service_hall.services.papers import close_withdrawn, preview_licence
from zhengtong.systems.service_hall.services.phrases import adopt_defaults, count_uses, drop_phrase, keep_phrase
from zhengtong.systems.service_hall.services.promising import (
    choose_commitment,
    end_with_case,
    leave_commitment,
    record_check,
    sign_tolerance,
    start_check,
    start_tolerance,
    tick_pledges,
)
from zhengtong.systems.service_hall.services.reading_licences import read_licence
from zhengtong.systems.service_hall.services.reminding import remind_all, remind_of_licences
from zhengtong.systems.service_hall.services.reporting import issue_report, make_due_reports, make_report
from zhengtong.systems.service_hall.services.representing import SeenPaper, record_relation, relation_of
from zhengtong.systems.service_hall.services.retired import tell_drafts
from zhengtong.systems.service_hall.services.reusing import reuse_material
from zhengtong.systems.service_hall.services.scanning import add_pages, one_file, turn_material
from zhengtong.systems.service_hall.services.special_papers import end_case
from zhengtong.systems.service_hall.services.special_papers import issue_pledge as make_pledge_paper
from zhengtong.systems.service_hall.services.special_papers import issue_step as make_special_paper
from zhengtong.systems.service_hall.services.township import (
    Verdict as PapersVerdict,
)
from zhengtong.systems.service_hall.services.township import (
    pass_up,
    receive_list,
)

__all__ = [
    "Application",
    "ApplicationView",
    "BatchAct",
    "BatchResult",
    "ChosenFee",
    "Collection",
    "DeliveryChoice",
    "FileView",
    "Kept",
    "LicenceCard",
    "LooseFile",
    "MaterialView",
    "Moved",
    "NoticeView",
    "Offer",
    "PaperPlace",
    "PapersVerdict",
    "SeenPaper",
    "SeenView",
    "Todo",
    "add_pages",
    "add_scans",
    "adopt_defaults",
    "answer_correction",
    "answer_notice",
    "application_by_code",
    "application_for_official",
    "application_of_case",
    "application_of_chooser",
    "application_to_fill",
    "ask_correction",
    "ask_erasure",
    "ask_for_hearing",
    "attach_answer",
    "attach_material",
    "begin_sitting",
    "begin_supplement",
    "bind_scans",
    "carry_measure",
    "carry_out_erasure",
    "check_may_apply",
    "check_may_go_on",
    "check_may_type",
    "choose_commitment",
    "choose_delivery",
    "close_withdrawn",
    "complete_batch",
    "complete_task",
    "confirm_post",
    "consent_by_code",
    "consult_register",
    "copy_of_data",
    "correctable_applications",
    "corrections_waiting",
    "count_uses",
    "counts",
    "current_file",
    "decide_erasure",
    "deliveries_in_hand",
    "delivery_events",
    "delivery_for_official",
    "delivery_of",
    "desk_licence",
    "detach_material",
    "discard_draft",
    "drop_measure",
    "drop_phrase",
    "drop_scans",
    "drop_sitting",
    "end_case",
    "end_with_case",
    "erase_again",
    "erasures_decided",
    "erasures_done",
    "erasures_to_decide",
    "erasures_waiting",
    "hand_out",
    "hand_over",
    "handed_in_today",
    "holders_measure",
    "issue_report",
    "keep_page",
    "keep_phrase",
    "known_facts",
    "lacks_relation",
    "leave_commitment",
    "lift_loss",
    "lines_of",
    "list_of",
    "lists_sent",
    "lists_to_receive",
    "look_up",
    "loose_files",
    "make_due_reports",
    "make_hearing_notice",
    "make_measure_paper",
    "make_paper",
    "make_pause_notice",
    "make_pledge_paper",
    "make_report",
    "make_special_paper",
    "mark_original",
    "material_changes",
    "material_file",
    "material_offers",
    "measures_of",
    "measures_waiting",
    "messages_about",
    "move_draft",
    "move_scan",
    "my_applications",
    "my_corrections",
    "my_erasures",
    "my_licences",
    "my_readings",
    "my_todos",
    "newer_item",
    "one_file",
    "open_delivery",
    "open_draft",
    "open_sittings",
    "originals_seen",
    "own_application",
    "own_licence",
    "own_licences",
    "own_sitting",
    "own_view",
    "paper_place_of",
    "paper_places_of",
    "papers_here",
    "pass_up",
    "people_helped",
    "pick_up_places",
    "pins_of",
    "poll_carriers",
    "preview_licence",
    "propose_measure",
    "propose_revocation",
    "proposed_fees",
    "put_at_place",
    "raise_fees",
    "read_address",
    "read_application",
    "read_case",
    "read_correction",
    "read_erasure",
    "read_licence",
    "rebuild_figures",
    "receive_list",
    "record_check",
    "record_consent",
    "record_export",
    "record_file_read",
    "record_relation",
    "refresh_figures",
    "refuse_measure",
    "registers_for",
    "relation_of",
    "remind_all",
    "remind_of_licences",
    "remind_to_collect",
    "remove_scan",
    "renewable_licences",
    "report_loss",
    "representation_of",
    "require_person",
    "reuse_material",
    "save_answers",
    "scan_counts",
    "scan_of",
    "scans_of",
    "send_by_post",
    "send_consent_code",
    "send_to_place",
    "sentences_of",
    "sign_tolerance",
    "sitting_of",
    "sittings_of_application",
    "start_about_licence",
    "start_application",
    "start_check",
    "start_tolerance",
    "state_case",
    "submit_application",
    "take_carrier_report",
    "take_file_apart",
    "tell_clock_news",
    "tell_drafts",
    "tend_figures",
    "tick_pledges",
    "tracked_view",
    "turn_material",
    "turn_scan",
    "unit_licences",
    "unit_measure",
    "view_of",
    "view_to_fill",
    "waive_hearing",
    "what_would_go",
    "withdraw_application",
    "withdraw_erasure",
]


def application_of_case(*, tenant: str, case_id: uuid.UUID) -> uuid.UUID | None:
    """The application whose case it is, None for cases of other systems."""
    return Application.objects.filter(tenant=tenant, case_id=case_id).values_list("id", flat=True).first()


def hand_over(*, tenant: str, case_id: uuid.UUID, org_id: uuid.UUID, org_name: str) -> None:
    """Another unit answers for the application of a case; nothing for cases of other systems."""
    Application.objects.filter(tenant=tenant, case_id=case_id).update(org_id=org_id, org_name=org_name)


def make_paper(*, tenant: str, application_id: uuid.UUID, paper: str) -> None:
    """Make the receipt, a notice of acceptance or extension, or the one-time notices; safe to repeat."""
    row = Application.objects.get(tenant=tenant, pk=application_id)
    if paper == "receipt":
        papers.issue_receipt(row)
    elif paper == "acceptance_notice":
        papers.issue_acceptance_notice(row)
    elif paper == "extension_notice":
        papers.issue_extension_notice(row)
    else:
        for notice in row.notices.order_by("no"):
            papers.issue_supplement_notice(row, notice)


def make_pause_notice(*, tenant: str, application_id: uuid.UUID, pause_id: uuid.UUID) -> None:
    """Make the notice of one stop of the clock; safe to repeat."""
    papers.issue_pause_notice(Application.objects.get(tenant=tenant, pk=application_id), pause_id)


def make_hearing_notice(*, tenant: str, application_id: uuid.UUID, no: int) -> None:
    """Make the notice of a hearing with that number; safe to repeat."""
    papers.issue_hearing_notice(Application.objects.get(tenant=tenant, pk=application_id), no)


_NEWS: dict[type[events.CaseEvent], Callable[[Application, Any], None]] = {
    events.ClockPaused: clock_news.tell_paused,
    events.CaseAccepted: clock_news.tell_accepted,
    events.ClockResumed: clock_news.tell_resumed,
    events.DeadlineMoved: clock_news.tell_moved,
    events.ExtensionDecided: clock_news.tell_extended,
    events.ExtensionRequested: clock_news.tell_extension_requested,
    events.HearingMoved: clock_news.tell_hearing,
    events.PauseEnding: clock_news.tell_pause_ending,
    events.RenewalDeemed: clock_news.tell_renewal_deemed,
}


def tell_clock_news(event: events.CaseEvent) -> None:
    """Tell applicant, unit or leaders what an event of the clock means; nothing for cases of other systems."""
    row = Application.objects.filter(tenant=event.tenant, case_id=event.case_id).first()
    if row is not None:
        _NEWS[type(event)](row, event)


def material_offers(*, actor: Actor, view: ApplicationView) -> dict[str, tuple[Offer, ...]]:
    """By material, what the applicant has already; for himself and for who types for him at a counter."""
    return offers_for(applicant=assisting.party(actor, view.row), view=view)
