"""Tables of public consultations and surveys."""

from zhengtong.systems.opinions.models.acts import OpinionAct
from zhengtong.systems.opinions.models.announced import Announced
from zhengtong.systems.opinions.models.polls import Ballot, BallotText, Excerpt, Poll, PollQuestion, VoterMark
from zhengtong.systems.opinions.models.topics import Comment, OpinionCounter, Reply, Topic, TopicFile

__all__ = [
    "Announced",
    "Ballot",
    "BallotText",
    "Comment",
    "Excerpt",
    "OpinionAct",
    "OpinionCounter",
    "Poll",
    "PollQuestion",
    "Reply",
    "Topic",
    "TopicFile",
    "VoterMark",
]
