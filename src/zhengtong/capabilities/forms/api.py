"""The door of the forms for other apps."""

from zhengtong.capabilities.forms.rules import Definition, Field, Section, read_definition
from zhengtong.capabilities.forms.selectors import SubmissionView, newest_version, submission
from zhengtong.capabilities.forms.services import declare_form, freeze, reopen, save_answers, start_submission

__all__ = [
    "Definition",
    "Field",
    "Section",
    "SubmissionView",
    "declare_form",
    "freeze",
    "newest_version",
    "read_definition",
    "reopen",
    "save_answers",
    "start_submission",
    "submission",
]
