"""The door of opinions for other apps."""

from zhengtong.systems.opinions.models import Poll, Topic
from zhengtong.systems.opinions.selectors.lists import late, waiting
from zhengtong.systems.opinions.services.commenting import (
    CommentReceipt,
    CommentWords,
    find_by_receipt,
    give_opinion,
)
from zhengtong.systems.opinions.services.drafting import (
    TopicWords,
    attach,
    detach,
    give_back,
    still_draft,
    submit,
    write_topic,
)
from zhengtong.systems.opinions.services.publishing import extend, publish, withdraw
from zhengtong.systems.opinions.services.reading import read_contact, read_file
from zhengtong.systems.opinions.services.replying import publish_feedback, reply, undo_reply, write_feedback
from zhengtong.systems.opinions.services.surveying import (
    PollWords,
    QuestionWords,
    choose_excerpt,
    drop_excerpt,
    raise_question,
    remove_question,
    write_poll,
    write_question,
)
from zhengtong.systems.opinions.services.voting import has_voted, vote
from zhengtong.systems.opinions.services.watching import tick

__all__ = [
    "CommentReceipt",
    "CommentWords",
    "Poll",
    "PollWords",
    "QuestionWords",
    "Topic",
    "TopicWords",
    "attach",
    "choose_excerpt",
    "detach",
    "drop_excerpt",
    "extend",
    "find_by_receipt",
    "give_back",
    "give_opinion",
    "has_voted",
    "late",
    "publish",
    "publish_feedback",
    "raise_question",
    "read_contact",
    "read_file",
    "remove_question",
    "reply",
    "still_draft",
    "submit",
    "tick",
    "undo_reply",
    "vote",
    "waiting",
    "withdraw",
    "write_feedback",
    "write_poll",
    "write_question",
    "write_topic",
]
