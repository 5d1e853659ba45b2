"""Who may apply for what, and who may read the papers of an application."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role, Scope, default_scope
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.systems.service_hall.constants import OBJECT_KIND, ApplicationStatus, SittingState
from zhengtong.systems.service_hall.models import Application, LicenceMeasure, Sitting, SupplementNotice

#: who may type for a person at a counter: the one-stop window for all units, a clerk for his own
COUNTER_ROLES = (Role.COUNTER, Role.CLERK)

HANDLERS = ("clerk", "reviewer", "leader")

#: who reads statistics: leaders those of their unit, the others those of the county as far as their role reaches
FIGURE_READERS = (Role.LEADER, Role.SUPERVISOR, Role.HALL_MANAGER, Role.PROCESS_ADMIN)


def check_may_apply(actor: Actor, item: catalogue.ItemVersionView, *, at_counter: bool = False) -> None:
    """Citizens for items of natural persons, agents for items of legal persons; officials never in office.

    ``at_counter``: the person stands at a window, where items that are not handled online are taken in too.
    """
    if actor.kind == "official":
        raise NotPermitted(_("您现在以工作人员身份登录。要为自己办事，请先切换为个人身份。"))
    if not actor.signed_in:
        raise NotPermitted(_("请先登录，再申请办理。"))
    if not identity.may_handle_item(actor, item.code):
        raise NotPermitted(_("授权委托书没有包括“%(name)s”，请由授权的单位补充授权。") % {"name": item.name})
    if not item.on_application:
        raise NotPermitted(_("“%(name)s”由行政机关依职权办理，不需要申请。") % {"name": item.name})
    if not item.online and not at_counter:
        raise NotPermitted(_("“%(name)s”需要到窗口办理，办事指南写明了地点和时间。") % {"name": item.name})
    if item.applicant_type == "法人" and actor.kind != "legal_agent":
        raise NotPermitted(_("“%(name)s”由法人申请。请切换为法人的法定代表人或经办人身份。") % {"name": item.name})
    if item.applicant_type == "自然人" and actor.kind != "citizen":
        raise NotPermitted(_("“%(name)s”由个人申请。请切换为个人身份。") % {"name": item.name})


def check_may_type(actor: Actor, item: catalogue.ItemVersionView) -> None:
    """An official whose window takes in for the item's unit; a delegate only for the items named to him."""
    if actor.kind != "official" or not actor.has_role(*COUNTER_ROLES):
        raise NotPermitted(_("窗口代录由窗口收件员或者主办单位的经办人办理。"))
    if not identity.may_handle_item(actor, item.code):
        raise NotPermitted(
            _("%(name)s委托您办理的事项不包括“%(item)s”，请由本人办理。")
            % {"name": actor.delegated_by, "item": item.name}
        )
    own_unit = item.org_id == actor.org_id
    if actor.has_role(Role.COUNTER):
        reach = dict(actor.scopes).get(Role.COUNTER) or default_scope(Role.COUNTER)
        within = own_unit or reach == Scope.COUNTY or (reach == Scope.SUBTREE and _below(actor, item.org_code))
    else:
        within = own_unit
    if not within:
        raise NotPermitted(
            _("“%(item)s”由%(org)s办理，您的窗口不收这个事项。请引导申请人到综合窗口或者%(org)s的窗口。")
            % {"item": item.name, "org": item.org_name}
        )


def _below(actor: Actor, org_code: str) -> bool:
    return identity.organisation(actor.tenant, org_code).path.startswith(actor.org_path)


def typed_by(actor: Actor) -> Q:
    """Applications the official is typing now, for the person who stands before him: his open sittings, no others.

    The access ends with the sitting: after handing in he sees what his post shows him, like everybody else.
    """
    if actor.kind != "official" or actor.person_id is None or not actor.has_role(*COUNTER_ROLES):
        return Q(pk__in=[])
    mine = Q(official_id=actor.person_id, org_id=actor.org_id)
    sittings = Sitting.objects.filter(mine, tenant=actor.tenant, state=SittingState.OPEN)
    open_to_change = (ApplicationStatus.DRAFT, ApplicationStatus.SUPPLEMENT)
    return Q(tenant=actor.tenant, status__in=open_to_change, pk__in=sittings.values("application_id"))


def own(actor: Actor) -> Q:
    """Applications of the person, or of the legal person he speaks for now; none for an official in office.

    Anybody may declare to speak for a legal person: until a register has confirmed it, he sees only what he himself
    applied for in its name, and not what others gave of themselves.
    """
    here = Q(tenant=actor.tenant) & ~Q(status=ApplicationStatus.DISCARDED)
    if actor.person_id is None:
        return Q(pk__in=[])
    if actor.kind == "legal_agent" and actor.legal_person_id is not None:
        of_legal_person = here & Q(legal_person_id=actor.legal_person_id)
        if actor.delegated_items:
            of_legal_person &= Q(item_code__in=actor.delegated_items)
        confirmed = identity.legal_person_of(actor).verified
        return of_legal_person if confirmed else of_legal_person & Q(person_id=actor.person_id)
    if actor.kind != "citizen":
        return Q(pk__in=[])
    # a guardian acts for one ward at a time; accounts that were merged are one person
    mine = here & Q(person_id__in=identity.same_person(actor.tenant, actor.person_id), legal_person_id__isnull=True)
    return mine & (Q(ward_id__isnull=True) if actor.ward_id is None else Q(ward_id=actor.ward_id))


def is_own(actor: Actor, row: Application) -> bool:
    """True for the applicant, or for who speaks for the legal person that applied, as ``own`` says."""
    return Application.objects.filter(own(actor), pk=row.pk).exists()


def check_may_keep_phrases(actor: Actor, *, of_unit: bool) -> None:
    """An official who handles cases keeps his own phrases; those of the unit a reviewer or leader of it."""
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*HANDLERS):
        raise NotPermitted(_("常用语由办理业务的工作人员维护，您现在的岗位没有。"))
    if of_unit and not may_keep_unit_phrases(actor):
        raise NotPermitted(_("本单位的常用语由审查人员或者负责人维护。您可以先存为自己的，再请他们收入。"))


def may_keep_unit_phrases(actor: Actor) -> bool:
    """Whether the actor decides what his unit's phrases are."""
    return actor.kind == "official" and actor.org_id is not None and actor.has_role("reviewer", "leader")


def _takes_part(actor: Actor, row: Application) -> bool:
    if actor.kind != "official" or row.case_id is None:
        return False
    try:
        cases.check_may_see(actor=actor, case_id=row.case_id)
    except NotFound:
        return False
    return True


class ApplicationPapers:
    """Papers of an application: read by its applicant and by the units that take part in its case."""

    def may_issue(self, actor: Actor, subject_ref: ObjectRef, *, kind: str, issuing_org_id: uuid.UUID) -> bool:
        """Nobody beyond the platform and the issuing unit."""
        return False

    def may_read(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """The applicant and the participants."""
        row = self._application(actor.tenant, subject_ref.id)
        return row is not None and (is_own(actor, row) or _takes_part(actor, row))

    def is_holder(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """The applicant."""
        row = self._application(actor.tenant, subject_ref.id)
        return row is not None and is_own(actor, row)

    def _application(self, tenant: str, key: str) -> Application | None:
        return Application.objects.filter(tenant=tenant, pk=uuid.UUID(key)).first()


class NoticePapers(ApplicationPapers):
    """Papers of a one-time notice: the same readers as the application's."""

    def _application(self, tenant: str, key: str) -> Application | None:
        notice = SupplementNotice.objects.select_related("application").filter(tenant=tenant, pk=uuid.UUID(key)).first()
        return notice.application if notice else None


class PausePapers(ApplicationPapers):
    """Papers of a stop of the clock: the same readers as those of the application whose case it stopped."""

    def _application(self, tenant: str, key: str) -> Application | None:
        case_id = cases.case_of_pause(tenant=tenant, pause_id=uuid.UUID(key))
        return Application.objects.filter(tenant=tenant, case_id=case_id).first() if case_id else None


class PledgePapers(ApplicationPapers):
    """What an applicant promised: the same readers as the application's."""

    def _application(self, tenant: str, key: str) -> Application | None:
        return Application.objects.filter(tenant=tenant, pledges__id=uuid.UUID(key)).first()


class SpecialPapers(ApplicationPapers):
    """Papers of an inspection, an expert review or a public notice: the same readers as the application's."""

    def _application(self, tenant: str, key: str) -> Application | None:
        return Application.objects.filter(tenant=tenant, special_steps__id=uuid.UUID(key)).first()


class HearingPapers(ApplicationPapers):
    """Papers of a hearing: the same readers as those of the application whose case is heard."""

    def _application(self, tenant: str, key: str) -> Application | None:
        case_id = uuid.UUID(key.partition(":")[0])
        return Application.objects.filter(tenant=tenant, case_id=case_id).first()


class MeasurePapers(ApplicationPapers):
    """Papers of a measure on a licence: the same readers as those of the application the licence was issued for."""

    def _application(self, tenant: str, key: str) -> Application | None:
        measure = LicenceMeasure.objects.filter(tenant=tenant, pk=uuid.UUID(key)).first()
        found = documents.licence_by_id(tenant=tenant, document_id=measure.document_id) if measure else None
        if found is None or found.paper.object_ref.kind != OBJECT_KIND:
            return None
        return super()._application(tenant, found.paper.object_ref.id)


class ReportPapers:
    """Monthly reports: totals of the county without persons, for all who read statistics."""

    def may_issue(self, actor: Actor, subject_ref: ObjectRef, *, kind: str, issuing_org_id: uuid.UUID) -> bool:
        """Nobody beyond the platform."""
        return False

    def may_read(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """Officials who read statistics."""
        return actor.kind == "official" and actor.has_role(*FIGURE_READERS)

    def is_holder(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """Reports are made out to nobody."""
        return False
