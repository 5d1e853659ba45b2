"""Who stands at the counter acts for a child or a company: in which relation, proved by which paper."""

import dataclasses
import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import AgencyRole
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.uploads import CheckedUpload, checked_upload
from zhengtong.systems.service_hall.constants import (
    RELATION_MATERIAL,
    MaterialState,
    RelationKind,
    RelationProof,
)
from zhengtong.systems.service_hall.models import Application, MaterialFile, Representation, Sitting
from zhengtong.systems.service_hall.rules import relation_errors
from zhengtong.systems.service_hall.services import assisting
from zhengtong.systems.service_hall.services.counter import locked_sitting, record


@dataclasses.dataclass(frozen=True)
class SeenPaper:
    """The paper that proves the relation: which, its number, a letter's dates, the copy that is kept."""

    proof: str
    number: str = ""
    signed_on: dt.date | None = None
    valid_until: dt.date | None = None
    copy: tuple[str, bytes] | None = None


def relation_of(row: Application) -> str:
    """In which relation the applicant of an application acts for another; empty for who acts for himself."""
    if row.ward_id is not None:
        return RelationKind.GUARDIAN.value
    if row.legal_person_id is None:
        return ""
    role = identity.legal_person_of(assisting.applicant_of(row)).agent_role
    kind = RelationKind.REPRESENTATIVE if role == AgencyRole.LEGAL_REPRESENTATIVE else RelationKind.AGENT
    return kind.value


def record_relation(*, actor: Actor, sitting_id: uuid.UUID, paper: SeenPaper) -> Representation:
    """Write down which paper proves the relation and keep its copy; a later one takes its place.

    Raises Invalid naming every part that proves nothing, Conflict for who acts for himself, NotFound when the relation
    has ended meanwhile.
    """
    copy = checked_upload(*paper.copy) if paper.copy is not None else None
    with transaction.atomic():
        sitting = locked_sitting(actor, sitting_id)
        row = sitting.application
        relation = relation_of(row)
        if not relation:
            raise Conflict(_("申请人为自己办理，不需要登记代办关系。"))
        held = Representation.objects.filter(sitting=sitting).first()
        errors = relation_errors(
            relation=relation,
            proof=paper.proof,
            today=local_date(),
            minor=row.ward_id is not None and identity.is_minor(row.tenant, row.ward_id, local_date()),
            signed_on=paper.signed_on,
            valid_until=paper.valid_until,
            has_copy=paper.copy is not None or (held is not None and held.file_id is not None),
        )
        if errors:
            raise Invalid(_("代办关系还没有登记，请更正标出的内容。"), errors=errors)
        file = _keep_copy(actor, row, paper.proof, copy) if copy is not None else (held.file if held else None)
        given = {
            "relation": relation,
            "proof": paper.proof,
            "proof_number": paper.number.strip(),
            "signed_on": paper.signed_on if relation == RelationKind.AGENT else None,
            "valid_until": paper.valid_until if relation == RelationKind.AGENT else None,
            "file": file,
        }
        made, _fresh = Representation.objects.update_or_create(
            sitting=sitting, defaults=given, create_defaults={**given, "tenant": row.tenant}
        )
        _record(actor, sitting, made)
        return made


def _keep_copy(actor: Actor, row: Application, proof: str, copy: CheckedUpload) -> MaterialFile:
    stored = storage.store_upload(tenant=row.tenant, upload=copy)
    MaterialFile.objects.filter(application=row, material_key=RELATION_MATERIAL, state=MaterialState.CURRENT).update(
        state=MaterialState.REPLACED
    )
    return MaterialFile.objects.create(
        tenant=row.tenant,
        application=row,
        material_key=RELATION_MATERIAL,
        material_name=str(RelationProof(proof).label),
        file=stored,
        given_by=actor.name,
    )


def _record(actor: Actor, sitting: Sitting, made: Representation) -> None:
    payload = {
        "relation": str(made.relation),
        "proof": str(made.proof),
        "signed_on": made.signed_on.isoformat() if made.signed_on else "",
        "valid_until": made.valid_until.isoformat() if made.valid_until else "",
        "digest": made.file.file.digest if made.file else "",
    }
    record(actor, sitting.application, "service_hall.counter_relation", payload)
