"""Licences of the person, or of the legal person he speaks for; what may be done about each."""

import dataclasses
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_read
from zhengtong.systems.service_hall.constants import OBJECT_KIND, UNDER_WAY, ApplicationStatus, MeasureState, Purpose
from zhengtong.systems.service_hall.models import Application, LicenceMeasure
from zhengtong.systems.service_hall.permissions import own
from zhengtong.systems.service_hall.rules import licences as rules

#: applications in which the holder said what the licence registers
_FILLED = (Purpose.NEW, Purpose.RENEWAL, Purpose.CHANGE)


@dataclasses.dataclass(frozen=True)
class LicenceCard:
    """A licence with where it stands in plain words; ``application`` is the one it was issued for."""

    view: documents.LicenceView
    facts: rules.Facts
    state: str
    words: str
    application: Application | None
    pending: Application | None

    @property
    def id(self) -> uuid.UUID:
        """Key of the licence."""
        return self.view.id

    @property
    def paper(self) -> documents.IssuedDocument:
        """The paper itself."""
        return self.view.paper

    def barred(self, act: rules.Act) -> str:
        """Why an act is not open, empty when it is."""
        return rules.barred(act, self.facts, local_date())


def own_licences(*, actor: Actor, page: object = 1, size: int = 20) -> Page[LicenceCard]:
    """Every licence issued to the actor in his present identity, those in force first."""
    mine = Application.objects.filter(own(actor), status=ApplicationStatus.CLOSED)
    ids = [str(key) for key in mine.values_list("id", flat=True)]
    found = documents.licences_of(tenant=actor.tenant, subject_kind=OBJECT_KIND, subject_ids=ids)
    return page_read(lambda start, stop: cards(actor.tenant, found[start:stop]), page, size=size, total=len(found))


def own_licence(*, actor: Actor, document_id: uuid.UUID) -> LicenceCard:
    """A licence of the actor's own; NotFound for every other paper."""
    found = documents.holders_licence(actor=actor, document_id=document_id)
    if found is None:
        raise NotFound(_("没有找到这份证照。如果它属于您的另一个身份，请先切换身份。"))
    return cards(actor.tenant, [found])[0]


def desk_licence(*, actor: Actor, document_id: uuid.UUID) -> LicenceCard:
    """A licence of the official's own unit; NotFound for every other paper."""
    found = documents.units_licence(actor=actor, document_id=document_id)
    if found is None:
        raise NotFound(_("没有找到这份证照，或者它不是本单位签发的。"))
    return cards(actor.tenant, [found])[0]


def unit_licences(*, actor: Actor, words: str = "", page: object = 1) -> Page[LicenceCard]:
    """Licences the official's unit issued, by number, name or holder, the newest first."""
    found = documents.find_licences(actor=actor, words=words, page=page)
    return Page(
        rows=cards(actor.tenant, found.rows), number=found.number, size=found.size, total=found.total, more=found.more
    )


def cards(tenant: str, views: Iterable[documents.LicenceView]) -> list[LicenceCard]:
    """The licences with what is under way about them; the caller checked the right to see them."""
    listed = list(views)
    keys = [view.id for view in listed]
    asked = {
        row.licence_id: row
        for row in Application.objects.filter(tenant=tenant, licence_id__in=keys, status__in=UNDER_WAY)
    }
    measures = {
        row.document_id: row
        for row in LicenceMeasure.objects.filter(tenant=tenant, document_id__in=keys, state=MeasureState.PROPOSED)
    }
    subjects = {uuid.UUID(view.paper.object_ref.id) for view in listed if view.paper.object_ref.kind == OBJECT_KIND}
    applications = {row.id: row for row in Application.objects.filter(tenant=tenant, pk__in=subjects)}
    offered = {code: _offered(tenant, code) for code in {view.item_code for view in listed}}
    return [
        _card(
            view,
            applications.get(uuid.UUID(view.paper.object_ref.id))
            if view.paper.object_ref.kind == OBJECT_KIND
            else None,
            asked.get(view.id),
            measures.get(view.id),
            offered=offered[view.item_code],
        )
        for view in listed
    ]


def _card(
    view: documents.LicenceView,
    application: Application | None,
    pending: Application | None,
    measure: LicenceMeasure | None,
    *,
    offered: bool,
) -> LicenceCard:
    facts = rules.Facts(
        end_word=view.end_word,
        ended_on=local_date(view.ended_at) if view.ended_at else None,
        lost_on=local_date(view.lost_at) if view.lost_at else None,
        valid_until=view.paper.valid_until,
        pending=_("%(purpose)s申请（%(number)s）")
        % {"purpose": pending.get_purpose_display(), "number": pending.number}
        if pending
        else "",
        measure=str(measure.get_kind_display()) if measure else "",
        offered=offered and application is not None,
    )
    state, words = rules.state_of(facts, local_date())
    return LicenceCard(view, facts, state, words, application, pending)


def _offered(tenant: str, code: str) -> bool:
    try:
        item = catalogue.find_item(tenant, code)
    except NotFound:
        return False
    return item.on_application and item.online


def last_filled(tenant: str, card: LicenceCard) -> Application | None:
    """The latest application in which the holder filled in what the licence registers."""
    chain = documents.chain_of(tenant=tenant, document_id=card.id)
    keys = [uuid.UUID(one.paper.object_ref.id) for one in chain if one.paper.object_ref.kind == OBJECT_KIND]
    rows = {row.id: row for row in Application.objects.filter(pk__in=keys, purpose__in=_FILLED)}
    return next((rows[key] for key in reversed(keys) if key in rows), None)


def measures_of(*, tenant: str, document_id: uuid.UUID) -> list[LicenceMeasure]:
    """What the authority did or means to do to a licence, newest first; the caller checked the right."""
    return list(LicenceMeasure.objects.filter(tenant=tenant, document_id=document_id).order_by("-created_at"))


def measures_waiting(*, actor: Actor) -> list[LicenceMeasure]:
    """Measures of the official's unit that wait for a leader, the oldest first."""
    if actor.org_id is None:
        return []
    rows = LicenceMeasure.objects.filter(tenant=actor.tenant, org_id=actor.org_id, state=MeasureState.PROPOSED)
    if actor.delegated_items:
        rows = rows.filter(item_code__in=actor.delegated_items)
    return list(rows.order_by("created_at"))


def unit_measure(*, actor: Actor, measure_id: uuid.UUID) -> LicenceMeasure:
    """A measure of the official's own unit; NotFound for another."""
    row = LicenceMeasure.objects.filter(tenant=actor.tenant, pk=measure_id).first()
    if row is None or documents.units_licence(actor=actor, document_id=row.document_id) is None:
        raise NotFound(_("没有找到这项证照处置，或者它不属于本单位。"))
    return row


def holders_measure(*, actor: Actor, measure_id: uuid.UUID) -> LicenceMeasure:
    """A measure against a licence of the actor's own; NotFound for another."""
    row = LicenceMeasure.objects.filter(tenant=actor.tenant, pk=measure_id).first()
    if row is None or documents.holders_licence(actor=actor, document_id=row.document_id) is None:
        raise NotFound(_("没有找到这项证照处置。"))
    return row
