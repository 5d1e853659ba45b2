"""Promises of applicants: what may be promised, what is owed, who broke one before, what a unit follows up."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.service_hall.constants import ApplicationStatus, PromiseState
from zhengtong.systems.service_hall.models import Application, BrokenPledge, Pledge
from zhengtong.systems.service_hall.rules.promises import Owed, commitment_refusal, refusal, statement
from zhengtong.systems.service_hall.selectors.applications import materials_of
from zhengtong.systems.service_hall.selectors.promised import pledges_with


@dataclasses.dataclass(frozen=True)
class PledgeView:
    """A promise as pages show it; ``late`` when its day has passed."""

    id: uuid.UUID
    application_id: uuid.UUID
    case_id: uuid.UUID | None
    number: str
    item_name: str
    applicant: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    text: str
    owed: tuple[Owed, ...]
    signed_by: str
    signed_at: dt.datetime
    due_on: dt.date | None
    settled_at: dt.datetime | None
    settled_by: str
    findings: str
    repairable: bool = False

    @property
    def waiting(self) -> tuple[Owed, ...]:
        """What has not come yet."""
        return tuple(one for one in self.owed if not one.given)


@dataclasses.dataclass(frozen=True)
class Offer:
    """What the applicant may promise, in which words; ``barred`` says why he may not."""

    owed: tuple[Owed, ...]
    text: str
    barred: str


def owed_of(entries: list[Mapping[str, Any]]) -> tuple[Owed, ...]:
    """Stored entries as the rules read them."""
    return tuple(
        Owed(
            key=one["key"],
            name=one["name"],
            form=one["form"],
            limit=one["limit"],
            due_on=dt.date.fromisoformat(one["due_on"]) if one.get("due_on") else None,
            given=bool(one.get("given")),
        )
        for one in entries
    )


def stored(owed: tuple[Owed, ...]) -> list[dict[str, Any]]:
    """The same as they are stored."""
    return [dataclasses.asdict(one) | {"due_on": one.due_on.isoformat() if one.due_on else None} for one in owed]


def broken_before(row: Application) -> list[str]:
    """Items of which the applicant broke a promise and has not repaired his record."""
    who = Q(legal_person_id=row.legal_person_id) if row.legal_person_id else Q(person_id=row.ward_id or row.person_id)
    found = BrokenPledge.objects.filter(who, tenant=row.tenant, repaired_on__isnull=True).order_by("created_at")
    return list(dict.fromkeys(found.values_list("item_name", flat=True)))


def missing_tolerable(row: Application) -> tuple[Owed, ...]:
    """Materials that may follow and have not come, each with the time that is allowed: never beyond the promise."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    form = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id)
    within = {material["key"]: str(material.get("within") or "") for material in item.materials}
    return tuple(
        Owed(material.key, material.name, material.form, limit_for(row.tenant, within[material.key], item).label)
        for material in materials_of(row, item, form)
        if material.state == "may_follow"
    )


def limit_for(tenant: str, within: str, item: catalogue.ItemVersionView) -> cases.Limit:
    """How long a tolerated material may follow: what the guide says, at most the promised limit of the item."""
    own = cases.Limit.parse(within or "NONE")
    promised = item.promised_limit if item.promised_limit.is_set else item.statutory_limit
    if not own.is_set:
        return promised
    if not promised.is_set:
        return own
    today = local_date()
    ends = [cases.last_day_within(tenant, limit, today) for limit in (own, promised)]
    return own if ends[0] is not None and ends[1] is not None and ends[0] <= ends[1] else promised


def tolerance_offer(row: Application) -> Offer:
    """What the applicant may promise for a tolerant acceptance now."""
    owed = missing_tolerable(row)
    accepted = False
    if row.case_id is not None:
        case = cases.case_view(actor=system(row.tenant), case_id=row.case_id)
        accepted = case.accepted_on is not None or case.status == "closed"
    barred = refusal(missing=[one.name for one in owed], broken=broken_before(row) if owed else [], accepted=accepted)
    return Offer(owed, statement(owed, row.org_name) if owed else "", barred)


def commitment_offer(row: Application) -> Offer:
    """Whether the applicant may choose 告知承诺 for his draft, and what he would promise."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    commitment = item.commitment
    barred = commitment_refusal(
        offered=commitment is not None,
        broken=broken_before(row) if commitment else [],
        handed_in=row.status != ApplicationStatus.DRAFT,
    )
    if commitment is None:
        return Offer((), "", barred)
    names = {material["key"]: material for material in item.materials}
    owed = tuple(
        Owed(key, names[key]["name"], names[key]["form"], commitment.check_within)
        for key in commitment.materials
        if key in names
    )
    return Offer(owed, f"{commitment.told}\n{commitment.statement}\n{commitment.consequences}", barred)


def pledges_of(row: Application, rows: Iterable[Pledge] | None = None) -> tuple[PledgeView, ...]:
    """The promises of an application, the newest first, without those that were given up.

    ``rows``: all of them, where they were read before.
    """
    found = pledges_with(row) if rows is None else rows
    return tuple(_view(one, row.applicant_name) for one in found if one.state != PromiseState.DROPPED)


def follow_ups(actor: Actor, *, settled: bool = False, page: object = 1, size: int = 20) -> Page[PledgeView]:
    """What the actor's unit has to follow up, the next day first; with ``settled`` what was done, the newest first."""
    if actor.kind != "official" or actor.org_id is None:
        return Page(rows=[], number=1, size=size, total=0)
    states = (PromiseState.KEPT, PromiseState.BROKEN) if settled else (PromiseState.RUNNING, PromiseState.LATE)
    rows = Pledge.objects.filter(tenant=actor.tenant, application__org_id=actor.org_id, state__in=states)
    if actor.delegated_items:
        rows = rows.filter(application__item_code__in=sorted(actor.delegated_items))
    ordered = rows.order_by("-settled_at" if settled else "due_on", "id").select_related("application", "broken")
    found = page_of(ordered, page, size=size)
    return dataclasses.replace(found, rows=[_view(one, one.application.applicant_name) for one in found.rows])


def pledge_for(actor: Actor, pledge_id: uuid.UUID) -> PledgeView:
    """One promise that the actor's unit follows up; NotFound for any other."""
    row = None
    if actor.org_id is not None:
        rows = Pledge.objects.filter(tenant=actor.tenant, application__org_id=actor.org_id, pk=pledge_id)
        row = rows.select_related("application", "broken").first()
    if row is None:
        raise NotFound(_("没有找到这项承诺，或者它不由您所在的单位跟踪。"))
    return _view(row, row.application.applicant_name)


def _view(row: Pledge, applicant: str) -> PledgeView:
    application = row.application
    record: BrokenPledge | None = getattr(row, "broken", None)
    return PledgeView(
        id=row.id,
        application_id=application.id,
        case_id=application.case_id,
        number=application.number or "",
        item_name=application.item_name,
        applicant=applicant,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        state=row.state,
        state_label=row.get_state_display(),
        text=row.text,
        owed=owed_of(row.owed),
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        due_on=row.due_on,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        findings=row.findings,
        repairable=record is not None and record.repaired_on is None,
    )
