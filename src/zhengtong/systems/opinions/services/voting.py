"""A survey is answered: once by an account or a browser, without anything that says who answered."""

import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, NotPermitted
from zhengtong.systems.opinions.constants import Phase
from zhengtong.systems.opinions.models import Ballot, BallotText, Poll, VoterMark
from zhengtong.systems.opinions.rules.polls import check_answers
from zhengtong.systems.opinions.selectors.finding import find_public, phase
from zhengtong.systems.opinions.selectors.polls import questions_of
from zhengtong.systems.opinions.services.drafting import refuse
from zhengtong.systems.opinions.services.publishing import not_open


@transaction.atomic
def vote(*, actor: Actor, poll_id: uuid.UUID, answers: Mapping[str, Sequence[str]]) -> None:
    """Answer a survey; fields are ``q1``, ``q2``… Raises Invalid by field, Conflict, NotPermitted.

    No entry in the ledger: it would say when a ballot was given, and who gave it.
    """
    row = find_public(Poll, actor.tenant, poll_id)
    if phase(row) != Phase.OPEN:
        raise not_open(row)
    own = actor.signed_in and actor.kind != "official"
    if row.signed_in_only and not own:
        raise NotPermitted(_("这份调查要求以个人或者单位账户登录后回答，请登录后再试。"))
    checked = check_answers(questions_of(row), answers)
    refuse(checked.errors)
    if row.signed_in_only:
        _mark(row, actor)
    today = local_date()
    Ballot.objects.create(tenant=row.tenant, poll=row, answers=checked.chosen, answered_on=today)
    keys = dict(row.questions.values_list("no", "pk"))
    BallotText.objects.bulk_create(
        BallotText(tenant=row.tenant, question_id=keys[no], text=text, answered_on=today)
        for no, text in checked.written.items()
    )


def has_voted(*, actor: Actor, poll: Poll) -> bool:
    """Whether the account has answered a survey for which one signs in."""
    known = poll.signed_in_only and actor.person_id is not None
    return known and poll.marks.filter(digest=_digest(poll, actor)).exists()


def _mark(row: Poll, actor: Actor) -> None:
    _mark_row, fresh = VoterMark.objects.get_or_create(tenant=row.tenant, poll=row, digest=_digest(row, actor))
    if not fresh:
        raise Conflict(_("您已经答过这份调查，每个账户答一次。"))


def _digest(poll: Poll, actor: Actor) -> str:
    who = f"{poll.pk}/{actor.person_id}/{actor.legal_person_id or ''}"
    return salted_hmac("opinions.voter", who, algorithm="sha256").hexdigest()
