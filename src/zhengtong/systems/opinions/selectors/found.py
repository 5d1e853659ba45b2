"""Consultations and surveys as search knows them."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.search.registry import Entry
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.opinions.constants import POLL, TOPIC, State
from zhengtong.systems.opinions.models import Announced, Poll, Topic


def found_entry(row: Announced) -> Entry:
    """How search knows one that is public."""
    topic = row if isinstance(row, Topic) else None
    text = topic.background if topic else row.introduction if isinstance(row, Poll) else ""
    more = (topic.basis, *topic.questions, topic.feedback) if topic else ()
    period = _("%(a)s至%(b)s") % {"a": cn_date(row.opens_on), "b": cn_date(row.closes_on)}
    return Entry(
        kind=TOPIC if topic else POLL,
        object_id=str(row.pk),
        title=row.title,
        url=reverse("opinions:topic" if topic else "opinions:poll", args=[row.pk]),
        summary=" ".join(text.split())[:120],
        body=" ".join((row.number, row.org_name, text, *more)),
        updated_at=row.published_at,
        org_code=row.org_code,
        org_name=row.org_name,
        dated=row.opens_on,
        facts=((_("征集单位"), row.org_name), (_("期限"), period)),
    )


def found_topics(tenant: str) -> Iterator[Entry]:
    """All consultations the public may take part in or read."""
    yield from map(found_entry, _of(Topic, tenant))


def found_polls(tenant: str) -> Iterator[Entry]:
    """All surveys, the same."""
    yield from map(found_entry, _of(Poll, tenant))


def _of(kind: type[Announced], tenant: str) -> Iterator[Announced]:
    states = [State.PUBLISHED, State.ANSWERED]
    return kind._default_manager.filter(tenant=tenant, state__in=states).iterator(chunk_size=200)
