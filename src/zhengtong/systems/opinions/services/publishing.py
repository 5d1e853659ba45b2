"""Signed by a second person it opens and closes by itself; extended and withdrawn with a reason."""

import datetime as dt
import uuid
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.search import api as search
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.calendar import end_of_day, start_of_day
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.opinions import permissions
from zhengtong.systems.opinions.constants import LONGEST_DAYS, ActKind, Phase, State
from zhengtong.systems.opinions.models import Announced, Topic
from zhengtong.systems.opinions.rules.phases import days_when_published
from zhengtong.systems.opinions.selectors.clocks import feedback_limit
from zhengtong.systems.opinions.selectors.found import found_entry
from zhengtong.systems.opinions.services.taking import unit_takes, words_in
from zhengtong.systems.opinions.services.telling import moved, note, ref_of, tell

Kind = TypeVar("Kind", bound=Announced)


@transaction.atomic
def publish(*, actor: Actor, kind: type[Kind], key: uuid.UUID) -> Kind:
    """Sign it: it is announced now and open on its days. Raises Conflict, NotPermitted."""
    row = unit_takes(kind, actor, key, Phase.SUBMITTED)
    permissions.check_signer(actor, row, row.written_by_id, row.stood_for_id)
    row.opens_on, row.closes_on = days_when_published(row.opens_on, row.closes_on, local_date())
    row.opens_at, row.closes_at = max(start_of_day(row.opens_on), now()), end_of_day(row.closes_on)
    row.state, row.published_at = State.PUBLISHED, now()
    row.published_by, row.published_by_id = actor.name, actor.person_id
    row.next_at = row.opens_at
    row.save()
    days = _("%(a)s至%(b)s") % {"a": cn_date(row.opens_on), "b": cn_date(row.closes_on)}
    note(actor, row, "opinions.publish", ActKind.PUBLISH, days, title=row.title)
    moved(row, "published")
    come_to_moment(row)
    search.index_many(tenant=row.tenant, entries=[found_entry(row)])
    return row


@transaction.atomic
def extend(*, actor: Actor, kind: type[Kind], key: uuid.UUID, closes_on: dt.date, reason: str) -> Kind:
    """Let it stay open until a later day, with the reason, by a signer. Raises Invalid, Conflict, NotPermitted."""
    row = unit_takes(kind, actor, key, Phase.WAITING, Phase.OPEN)
    permissions.check_signer(actor, row, None, None)
    why = words_in(reason, field="reason")
    if not row.closes_on < closes_on <= row.opens_on + dt.timedelta(days=LONGEST_DAYS):
        raise Invalid(
            _("新的截止日期应当晚于%(day)s，期限最长 %(n)d 天。") % {"day": cn_date(row.closes_on), "n": LONGEST_DAYS},
            field="closes_on",
        )
    row.closes_on, row.closes_at = closes_on, end_of_day(closes_on)
    if row.opened:
        row.next_at = row.closes_at
    row.save(update_fields=["closes_on", "closes_at", "next_at"])
    note(actor, row, "opinions.extend", ActKind.EXTEND, _("延长到%(day)s。") % {"day": cn_date(closes_on)} + why)
    moved(row, "extended")
    search.index_many(tenant=row.tenant, entries=[found_entry(row)])
    return row


@transaction.atomic
def withdraw(*, actor: Actor, kind: type[Kind], key: uuid.UUID, reason: str) -> Kind:
    """Take it back: the public reads that it was withdrawn and why; what had come in stays."""
    phases = (Phase.DRAFT, Phase.SUBMITTED, Phase.WAITING, Phase.OPEN, Phase.CLOSED)
    row = unit_takes(kind, actor, key, *phases)
    if row.published_at is not None:
        permissions.check_signer(actor, row, None, None)
    row.withdrawn_why = words_in(reason, field="reason")
    row.state, row.withdrawn_at, row.next_at = State.WITHDRAWN, now(), None
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_why", "next_at"])
    note(actor, row, "opinions.withdraw", ActKind.WITHDRAW, row.withdrawn_why)
    moved(row, "withdrawn")
    search.remove(tenant=row.tenant, kind=ref_of(row).kind, object_id=str(row.pk))
    return row


def come_to_moment(row: Announced) -> bool:
    """Open or close what has come to its moment; the row is locked. Whether anything was done."""
    at = now()
    if row.state != State.PUBLISHED or row.opens_at is None or row.closes_at is None:
        return False
    if not row.opened and at >= row.opens_at:
        row.opened, row.next_at = True, row.closes_at
        row.save(update_fields=["opened", "next_at"])
        note(system(row.tenant), row, "opinions.open", ActKind.OPEN)
        moved(row, "opened")
        return True
    if row.opened and not row.closed and at >= row.closes_at:
        row.closed, row.next_at = True, None
        if isinstance(row, Topic):
            begin_feedback(row)
        row.save()
        note(system(row.tenant), row, "opinions.close", ActKind.CLOSE)
        moved(row, "closed")
        _tell_closed(row)
        return True
    return False


def begin_feedback(row: Topic) -> None:
    """Compute the limit to publish the feedback from today's calendar; not saved."""
    limit = feedback_limit(row)
    row.due_on, row.due_at, row.yellow_at, row.projected_on = limit.due_on, limit.due_at, limit.yellow_at, local_date()
    at = now()
    merited = "red" if at >= limit.due_at else "yellow" if limit.yellow_at and at >= limit.yellow_at else ""
    severity = ("", "yellow", "red")
    if severity.index(row.level) > severity.index(merited):
        row.level = merited
    row.next_at = {"": limit.yellow_at or limit.due_at, "yellow": limit.due_at}.get(row.level)


def _tell_closed(row: Announced) -> None:
    if isinstance(row, Topic) and row.due_on is not None:
        words = {"title": row.title, "n": row.comments.count(), "day": cn_date(row.due_on)}
        body = _("意见征集“%(title)s”已经截止，收到 %(n)d 条意见，请在%(day)s前公布采纳情况。") % words
        tell(row, permissions.unit_people(row), title=_("意见征集已截止"), body=body)


def not_open(row: Announced) -> Conflict:
    """The refusal of what comes before the first or after the last day."""
    if row.closes_at is not None and now() >= row.closes_at:
        return Conflict(
            _("已经在%(day)s截止，不再接收。填写的内容都在页面上，可以复制保存。") % {"day": cn_date(row.closes_on)}
        )
    return Conflict(_("现在不接收。填写的内容都在页面上，可以复制保存。"))
