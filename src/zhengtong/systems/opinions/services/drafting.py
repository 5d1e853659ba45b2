"""A consultation is written: its words, its files; it is handed to who signs, or given back."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import parameters, storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.series import next_in
from zhengtong.kernel.transactions import hold
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.opinions import permissions
from zhengtong.systems.opinions.constants import (
    BASIS_MAX,
    CONTACT_MAX,
    FILES_MAX,
    LONGEST_DAYS,
    PERIOD_DAYS,
    QUESTION_MAX,
    QUESTIONS_MAX,
    SIGNERS,
    TEXT_MAX,
    TITLE_MAX,
    ActKind,
    Phase,
    State,
)
from zhengtong.systems.opinions.models import Announced, OpinionCounter, Poll, Topic, TopicFile
from zhengtong.systems.opinions.rules.phases import last_day
from zhengtong.systems.opinions.selectors.finding import find, words_of
from zhengtong.systems.opinions.services.taking import clean, unit_takes, words_in
from zhengtong.systems.opinions.services.telling import note, tell

Kind = TypeVar("Kind", bound=Announced)
_TWICE: Final = dt.timedelta(seconds=60)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TopicWords:
    """What an officer writes of a consultation; without ``closes_on`` the period of the parameter counts."""

    title: str
    background: str
    basis: str
    contact: str
    questions: Sequence[str] = ()
    opens_on: dt.date
    closes_on: dt.date | None = None
    signed_in_only: bool = False


@transaction.atomic
def write_topic(*, actor: Actor, words: TopicWords, topic_id: uuid.UUID | None = None) -> Topic:
    """Begin a consultation, or change one that is not signed yet; what is sent twice is begun once.

    Raises Invalid, Conflict, NotPermitted.
    """
    permissions.check_officer(actor)
    given = _checked(actor.tenant, words)
    if topic_id is None and (there := just_begun(Topic, actor, given)) is not None:
        return there
    row = unit_takes(Topic, actor, topic_id, Phase.DRAFT) if topic_id else begun(Topic, actor, "YJ")
    for name, value in given.items():
        setattr(row, name, value)
    written_by(row, actor)
    row.save()
    note(actor, row, "opinions.write_topic", ActKind.DRAFT, title=row.title)
    return row


def attach(*, actor: Actor, topic_id: uuid.UUID, files: Sequence[tuple[str, bytes]]) -> Topic:
    """Add the draft and papers that explain it, as (name, content). Raises Invalid, Conflict."""
    checked = [checked_upload(name, content) for name, content in files]
    with transaction.atomic():
        row = unit_takes(Topic, actor, topic_id, Phase.DRAFT)
        if row.files.count() + len(checked) > FILES_MAX:
            raise Invalid(_("附件最多 %(n)d 个。") % {"n": FILES_MAX}, field="attachments")
        first = (row.files.aggregate(last=Max("no"))["last"] or 0) + 1
        for no, upload in enumerate(checked, start=first):
            file = storage.store_upload(tenant=row.tenant, upload=upload)
            TopicFile.objects.create(
                tenant=row.tenant,
                topic=row,
                no=no,
                file_id=file.id,
                name=upload.name,
                content_type=file.content_type,
                size=file.size,
                added_by=actor.name,
            )
            note(actor, row, "opinions.attach", ActKind.DRAFT, _("添加附件：%(name)s") % {"name": upload.name}, no=no)
    return row


@transaction.atomic
def detach(*, actor: Actor, topic_id: uuid.UUID, no: int) -> Topic:
    """Take a file off again, while nothing is signed."""
    row = unit_takes(Topic, actor, topic_id, Phase.DRAFT)
    file = row.files.filter(no=no).first()
    if file is None:
        raise NotFound(_("没有这个附件。"))
    name = file.name
    file.delete()
    note(actor, row, "opinions.detach", ActKind.DRAFT, _("移除附件：%(name)s") % {"name": name}, no=no)
    return row


@transaction.atomic
def submit(*, actor: Actor, kind: type[Kind], key: uuid.UUID) -> Kind:
    """Hand it to who signs. Raises Conflict for a survey without a question."""
    row = unit_takes(kind, actor, key, Phase.DRAFT)
    if isinstance(row, Poll) and not row.questions.exists():
        raise Conflict(_("调查还没有题目，请先编写题目。"))
    row.state = State.SUBMITTED
    row.save(update_fields=["state"])
    note(actor, row, "opinions.submit", ActKind.SUBMIT)
    people = permissions.unit_people(row, *SIGNERS) - {row.written_by_id}
    tell(row, people, title=_("请签发"), body=_("%(what)s“%(title)s”已经拟好，请签发。") % words_of(row))
    return row


@transaction.atomic
def give_back(*, actor: Actor, kind: type[Kind], key: uuid.UUID, reason: str) -> Kind:
    """Send it back to be changed, with the reason; its own writer may take it back, too."""
    row = unit_takes(kind, actor, key, Phase.SUBMITTED)
    if actor.person_id != row.written_by_id:
        permissions.check_signer(actor, row, row.written_by_id, row.stood_for_id)
    why = words_in(reason, field="reason")
    row.state = State.DRAFT
    row.save(update_fields=["state"])
    note(actor, row, "opinions.return", ActKind.RETURN, why)
    if actor.person_id != row.written_by_id:
        body = _("%(what)s“%(title)s”退回修改。") % words_of(row)
        tell(row, [row.written_by_id], title=_("退回修改"), body=f"{body}{why}")
    return row


def just_begun(kind: type[Kind], actor: Actor, given: Mapping[str, Any]) -> Kind | None:
    """The draft of the same words that this person began a moment ago: a button pressed twice."""
    hold(f"opinions:begin:{kind.__name__}:{actor.person_id}")
    rows = kind._default_manager.filter(
        tenant=actor.tenant, written_by_id=actor.person_id, state=State.DRAFT, created_at__gt=now() - _TWICE
    )
    return next((row for row in rows if all(getattr(row, name) == value for name, value in given.items())), None)


def begun(kind: type[Kind], actor: Actor, series: str) -> Kind:
    """A new one of the actor's unit with its number; not saved."""
    org = identity.organisation(actor.tenant, actor.org_code)
    year = local_date().year
    number = f"{series}{year}{next_in(OpinionCounter, tenant=actor.tenant, series=f'{series}/{year}'):04d}"
    return kind(tenant=actor.tenant, number=number, org_id=org.id, org_code=org.code, org_name=org.name)


def written_by(row: Announced, actor: Actor) -> None:
    """Who wrote it last, and in whose stead: somebody else signs."""
    if actor.person_id is None:
        raise NotFound(_("请由工作人员本人起草。"))
    row.written_by, row.written_by_id, row.stood_for_id = actor.name, actor.person_id, actor.delegator_id


def period(
    tenant: str, opens_on: dt.date, closes_on: dt.date | None, errors: dict[str, str]
) -> tuple[dt.date, dt.date]:
    """First and last day; what is wrong with them goes to ``errors``."""
    until = closes_on or last_day(opens_on, int(parameters.value(PERIOD_DAYS, tenant=tenant)))
    if opens_on < local_date():
        errors["opens_on"] = _("开始日期不能早于今天。")
    if until < opens_on:
        errors["closes_on"] = _("截止日期不能早于开始日期。")
    elif (until - opens_on).days > LONGEST_DAYS:
        errors["closes_on"] = _("期限最长 %(n)d 天。") % {"n": LONGEST_DAYS}
    return opens_on, until


def refuse(errors: dict[str, str]) -> None:
    """Raises Invalid with all sentences at once, where there are any."""
    if errors:
        raise Invalid(_("还有 %(n)d 处需要改正，已填写的内容都在。") % {"n": len(errors)}, errors=errors)


def too_short_or_long(given: dict[str, Any], limits: dict[str, tuple[int, int]], errors: dict[str, str]) -> None:
    """Clean the texts of ``given`` in place; a text outside its limits goes to ``errors``."""
    for name, (least, most) in limits.items():
        given[name] = clean(given[name])
        if not least <= len(given[name]) <= most:
            errors[name] = _("请填写，%(a)d 到 %(b)d 个字。") % {"a": least, "b": most}


def _checked(tenant: str, words: TopicWords) -> dict[str, Any]:
    given = {name: getattr(words, name) for name in ("title", "background", "basis", "contact", "signed_in_only")}
    errors: dict[str, str] = {}
    limits = {
        "title": (4, TITLE_MAX),
        "background": (10, TEXT_MAX),
        "basis": (2, BASIS_MAX),
        "contact": (4, CONTACT_MAX),
    }
    too_short_or_long(given, limits, errors)
    given["questions"] = [text for text in map(clean, words.questions) if text]
    if len(given["questions"]) > QUESTIONS_MAX or any(len(one) > QUESTION_MAX for one in given["questions"]):
        errors["questions"] = _("最多 %(n)d 个问题，每个不超过 %(m)d 个字。") % {"n": QUESTIONS_MAX, "m": QUESTION_MAX}
    given["opens_on"], given["closes_on"] = period(tenant, words.opens_on, words.closes_on, errors)
    refuse(errors)
    return given


def still_draft(kind: type[Kind], actor: Actor, key: uuid.UUID) -> Kind:
    """One of the actor's own unit that may still be changed, for the page to change it. Raises NotFound, Conflict."""
    row = find(kind, actor, key)
    permissions.check_unit(actor, row)
    if row.state != State.DRAFT:
        raise Conflict(_("只有起草中的可以修改。已经提请签发的，先取回。"))
    return row
