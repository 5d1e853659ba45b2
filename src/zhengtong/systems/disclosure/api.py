"""The door of disclosure for other apps."""

from zhengtong.systems.disclosure.selectors.pages import queue, waiting
from zhengtong.systems.disclosure.selectors.requests import asked_of_unit, has_requests, own_list
from zhengtong.systems.disclosure.services.answering import Answer, approve_answer, draft_answer, return_draft
from zhengtong.systems.disclosure.services.applicant import withdraw
from zhengtong.systems.disclosure.services.cataloguing import (
    EntryWords,
    end_entry,
    open_year,
    publish_entry,
    publish_guide,
    review_entry,
    see_page,
    withdraw_entry,
    write_entry,
)
from zhengtong.systems.disclosure.services.charging import charge, quote, record_paid, take_payment
from zhengtong.systems.disclosure.services.consulting import by_token, consult, end_consult, link_token, reply
from zhengtong.systems.disclosure.services.correcting import ask_correction, ask_reasons, confirm, correct, give_reasons
from zhengtong.systems.disclosure.services.letters import make_letters
from zhengtong.systems.disclosure.services.moving import forward, split
from zhengtong.systems.disclosure.services.reading import (
    open_file,
    open_own_file,
    read_identity,
    read_letter,
    read_own_letter,
)
from zhengtong.systems.disclosure.services.remedies import enter_remedy, enter_result
from zhengtong.systems.disclosure.services.reporting import ReportWords, begin_report, publish_report, write_report
from zhengtong.systems.disclosure.services.submitting import Receipt, Words, find_by_code, submit, take_in
from zhengtong.systems.disclosure.services.timing import ask_time, decide_time
from zhengtong.systems.disclosure.services.watching import tick

__all__ = [
    "Answer",
    "EntryWords",
    "Receipt",
    "ReportWords",
    "Words",
    "approve_answer",
    "ask_correction",
    "ask_reasons",
    "ask_time",
    "asked_of_unit",
    "begin_report",
    "by_token",
    "charge",
    "confirm",
    "consult",
    "correct",
    "decide_time",
    "draft_answer",
    "end_consult",
    "end_entry",
    "enter_remedy",
    "enter_result",
    "find_by_code",
    "forward",
    "give_reasons",
    "has_requests",
    "link_token",
    "make_letters",
    "open_file",
    "open_own_file",
    "open_year",
    "own_list",
    "publish_entry",
    "publish_guide",
    "publish_report",
    "queue",
    "quote",
    "read_identity",
    "read_letter",
    "read_own_letter",
    "record_paid",
    "reply",
    "return_draft",
    "review_entry",
    "see_page",
    "split",
    "submit",
    "take_in",
    "take_payment",
    "tick",
    "waiting",
    "withdraw",
    "withdraw_entry",
    "write_entry",
    "write_report",
]
