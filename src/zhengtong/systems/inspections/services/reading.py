"""Opening a photograph or a proof: for those who see the visit, each opening recorded."""

import dataclasses
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.inspections.models import Evidence, PointPhoto
from zhengtong.systems.inspections.selectors.finding import find_visit
from zhengtong.systems.inspections.services.telling import record_visit


@dataclasses.dataclass(frozen=True)
class Opened:
    """A file as it is given out."""

    name: str
    content_type: str
    content: bytes


@transaction.atomic
def open_file(*, actor: Actor, visit_id: uuid.UUID, file_id: uuid.UUID) -> Opened:
    """A file of a visit of the actor's reach; raises NotFound."""
    visit = find_visit(actor, visit_id)
    photo = PointPhoto.objects.filter(result__visit=visit, file_id=file_id).exists()
    proof = Evidence.objects.filter(measure__finding__visit=visit, file_id=file_id).exists()
    if not photo and not proof:
        raise NotFound(_("没有找到这个文件。"))
    row, content = storage.read(tenant=actor.tenant, file_id=file_id)
    record_visit(actor, visit, "inspections.open_file", file=str(file_id))
    return Opened(row.name, row.content_type, content)
