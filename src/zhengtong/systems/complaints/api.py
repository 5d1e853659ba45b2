"""The door of complaints for other apps."""

from zhengtong.systems.complaints.selectors.about import Subject, subject_of
from zhengtong.systems.complaints.selectors.complaints import own_list
from zhengtong.systems.complaints.selectors.identities import tells_who, unnamed
from zhengtong.systems.complaints.selectors.pages import desk_view, published, queue, waiting, writer_view
from zhengtong.systems.complaints.selectors.statistics import handled_by, public_totals, statistics
from zhengtong.systems.complaints.services.answering import approve_answer, return_draft, submit_draft
from zhengtong.systems.complaints.services.assigning import assign, handle_by_office, proposed_brief, release_file
from zhengtong.systems.complaints.services.deciding import accept, merge, reject, transfer
from zhengtong.systems.complaints.services.publishing import publish_answer, unpublish_answer
from zhengtong.systems.complaints.services.reading import open_file, read_identity
from zhengtong.systems.complaints.services.reviewing import redo, uphold
from zhengtong.systems.complaints.services.submitting import Receipt, Words, find_by_code, submit, take_in
from zhengtong.systems.complaints.services.timing import ask_time, decide_time, resume, suspend
from zhengtong.systems.complaints.services.watching import tick
from zhengtong.systems.complaints.services.writer import ask_review, satisfy, withdraw

__all__ = [
    "Receipt",
    "Subject",
    "Words",
    "accept",
    "approve_answer",
    "ask_review",
    "ask_time",
    "assign",
    "decide_time",
    "desk_view",
    "find_by_code",
    "handle_by_office",
    "handled_by",
    "merge",
    "open_file",
    "own_list",
    "proposed_brief",
    "public_totals",
    "publish_answer",
    "published",
    "queue",
    "read_identity",
    "redo",
    "reject",
    "release_file",
    "resume",
    "return_draft",
    "satisfy",
    "statistics",
    "subject_of",
    "submit",
    "submit_draft",
    "suspend",
    "take_in",
    "tells_who",
    "tick",
    "transfer",
    "unnamed",
    "unpublish_answer",
    "uphold",
    "waiting",
    "withdraw",
    "writer_view",
]
