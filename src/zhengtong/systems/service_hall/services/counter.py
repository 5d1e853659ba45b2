"""The counter: an official types for the person before him, who agrees to exactly what is handed in."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import (
    OBJECT_KIND,
    ApplicationStatus,
    Channel,
    IdentityProof,
    MaterialState,
    SittingPurpose,
    SittingState,
)
from zhengtong.systems.service_hall.models import Application, MaterialFile, OriginalSeen, Sitting
from zhengtong.systems.service_hall.permissions import check_may_apply, check_may_type
from zhengtong.systems.service_hall.rules import channel_of_level
from zhengtong.systems.service_hall.services import assisting
from zhengtong.systems.service_hall.services.applying import start_for
from zhengtong.systems.service_hall.services.begun import begin_alone


@transaction.atomic
def begin_sitting(*, actor: Actor, person_id: uuid.UUID, choice: str, item_code: str, proof: str) -> Sitting:
    """Begin to type an application for a person whose paper was seen; an own open sitting for it is taken up again.

    ``choice`` is one of ``identity.applicant_choices``. Raises NotPermitted when the window does not take the item in
    or the applicant may not apply for it, Invalid without the paper that was seen.
    """
    item = catalogue.find_item(tenant=actor.tenant, code=item_code)
    check_may_type(actor, item)
    if proof not in IdentityProof.values:
        raise Invalid(_("请选择核对了申请人的哪一种身份证件。"), field="proof")
    applicant = identity.applicant_actor(actor.tenant, person_id, choice)
    if person_id in identity.same_person(actor.tenant, _person(actor)):
        raise NotPermitted(_("不能为自己代录。要为自己办事，请切换为个人身份在网上申请，或者请同事代录。"))
    check_may_apply(applicant, item, at_counter=True)
    begin_alone(applicant)
    going_on = selectors.open_sitting_for(actor=actor, applicant=applicant, item_code=item.code)
    if going_on is not None:
        return going_on
    unit = identity.organisation(actor.tenant, actor.org_code)
    channel = Channel(channel_of_level(unit.level))
    row = start_for(actor=actor, applicant=applicant, item=item, channel=channel)
    sitting = _open(actor, row, SittingPurpose.APPLY, channel, proof)
    record(actor, row, "service_hall.counter_begin", {"item": item.code, "channel": channel, "proof": proof})
    return sitting


@transaction.atomic
def begin_supplement(*, actor: Actor, application_id: uuid.UUID, proof: str) -> Sitting:
    """Bring what a one-time notice asked for, for a person whose application this counter took in (代办).

    The person, or who comes in his name, signs again for what is brought. Raises NotFound for applications other
    counters took in, Conflict where no notice waits or somebody else types at it.
    """
    row = selectors.taken_in_here(actor=actor, application_id=application_id)
    row = Application.objects.select_for_update().get(pk=row.pk)
    if row.status != ApplicationStatus.SUPPLEMENT:
        raise Conflict(_("这个申请现在没有等待补正的内容，可能已经提交过了。"))
    if proof not in IdentityProof.values:
        raise Invalid(_("请选择核对了申请人的哪一种身份证件。"), field="proof")
    open_one = Sitting.objects.filter(application=row, state=SittingState.OPEN).first()
    if open_one is not None and (open_one.official_id, open_one.org_id) == (actor.person_id, actor.org_id):
        return open_one
    if open_one is not None:
        raise Conflict(_("%(name)s正在代交这份补正，请他提交或者放弃以后再办。") % {"name": open_one.official_name})
    unit = identity.organisation(actor.tenant, actor.org_code)
    channel = Channel(channel_of_level(unit.level))
    sitting = _open(actor, row, SittingPurpose.SUPPLEMENT, channel, proof)
    record(actor, row, "service_hall.counter_begin", {"item": row.item_code, "channel": channel, "proof": proof})
    return sitting


def _open(actor: Actor, row: Application, purpose: str, channel: str, proof: str) -> Sitting:
    return Sitting.objects.create(
        tenant=row.tenant,
        application=row,
        purpose=purpose,
        channel=channel,
        official_id=_person(actor),
        official_name=actor.name,
        org_id=actor.org_id,  # type: ignore[misc]  # an official acts in an organisation
        org_name=actor.org_name,
        proof=proof,
    )


@transaction.atomic
def drop_sitting(*, actor: Actor, sitting_id: uuid.UUID) -> Sitting:
    """Give up typing; a draft stays in the applicant's own list, where he may go on himself."""
    sitting = locked_sitting(actor, sitting_id)
    assisting.drop(sitting.application)
    record(actor, sitting.application, "service_hall.counter_drop", {"purpose": sitting.purpose})
    sitting.refresh_from_db()
    return sitting


@transaction.atomic
def mark_original(*, actor: Actor, sitting_id: uuid.UUID, file_id: uuid.UUID) -> OriginalSeen:
    """Say that the original was held beside the file that was given for a material; a second mark changes nothing."""
    sitting = locked_sitting(actor, sitting_id)
    given = selectors.material_file(application=sitting.application, file_id=file_id)
    if given.state != MaterialState.CURRENT:
        raise Conflict(_("这份材料已经被替换，请对新的文件核对原件。"))
    mark, fresh = OriginalSeen.objects.get_or_create(
        file=given,
        defaults={
            "tenant": given.tenant,
            "seen_by_id": _person(actor),
            "seen_by": actor.name,
            "org_name": actor.org_name,
        },
    )
    if fresh:
        payload = {"material": given.material_name, "digest": _digest_of(given)}
        record(actor, sitting.application, "service_hall.original_seen", payload)
    return mark


def _digest_of(given: MaterialFile) -> str:
    digest: str = given.file.digest
    return digest


def locked_sitting(actor: Actor, sitting_id: uuid.UUID) -> Sitting:
    """An open sitting of the actor's own with its application, both locked."""
    found = selectors.own_sitting(actor=actor, sitting_id=sitting_id, open_only=True)
    row = Application.objects.select_for_update().get(pk=found.application_id)
    sitting = Sitting.objects.select_for_update().get(pk=found.pk)
    if sitting.closed_at is not None or row.status not in (ApplicationStatus.DRAFT, ApplicationStatus.SUPPLEMENT):
        raise Conflict(_("这次代录已经结束，不能再改。"))
    sitting.application = row
    return sitting


def _person(actor: Actor) -> uuid.UUID:
    if actor.person_id is None:
        raise NotPermitted(_("窗口代录由窗口工作人员办理。"))
    return actor.person_id


def record(actor: Actor, row: Application, act: str, payload: Mapping[str, Any]) -> None:
    """An entry about an application that is typed at a counter."""
    ledger.append(actor=actor, act=act, object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)), payload=payload)
