"""Who may apply for what, and who may read the papers of an application."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.systems.service_hall.constants import ApplicationStatus
from zhengtong.systems.service_hall.models import Application, SupplementNotice


def check_may_apply(actor: Actor, item: catalogue.ItemVersionView) -> None:
    """Citizens for items of natural persons, agents for items of legal persons; officials never in office."""
    if actor.kind == "official":
        raise NotPermitted(_("您现在以工作人员身份登录。要为自己办事，请先切换为个人身份。"))
    if not actor.signed_in:
        raise NotPermitted(_("请先登录，再申请办理。"))
    if not identity.may_handle_item(actor, item.code):
        raise NotPermitted(_("授权委托书没有包括“%(name)s”，请由授权的单位补充授权。") % {"name": item.name})
    if not item.on_application:
        raise NotPermitted(_("“%(name)s”由行政机关依职权办理，不需要申请。") % {"name": item.name})
    if not item.online:
        raise NotPermitted(_("“%(name)s”需要到窗口办理，办事指南写明了地点和时间。") % {"name": item.name})
    if item.applicant_type == "法人" and actor.kind != "legal_agent":
        raise NotPermitted(_("“%(name)s”由法人申请。请切换为法人的法定代表人或经办人身份。") % {"name": item.name})
    if item.applicant_type == "自然人" and actor.kind != "citizen":
        raise NotPermitted(_("“%(name)s”由个人申请。请切换为个人身份。") % {"name": item.name})


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


def _takes_part(actor: Actor, row: Application) -> bool:
    if actor.kind != "official" or row.case_id is None:
        return False
    try:
        cases.case_view(actor=actor, case_id=row.case_id)
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


class HearingPapers(ApplicationPapers):
    """Papers of a hearing: the same readers as those of the application whose case is heard."""

    def _application(self, tenant: str, key: str) -> Application | None:
        case_id = uuid.UUID(key.partition(":")[0])
        return Application.objects.filter(tenant=tenant, case_id=case_id).first()
