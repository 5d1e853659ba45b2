"""Who may see and move a card."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.supervision.constants import SUPERVISOR, UNIT_ROLES
from zhengtong.systems.supervision.models import Card, Letter
from zhengtong.systems.supervision.rules.cards import Party


def is_supervisor(actor: Actor) -> bool:
    """An official who holds the supervisor's role, or the platform itself."""
    return actor.kind == "system" or (actor.kind == "official" and actor.has_role(SUPERVISOR))


def check_supervisor(actor: Actor) -> None:
    """Only supervisors."""
    if not is_supervisor(actor):
        raise NotPermitted(_("这里由监察员使用。您可以在“本单位亮牌”中查看和说明本单位的牌。"))


def paths_of_unit(actor: Actor) -> uuid.UUID | None:
    """Whose paths an actor reads: None for all of the county (supervisors), his own unit's for a leader."""
    if is_supervisor(actor):
        return None
    if actor.kind == "official" and actor.org_id is not None and actor.has_role("leader"):
        return actor.org_id
    raise NotPermitted(_("办理路径由监察员查看，各单位的由本单位负责人查看。"))


def visible_cards(actor: Actor) -> Q:
    """All cards of the tenant for a supervisor, those of his own unit for an official, none for anybody else."""
    if is_supervisor(actor):
        return Q(tenant=actor.tenant)
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*UNIT_ROLES):
        return Q(pk__in=[])
    return Q(tenant=actor.tenant, org_id=actor.org_id)


def party_of(actor: Actor, card: Card) -> Party | None:
    """As whom an actor stands before a card: the unit answers for itself, a supervisor judges other units only."""
    if actor.kind == "system":
        return "system"
    if actor.kind != "official" or actor.tenant != card.tenant:
        return None
    if actor.org_id == card.org_id:
        return "unit" if actor.has_role(*UNIT_ROLES) else None
    return "supervisor" if actor.has_role(SUPERVISOR) else None


def check_unit(actor: Actor, card: Card) -> None:
    """Only officials of the responsible unit speak for it."""
    if party_of(actor, card) != "unit":
        raise NotPermitted(
            _("这张牌的责任单位是%(org)s，由该单位的经办人、审查人或负责人说明。") % {"org": card.org_name}
        )


def check_judge(actor: Actor, card: Card) -> None:
    """Only a supervisor, and none who belongs to the responsible unit (回避)."""
    if actor.kind == "official" and actor.has_role(SUPERVISOR) and actor.org_id == card.org_id:
        raise NotPermitted(_("您所在的单位是这张牌的责任单位，应当回避，请由其他监察员处理。"))
    if party_of(actor, card) != "supervisor":
        raise NotPermitted(_("核定、撤销和销号由监察员办理。"))


def is_leader(actor: Actor) -> bool:
    """监察机构负责人: a supervisor who also leads his unit."""
    return actor.kind == "official" and actor.has_role(SUPERVISOR) and actor.has_role("leader")


def check_second(actor: Actor, first_id: uuid.UUID, stood_for_id: uuid.UUID | None, *, leader: bool = False) -> None:
    """What one supervisor proposed another decides, for some acts the leader of supervision (两人核准).

    Never who acts in the first one's post, nor for whom the first one acted.
    """
    if actor.kind != "official" or not actor.has_role(SUPERVISOR):
        raise NotPermitted(_("由监察员核准。"))
    refused = _("提出的人不能自己核准，请由另一位监察员核准。")
    identity.check_second_person(actor, first_id, stood_for_id, refused)
    if leader and not is_leader(actor):
        raise NotPermitted(_("责任追究由监察机构负责人决定。"))


def person_of(actor: Actor) -> uuid.UUID:
    """Who acts in person: what two persons decide no machine proposes."""
    if actor.person_id is None:
        raise NotPermitted(_("请由监察员本人办理。"))
    return actor.person_id


class LetterPapers:
    """监察建议书 as documents ask about them: the platform issues, supervisors and the unit it went to read."""

    def may_issue(self, actor: Actor, subject_ref: ObjectRef, *, kind: str, issuing_org_id: uuid.UUID) -> bool:
        """Only the platform, which documents know by itself."""
        return False

    def may_read(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """Who sees the card."""
        cards = Card.objects.filter(visible_cards(actor))
        return Letter.objects.filter(tenant=actor.tenant, pk=subject_ref.id, card__in=cards).exists()

    def is_holder(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """A letter is held by a unit, not by a person."""
        return False


def reads_reports(actor: Actor) -> bool:
    """Who reads the whole monthly report of the county: supervisors and leaders; others read their unit's part."""
    return is_supervisor(actor) or (actor.kind == "official" and actor.has_role("leader"))


class ReportPapers:
    """电子监察月报 as papers: totals of the county and its units without persons."""

    def may_issue(self, actor: Actor, subject_ref: ObjectRef, *, kind: str, issuing_org_id: uuid.UUID) -> bool:
        """Only the platform, which documents know by itself."""
        return False

    def may_read(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """Who reads the whole report; it becomes a paper when it is published."""
        return reads_reports(actor)

    def is_holder(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """Reports are made out to nobody."""
        return False
