"""The door of the hall inside its own system and for the portal."""

import uuid

from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.permissions import check_may_apply
from zhengtong.systems.service_hall.selectors import (
    ApplicationView,
    FileView,
    MaterialView,
    NoticeView,
    Todo,
    application_by_code,
    application_for_official,
    counts,
    material_file,
    messages_about,
    my_applications,
    my_licences,
    my_todos,
    open_draft,
    own_application,
    own_view,
    standing_of,
    tracked_view,
    view_of,
)
from zhengtong.systems.service_hall.services import papers
from zhengtong.systems.service_hall.services.applying import (
    answer_notice,
    attach_material,
    detach_material,
    discard_draft,
    known_facts,
    save_answers,
    start_application,
    submit_application,
    withdraw_application,
)
from zhengtong.systems.service_hall.services.handling import complete_task, read_application, record_file_read
from zhengtong.systems.service_hall.services.lookup import look_up
from zhengtong.systems.service_hall.services.papers import close_withdrawn

__all__ = [
    "ApplicationView",
    "FileView",
    "MaterialView",
    "NoticeView",
    "Todo",
    "answer_notice",
    "application_by_code",
    "application_for_official",
    "application_of_case",
    "attach_material",
    "check_may_apply",
    "close_withdrawn",
    "complete_task",
    "counts",
    "detach_material",
    "discard_draft",
    "known_facts",
    "look_up",
    "make_paper",
    "material_file",
    "messages_about",
    "my_applications",
    "my_licences",
    "my_todos",
    "open_draft",
    "own_application",
    "own_view",
    "read_application",
    "record_file_read",
    "save_answers",
    "standing_of",
    "start_application",
    "submit_application",
    "tracked_view",
    "view_of",
    "withdraw_application",
]


def application_of_case(*, tenant: str, case_id: uuid.UUID) -> uuid.UUID | None:
    """The application whose case it is, None for cases of other systems."""
    return Application.objects.filter(tenant=tenant, case_id=case_id).values_list("id", flat=True).first()


def make_paper(*, tenant: str, application_id: uuid.UUID, paper: str) -> None:
    """Make the receipt, the acceptance notice or the one-time notices of an application; safe to repeat."""
    row = Application.objects.get(tenant=tenant, pk=application_id)
    if paper == "receipt":
        papers.issue_receipt(row)
    elif paper == "acceptance_notice":
        papers.issue_acceptance_notice(row)
    else:
        for notice in row.notices.order_by("no"):
            papers.issue_supplement_notice(row, notice)
