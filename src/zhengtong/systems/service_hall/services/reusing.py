"""Given once: a licence or an earlier file of the applicant's is used for a material by one press."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND, MaterialSource, MaterialState
from zhengtong.systems.service_hall.models import Application, MaterialFile
from zhengtong.systems.service_hall.services import assisting
from zhengtong.systems.service_hall.services.applying import given_for_this, open_material


@transaction.atomic
def reuse_material(
    *, actor: Actor, application_id: uuid.UUID, material_key: str, kind: str, source_id: uuid.UUID
) -> MaterialFile:
    """Use what the applicant has already for a material; the stored file itself is referred to, not copied.

    ``kind`` and ``source_id`` are those of an offer; NotFound for anything that was not offered to this applicant.
    Raises NotFound and Conflict as giving a file does.
    """
    found = selectors.application_to_fill(actor=actor, application_id=application_id)
    row = Application.objects.select_for_update().get(pk=found.pk)
    material = open_material(row, material_key)
    applicant = assisting.party(actor, row)
    offers = selectors.offers_for(applicant=applicant, view=selectors.view_of(row, actor=actor))
    offer = next((one for one in offers.get(material_key, ()) if one.kind == kind and one.id == source_id), None)
    if offer is None:
        raise NotFound(_("这份材料现在不能直接使用：它不是您的，已经失效，或者时间太久。请重新上传。"))
    there = selectors.current_file(row, material_key)
    same = there is not None and (there.source_kind, there.source_id) == (offer.kind, offer.id)
    if there and same and given_for_this(row, there):
        return there  # a second press on the button
    MaterialFile.objects.filter(application=row, material_key=material_key, state=MaterialState.CURRENT).update(
        state=MaterialState.REPLACED
    )
    given = MaterialFile.objects.create(
        tenant=row.tenant,
        application=row,
        material_key=material_key,
        material_name=material["name"],
        file_id=offer.file_id,
        given_by=actor.name,
        source_kind=offer.kind,
        source_id=offer.id,
        source_note=offer.reason[:300],
    )
    payload = {
        "material": material["name"],
        "source": offer.kind,
        "source_id": str(offer.id),
        "digest": given.file.digest,
        "size": given.file.size,
    }
    ref = ObjectRef(kind=OBJECT_KIND, id=str(row.id))
    ledger.append(actor=actor, act="service_hall.reuse", object_ref=ref, payload=payload)
    if offer.kind == MaterialSource.LICENCE:
        purpose = _("作为“%(item)s”的材料：%(material)s") % {"item": row.item_name, "material": material["name"]}
        documents.record_use(actor=applicant, document_id=offer.id, purpose=purpose)
    return given
