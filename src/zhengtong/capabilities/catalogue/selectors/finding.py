"""Ways to an item: events of life and of a firm, bundles, what most people apply for, how long it takes."""

import dataclasses
from collections import Counter

from django.db.models import Count, Func, Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue.constants import LIFE_EVENTS, ApplicantType, ItemKind, VersionStatus
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.registry import Experience, experience
from zhengtong.capabilities.catalogue.selectors.lists import ItemSummary, Option, popular_items, summary_of
from zhengtong.kernel import parameters

#: below so many a count or a median says more about single people than about the item
FEWEST = 5


@dataclasses.dataclass(frozen=True)
class LifeEvent:
    """One event, with its themes and the number of items of each that are for the audience."""

    label: str
    themes: tuple[Option, ...]


@dataclasses.dataclass(frozen=True)
class Audience:
    """``key`` as the filter of applicants takes it: person or legal."""

    key: str
    label: str
    events: tuple[LifeEvent, ...]


@dataclasses.dataclass(frozen=True)
class Applied:
    """An item with the number of applications of the last 90 days; 0 where too few to say."""

    item: ItemSummary
    recent: int

    @property
    def words(self) -> str:
        """近 90 天 12 件, or the promise where too few applied."""
        return _("近 90 天 %(count)d 件") % {"count": self.recent} if self.recent else self.item.promise


def life_events(tenant: str) -> list[Audience]:
    """Events by audience as the county groups its themes; those without a published item are left out."""
    stated = parameters.value(LIFE_EVENTS, tenant=tenant)
    published = ItemVersion.objects.filter(tenant=tenant, status=VersionStatus.PUBLISHED)
    rows = published.annotate(theme=Func("themes", function="unnest")).values_list("theme", "applicant_type")
    counts: Counter[tuple[str, str]] = Counter()
    for theme, applicant, number in rows.annotate(count=Count("id")).order_by():
        for key in (ApplicantType.PERSON, ApplicantType.LEGAL) if applicant == ApplicantType.BOTH else (applicant,):
            counts[key, theme] += number
    found = []
    for audience in stated:
        key = audience["audience"]
        events = [
            LifeEvent(event["label"], tuple(Option(t, t, counts[key, t]) for t in event["themes"] if counts[key, t]))
            for event in audience["events"]
        ]
        found.append(Audience(key, audience["label"], tuple(event for event in events if event.themes)))
    return [audience for audience in found if audience.events]


def themes_of_event(tenant: str, label: str) -> tuple[str, ...]:
    """The themes of the event with that label, for whomever; none for an unknown one."""
    stated = parameters.value(LIFE_EVENTS, tenant=tenant)
    named = [event["themes"] for audience in stated for event in audience["events"] if event["label"] == label]
    return tuple(dict.fromkeys(theme for themes in named for theme in themes))


def bundles(tenant: str) -> list[ItemSummary]:
    """一件事 in force, the often used first; a county may handle one as a single item, then its name says so."""
    joined = Q(item__kind=ItemKind.BUNDLE) | Q(name__contains="一件事")
    rows = ItemVersion.objects.filter(joined, tenant=tenant, status=VersionStatus.PUBLISHED)
    ordered = rows.select_related("item").order_by("-item__uses", "item__featured", "name", "id")
    return [summary_of(row) for row in ordered]


def most_applied(tenant: str, count: int = 8) -> list[Applied]:
    """The items most applied for in the last 90 days; where these are too few, those the county put forward."""
    recent: Counter[str] = Counter()
    for reckoned in [found for _system, found in experience.items()]:
        recent.update({code: seen.recent for code, seen in reckoned(tenant).items()})
    first = {code: number for code, number in recent.most_common(count * 2) if number >= FEWEST}
    rows = ItemVersion.objects.filter(tenant=tenant, status=VersionStatus.PUBLISHED, item__code__in=first)
    found = {row.item.code: row for row in rows.select_related("item") if row.process_key} if first else {}
    ranked = [Applied(summary_of(found[code]), number) for code, number in first.items() if code in found][:count]
    if len(ranked) < count:
        named = {one.item.code for one in ranked}
        others = popular_items(tenant, count)
        ranked += [Applied(item, 0) for item in others if item.code not in named][: count - len(ranked)]
    return ranked


def experience_of(tenant: str, code: str) -> Experience:
    """How an item went lately; nothing where no system takes applications for it."""
    reckoned = [found(tenant) for _system, found in experience.items()]
    return next((known[code] for known in reckoned if code in known), Experience())
