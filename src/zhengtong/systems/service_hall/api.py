"""The door of the hall inside its own system and for the portal."""

import uuid
from collections.abc import Callable
from typing import Any

from zhengtong.contracts import cases as events
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.permissions import check_may_apply
from zhengtong.systems.service_hall.selectors import (
    ApplicationView,
    FileView,
    LooseFile,
    MaterialView,
    NoticeView,
    Todo,
    application_by_code,
    application_for_official,
    counts,
    loose_files,
    material_file,
    messages_about,
    my_applications,
    my_licences,
    my_todos,
    open_draft,
    own_application,
    own_view,
    pins_of,
    renewable_licences,
    standing_of,
    tracked_view,
    view_of,
)
from zhengtong.systems.service_hall.services import clock_news, papers
from zhengtong.systems.service_hall.services.applying import (
    answer_notice,
    ask_for_hearing,
    attach_material,
    detach_material,
    discard_draft,
    known_facts,
    save_answers,
    start_application,
    submit_application,
    waive_hearing,
    withdraw_application,
)
from zhengtong.systems.service_hall.services.filling import Kept, attach_answer, keep_page
from zhengtong.systems.service_hall.services.handling import complete_task, read_application, record_file_read
from zhengtong.systems.service_hall.services.lookup import look_up
from zhengtong.systems.service_hall.services.moving import Moved, material_changes, move_draft, newer_item
from zhengtong.systems.service_hall.services.papers import close_withdrawn, preview_licence
from zhengtong.systems.service_hall.services.retired import tell_drafts

__all__ = [
    "Application",
    "ApplicationView",
    "FileView",
    "Kept",
    "LooseFile",
    "MaterialView",
    "Moved",
    "NoticeView",
    "Todo",
    "answer_notice",
    "application_by_code",
    "application_for_official",
    "application_of_case",
    "ask_for_hearing",
    "attach_answer",
    "attach_material",
    "check_may_apply",
    "close_withdrawn",
    "complete_task",
    "counts",
    "detach_material",
    "discard_draft",
    "hand_over",
    "keep_page",
    "known_facts",
    "look_up",
    "loose_files",
    "make_hearing_notice",
    "make_paper",
    "make_pause_notice",
    "material_changes",
    "material_file",
    "messages_about",
    "move_draft",
    "my_applications",
    "my_licences",
    "my_todos",
    "newer_item",
    "open_draft",
    "own_application",
    "own_view",
    "pins_of",
    "preview_licence",
    "read_application",
    "record_file_read",
    "renewable_licences",
    "save_answers",
    "standing_of",
    "start_application",
    "submit_application",
    "tell_clock_news",
    "tell_drafts",
    "tracked_view",
    "view_of",
    "waive_hearing",
    "withdraw_application",
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
